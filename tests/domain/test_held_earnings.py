"""What goes back of an order takes held earnings before the house, exactly, whatever happens in which order."""

from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.accounts import HOUSE, REAL_COINS, Account, AccountKind, debt_of
from bot.domain.bookings import BookingType
from bot.domain.buying_limits import DAY_MS
from bot.domain.errors import Refusal
from bot.domain.guilds import GuildRules
from bot.domain.held_earnings import HeldGift, Loss, diamonds_left, losable, losses_left, losses_of_part, take
from bot.domain.holds import HOLD_DAYS, HoldRules, day_of, earned_by_lot
from bot.domain.ledger import KINDS, bookings_of
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.lots import Lot, coins_in, minus, part_between, sum_of, unlisted
from bot.domain.orders import Cause
from tests.domain.builders import (
    ALICE,
    EARNINGS,
    GUILD,
    HOLDERS,
    MIA,
    NOON,
    ROB,
    credit,
    gift,
    item,
    open_books,
    order,
    submit,
)

TODAY = day_of(NOON)
LATER = NOON + (HOLD_DAYS["stripe"] + 2) * DAY_MS
PURSES = {AccountKind.PAID, AccountKind.PROMO, AccountKind.EARNINGS, AccountKind.HOUSE}
ROBS = REAL_COINS.earnings_of(HOLDERS[ROB])


class Shop:
    """Books whose commands find what they read, as the store loads it."""

    def __init__(self, **rules: Any) -> None:
        self.books = open_books(rules=GuildRules(GUILD, **rules), items=(item(price=1), item(item_id=2, price=7)))
        self.books.creators.add((GUILD, ROB))
        self.rows: dict[int, JournalRow] = {}
        self.losses: list[Loss] = []
        self.count = 0

    def do(self, command: Command, now_ms: int = NOON) -> JournalRow:
        if isinstance(command, Reverse | Reinstate):
            self._load(command.seq)
        row = submit(self.books, command, now_ms)
        legs = [(row.seq, account.kind.value, account.owner, coins) for account, coins in row.entries]
        assert KINDS[row.kind].check(row.facts, legs) == ""
        self.rows[row.seq] = self.books.rows[GUILD, row.seq] = row
        facts: Mapping[str, Any] = row.facts
        self.losses += [Loss(seq, row.seq, facts["of"], loss) for seq, _, loss, _ in facts.get("from_gifts", ())]
        if "losses" in facts:
            of_gift = [loss for loss in self.losses if loss.gift == facts["of"]]
            others = [loss for loss in self.losses if loss.gift != facts["of"]]
            self.losses = [*others, *losses_left(of_gift, unlisted(facts["losses"]))]
        if "undoes" in facts:
            self.losses = [loss for loss in self.losses if loss.reversal != facts["undoes"]]
        return row

    def _load(self, seq: int) -> None:
        self.books.losses = {}
        for loss in self.losses:
            if seq in {loss.gift, loss.reversal}:
                key = GUILD, seq
                self.books.losses[key] = (*self.books.losses.get(key, ()), loss)
        self.books.held_gifts = {(GUILD, seq): self.held_of(seq)}

    def held_of(self, lot: int) -> tuple[HeldGift, ...]:
        entries: list[HeldGift] = []
        for row in reversed(self.rows.values()):
            if row.kind != SendGift.kind:
                continue
            facts = cast("GiftFacts", row.facts)
            possible = diamonds_left(facts, lot, self.books.reversed.get((GUILD, row.seq), 0))
            possible -= sum(loss.diamonds for loss in self.losses if (loss.gift, loss.lot) == (row.seq, lot))
            assert possible >= 0
            until_day = HoldRules().until_day("stripe", row.seq, row.at_ms)
            entries.append(HeldGift(row.seq, facts["creator"], possible, facts["anonymous"], until_day))
        return tuple(entries)

    def key(self) -> str:
        self.count += 1
        return f"key {self.count}"

    def buy(self, coins: int) -> JournalRow:
        self.count += 1
        sale = order(order_id=self.count, coins=coins, provider="stripe")
        self.books.orders[GUILD, self.count] = sale
        return self.do(credit(sale))

    def give(self, now_ms: int = NOON, **changes: Any) -> JournalRow:
        return self.do(gift(key=self.key(), **changes), now_ms)

    def undo(self, row: JournalRow, part: int | None = None, now_ms: int = NOON) -> JournalRow:
        cause = Cause.DISPUTE if row.kind == CreditOrder.kind else None
        return self.do(Reverse(GUILD, self.key(), ROB, ALICE, row.seq, "back", part, cause=cause), now_ms)

    def win(self, reversal: JournalRow) -> JournalRow:
        return self.do(Reinstate(GUILD, self.key(), ALICE, reversal.seq, reversal.facts["of"]))

    def has(self, account: Account) -> int:
        return self.books.balance(GUILD, account)


def test_a_refund_takes_what_is_unspent_then_what_creators_wait_for_then_the_house_then_a_debt():
    shop = Shop(share_percent=50)
    purchase = shop.buy(100)
    present = shop.give(quantity=70)
    shop.books.balances[GUILD, HOUSE] = 30

    facts = shop.undo(purchase).facts

    assert (facts["paid"], facts["earnings"], facts["house"], facts["debt"]) == (30, 35, 30, 5)
    assert facts["from_gifts"] == [[present.seq, HOLDERS[MIA], 35, 0]]
    assert (shop.has(EARNINGS), shop.has(debt_of(HOLDERS[MIA]))) == (0, 0)


def test_what_is_released_stays_and_what_other_coins_have_paid_for_too():
    shop = Shop(share_percent=100)
    first, second = shop.buy(20), shop.buy(40)
    shop.give(NOON - 60 * DAY_MS, quantity=15)
    late = shop.give(quantity=25)

    assert shop.undo(first).facts["paid"] == 20
    facts = shop.undo(second, 40).facts

    assert facts["from_gifts"] == [[late.seq, HOLDERS[MIA], 20, 0]]
    assert (facts["house"], facts["debt"], shop.has(EARNINGS)) == (0, 20, 20)
    assert shop.undo(shop.buy(5), now_ms=LATER).facts["earnings"] == 0


def test_the_newest_gifts_give_back_first_and_nobody_more_than_is_on_their_account():
    gifts = (
        HeldGift(9, 2, 10, False, TODAY + 1),
        HeldGift(8, 3, 10, True, TODAY + 1),
        HeldGift(7, 2, 10, False, TODAY),
    )

    assert take(gifts, 12, {2: 50, 3: 50}, TODAY) == ((gifts[0], gifts[1]._replace(diamonds=2)), 0)
    assert take(gifts, 30, {2: 4, 3: 0}, TODAY) == ((gifts[0]._replace(diamonds=4),), 26)


def test_a_gift_that_lost_its_share_comes_back_without_it():
    shop = Shop(share_percent=50)
    purchase = shop.buy(100)
    present = shop.give(quantity=99)
    shop.books.balances[GUILD, HOUSE] = 500
    reversal = shop.undo(purchase)
    assert reversal.facts["earnings"] == 49

    facts = shop.undo(present).facts

    assert (facts["coins"], facts["paid"], facts["earnings"], facts["house"]) == (99, 50, 0, 50)
    assert facts["losses"] == [[purchase.seq, 49]]
    assert [each.type for each in bookings_of(Reverse.kind, facts)] == [BookingType.REVERSAL]
    victory = shop.win(reversal)
    assert (victory.facts["paid"], "to_gifts" in victory.facts, shop.has(EARNINGS)) == (50, False, 0)
    assert shop.has(REAL_COINS.wallet_of(HOLDERS[ALICE])) == 100


def test_each_piece_of_a_gift_bears_the_same_part_of_what_the_gift_has_lost():
    shop = Shop(share_percent=50)
    purchase = shop.buy(100)
    present = shop.give(quantity=10, item_id=2)
    shop.books.balances[GUILD, HOUSE] = 500
    shop.undo(purchase, 30)
    reversal = shop.undo(purchase, 20)
    assert (reversal.facts["earnings"], shop.has(EARNINGS)) == (20, 15)

    facts = shop.undo(present, 4).facts

    # Of 28 coins the creator has 14, of which 8 are lost: they give 6 back, and the sender gets 20.
    assert (facts["coins"], facts["paid"], facts["earnings"], facts["creator_debt"], facts["house"]) == (
        28,
        20,
        6,
        0,
        14,
    )
    assert facts["losses"] == [[purchase.seq, 8]]
    assert [(loss.gift, loss.diamonds) for loss in shop.losses] == [(present.seq, 12)]
    # The money returns: what the other pieces have lost is the creator's, and the rest the buyer's.
    victory = shop.win(reversal)
    assert victory.facts["to_gifts"] == [[present.seq, HOLDERS[MIA], 12, 0, 0]]
    assert victory.facts["paid"] == 8
    facts = shop.undo(present).facts
    assert (facts["paid"], facts["earnings"], "losses" in facts, shop.has(EARNINGS)) == (42, 21, False, 0)


def test_the_oldest_losses_are_settled_first():
    losses = (Loss(9, 31, 5, 3), Loss(9, 30, 5, 2), Loss(9, 32, 6, 1))

    assert losses_left(losses, (Lot(5, 3),)) == (Loss(9, 31, 5, 2), Loss(9, 32, 6, 1))
    assert losses_left(losses, ()) == (losses[1], losses[0], losses[2])
    assert losses_left(losses, (Lot(5, 5), Lot(6, 1))) == ()


def test_a_creator_who_has_less_than_their_part_owes_the_rest():
    shop = Shop(share_percent=50)
    purchase = shop.buy(100)
    present = shop.give(quantity=10, item_id=2)
    shop.books.balances[GUILD, HOUSE] = 500
    shop.undo(purchase, 40)
    shop.books.balances[GUILD, EARNINGS] = 4

    facts = shop.undo(present, 5).facts

    assert (facts["paid"], facts["earnings"], facts["creator_debt"], facts["house"]) == (30, 4, 8, 18)
    assert shop.has(debt_of(HOLDERS[MIA])) == -8


@st.composite
def gift_facts(draw: st.DrawFn) -> GiftFacts:
    """A gift that was paid with promo coins and coins of several lots, of which a debt may have taken a part."""
    count, price = draw(st.integers(1, 12)), draw(st.integers(1, 9))
    ends = sorted(draw(st.sets(st.integers(1, price * count), min_size=1, max_size=3)))
    lots = [end - start for start, end in pairwise([0, *ends])]
    paid = sum(lots)
    promo, percent, promo_percent = price * count - paid, draw(st.integers(0, 100)), draw(st.integers(0, 100))
    share = paid * percent // 100 + promo * promo_percent // 100
    payoff = draw(st.integers(0, share))
    facts: dict[str, Any] = {
        "count": count, "price": price, "coins": price * count, "paid": paid, "promo": promo,
        "share": share, "share_percent": percent, "lots": [[seq, coins] for seq, coins in enumerate(lots, 1)],
    }  # fmt: skip
    return cast("GiftFacts", facts | ({"payoff": payoff} if payoff else {}))


def test_a_piece_loses_no_more_than_its_part_of_the_share_although_a_debt_took_of_earlier_pieces():
    facts: dict[str, Any] = {"count": 8, "price": 4, "coins": 32, "paid": 28, "promo": 4, "lots": [[1, 28]]}
    facts |= {"share": 13, "share_percent": 41, "payoff": 2}

    assert losable(cast("GiftFacts", facts), 2, 3) == (Lot(1, 1),)


@given(gift_facts(), st.data())
def test_whatever_a_gift_has_lost_its_pieces_go_back_one_after_the_other(facts: GiftFacts, data: st.DataObject):
    count, before, losses = facts["count"], 0, tuple[Loss, ...]()
    lots = unlisted(facts.get("lots", ()))
    while before < count:
        for lot, _ in lots:
            possible = diamonds_left(facts, lot, before) - sum(loss.diamonds for loss in losses if loss.lot == lot)
            assert possible >= 0
            # Where all is lost that can be, rounding has the least room.
            if diamonds := data.draw(st.just(possible) | st.integers(0, possible)):
                losses = (*losses, Loss(1, 100 + len(losses), lot, diamonds))
        until = data.draw(st.just(before + 1) | st.integers(before + 1, count))

        settled = losses_of_part(facts, losses, before, until - before)

        share = facts["share"] * until // count - facts["share"] * before // count
        assert sum_of(settled) <= share
        cost = part_between(lots, facts["paid"] * before // count, facts["paid"] * until // count)
        earned = minus(earned_by_lot(facts, until), earned_by_lot(facts, before))
        for seq, coins in settled:
            assert 0 < coins <= min(coins_in(cost, seq), coins_in(earned, seq))
        losses, before = losses_left(losses, settled), until
    assert losses == ()


def test_a_dispute_that_is_won_pays_the_debt_of_a_creator_first():
    shop = Shop(share_percent=100)
    purchase = shop.buy(40)
    present = shop.give(quantity=40, anonymous=True)
    reversal = shop.undo(purchase)
    shop.books.balances[GUILD, debt_of(HOLDERS[MIA])] = -15

    victory = shop.win(reversal)

    assert victory.facts["to_gifts"] == [[present.seq, HOLDERS[MIA], 40, 1, 15]]
    assert (shop.has(EARNINGS), shop.has(debt_of(HOLDERS[MIA]))) == (25, 0)
    bookings = bookings_of(Reinstate.kind, victory.facts)
    assert [(each.type.value, each.anonymous, each.diamonds) for each in bookings] == [
        ("reversal", True, 40),
        ("debt", True, -15),
    ]


def test_a_row_that_takes_from_others_than_it_lists_is_found():
    shop = Shop(share_percent=100)
    purchase = shop.buy(10)
    shop.give(quantity=10)
    row = shop.undo(purchase)
    legs = [(row.seq, account.kind.value, account.owner, coins) for account, coins in row.entries]

    for fact in ([], [[2, HOLDERS[ROB], 10, 0]], [[2, HOLDERS[MIA], 9, 0]]):
        assert KINDS[row.kind].check(row.facts | {"from_gifts": fact}, legs)


steps = st.tuples(
    st.sampled_from(["buy", "give", "give", "undo", "back", "back", "win", "wait"]), st.integers(0, 10**6)
)


@settings(deadline=None)
@given(st.integers(0, 100), st.integers(0, 60), st.integers(0, 40), st.lists(steps, max_size=30))
def test_nothing_is_created_or_lost_in_any_history(share: int, promo_share: int, promo: int, history: list[Any]):
    shop = Shop(share_percent=share, promo_share_percent=promo_share)
    shop.books.balances[GUILD, Account(AccountKind.PROMO, HOLDERS[ALICE])] = promo
    total, bookings, now_ms = sum(shop.books.balances.values()), Counter[int](), NOON
    open_reversals: list[JournalRow] = []
    for verb, choice in history:
        sales = [row for row in shop.rows.values() if row.kind == CreditOrder.kind]
        gifts = [row for row in shop.rows.values() if row.kind == SendGift.kind]
        try:
            if verb == "buy":
                row = shop.buy(choice % 90 + 1)
            elif verb == "wait":
                now_ms += choice % 20 * DAY_MS
                continue
            elif verb == "give":
                quantity, creator = choice % 9 + 1, MIA if choice % 3 else ROB
                row = shop.give(
                    now_ms, quantity=quantity, creator_id=creator, item_id=choice % 2 + 1, anonymous=not choice % 5
                )
            elif verb == "undo" and gifts:
                row = shop.undo(gifts[choice % len(gifts)], choice % 3 or None, now_ms)
            elif verb == "back" and sales:
                sale = sales[choice % len(sales)]
                before = shop.held_of(sale.seq)
                row = shop.undo(sale, choice % 40 + 1 if choice % 2 else None, now_ms)
                check_payback(shop, row, before, day_of(now_ms))
                open_reversals.append(row)
            elif verb == "win" and open_reversals:
                row = shop.win(open_reversals.pop(choice % len(open_reversals)))
            else:
                continue
        except Refusal:
            continue
        for booking in bookings_of(row.kind, row.facts):
            bookings[booking.creator] += booking.diamonds
        assert not [
            account for (_, account), coins in shop.books.balances.items() if coins < 0 and account.kind in PURSES
        ]
    assert sum(shop.books.balances.values()) == total
    assert all(shop.has(account) == bookings[account.owner] for account in (EARNINGS, ROBS))


def check_payback(shop: Shop, row: JournalRow, before: tuple[HeldGift, ...], today: int) -> None:
    """Check what an order has taken against what could be taken."""
    facts, possible = row.facts, {gift.seq: gift for gift in before}
    for seq, _, diamonds, _ in facts.get("from_gifts", ()):
        assert 0 < diamonds <= possible[seq].diamonds
        assert possible[seq].until_day > today
    if facts["earnings"]:
        assert (facts["paid_after"], facts["promo_after"]) == (0, 0)
    if facts["house"] or facts["debt"]:
        still_held = [gift for gift in shop.held_of(facts["of"]) if gift.until_day > today and gift.diamonds]
        assert all(not shop.has(REAL_COINS.earnings_of(gift.creator)) for gift in still_held)
