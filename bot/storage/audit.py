"""Does everything add up? Reads the books from their first row to the last, and believes nothing but the journal."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from math import inf
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Connection, and_, select, union

from bot.domain.accounts import SOURCES, Account
from bot.domain.journal import Head, JournalRow, row_hash
from bot.domain.orders import OrderState
from bot.domain.postings import Entry
from bot.domain.standings import scores_of_gift
from bot.storage import journal as journal_store
from bot.storage.engine import StorageError, database_url, file_of, reading_engine
from bot.storage.tables import balances, entries, guilds, heads, journal, notes, orders, standings


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not add up. `seq` is the row of the guild's journal that it is about, 0 for none."""

    guild_id: int
    seq: int
    what: str


_Line = tuple[str, int, str, int, int]
"""The key of one line of a leaderboard: board, scope, period, bucket, subject."""


@dataclass(slots=True)
class _Sums:
    """What the rows read so far add up to."""

    head: Head = field(default_factory=Head)
    accounts: dict[Account, int] = field(default_factory=dict[Account, int])
    lines: dict[_Line, tuple[int, int, int]] = field(default_factory=dict[_Line, tuple[int, int, int]])
    credited: set[int] = field(default_factory=set[int])
    keys: set[str] = field(default_factory=set[str])


_SEQ = itemgetter(0)
_NO_LEGS: tuple[float, Iterator[Any]] = (inf, iter(()))


def audit_database(address: str, guild_id: int | None = None) -> Iterator[Finding]:
    """Yield what does not add up in the database at `address`; it may be in use. Raises StorageError."""
    url = database_url(address)
    if not file_of(url).exists():
        raise StorageError(f"There is no database at {file_of(url)}")
    engine = reading_engine(url)
    try:
        with engine.begin() as connection:
            yield from audit(connection, guild_id)
    finally:
        engine.dispose()


def audit(c: Connection, guild_id: int | None = None) -> Iterator[Finding]:
    """Yield what does not add up in one guild's books, or in all, as they are read.

    Every transaction sums to zero, no account falls below zero, sequence numbers have no gaps, keys are unique, each
    hash follows from the one before, and heads, balances, leaderboards and orders are what the journal makes them.
    """
    known = union(select(guilds.c.guild_id), select(heads.c.guild_id)).subquery()
    query = select(known.c.guild_id).order_by(known.c.guild_id)
    for found in c.execute(query).scalars().all() if guild_id is None else [guild_id]:
        for seq, what in _audit_guild(c, found):
            yield Finding(found, seq, what)


def _audit_guild(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    sums = _Sums()
    for row in _rows(c, guild_id):
        for what in (*_check_chain(row, sums), *_check_entries(row, sums), *_count(row, sums)):
            yield row.seq, what
        sums.head = row.head
        sums.keys.add(row.key)
    yield from _check_strays(c, guild_id)
    for what in (*_check_head(c, guild_id, sums), *_check_balances(c, guild_id, sums)):
        yield 0, what
    for what in (*_check_standings(c, guild_id, sums), *_check_orders(c, guild_id, sums)):
        yield 0, what


def _rows(c: Connection, guild_id: int) -> Iterator[JournalRow]:
    """Yield the journal with its entries, both read along."""
    legs = groupby(_in_order(c, guild_id, entries.c.seq, entries.c.kind, entries.c.owner, entries.c.amount), _SEQ)
    seq, group = next(legs, _NO_LEGS)
    for row in _in_order(c, guild_id, *journal.c):
        while seq < row.seq:
            seq, group = next(legs, _NO_LEGS)
        mine = [Entry(Account(kind, owner), amount) for _, kind, owner, amount in group] if seq == row.seq else []
        _, _, kind, key, actor, at_ms, body, previous, digest = row
        yield JournalRow(guild_id, row.seq, kind, key, actor, at_ms, body.encode(), previous, digest, tuple(mine))


def _in_order(c: Connection, guild_id: int, *columns: Column[Any]) -> Iterator[Any]:
    table = columns[0].table
    query = select(*columns).where(table.c.guild_id == guild_id).order_by(*table.primary_key)
    yield from c.execute(query.execution_options(yield_per=1_000))


def _check_chain(row: JournalRow, sums: _Sums) -> Iterator[str]:
    before = sums.head
    if row.seq != before.seq + 1:
        yield f"rows are missing: the one before it is {before.seq}"
    if row.previous != before.hash:
        yield "its hash does not follow from the row before"
    if row.key in sums.keys:
        yield f"its key {row.key} was used before"
    said = row_hash(row.previous, row.guild_id, row.seq, row.kind, row.key, row.actor, row.at_ms, row.body, row.entries)
    if said != row.hash:
        yield "it does not say what its hash was made of"


def _check_entries(row: JournalRow, sums: _Sums) -> Iterator[str]:
    total = sum(entry.amount for entry in row.entries)
    if total or not row.entries:
        yield f"its {len(row.entries)} entries sum to {total}"
    for account, amount in row.entries:
        after = sums.accounts[account] = sums.accounts.get(account, 0) + amount
        if after < 0 and account.kind not in SOURCES:
            yield f"{account.kind} of {account.owner} falls to {after}"


def _count(row: JournalRow, sums: _Sums) -> Iterator[str]:
    """Add what the row counts for outside the accounts: lines of leaderboards, a credited order."""
    try:
        facts = row.facts
        if row.kind == "order":
            sums.credited.add(facts["order"])
        if row.kind != "gift":
            return
        for board, scope, period, bucket, subject, coins, pieces in scores_of_gift(
            sender=row.actor,
            creator=facts["creator"],
            item_id=facts["item"],
            coins=facts["coins"],
            pieces=facts["count"],
            event_id=facts["event"],
            anonymous=facts["anonymous"],
            at_ms=row.at_ms,
            zone=ZoneInfo(facts["zone"]),
        ):
            line = (board.value, scope, period.value, bucket, subject)
            so_far = sums.lines.get(line, (0, 0, 0))
            sums.lines[line] = (so_far[0] + coins, so_far[1] + pieces, row.seq)
    except (ValueError, KeyError, TypeError) as error:
        yield f"its body cannot be read: {error!r}"


def _check_strays(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    for table in (entries, notes):
        same = and_(table.c.guild_id == journal.c.guild_id, table.c.seq == journal.c.seq)
        query = select(table.c.seq).select_from(table.outerjoin(journal, same))
        for seq in c.execute(query.where(table.c.guild_id == guild_id, journal.c.seq.is_(None))).scalars():
            yield seq, f"{table.name} of a row that does not exist"


def _check_head(c: Connection, guild_id: int, sums: _Sums) -> Iterator[str]:
    head = journal_store.head(c, guild_id)
    if head != sums.head:
        yield f"the head is row {head.seq} with hash {head.hash.hex()[:8]}, the journal ends at row {sums.head.seq}"


def _check_balances(c: Connection, guild_id: int, sums: _Sums) -> Iterator[str]:
    for _, owner, kind, amount in _in_order(c, guild_id, *balances.c):
        expected = sums.accounts.pop(Account(kind, owner), 0)
        if amount != expected:
            yield f"{kind} of {owner} holds {amount}, its entries sum to {expected}"
    for account, expected in sums.accounts.items():
        if expected:
            yield f"{account.kind} of {account.owner} holds nothing, its entries sum to {expected}"


def _check_standings(c: Connection, guild_id: int, sums: _Sums) -> Iterator[str]:
    for _, *line, coins, pieces, last_seq in _in_order(c, guild_id, *standings.c):
        expected = sums.lines.pop((line[0], line[1], line[2], line[3], line[4]), (0, 0, 0))
        if (coins, pieces, last_seq) != expected:
            yield f"the standing {line} is {(coins, pieces, last_seq)}, the gifts say {expected}"
    for line, expected in sums.lines.items():
        yield f"the standing {list(line)} is missing, the gifts say {expected}"


def _check_orders(c: Connection, guild_id: int, sums: _Sums) -> Iterator[str]:
    query = select(orders.c.order_id).where(orders.c.guild_id == guild_id, orders.c.state == OrderState.CREDITED.value)
    for order_id in sorted(sums.credited ^ {*c.execute(query).scalars()}):
        where = (
            "has coins in the journal, but is not"
            if order_id in sums.credited
            else "has no coins in the journal, but is"
        )
        yield f"order {order_id} {where} marked as credited"
