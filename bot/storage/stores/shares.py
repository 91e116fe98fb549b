"""The store of changes of shares. The shares themselves are among the guild's rules."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.domain.deadlines import share_news_of
from bot.domain.shares import ShareChange, ShareKind
from bot.storage.ledger import holders
from bot.storage.sql.creator_tables import UNTOLD_SHARES
from bot.storage.sql.creator_tables import share_changes as table
from bot.storage.sql.rows import columns_of, values_of
from bot.storage.stores import deadlines

_SELECT = select(*columns_of(table, ShareChange))


def next_number(c: Connection, guild_id: int) -> int:
    """Return the number of a guild's next change. The guild must be locked."""
    return (
        c.execute(select(func.coalesce(func.max(table.c.number), 0)).where(table.c.guild_id == guild_id)).scalar_one()
        + 1
    )


def add(c: Connection, guild_id: int, changes: Sequence[ShareChange]) -> None:
    """Write changes down, and have the channel of the creators be told. `changed_by` is a member."""
    for change in changes:
        holder = holders.ensure(c, guild_id, change.changed_by) if change.changed_by else 0
        values = {"kind": change.kind.value, "changed_by": holder, "announced": int(change.announced)}
        c.execute(insert(table).values(values_of(change) | values))
    if changes:
        deadlines.put(c, share_news_of(guild_id))


def replace_planned(c: Connection, guild_id: int, kind: ShareKind, now_ms: int) -> None:
    """Record that changes of a share that were to start later never will."""
    same = (table.c.guild_id == guild_id, table.c.kind == kind.value, table.c.replaced_ms.is_(None))
    c.execute(update(table).where(*same, table.c.starts_ms > now_ms).values(replaced_ms=now_ms, announced=1))


def postpone(c: Connection, change: ShareChange) -> None:
    """Record another start of a change."""
    same = (table.c.guild_id == change.guild_id, table.c.number == change.number)
    c.execute(update(table).where(*same).values(starts_ms=change.starts_ms))


def mark_announced(c: Connection, guild_id: int, numbers: Collection[int]) -> None:
    """Record that the channel of the creators was told of these changes."""
    same = (table.c.guild_id == guild_id, table.c.number.in_(numbers))
    c.execute(update(table).where(*same).values(announced=1))


def unannounced(c: Connection, guild_id: int) -> list[ShareChange]:
    """Return the changes that the channel has not been told of, oldest first."""
    query = _SELECT.where(table.c.guild_id == guild_id, UNTOLD_SHARES).order_by(table.c.number)
    return _changes(c, guild_id, c.execute(query).all())


def with_numbers(c: Connection, guild_id: int, numbers: Collection[int]) -> list[ShareChange]:
    """Return the changes with these numbers."""
    query = _SELECT.where(table.c.guild_id == guild_id, table.c.number.in_(numbers)).order_by(table.c.number)
    return _changes(c, guild_id, c.execute(query).all())


def history(c: Connection, guild_id: int, most: int) -> list[ShareChange]:
    """Return the newest changes that have started or still will, newest first."""
    query = _SELECT.where(table.c.guild_id == guild_id, table.c.replaced_ms.is_(None))
    return _changes(c, guild_id, c.execute(query.order_by(table.c.number.desc()).limit(most)).all())


def _changes(c: Connection, guild_id: int, rows: Sequence[Row[*tuple[Any, ...]]]) -> list[ShareChange]:
    changes = [ShareChange(*row) for row in rows]
    members = holders.member_ids(c, guild_id, {change.changed_by for change in changes if change.changed_by})
    return [
        replace(
            change,
            kind=ShareKind(change.kind),
            changed_by=members.get(change.changed_by, 0),
            announced=bool(change.announced),
        )
        for change in changes
    ]
