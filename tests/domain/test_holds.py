"""How long earnings wait: by the risk of what paid, exactly to the diamond, whatever is taken back in parts."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import holds
from bot.domain.buying_limits import DAY_MS
from bot.domain.errors import InvalidAmount
from bot.domain.holds import HOLD_DAYS, NEVER, PROMO, TEST, UNKNOWN, Hold, HoldChange, HoldRules, holds_of
from bot.domain.money import share_of

NOON = 20_000 * DAY_MS + DAY_MS // 2
SOURCES = {1: "stripe", 2: "kofi", 3: "manual", 4: "stripe", 5: TEST}


def facts(**changes: Any) -> Any:
    """Two pieces for 100 coins each, half of which is the creator's, all of it paid by card."""
    gift = {"creator": 9, "price": 100, "count": 2, "coins": 200, "paid": 200, "promo": 0, "share": 100}
    return gift | {"share_percent": 50, "anonymous": False, "lots": [[1, 200]]} | changes


def held(gift: Any, pieces: int = 2) -> dict[str, int]:
    return {hold.source: hold.diamonds for hold in holds_of(7, NOON, gift, SOURCES, HoldRules(), pieces)}


def test_card_payments_wait_for_fourteen_whole_days_and_then_until_midnight():
    assert holds_of(7, NOON, facts(), SOURCES, HoldRules(), 2) == [Hold("stripe", 20_015, 100)]
    assert holds.starts_ms(20_015) - NOON >= 14 * DAY_MS


@pytest.mark.parametrize(
    ("source", "day"),
    [("kofi", 20_031), ("discord_sku", 20_046), ("manual", 20_000), (PROMO, 20_000), (UNKNOWN, 20_046), (TEST, NEVER)],
)
def test_every_source_of_risk_has_its_own_release(source: str, day: int):
    assert HoldRules().until_day(source, 7, NOON) == day


def test_several_lots_share_in_proportion_and_lots_of_one_source_are_one_piece():
    assert held(facts(lots=[[1, 100], [2, 60], [4, 40]])) == {"stripe": 70, "kofi": 30}


def test_promo_coins_that_earn_wait_for_nothing_and_old_gifts_for_the_longest():
    mixed = facts(paid=150, promo=50, share=80, lots=[[1, 150]])

    assert held(mixed) == {"stripe": 75, PROMO: 5}
    old = facts()
    del old["lots"]
    assert held(old) == {UNKNOWN: 100}
    assert held(facts(lots=[[77, 200]])) == {UNKNOWN: 100}


def test_what_a_debt_took_is_not_held_and_a_gift_whose_share_it_took_has_earned_nothing():
    assert held(facts(payoff=60)) == {"stripe": 40}
    assert not holds.earns(facts(payoff=100))
    assert not holds.earns(facts(test=True))
    assert holds.earns(facts())


def test_a_changed_hold_counts_for_the_gifts_after_it():
    rules = HoldRules([HoldChange("stripe", 5, 3), HoldChange("stripe", 9, 60), HoldChange("kofi", 1, 0)])

    assert [rules.days("stripe", seq) for seq in (5, 6, 9, 10)] == [HOLD_DAYS["stripe"], 3, 3, 60]
    assert rules.days("kofi", 2) == 0
    assert rules.days("manual", 2) == 0
    assert rules.until_day("stripe", 6, NOON) == 20_004


def test_a_provider_that_nobody_knows_is_as_risky_as_the_worst():
    assert holds.source_of("somebody", is_test=False) == UNKNOWN
    assert holds.source_of("stripe", is_test=False) == "stripe"
    assert holds.source_of("stripe", is_test=True) == TEST


@pytest.mark.parametrize("days", [-1, 181])
def test_holds_have_a_longest(days: int):
    with pytest.raises(InvalidAmount):
        holds.check_hold(days)
    assert holds.check_hold(180) == 180


@st.composite
def gifts(draw: st.DrawFn) -> Any:
    """Any gift that has earned something, in any mixture of lots and promo coins."""
    price, count = draw(st.integers(1, 5_000)), draw(st.integers(1, 99))
    coins = price * count
    promo = draw(st.integers(0, coins))
    percent, promo_percent = draw(st.integers(0, 100)), draw(st.integers(0, 100))
    cuts = sorted(draw(st.sets(st.integers(1, max(coins - promo - 1, 1)), max_size=4)))
    bounds = [0, *(cut for cut in cuts if cut < coins - promo), coins - promo]
    lots = [[number, until - after] for number, (after, until) in enumerate(pairwise(bounds), 1) if until > after]
    share = share_of(coins - promo, percent) + share_of(promo, promo_percent)
    gift = facts(price=price, count=count, coins=coins, paid=coins - promo, promo=promo, share=share, lots=lots)
    gift |= {"share_percent": percent, "payoff": draw(st.integers(0, share))}
    return gift


@given(gifts(), st.data())
def test_pieces_taken_back_in_any_parts_are_exactly_what_the_gift_has_earned(gift: Any, data: st.DataObject):
    if not holds.earns(gift):
        return
    count = gift["count"]
    steps = sorted({0, count, *data.draw(st.sets(st.integers(0, count), max_size=5))})
    parts: dict[str, int] = {}
    for before, after in pairwise(steps):
        earlier = held(gift, before)
        for source, diamonds in held(gift, after).items():
            part = diamonds - earlier.get(source, 0)
            assert part >= 0
            parts[source] = parts.get(source, 0) + part

    assert {source: part for source, part in parts.items() if part} == held(gift, count)
    assert sum(parts.values()) == gift["share"] - gift["payoff"]
