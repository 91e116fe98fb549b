"""What members have gifted in the periods of their budgets, by the journal: what they spent, less what came back."""

from collections.abc import Iterator, Sequence
from operator import sub
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from bot.domain.accounts import AccountKind
from bot.domain.ledger.chip_returns import ReturnChip
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.perk_return import ReturnPerk
from bot.domain.ledger.reversal import Reverse
from bot.storage.ledger import journal as journal_store
from bot.storage.ledger.journal import fact_of
from bot.storage.sql.tables import MEMBERS_OWN, entries, journal
from bot.storage.stores.wallets import SPENDABLE

SPENDING = (SendGift.kind, BuyPerk.kind, ChipCoins.kind)
"""Kinds of transactions that use the actor's budget."""

Start = int | ColumnElement[int]
"""When a period began, in milliseconds: a number, or the column of a row of budgets."""


def gifted_in(
    c: Connection, guild_id: int, starts: Sequence[int], after: int, last: int, holder: int | None = None
) -> dict[int, tuple[int, ...]]:
    """Return what members, or only one `holder`, have spent since each of `starts`, less what has come back of that,
    by the rows that follow row `after`, up to row `last`.

    Gifts that count on no board are left out, as are members without gifts. Of a part of the journal, it can be less
    than nothing.
    """
    left_wallet = [entries.c.guild_id == guild_id, entries.c.seq > after, entries.c.seq <= last, *of_wallet()]
    if holder is not None:
        left_wallet.append(entries.c.owner == holder)
    query = select(entries.c.owner, *spent_since(starts)).select_from(entries.join(journal, of_spending()))
    gifted = {
        row[0]: tuple(map(int, row[1:])) for row in c.execute(query.where(*left_wallet).group_by(entries.c.owner))
    }
    taken_back = [came_back(guild_id, after, last)]
    if holder is not None:
        own = (entries.c.guild_id == guild_id, entries.c.owner == holder, MEMBERS_OWN, entries.c.seq > after)
        taken_back.append(journal.c.seq.in_(select(entries.c.seq).where(*own)))
    returns = select(fact_of("member"), *returned_since(starts)).where(*taken_back).group_by(fact_of("member"))
    for member, *returned in c.execute(returns):
        before = gifted.get(member, (0,) * len(starts))
        gifted[member] = tuple(coins - int(back) for coins, back in zip(before, returned, strict=True))
    for member, at_ms, coins in chips_back(c, guild_id, after, last):
        back = (coins if at_ms >= start else 0 for start in starts)
        before = gifted.get(member, (0,) * len(starts))
        gifted[member] = tuple(map(sub, before, back))
    return gifted if holder is None else {holder: gifted[holder]} if holder in gifted else {}


def of_wallet() -> list[ColumnElement[bool] | Any]:
    """Return the conditions that an entry takes coins from a member's wallet."""
    # By what left the sender's wallet: to read the coins from a million bodies takes five times as long.
    return [MEMBERS_OWN, entries.c.kind.in_(SPENDABLE), entries.c.amount < 0]


def of_spending() -> ColumnElement[bool]:
    """Return the condition that a row of the journal is that of an entry, and uses a budget."""
    return and_(
        journal.c.guild_id == entries.c.guild_id,
        journal.c.seq == entries.c.seq,
        journal.c.kind.in_(SPENDING),
        or_(entries.c.kind != AccountKind.TEST.value, _counts()),
    )


def came_back(guild_id: int, after: int, last: int) -> ColumnElement[bool]:
    """Return the condition that a row gives a member back what their budget has counted, save chips of pooled gifts."""
    return and_(
        journal.c.guild_id == guild_id,
        journal.c.seq > after,
        journal.c.seq <= last,
        or_(_takes_back_gift(), journal.c.kind.in_([ReturnPerk.kind, ReturnChip.kind])),
        _counts(),
    )


def spent_since(starts: Sequence[Start]) -> list[ColumnElement[Any]]:
    """Return the sums of entries whose rows were booked since each of `starts`."""
    return _sums(-entries.c.amount, journal.c.at_ms, starts)


def returned_since(starts: Sequence[Start]) -> list[ColumnElement[Any]]:
    """Return the sums of what rows give back that was spent since each of `starts`."""
    return _sums(fact_of("coins"), fact_of("sent_ms"), starts)


def chips_back(c: Connection, guild_id: int, after: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Yield what chips of pooled gifts that were taken back were: their holder, their time, and coins."""
    query = select(journal.c.seq).where(
        journal.c.guild_id == guild_id,
        journal.c.seq > after,
        journal.c.seq <= last,
        journal.c.kind == Reverse.kind,
        _of_pool(),
        _counts(),
    )
    for row in journal_store.rows_with(c, [(guild_id, seq) for seq in c.execute(query).scalars()]):
        for at_ms, coins in row.facts.get("chips", ()):
            yield row.facts["member"], at_ms, coins


def _takes_back_gift() -> ColumnElement[bool]:
    """Return the condition that a row takes back a gift that its sender's budget counted when it was sent."""
    of_gift = journal.c.body.contains('"of_kind":"gift"', autoescape=True)
    return and_(journal.c.kind == Reverse.kind, of_gift, ~_of_pool())


def _of_pool() -> ColumnElement[bool]:
    """Return the condition that a gift, or what takes it back, is of a chip-in: budgets counted it when it was chipped
    in."""
    return journal.c.body.contains('"chip_in":', autoescape=True)


def _counts() -> ColumnElement[bool]:
    """Return the condition that a gift counts on boards, and its reversal."""
    return ~journal.c.body.contains('"counts":false', autoescape=True)


def _sums(coins: Any, at_ms: Any, starts: Sequence[Start]) -> list[ColumnElement[Any]]:  # noqa: ANN401 - columns
    return [func.sum(case((at_ms >= start, coins), else_=0)) for start in starts]
