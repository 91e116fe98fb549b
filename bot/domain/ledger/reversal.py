"""Reversals: a gift, a grant or an order is taken back, as a whole or in part. The row stays, a new one undoes it.

Staff do that, and orders also follow their money when it goes back.

A gift goes back to its sender, out of the creator's earnings and the house. Earnings that are gone become the creator's
debt. A grant or an order goes back to where its coins came from. Coins that are gone are taken in this order: what the
member has not spent, the house down to zero, and the member's debt. Held earnings will come before the house.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, NotRequired, TypedDict, cast

from bot.domain.accounts import GRANTED, HOUSE, SOLD, Account, debt_of, earnings_of, paid_of, promo_of
from bot.domain.errors import NotFound
from bot.domain.leaderboards import Credit
from bot.domain.ledger.books import Books, Decision, Effect, Recorded
from bot.domain.ledger.gift import GiftFacts, SendGift, StockSold
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.kinds import Kind, Leg
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.postings import Posting, spread
from bot.domain.money import amount
from bot.domain.orders import Cause
from bot.domain.reversal_errors import AlreadyReversed, HouseShort, NotReversible


class Reverse(NamedTuple):
    """Take back row `seq` of the journal, or `part` of it: pieces of a gift, or coins of a grant or an order.

    `member_id` is the member whose coins they are: a gift's sender, an order's buyer, a grant's receiver; 0 if erased.
    `holder_ids` are the holders that the row names, and `item_id` is the item of a gift. A row never changes, so these
    can be read before.

    Instead of a part, `total` is how many coins of an order are to be gone in all. `cause` is given if it is not staff.
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


class ReversalFacts(TypedDict):
    """The body of a reversal's row.

    `of` is the row that it takes back, of the kind `of_kind`. `member` is the holder whose coins they are. `coins` is
    the total, and `part` says what was taken back of the row: pieces of a gift, or coins.

    From a gift, `paid` and `promo` coins come back, of which `payoff` went into the member's debt. They are taken from
    the creator's `earnings`, the creator's `creator_debt` and the `house`. `creator`, `item`, `event`, `message`,
    `anonymous`, `zone` and `sent_ms` are the gift's own; leaderboards need them.

    From a grant or an order, `paid` and `promo` coins are taken out of the member's wallet, the rest out of the house,
    and what is still missing becomes the member's `debt`. Three facts are balances after it. Staff give no `cause`.
    """

    of: int
    of_kind: str
    member: int
    coins: int
    part: int
    paid: int
    promo: int
    payoff: int
    earnings: int
    creator_debt: int
    house: int
    debt: int
    creator: int
    item: int
    event: int
    message: int
    anonymous: bool
    zone: str
    sent_ms: int
    paid_after: int
    promo_after: int
    debt_after: int
    cause: NotRequired[str]


class RowReversed(NamedTuple):
    """A row, or a part of it, was taken back."""

    facts: ReversalFacts

    def apply(self, books: Books, guild_id: int) -> None:
        """Add the part to what was taken back of the row before."""
        key = guild_id, self.facts["of"]
        books.reversed[key] = books.reversed.get(key, 0) + self.facts["part"]


def facts_of(row: Recorded) -> ReversalFacts:
    """Return the facts of a reversal's row or receipt."""
    assert row.kind == Reverse.kind, row.kind
    return cast("ReversalFacts", row.facts)


def decide(command: Reverse, books: Books, _now_ms: int) -> Decision:
    """Return what a reversal does.

    Raise NotFound, NotReversible for a row that is itself a reversal, AlreadyReversed, InvalidAmount for more than what
    is left, HouseShort, or WalletFull.
    """
    guild = command.guild_id
    books.rules_of(guild)
    row = books.rows.get((guild, command.seq))
    if row is None:
        raise NotFound("receipt")
    if row.kind not in _UNDO:
        raise NotReversible(row.kind)
    whole: int = row.facts["count" if row.kind == SendGift.kind else "coins"]
    before = books.reversed.get((guild, command.seq), 0)
    if before >= whole:
        raise AlreadyReversed(command.seq)
    part = _part(command, whole, before)
    postings, facts = _UNDO[row.kind](books, row, before, part)
    if command.cause is not None:
        facts["cause"] = command.cause.value
    return Decision(
        kind=Reverse.kind,
        actor=books.holders[guild, command.actor_id],
        postings=postings,
        facts=facts,
        effects=(RowReversed(facts), *_stock_effects(books, row, facts)),
        note=command.reason,
    )


def _part(command: Reverse, whole: int, before: int) -> int:
    """Return how much to take back now, of what is left after `before`."""
    if command.total is not None:
        if command.total <= before:
            raise AlreadyReversed(command.seq)
        return min(command.total, whole) - before
    return whole - before if command.part is None else amount(command.part, highest=whole - before)


_Undone = tuple[tuple[Posting, ...], ReversalFacts]


def _undo_gift(books: Books, row: JournalRow, before: int, part: int) -> _Undone:
    """Give `part` pieces back to the sender, after `before` of them were. All parts together are the whole gift."""
    guild, sender, gift = row.guild_id, row.actor, gift_facts(row)
    creator = gift["creator"]
    coins, paid_coins = gift["price"] * part, _part_of(gift["paid"], gift, before, part)
    share = _part_of(gift["share"], gift, before, part)
    earnings = min(share, books.balance(guild, earnings_of(creator)))
    house = coins - share
    if books.balance(guild, HOUSE) < house:
        raise HouseShort(books.balance(guild, HOUSE), house)
    books.check_room(guild, debt_of(creator), earnings - share)
    # Paid coins settle a debt before promo coins, because they can do more. The wallet keeps what can do less.
    payoff, _ = books.pay_off(guild, paid_of(sender), coins)
    paid_back = paid_coins - min(payoff, paid_coins)
    promo_back = coins - payoff - paid_back
    books.check_room(guild, paid_of(sender), paid_back)
    books.check_room(guild, promo_of(sender), promo_back)
    postings = spread(
        [(earnings_of(creator), earnings), (debt_of(creator), share - earnings), (HOUSE, house)],
        [(debt_of(sender), payoff), (paid_of(sender), paid_back), (promo_of(sender), promo_back)],
    )
    facts = _facts(books, row, sender, coins, part)
    facts["paid"], facts["promo"], facts["payoff"] = paid_coins, coins - paid_coins, payoff
    facts["earnings"], facts["creator_debt"], facts["house"] = earnings, share - earnings, house
    facts["creator"], facts["item"], facts["event"] = creator, gift["item"], gift["event"]
    facts["message"], facts["anonymous"], facts["zone"] = gift["message"], gift["anonymous"], gift["zone"]
    facts["paid_after"] += paid_back
    facts["promo_after"] += promo_back
    facts["debt_after"] -= payoff
    return postings, facts


def _part_of(whole: int, gift: GiftFacts, before: int, part: int) -> int:
    """Return the part of `whole` that falls to `part` pieces. Rounding is cumulative, so that nothing is left over."""
    count = gift["count"]
    return whole * (before + part) // count - whole * before // count


def _undo_order(books: Books, row: JournalRow, _before: int, part: int) -> _Undone:
    return _take_back(books, row, row.actor, SOLD, part)


def _undo_grant(books: Books, row: JournalRow, _before: int, part: int) -> _Undone:
    return _take_back(books, row, row.facts["member"], GRANTED, part)


def _take_back(books: Books, row: JournalRow, member: int, source: Account, coins: int) -> _Undone:
    """Move `coins` back to where they came from: coins like those first, then any that the member has not spent."""
    guild, missing = row.guild_id, coins
    wallets = [paid_of(member), promo_of(member)]
    takes: dict[Account, int] = {}
    for account in (*(wallets if source == SOLD else reversed(wallets)), HOUSE):
        takes[account] = min(books.balance(guild, account), missing)
        missing -= takes[account]
    takes[debt_of(member)] = missing
    books.check_room(guild, debt_of(member), -missing)
    facts = _facts(books, row, member, coins, coins)
    facts["paid"], facts["promo"] = (takes[account] for account in wallets)
    facts["house"], facts["debt"] = takes[HOUSE], missing
    facts["paid_after"] -= facts["paid"]
    facts["promo_after"] -= facts["promo"]
    facts["debt_after"] += missing
    return spread(takes.items(), [(source, coins)]), facts


def _facts(books: Books, row: JournalRow, member: int, coins: int, part: int) -> ReversalFacts:
    guild = row.guild_id
    return {
        "of": row.seq, "of_kind": row.kind, "member": member, "coins": coins, "part": part,
        "paid": 0, "promo": 0, "payoff": 0, "earnings": 0, "creator_debt": 0, "house": 0, "debt": 0,
        "creator": 0, "item": 0, "event": 0, "message": 0, "anonymous": False, "zone": "", "sent_ms": row.at_ms,
        "paid_after": books.balance(guild, paid_of(member)), "promo_after": books.balance(guild, promo_of(member)),
        "debt_after": books.debt(guild, member),
    }  # fmt: skip


def _stock_effects(books: Books, row: JournalRow, facts: ReversalFacts) -> tuple[Effect, ...]:
    item = books.items.get((row.guild_id, facts["item"]))
    return () if item is None or item.stock is None else (StockSold(item.item_id, -facts["part"]),)


_UNDO = {SendGift.kind: _undo_gift, CreditOrder.kind: _undo_order, Grant.kind: _undo_grant}
"""How each kind of money is taken back. A reversal cannot be reversed: the gift is sent again instead."""


def check(facts: Mapping[str, Any], legs: Sequence[Leg]) -> str:
    """Return what is wrong with a reversal's row, "" for nothing."""
    coins, wallet, house, debt = facts["coins"], facts["paid"] + facts["promo"], facts["house"], facts["debt"]
    if facts["of_kind"] == SendGift.kind:
        payoff, earnings, creator_debt = facts["payoff"], facts["earnings"], facts["creator_debt"]
        parts = wallet, earnings + creator_debt + house
        changes = wallet - payoff, -earnings, -house, payoff - creator_debt
    else:
        parts = (wallet + house + debt,)
        changes = -wallet, 0, -house, -debt
    kinds = ("paid", "promo"), ("earnings",), ("house",), ("debt",)
    entries = tuple(sum(change for _, kind, _, change in legs if kind in of_kinds) for of_kinds in kinds)
    is_right = entries == changes and all(part == coins for part in parts)
    return "" if is_right else "its coins and its entries do not agree"


def credit_of(seq: int, _actor: int, _at_ms: int, facts: Mapping[str, Any]) -> Credit | None:
    """Return what row `seq` takes from leaderboards: a part of the gift, where and when that counted."""
    if facts["of_kind"] != SendGift.kind:
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
    reads=("rules", "rows", "reversed", "items"),
    other="member",
    wallet_facts=(
        *("paid", "promo", "payoff", "earnings", "creator_debt", "house", "debt"),
        *("paid_after", "promo_after", "debt_after"),
    ),
    credit=credit_of,
)
