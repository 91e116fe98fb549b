"""What a guild decides for itself: the tier of an item, and the prices of gifts on messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.announcements import ChannelFeed
from bot.domain.catalogue import Tier, tier_of
from bot.domain.errors import EmptyRange, InvalidAmount, NotForMessages
from bot.domain.gift_totals import GiftTotals
from bot.domain.guilds import GuildCurrency, GuildRules
from bot.domain.ledger import decide
from bot.domain.ledger.gift import facts_of, gift_tier
from bot.domain.money import MAX_AMOUNT
from bot.domain.posts import PostForm
from tests.domain.builders import CHANNEL, GUILD, NOON, gift, item, open_books
from tests.domain.test_posts import a_gift

MESSAGE = 77
prices = st.integers(1, MAX_AMOUNT)
bounds = st.none() | prices


@given(prices, st.sampled_from(Tier))
def test_the_tier_is_the_guilds_where_it_chose_one_and_the_prices_elsewhere(price: int, tier: Tier):
    assert item(price=price, own_tier=tier).tier is tier
    assert item(price=price).tier is tier_of(price)


def test_a_gift_keeps_the_tier_that_it_was_sent_with():
    chosen = decide(gift(), open_books(paid=10, items=(item(own_tier=Tier.GRAND),)), NOON)
    derived = decide(gift(), open_books(paid=10), NOON)

    assert gift_tier(facts_of(chosen)) is Tier.GRAND
    assert gift_tier(facts_of(derived)) is Tier.SMALL
    # As in every row before guilds could choose.
    assert "tier" not in derived.facts


def test_a_cheap_gift_of_a_grand_tier_is_announced_like_one():
    feed, totals = ChannelFeed(GUILD, CHANNEL), GiftTotals()
    cheap, grand = a_gift(1), a_gift(2)
    grand = grand._replace(facts={**grand.facts, "tier": "grand", "name": "Ribbon"})

    assert feed.announce(cheap, NOON).post.form is PostForm.SHARED
    assert feed.announce(grand, NOON).post.form is PostForm.GRAND
    for receipt in (grand, cheap):
        totals.add(receipt)
    assert totals.tier is Tier.GRAND
    assert [line.tier for line in totals.lines.values()] == [Tier.GRAND, Tier.SMALL]


@given(prices, bounds, bounds)
def test_only_gifts_on_messages_have_to_be_in_the_range(price: int, lowest: int | None, highest: int | None):
    rules = GuildRules(GUILD, message_lowest=lowest, message_highest=highest)
    books = open_books(paid=MAX_AMOUNT, rules=rules, items=(item(price=price),))
    fits = (lowest is None or price >= lowest) and (highest is None or price <= highest)

    assert decide(gift(), books, NOON).facts["price"] == price
    if fits:
        assert decide(gift(message_id=MESSAGE), books, NOON).facts["message"] == MESSAGE
    else:
        with pytest.raises(NotForMessages) as refusal:
            decide(gift(message_id=MESSAGE), books, NOON)
        assert (refusal.value.lowest, refusal.value.highest) == (lowest, highest)


def test_a_range_has_at_least_one_price():
    rules = GuildRules(GUILD, message_highest=10)

    assert rules.changed(message_lowest=10).fits_messages(10)
    with pytest.raises(EmptyRange):
        rules.changed(message_lowest=11)
    with pytest.raises(InvalidAmount):
        rules.changed(message_lowest=MAX_AMOUNT + 1)
    assert rules.changed(message_lowest=11, message_highest=None).fits_messages(11)


def test_a_guild_without_a_currency_of_its_own_has_ours():
    assert GuildRules(GUILD).currency == GuildCurrency()
    assert GuildRules(GUILD, currency_name="Sunflowers").currency == GuildCurrency("Sunflowers", "")
