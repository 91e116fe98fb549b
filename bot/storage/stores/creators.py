"""The store of creators: who may receive gifts in a guild."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from bot.domain.creators import Creator
from bot.domain.ledger.books import Books
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.rows import columns_of, upsert
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import creators as table

_APPROVED = table.c.removed_ms.is_(None)
_BY_MEMBER = Lookup(select(table.c.guild_id, table.c.member_id).where(_APPROVED), (table.c.guild_id, table.c.member_id))


def creators(c: Connection, guild_id: int) -> list[Creator]:
    """Return a guild's approved creators, in the order of their approval."""
    query = select(*columns_of(table, Creator)).where(table.c.guild_id == guild_id, _APPROVED)
    return [Creator(*row) for row in c.execute(query.order_by(table.c.approved_ms, table.c.member_id))]


def is_creator(c: Connection, guild_id: int, member_id: int) -> bool:
    """Return whether a member is an approved creator."""
    return bool(creators_among(c, [(guild_id, member_id)]))


def creators_among(c: Connection, members: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those of `members`, (guild id, member id) each, who are approved."""
    return {(guild_id, member_id) for guild_id, member_id in _BY_MEMBER.rows(c, members)}


def approve(c: Connection, guild_id: int, member_id: int, by: int, now_ms: int) -> None:
    """Approve a member as a creator, for the first time or again. `by` is the member who approves."""
    values = {"approved_by": by, "approved_ms": now_ms, "removed_ms": None}
    upsert(c, table, {"guild_id": guild_id, "member_id": member_id, **values})


def remove(c: Connection, guild_id: int, member_id: int, now_ms: int) -> None:
    """Withdraw the approval of a creator. The row stays, and records when."""
    same = (table.c.guild_id == guild_id, table.c.member_id == member_id)
    c.execute(update(table).where(*same, _APPROVED).values(removed_ms=now_ms))


def _load(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    receivers = {(command.guild_id, command.creator_id) for command in commands}
    books.creators = {*cache.look_up(c, "creators", receivers, _approved)}


def _approved(c: Connection, members: Collection[tuple[int, int]]) -> dict[tuple[int, int], bool]:
    return dict.fromkeys(creators_among(c, members), True)


register("creators", _load)
