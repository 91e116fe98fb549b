"""The store of what staff did. Whatever changes something adds the act in the same transaction."""

from collections.abc import Collection, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, insert, select

from bot.domain.deadlines import staff_log_of
from bot.domain.ledger.books import Books
from bot.domain.staff_acts import NOBODY, ActKind, MoneyMoved, RecordedAct, StaffAct
from bot.storage.ledger import heads, holders
from bot.storage.ledger.projections import register_saves
from bot.storage.sql.staff_tables import staff_acts as table
from bot.storage.stores import deadlines, staff_logs


def add(c: Connection, guild_id: int, act: StaffAct) -> None:
    """Record an act under the next number of its guild. An act that changes nothing is not recorded."""
    if not act.changes_something:
        return
    # Two processes must not take the same number.
    heads.lock(c, [guild_id])
    members = {member_id for member_id in (act.actor_id, act.member_id) if member_id}
    holder_ids = holders.ensure_all(c, guild_id, members)
    row = {
        "actor": holder_ids.get(act.actor_id, NOBODY),
        "kind": act.kind.value,
        "subject": act.subject,
        "holder": holder_ids.get(act.member_id, NOBODY),
        "before_values": orjson.dumps(dict(act.before)).decode(),
        "after_values": orjson.dumps(dict(act.after)).decode(),
        "reason": act.reason,
        "seq": act.seq,
        "at_ms": act.at_ms,
    }
    _insert(c, guild_id, [row])


def after(c: Connection, guild_id: int, number: int, limit: int) -> list[RecordedAct]:
    """Return up to `limit` acts that follow `number`, oldest first."""
    query = select(table).where(table.c.guild_id == guild_id, table.c.number > number)
    return _acts(c, guild_id, c.execute(query.order_by(table.c.number).limit(limit)).all())


def latest(
    c: Connection, guild_id: int, limit: int, *, offset: int = 0, kinds: Collection[ActKind] = ()
) -> list[RecordedAct]:
    """Return up to `limit` acts, newest first, after leaving out `offset`. Without `kinds`, acts of all kinds."""
    query = select(table).where(table.c.guild_id == guild_id)
    if kinds:
        query = query.where(table.c.kind.in_([kind.value for kind in kinds]))
    return _acts(c, guild_id, c.execute(query.order_by(table.c.number.desc()).limit(limit).offset(offset)).all())


def last_number(c: Connection, guild_id: int) -> int:
    """Return the number of a guild's newest act, 0 without any."""
    query = select(func.coalesce(func.max(table.c.number), 0)).where(table.c.guild_id == guild_id)
    return c.execute(query).scalar_one()


def _insert(c: Connection, guild_id: int, rows: Sequence[dict[str, Any]]) -> None:
    first = last_number(c, guild_id) + 1
    c.execute(insert(table), [{"guild_id": guild_id, "number": first + each, **row} for each, row in enumerate(rows)])
    if staff_logs.log(c, guild_id).channel_id:
        deadlines.put(c, staff_log_of(guild_id))


def _acts(c: Connection, guild_id: int, rows: Sequence[Row[Any]]) -> list[RecordedAct]:
    holder_ids = {row.actor for row in rows} | {row.holder for row in rows}
    members = holders.member_ids(c, guild_id, holder_ids - {NOBODY})
    return [
        RecordedAct(
            row.number,
            StaffAct(
                members.get(row.actor, 0),
                ActKind(row.kind),
                row.at_ms,
                row.subject,
                members.get(row.holder, 0),
                orjson.loads(row.before_values),
                orjson.loads(row.after_values),
                row.reason,
                row.seq,
            ),
        )
        for row in rows
    ]


def _save(c: Connection, effects: Sequence[tuple[int, MoneyMoved]], books: Books) -> None:
    """Refer to rows of the journal. The batch has locked the guilds."""
    for guild_id in dict.fromkeys(guild_id for guild_id, _ in effects):
        moves = [(books.recorded[guild_id, move.key], move) for each, move in effects if each == guild_id]
        rows = [
            {
                "actor": move.actor,
                "kind": move.kind.value,
                "subject": "",
                "holder": move.holder,
                "before_values": "{}",
                "after_values": "{}",
                "reason": "",
                "seq": row.seq,
                "at_ms": row.at_ms,
            }
            for row, move in moves
        ]
        _insert(c, guild_id, rows)


register_saves({MoneyMoved: _save})
