"""What a new guild starts with, as the product says it."""

from dataclasses import replace

import pytest

from bot.domain.catalogue import DEFAULT_ITEMS, GiftItem, Tier, default_items, tier_of
from bot.domain.errors import ItemUnavailable
from bot.domain.packages import MAX_BONUS_PERCENT, MOST_PACKAGES, Package, best_value, default_packages
from bot.domain.text import NAME_LENGTH, clean, emoji
from tests.domain.builders import NOON, item

LADDER = [1, 5, 10, 20, 49, 99, 149, 199, 299, 499, 699, 1_000, 1_999, 4_999, 9_999, 14_999, 29_999, 44_999]


def test_a_guild_starts_with_eighteen_gifts_on_the_ladder():
    items = default_items(7)

    assert [entry.price for entry in items] == LADDER
    assert [entry.item_id for entry in items] == list(range(1, 19))
    assert {entry.guild_id for entry in items} == {7}
    assert [(entry.name, entry.emoji) for entry in items] == [(name, symbol) for name, symbol, _ in DEFAULT_ITEMS]


def test_every_gift_has_a_name_and_an_emoji_of_its_own():
    names = [name for name, _, _ in DEFAULT_ITEMS]
    symbols = [symbol for _, symbol, _ in DEFAULT_ITEMS]

    assert len({name.casefold() for name in names}) == len(set(symbols)) == 18
    assert [clean(name, NAME_LENGTH) for name in names] == names
    assert [emoji(symbol) for symbol in symbols] == symbols


def test_every_tier_has_gifts_to_offer():
    tiers = [entry.tier for entry in default_items(7)]

    assert {tier: tiers.count(tier) for tier in Tier} == {
        Tier.SMALL: 6, Tier.MEDIUM: 5, Tier.LARGE: 3, Tier.GRAND: 2, Tier.LEGENDARY: 2
    }  # fmt: skip


@pytest.mark.parametrize(
    ("price", "tier"),
    [
        (1, Tier.SMALL), (99, Tier.SMALL), (100, Tier.MEDIUM), (999, Tier.MEDIUM), (1_000, Tier.LARGE),
        (4_999, Tier.LARGE), (5_000, Tier.GRAND), (19_999, Tier.GRAND), (20_000, Tier.LEGENDARY),
        (10**9, Tier.LEGENDARY),
    ],
)  # fmt: skip
def test_the_price_of_one_piece_decides_the_tier(price, tier):
    assert tier_of(price) is tier


@pytest.mark.parametrize(
    ("entry", "now_ms", "live", "why"),
    [
        (item(archived=True, stock=0), NOON, True, "archived"),
        (item(from_ms=NOON), NOON - 1, True, "early"),
        (item(from_ms=NOON), NOON, True, None),
        (item(until_ms=NOON), NOON - 1, True, None),
        (item(until_ms=NOON), NOON, True, "over"),
        (item(stock=2), NOON, True, None),
        (item(stock=1), NOON, True, "sold_out"),
        (item(live_only=True), NOON, True, None),
        (item(live_only=True), NOON, False, "live_only"),
    ],
)
def test_two_pieces_can_be_sent_only_while_nothing_stands_against_it(entry: GiftItem, now_ms, live, why):
    assert entry.is_sendable(2, now_ms, live=live) is (why is None)
    if why is None:
        entry.check_sendable(2, now_ms, live=live)
        return

    with pytest.raises(ItemUnavailable) as refusal:
        entry.check_sendable(2, now_ms, live=live)

    assert refusal.value.why == why


def test_a_guild_starts_with_seven_packages():
    packages = default_packages(7, archived=True)

    assert [(package.coins, package.price_minor) for package in packages] == [
        (70, 99), (350, 499), (700, 999), (1_400, 1_999), (3_500, 4_999), (7_000, 9_999), (17_500, 24_999),
    ]  # fmt: skip
    assert [package.package_id for package in packages] == [package.position for package in packages] == [*range(1, 8)]
    assert [package.bonus_percent for package in packages] == [0, 0, 3, 5, 8, 12, 15]
    assert {(package.currency, package.limit) for package in packages} == {("USD", None)}
    assert best_value(packages) == packages[-1]
    assert {package.guild_id for package in packages} == {7}


@pytest.mark.parametrize("archived", [True, False])
def test_packages_wait_for_review_where_real_money_is_asked(archived):
    packages = default_packages(7, archived=archived)

    assert {package.archived for package in packages} == {archived}
    assert len(packages) <= MOST_PACKAGES


@pytest.mark.parametrize(
    ("coins", "percent", "total"), [(70, 0, 70), (70, 10, 77), (75, 10, 82), (1, 99, 1), (10, MAX_BONUS_PERCENT, 30)]
)
def test_a_bonus_is_rounded_down(coins, percent, total):
    package = Package(7, 1, coins, 99, bonus_percent=percent)

    assert package.total == total
    assert package.bonus == total - coins


def test_the_best_value_is_marked_where_prices_can_be_compared():
    small, large = Package(7, 1, 100, 100), Package(7, 2, 1_000, 999)

    assert best_value([small, large]) == large
    assert best_value([small]) is None
    assert best_value([small, replace(small, package_id=3)]) is None
    assert best_value([small, replace(large, currency="EUR")]) is None


def test_tiers_keep_their_numbers_whatever_stands_between_them():
    assert {tier.value: tier.number for tier in Tier} == {
        "small": 0, "medium": 1, "large": 2, "grand": 3, "legendary": 4
    }  # fmt: skip
    assert [Tier.numbered(tier.number) for tier in Tier] == [*Tier]
    assert Tier.numbered(99) is None


def test_a_tier_reaches_itself_and_those_that_begin_at_a_lower_price():
    assert [tier for tier in Tier if tier.reaches(Tier.LARGE)] == [Tier.LARGE, Tier.GRAND, Tier.LEGENDARY]
