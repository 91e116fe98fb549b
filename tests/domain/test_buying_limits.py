"""Limits on buying: what counts, in which currency, and when there is room again."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.buying_errors import CurrencyUnrated, DailyLimit, HeldLimit, YoungAccount
from bot.domain.buying_limits import DAY_MS, BuyingLimits, Purchase, UnspentCoins, starting_limits
from bot.domain.currencies import parse_rate, price_text, rate_text
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.packages import MAX_PRICE_MINOR
from bot.domain.staff_errors import InvalidRate

NOW = 1_770_292_800_000
HOUR = 3_600_000
RATES = {"EUR": 1_080_000, "JPY": 6_700, "KWD": 3_250_000}

minors = st.integers(1, 10**8)


def limits(**changes: Any) -> BuyingLimits:
    """Those of a guild that sells in dollars and has a rate for some other currencies."""
    values: dict[str, Any] = {
        "guild_id": 7,
        "currency": "USD",
        "daily_minor": 50_000,
        "held_minor": 200_000,
        "rates": RATES,
    }
    return BuyingLimits(**(values | changes))


def purchase(price_minor: int, currency: str = "USD", hours_ago: int = 0) -> Purchase:
    return Purchase(price_minor, currency, NOW - hours_ago * HOUR)


@pytest.mark.parametrize(
    ("minor", "currency", "worth"),
    [(999, "USD", 999), (1_000, "EUR", 1_080), (1, "EUR", 2), (1_000, "JPY", 670), (1_000, "KWD", 325)],
)
def test_amounts_are_worth_what_the_rate_says_rounded_up(minor: int, currency: str, worth: int) -> None:
    assert limits().worth(minor, currency) == worth


def test_a_main_currency_without_decimals_has_rates_too() -> None:
    assert limits(currency="JPY", rates={"USD": 150_000_000}).worth(999, "USD") == 1_499


def test_a_currency_without_a_rate_is_not_sold() -> None:
    with pytest.raises(CurrencyUnrated) as refusal:
        limits().check_purchase(purchase(500, "GBP"), [], 0)

    assert refusal.value == CurrencyUnrated("GBP")


def test_a_day_holds_exactly_its_limit() -> None:
    limits().check_purchase(purchase(20_000), [purchase(30_000, hours_ago=5)], 0)

    with pytest.raises(DailyLimit):
        limits().check_purchase(purchase(20_001), [purchase(30_000, hours_ago=5)], 0)


def test_purchases_in_all_currencies_count_together() -> None:
    with pytest.raises(DailyLimit):
        limits().check_purchase(purchase(20_000), [purchase(28_000, "EUR")], 0)


def test_there_is_room_again_once_enough_is_a_day_old() -> None:
    earlier = [purchase(20_000, hours_ago=3), purchase(10_000, hours_ago=20), purchase(20_000, hours_ago=9)]
    with pytest.raises(DailyLimit) as refusal:
        limits().check_purchase(purchase(25_000), earlier, 0)

    assert refusal.value == DailyLimit(50_000, "USD", NOW - 9 * HOUR + DAY_MS)


def test_a_price_above_the_limit_never_fits() -> None:
    with pytest.raises(DailyLimit) as refusal:
        limits().check_purchase(purchase(50_001), [purchase(100)], 0)

    assert refusal.value.free_ms is None


@given(earlier=st.lists(st.tuples(st.integers(1, 50_000), st.integers(0, 23)), min_size=1, max_size=8), data=st.data())
def test_what_is_refused_fits_at_the_time_that_the_refusal_names(
    earlier: list[tuple[int, int]], data: st.DataObject
) -> None:
    purchases = [purchase(minor, hours_ago=hours) for minor, hours in earlier]
    left = max(50_000 - sum(minor for minor, _ in earlier), 0)
    price = data.draw(st.integers(left + 1, 50_000))
    assert limits().exceeds_daily(price, purchases)
    with pytest.raises(DailyLimit) as refusal:
        limits().check_purchase(purchase(price), purchases, 0)

    free_ms = refusal.value.free_ms
    assert free_ms is not None
    limits().check_purchase(purchase(price), [each for each in purchases if each.at_ms + DAY_MS > free_ms], 0)


def test_unspent_coins_have_a_limit_too() -> None:
    limits().check_purchase(purchase(10_000), [], 190_000)

    with pytest.raises(HeldLimit) as refusal:
        limits().check_purchase(purchase(10_001), [], 190_000)
    assert refusal.value == HeldLimit(200_000, 190_000, "USD")


def test_without_limits_everything_with_a_rate_is_sold() -> None:
    free = limits(daily_minor=None, held_minor=None)

    free.check_purchase(purchase(10**8), [purchase(10**8)], 10**9)


def test_unspent_coins_are_worth_their_part_of_the_price() -> None:
    unspent = [
        UnspentCoins(999, "USD", 720, 360),
        UnspentCoins(1_000, "EUR", 100, 100),
        UnspentCoins(99, "GBP", 70, 70),
    ]

    assert limits().unspent_worth(unspent) == 500 + 1_080


@given(price=minors, coins=st.integers(1, 10**7), data=st.data())
def test_unspent_coins_are_never_worth_more_than_was_paid(price: int, coins: int, data: st.DataObject) -> None:
    left = data.draw(st.integers(0, coins))
    worth = limits().unspent_worth([UnspentCoins(price, "USD", coins, left)])

    assert 0 <= worth <= price
    assert (worth == price) or left < coins


def test_the_age_of_an_account_is_in_its_id() -> None:
    member_id = (NOW - 6 * DAY_MS - DISCORD_EPOCH_MS) << 22
    limits(account_days=6).check_account(member_id, NOW)
    limits(account_days=0).check_account((NOW - DISCORD_EPOCH_MS) << 22, NOW)

    with pytest.raises(YoungAccount) as refusal:
        limits(account_days=7).check_account(member_id, NOW)
    assert refusal.value == YoungAccount(7, NOW + DAY_MS)


@pytest.mark.parametrize(
    ("text", "rate"), [("1.08", 1_080_000), ("0,0067", 6_700), ("150", 150_000_000), (".5", 500_000)]
)
def test_rates_are_read_exactly(text: str, rate: int) -> None:
    assert parse_rate(text) == rate


@pytest.mark.parametrize("text", ["", "0", "0.0000001", "-1", "1.0.8", "1e3", "1234567", "ten", "٣"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(InvalidRate):
        parse_rate(text)


@given(rate=st.integers(1, 10**12 - 1), decimal=st.sampled_from(".,"))
def test_a_rate_is_shown_as_it_is_typed(rate: int, decimal: str) -> None:
    assert parse_rate(rate_text(rate, decimal)) == rate


def test_sums_in_a_form_have_no_needless_decimals() -> None:
    assert [price_text(50_000, "USD"), price_text(499, "EUR", ","), price_text(500, "JPY")] == ["500", "4,99", "500"]


@pytest.mark.parametrize(
    ("currency", "daily_minor"),
    [("USD", 50_000), ("EUR", 50_000), ("JPY", 50_000), ("KWD", 200_000), ("SEK", 500_000), ("KRW", 500_000)],
)
def test_limits_start_at_about_five_hundred_dollars_in_every_currency(currency: str, daily_minor: int) -> None:
    assert starting_limits(currency) == (daily_minor, 4 * daily_minor)


def test_limits_never_start_above_what_staff_can_choose() -> None:
    assert starting_limits("IDR") == (MAX_PRICE_MINOR, MAX_PRICE_MINOR)
