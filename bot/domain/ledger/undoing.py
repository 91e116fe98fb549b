"""What taking a row back moves: a gift to its sender, an order or a grant to where its coins came from."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, NotRequired, TypedDict

from bot.domain.accounts import GRANTED, HOUSE, SOLD, Account, debt_of, earnings_of, paid_of, promo_of
from bot.domain.ledger.books import Books
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.lots import LotsChanged, lots_changed, lots_in
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.postings import Posting, spread
from bot.domain.lots import listed, part_between, plus, spend
from bot.domain.reversal_errors import HouseShort


class ReversalFacts(TypedDict):
    """The body of a reversal's row.

    `of` is the row that it takes back, of the kind `of_kind`. `member` is the holder whose coins they are. `coins` is
    the total, and `part` says what was taken back of the row: pieces of a gift, or coins.

    From a gift, `paid` and `promo` coins come back, of which `payoff` went into the member's debt. They are taken from
    the creator's `earnings`, the creator's `creator_debt` and the `house`. `creator`, `item`, `event`, `message`,
    `anonymous`, `zone` and `sent_ms` are the gift's own; leaderboards need them.

    From a grant or an order, `paid` and `promo` coins are taken out of the member's wallet, the rest out of the house,
    and what is still missing becomes the member's `debt`. Three facts are balances after it. Staff give no `cause`.

    `lots`, if any, are those that paid coins came back into, or were taken from. Old rows have none.
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
    lots: NotRequired[list[list[int]]]


class Undone(NamedTuple):
    """What taking back a row, or a part of it, does."""

    postings: tuple[Posting, ...]
    facts: ReversalFacts
    lots_effects: tuple[LotsChanged, ...]


def _undo_gift(books: Books, row: JournalRow, before: int, part: int) -> Undone:
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
    paid_before = gift["paid"] * before // gift["count"]
    part_of_lots = part_between(lots_in(row, books), paid_before, paid_before + paid_coins)
    _, more = spend(part_of_lots, paid_coins - paid_back)
    if more:
        facts["lots"] = listed(more)
    lots = books.lots_of(guild, paid_of(sender))
    return Undone(postings, facts, lots_changed(paid_of(sender), lots, plus(lots, more)))


def _part_of(whole: int, gift: GiftFacts, before: int, part: int) -> int:
    """Return the part of `whole` that falls to `part` pieces. Rounding is cumulative, so that nothing is left over."""
    count = gift["count"]
    return whole * (before + part) // count - whole * before // count


def _undo_order(books: Books, row: JournalRow, _before: int, part: int) -> Undone:
    return _take_back(books, row, row.actor, SOLD, part)


def _undo_grant(books: Books, row: JournalRow, _before: int, part: int) -> Undone:
    return _take_back(books, row, row.facts["member"], GRANTED, part)


def _take_back(books: Books, row: JournalRow, member: int, source: Account, coins: int) -> Undone:
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
    lots = books.lots_of(guild, paid_of(member))
    from_lots, rest = spend(lots, facts["paid"], first=row.seq if source == SOLD else 0)
    if from_lots:
        facts["lots"] = listed(from_lots)
    return Undone(spread(takes.items(), [(source, coins)]), facts, lots_changed(paid_of(member), lots, rest))


def _facts(books: Books, row: JournalRow, member: int, coins: int, part: int) -> ReversalFacts:
    guild = row.guild_id
    return {
        "of": row.seq, "of_kind": row.kind, "member": member, "coins": coins, "part": part,
        "paid": 0, "promo": 0, "payoff": 0, "earnings": 0, "creator_debt": 0, "house": 0, "debt": 0,
        "creator": 0, "item": 0, "event": 0, "message": 0, "anonymous": False, "zone": "", "sent_ms": row.at_ms,
        "paid_after": books.balance(guild, paid_of(member)), "promo_after": books.balance(guild, promo_of(member)),
        "debt_after": books.debt(guild, member),
    }  # fmt: skip


UNDO: Mapping[str, Callable[[Books, JournalRow, int, int], Undone]] = {
    SendGift.kind: _undo_gift,
    CreditOrder.kind: _undo_order,
    Grant.kind: _undo_grant,
}
"""How each kind of money is taken back: given the books, the row, how much of it was taken before, and how much is now.

A reversal cannot be reversed: the gift is sent again instead.
"""
