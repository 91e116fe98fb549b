"""Reversals: a gift, a grant or an order is taken back, as a whole or in part. The row stays; a new one undoes it.

Staff do this, and an order is also taken back when its money goes back.

A gift goes back to its sender, out of the creator's earnings and the house. Earnings that are gone become the creator's
debt. A grant or an order goes back to where its coins came from. Coins that are gone are taken in this order: what the
member has not spent, for an order the held earnings of the gifts that it paid for (see `bot.domain.held_earnings`), the
house down to zero, and the member's debt.

Test coins are taken back out of the accounts of test coins alone, and what is missing there is owed in test coins. So
no test, however it ends, costs anybody a bought or earned coin.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from bot.domain.accounts import AccountKind
from bot.domain.bookings import of_reversal
from bot.domain.errors import NotFound
from bot.domain.leaderboards import Credit
from bot.domain.ledger.books import Books, Decision, Effect, Recorded
from bot.domain.ledger.budget import BudgetReturned, return_budget
from bot.domain.ledger.fans import Joined, joined
from bot.domain.ledger.gift import SendGift, StockSold
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import MISMATCH, Kind, Leg
from bot.domain.ledger.order import coinage_of
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.ledger.undoing import UNDO, ReversalFacts, noticed
from bot.domain.lots import coins_in, sum_listed
from bot.domain.money import amount
from bot.domain.orders import Cause
from bot.domain.reversal_errors import AlreadyReversed, DeclineOver, NotReversible
from bot.domain.staff_acts import ActKind, MoneyMoved
from bot.domain.withdrawal_errors import WithdrawalChanged
from bot.domain.withdrawals import Withdrawal

DECLINES = frozenset({Cause.DECLINED, Cause.STAFF_DECLINED})
DECLINE_MS = 24 * 3_600_000
"""How long a gift can be declined after it was sent."""


class Reverse(NamedTuple):
    """Take back row `seq` of the journal, or `part` of it: pieces of a gift, or coins of a grant or an order.

    `member_id` is the member whose coins they are: a gift's sender, an order's buyer, a grant's receiver; 0 if erased.
    `holder_ids` are the holders that the row names, and `item_id` is the item of a gift. A row never changes, so these
    can be read before.

    Instead of a part, `total` is how many coins of an order are to be gone in all. `cause` is given if it is not staff.
    With a `withdrawal`, the part is exactly what is left of that order. `creators` are all who got a part of the gift,
    if those are several: each of them may decline it.
    """

    guild_id: int
    key: str
    actor_id: int
    member_id: int
    seq: int
    reason: str
    part: int | None = None
    holder_ids: tuple[int, ...] = ()
    item_id: int = 0
    total: int | None = None
    cause: Cause | None = None
    withdrawal: Withdrawal | None = None
    creators: tuple[int, ...] = ()

    kind = "reversal"

    @property
    def of_seq(self) -> int:
        """The row that counts how much of it was taken back."""
        return self.seq

    @property
    def other_id(self) -> int:
        """The other member on the receipt."""
        return self.member_id

    @property
    def member_ids(self) -> tuple[int, ...]:
        """The members whose accounts it may touch. The holders of the row may touch theirs as well."""
        return (self.actor_id,)


class RowReversed(NamedTuple):
    """A row, or a part of it, was taken back."""

    facts: ReversalFacts

    def apply(self, books: Books, guild_id: int) -> None:
        """Add the part to what was taken back of the row before."""
        key = guild_id, self.facts["of"]
        books.reversed[key] = books.reversed.get(key, 0) + self.facts["part"]


class SenderTold(NamedTuple):
    """The sender of a gift learns with their next reply that the row under `key` declined it."""

    holder: int
    key: str

    def apply(self, books: Books, guild_id: int) -> None:
        """Change nothing: no rule asks what members have read."""


class OrderWithdrawn(NamedTuple):
    """The buyer of an order withdrew, and the money has to go back."""

    withdrawal: Withdrawal
    at_ms: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Do nothing: no other rule of the batch reads it."""


def facts_of(row: Recorded) -> ReversalFacts:
    """Return the facts of a reversal's row or receipt."""
    assert row.kind == Reverse.kind, row.kind
    return cast("ReversalFacts", row.facts)


def decide(command: Reverse, books: Books, now_ms: int) -> Decision:
    """Return what a reversal does.

    Raise NotFound, NotReversible for a row that is itself a reversal, AlreadyReversed, InvalidAmount for more than what
    is left, HouseShort, WalletFull, WithdrawalChanged if other coins than those confirmed are unspent, or DeclineOver.
    """
    guild = command.guild_id
    books.rules_of(guild)
    row = books.rows.get((guild, command.seq))
    if row is None:
        raise NotFound("receipt")
    if row.kind not in UNDO:
        raise NotReversible(row.kind)
    whole: int = row.facts["count" if row.kind == SendGift.kind else "coins"]
    before = books.reversed.get((guild, command.seq), 0)
    if before >= whole:
        raise AlreadyReversed(command.seq)
    part = _part(command, whole, before)
    effects: tuple[Effect, ...] = ()
    if command.cause in DECLINES:
        _check_decline(command, books, row, now_ms)
        effects = (SenderTold(row.actor, command.key),)
    if command.withdrawal is not None:
        _check_unspent(books, row, part)
        effects = (OrderWithdrawn(command.withdrawal, now_ms),)
    postings, facts, undo_effects = UNDO[row.kind](books, row, before, part, now_ms)
    actor = books.holders[guild, command.actor_id]
    if command.cause is not None:
        facts["cause"] = command.cause.value
    if command.cause in {None, Cause.STAFF_DECLINED}:
        effects = (*effects, MoneyMoved(ActKind.REVERSAL, actor, facts["member"], command.key))
    return Decision(
        kind=Reverse.kind,
        actor=actor,
        postings=postings,
        facts=facts,
        effects=(
            RowReversed(facts),
            *_stock_effects(books, row, facts),
            *_fan_effects(books, row, facts),
            *_budget_effects(books, row, facts),
            *undo_effects,
            *noticed(facts, command.key),
            *effects,
        ),
        note=command.reason,
    )


def _check_decline(command: Reverse, books: Books, row: JournalRow, now_ms: int) -> None:
    """Raise NotFound for anything but a gift of theirs, and DeclineOver a day after it was sent."""
    is_theirs = books.holders[command.guild_id, command.actor_id] in {row.facts.get("creator"), *command.creators}
    if row.kind != SendGift.kind or (command.cause is Cause.DECLINED and not is_theirs):
        raise NotFound("gift")
    if now_ms - row.at_ms >= DECLINE_MS:
        raise DeclineOver


def _part(command: Reverse, whole: int, before: int) -> int:
    """Return how much to take back now, of what is left after `before`."""
    if command.total is not None:
        if command.total <= before:
            raise AlreadyReversed(command.seq)
        return min(command.total, whole) - before
    return whole - before if command.part is None else amount(command.part, highest=whole - before)


def _check_unspent(books: Books, row: JournalRow, part: int) -> None:
    """Raise WithdrawalChanged unless `part` coins of an order are unspent: no more may be taken, and no fewer."""
    wallet = coinage_of(is_test=order_facts(row)["test"]).wallet_of(row.actor)
    unspent = coins_in(books.lots_of(row.guild_id, wallet), row.seq)
    if part != unspent:
        raise WithdrawalChanged(part, unspent)


def _fan_effects(books: Books, row: JournalRow, facts: ReversalFacts) -> tuple[Joined, ...]:
    if row.kind != SendGift.kind or "club" not in facts:
        return ()
    return joined(books, row.guild_id, row.actor, facts["creator"], -facts["part"])


def _budget_effects(books: Books, row: JournalRow, facts: ReversalFacts) -> tuple[BudgetReturned, ...]:
    if row.kind != SendGift.kind or not row.facts.get("counts", True):
        return ()
    if "chip_in" in row.facts:
        # Each chip was counted at its own time. Gifts from before the rows said when give no room back.
        chips: list[list[int]] = row.facts.get("chips", [])
        return tuple(
            effect for at_ms, coins in chips for effect in return_budget(books, row.guild_id, row.actor, coins, at_ms)
        )
    return return_budget(books, row.guild_id, row.actor, facts["coins"], row.at_ms)


def _stock_effects(books: Books, row: JournalRow, facts: ReversalFacts) -> tuple[Effect, ...]:
    place, *_ = row.facts.get("joint", (0,))
    # All rows of a joint gift are one piece, which the first one sold.
    item = None if place else books.items.get((row.guild_id, facts["item"]))
    return () if item is None or item.stock is None else (StockSold(item.item_id, -facts["part"]),)


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a reversal's row, "" for nothing."""
    coins, wallet, house, debt = facts["coins"], facts["paid"] + facts["promo"], facts["house"], facts["debt"]
    if facts["of_kind"] == SendGift.kind:
        payoff, earnings, creator_debt = facts["payoff"], facts["earnings"], facts["creator_debt"]
        loss = sum_listed(facts.get("losses", ()))
        parts = wallet + loss, earnings + creator_debt + house + loss
        in_lots = facts["paid"] - min(payoff, facts["paid"])
        changes = wallet - payoff, -earnings, -house, payoff - creator_debt
    else:
        earnings = facts["earnings"]
        parts = (wallet + earnings + house + debt,)
        in_lots = facts["paid"]
        changes = -wallet, -earnings, -house, -debt
    coinage = coinage_of(is_test=facts.get("test", False))
    kinds = (coinage.wallet, "promo"), (coinage.earnings,), (coinage.house.kind,), (coinage.debt,)
    entries = tuple(sum(change for _, kind, _, change in legs if kind in of_kinds) for of_kinds in kinds)
    is_right = entries == changes and all(part == coins for part in parts)
    is_right = is_right and ("lots" not in facts or sum_listed(facts["lots"]) == in_lots)
    is_right = is_right and _gives_what_it_lists(facts, legs)
    return "" if is_right else MISMATCH


def _gives_what_it_lists(facts: Mapping[str, Any], legs: Sequence[Leg]) -> bool:
    """Whether each creator gives back what an order takes from their gifts, and nobody else does."""
    if facts["of_kind"] == SendGift.kind:
        return True
    listed_sums, entry_sums = Counter[int](), Counter[int]()
    for _, creator, diamonds, _ in facts.get("from_gifts", ()):
        listed_sums[creator] += diamonds
    for _, kind, owner, change in legs:
        if kind == AccountKind.EARNINGS.value:
            entry_sums[owner] -= change
    return listed_sums == entry_sums


def credit_of(seq: int, _actor: int, _at_ms: int, facts: Mapping[str, Any]) -> Credit | None:
    """Return what row `seq` takes from leaderboards: a part of the gift, where and when that counted."""
    if facts["of_kind"] != SendGift.kind or not facts.get("counts", True):
        return None
    assert facts["of"] < seq, seq
    return Credit(
        gift_seq=facts["of"],
        at_ms=facts["sent_ms"],
        zone=facts["zone"],
        sender=facts["member"],
        creator=facts["creator"],
        item=facts["item"],
        is_anonymous=facts["anonymous"],
        event_id=facts["event"],
        coins=-facts["coins"],
        pieces=-facts["part"],
    )


KIND = Kind(
    Reverse.kind,
    Reverse,
    decide,
    check,
    reads=("rules", "rows", "reversed", "items", "lots", "unlisted_lots", "held_gifts", "losses", "budgets"),
    other="member",
    wallet_facts=(
        *("paid", "promo", "payoff", "earnings", "creator_debt", "house", "debt", "lots"),
        *("paid_after", "promo_after", "debt_after", "losses", "from_gifts"),
    ),
    credit=credit_of,
    bookings=of_reversal,
    is_first=True,
)
