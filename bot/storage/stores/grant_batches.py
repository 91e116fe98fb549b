"""The store of grants to many members."""

from collections.abc import Sequence

import orjson
from sqlalchemy import ColumnElement, Connection, case, delete, func, insert, select, update

from bot.domain.accounts import AccountKind
from bot.domain.deadlines import Deadline, DeadlineKind
from bot.domain.grant_batches import PREPARED_MS, GrantBatch
from bot.domain.ledger.books import Books
from bot.domain.ledger.grant_many import BatchGranted, Shares
from bot.domain.ledger.grants_undo import GrantsUndone
from bot.storage.ledger.projections import register_saves
from bot.storage.sql.grant_tables import grant_batches as table
from bot.storage.sql.rows import columns_of, insert_new, values_of
from bot.storage.sql.statements import InsertMany
from bot.storage.sql.tables import entries, notices, reversals
from bot.storage.stores import deadlines

_NOTICES = InsertMany((notices.c.guild_id, notices.c.holder_id, notices.c.kind, notices.c.number, notices.c.since_ms))
_PROMO, _DEBT = AccountKind.PROMO.value, AccountKind.DEBT.value


def prepare(c: Connection, batch: GrantBatch, shares: Shares) -> None:
    """Store a batch that waits to be confirmed."""
    if insert_new(c, table, values_of(batch) | {"plan": orjson.dumps(shares).decode()}):
        until_ms = batch.made_ms + PREPARED_MS
        deadlines.put(c, Deadline(batch.guild_id, DeadlineKind.GRANT_BATCH, batch.batch_id, until_ms))


def planned(c: Connection, guild_id: int, batch_id: int) -> tuple[GrantBatch, Shares] | None:
    """Return a batch that waits, with who will get what; None if it does not."""
    query = select(*columns_of(table, GrantBatch), table.c.plan).where(*_same(guild_id, batch_id))
    row = c.execute(query).one_or_none()
    if row is None or row.plan is None:
        return None
    *fields, _plan = row
    return GrantBatch(*fields), tuple((member_id, coins) for member_id, coins in orjson.loads(row.plan))


def forget(c: Connection, guild_id: int, batch_id: int) -> None:
    """Remove a batch unless it was booked."""
    c.execute(delete(table).where(*_same(guild_id, batch_id), table.c.seq.is_(None)))


def undoable(c: Connection, guild_id: int, limit: int) -> list[GrantBatch]:
    """Return the newest batches that were booked and not undone."""
    is_same = (reversals.c.guild_id == table.c.guild_id) & (reversals.c.seq == table.c.seq)
    query = select(*columns_of(table, GrantBatch)).outerjoin(reversals, is_same)
    booked = query.where(table.c.guild_id == guild_id, table.c.seq.is_not(None), reversals.c.seq.is_(None))
    return [GrantBatch(*row) for row in c.execute(booked.order_by(table.c.seq.desc()).limit(limit))]


def shares_of(c: Connection, guild_id: int, seq: int, holder: int | None = None) -> dict[int, tuple[int, int]]:
    """Return the coins that each holder got in a row, and how many of them went into a debt; or those of one."""
    payoff = func.sum(case((entries.c.kind == _DEBT, entries.c.amount), else_=0))
    query = select(entries.c.owner, func.sum(entries.c.amount), payoff).where(
        entries.c.guild_id == guild_id, entries.c.seq == seq, entries.c.kind.in_((_PROMO, _DEBT))
    )
    if holder is not None:
        query = query.where(entries.c.owner == holder)
    rows = c.execute(query.group_by(entries.c.owner).order_by(entries.c.owner))
    return {owner: (int(coins), int(paid_off)) for owner, coins, paid_off in rows}


def _same(guild_id: int, batch_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.c.guild_id == guild_id, table.c.batch_id == batch_id


def _save_granted(c: Connection, effects: Sequence[tuple[int, BatchGranted]], books: Books) -> None:
    for guild_id, effect in effects:
        row = books.recorded[guild_id, effect.key]
        c.execute(update(table).where(*_same(guild_id, effect.batch_id)).values(seq=row.seq, plan=None))
        deadlines.clear(c, guild_id, DeadlineKind.GRANT_BATCH, effect.batch_id)
        _NOTICES.run(c, [(guild_id, holder, "grant", row.seq, row.at_ms) for holder in effect.receivers])


def _save_undone(c: Connection, effects: Sequence[tuple[int, GrantsUndone]], _books: Books) -> None:
    for guild_id, effect in effects:
        c.execute(insert(reversals).values(guild_id=guild_id, seq=effect.of, part=effect.coins))


register_saves({BatchGranted: _save_granted, GrantsUndone: _save_undone})
