"""Gifts of old books may have lost more than their pieces can lose one by one: they still come back, to the coin."""

from typing import cast

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.accounts import HOUSE, Account, AccountKind
from bot.domain.held_earnings import HeldGift, Loss, losses_left, losses_of_part
from bot.domain.holds import HoldRules, earned_by_lot
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.domain.ledger.journal import JournalRow
from bot.domain.lots import coins_in, minus, part_between, sum_of, unlisted
from tests.domain.builders import ALICE, GUILD, HOLDERS
from tests.domain.test_held_earnings import PURSES, Shop, gift_facts


def loss_of_old(facts: GiftFacts, lot: int, pieces_gone: int) -> int:
    """Return what the coins of a lot could lose before each piece was counted by itself."""
    earned = minus(earned_by_lot(facts, facts["count"]), earned_by_lot(facts, pieces_gone))
    paid_before = facts["paid"] * pieces_gone // facts["count"]
    cost = part_between(unlisted(facts.get("lots", ())), paid_before, facts["paid"])
    return min(coins_in(earned, lot), coins_in(cost, lot))


class OldShop(Shop):
    """Books in which gifts lose what they could lose then."""

    def held_of(self, lot: int) -> tuple[HeldGift, ...]:
        entries: list[HeldGift] = []
        for row in reversed(self.rows.values()):
            if row.kind != SendGift.kind:
                continue
            facts = cast("GiftFacts", row.facts)
            possible = loss_of_old(facts, lot, self.books.reversed.get((GUILD, row.seq), 0))
            possible -= sum(loss.diamonds for loss in self.losses if (loss.gift, loss.lot) == (row.seq, lot))
            if possible > 0:
                until_day = HoldRules().until_day("stripe", row.seq, row.at_ms)
                entries.append(HeldGift(row.seq, facts["creator"], possible, facts["anonymous"], until_day))
        return tuple(entries)


@given(gift_facts(), st.data())
def test_what_is_left_of_a_larger_loss_is_never_more_than_the_other_pieces_have_earned(
    facts: GiftFacts, data: st.DataObject
):
    count, before = facts["count"], data.draw(st.integers(0, facts["count"] - 1))
    lots = unlisted(facts.get("lots", ()))
    of_old = {lot: loss_of_old(facts, lot, before) for lot, _ in lots}
    losses = tuple(Loss(1, 100, lot, diamonds) for lot, diamonds in of_old.items() if diamonds)
    while before < count:
        until = data.draw(st.just(before + 1) | st.integers(before + 1, count))

        settled = losses_of_part(facts, losses, before, until - before)

        losses = losses_left(losses, settled)
        earned = minus(earned_by_lot(facts, count), earned_by_lot(facts, until))
        assert all(loss.diamonds <= coins_in(earned, loss.lot) for loss in losses)
        assert sum_of(settled) <= facts["price"] * (until - before)
        before = until
    assert losses == ()


@settings(deadline=None)
@given(
    shares=st.tuples(st.integers(0, 100), st.integers(0, 60)),
    promo=st.integers(0, 12),
    orders=st.lists(st.integers(1, 9), min_size=1, max_size=4),
    quantity=st.integers(2, 9),
    parts=st.lists(st.integers(1, 3), max_size=9),
    house=st.sampled_from([0, 500]),
)
@example(shares=(40, 20), promo=3, orders=[2, 3, 4], quantity=9, parts=[1] * 9, house=500)
def test_pieces_of_a_gift_that_lost_more_come_back_and_nothing_is_created_or_lost(
    shares: tuple[int, int], promo: int, orders: list[int], quantity: int, parts: list[int], house: int
):
    shop = OldShop(share_percent=shares[0], promo_share_percent=shares[1])
    shop.books.balances[GUILD, Account(AccountKind.PROMO, HOLDERS[ALICE])] = promo
    shop.books.balances[GUILD, HOUSE] = house
    sales = [shop.buy(coins) for coins in orders]
    quantity = min(quantity, promo + sum(orders))
    present = shop.give(quantity=quantity)
    total = sum(shop.books.balances.values())
    reversals = [shop.undo(sale) for sale in sales]
    # What is left in the house is not what this is about.
    shop.books.balances[GUILD, HOUSE] += 1_000

    undo_in_parts(shop, present, quantity, parts)

    assert sum(shop.books.balances.values()) == total + 1_000
    assert [loss for loss in shop.losses if loss.gift == present.seq] == []
    for reversal in reversals:
        shop.win(reversal)
    assert sum(shop.books.balances.values()) == total + 1_000


def undo_in_parts(shop: Shop, present: JournalRow, quantity: int, parts: list[int]) -> None:
    """Take a gift back piece by piece, and check that no purse is overdrawn."""
    for portion in parts:
        part = min(portion, quantity)
        if part:
            shop.undo(present, part)
        quantity -= part
        assert all(coins >= 0 for (_, account), coins in shop.books.balances.items() if account.kind in PURSES)
    if quantity:
        shop.undo(present)
