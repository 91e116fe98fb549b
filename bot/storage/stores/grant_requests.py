"""The store of grants that wait for somebody else on the staff."""

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.domain.deadlines import DeadlineKind, lapse_of
from bot.domain.grant_requests import GrantRequest
from bot.storage.sql.grant_tables import grant_requests as table
from bot.storage.sql.rows import columns_of, insert_new, values_of
from bot.storage.stores import deadlines


def add(c: Connection, request: GrantRequest) -> None:
    """Store a request, once however often it is made."""
    if insert_new(c, table, values_of(request)):
        deadlines.put(c, lapse_of(request))


def request(c: Connection, guild_id: int, request_id: int) -> GrantRequest | None:
    """Return a request that is still open, None if there is none."""
    row = c.execute(select(*columns_of(table, GrantRequest)).where(*_same(guild_id, request_id))).one_or_none()
    return None if row is None else GrantRequest(*row)


def remove(c: Connection, guild_id: int, request_id: int) -> bool:
    """Remove a request that is over. Return whether it was still there."""
    deadlines.clear(c, guild_id, DeadlineKind.GRANT_REQUEST, request_id)
    return c.execute(delete(table).where(*_same(guild_id, request_id))).rowcount == 1


def _same(guild_id: int, request_id: int) -> tuple[ColumnElement[bool], ...]:
    return table.c.guild_id == guild_id, table.c.request_id == request_id
