"""The store of holders: the pseudonyms of members in the journal, one per member and guild."""

import secrets
from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from bot.storage.ledger import heads
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import holders

_BY_MEMBER = Lookup(
    select(
        holders.c.guild_id,
        holders.c.user_id,
        holders.c.holder_id,
        holders.c.anonymous_since_ms,
        holders.c.quiet_since_ms,
    ),
    (holders.c.guild_id, holders.c.user_id),
)
_BY_HOLDER = Lookup(
    select(holders.c.guild_id, holders.c.holder_id, holders.c.user_id), (holders.c.guild_id, holders.c.holder_id)
)
_INSERT = InsertMany((holders.c.guild_id, holders.c.holder_id, holders.c.user_id))


class Holder(NamedTuple):
    """A member's holder id, since when their gifts are anonymous by default, and since when they want quiet.

    The times are None for what they have not chosen. Every gift needs both, and finds them with its sender.
    """

    holder_id: int
    anonymous_since_ms: int | None = None
    quiet_since_ms: int | None = None


def new_holder() -> int:
    """Return a new holder id. It is random, to say nothing about the member, and exact as a number in JavaScript."""
    return 1 + secrets.randbelow(2**53 - 1)


def holders_of(c: Connection, members: Collection[tuple[int, int]]) -> dict[tuple[int, int], Holder]:
    """Return the holders of `members`, (guild id, member id) each. Members without one are left out."""
    return {(guild_id, user_id): Holder(*row) for guild_id, user_id, *row in _BY_MEMBER.rows(c, members)}


def holder_ids(c: Connection, members: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the holder ids of `members`, (guild id, member id) each. Members without one are left out."""
    return {(guild_id, user_id): holder_id for guild_id, user_id, holder_id, *_ in _BY_MEMBER.rows(c, members)}


def holder_id(c: Connection, guild_id: int, member_id: int) -> int | None:
    """Return a member's holder id, None if the books do not know the member."""
    return holder_ids(c, [(guild_id, member_id)]).get((guild_id, member_id))


def member_ids(c: Connection, guild_id: int, holder_ids: Collection[int]) -> dict[int, int]:
    """Return the member id of each holder id, 0 for members who were erased."""
    rows = _BY_HOLDER.rows(c, [(guild_id, holder_id) for holder_id in holder_ids])
    return {holder_id: user_id or 0 for _guild_id, holder_id, user_id in rows}


def ensure(c: Connection, guild_id: int, member_id: int) -> int:
    """Return a member's holder id. A member whom the books do not know gets one."""
    return ensure_all(c, guild_id, [member_id])[member_id]


def ensure_all(c: Connection, guild_id: int, member_ids: Collection[int]) -> dict[int, int]:
    """Return the holder id of each member. Those whom the books do not know get one."""
    members = {(guild_id, member_id) for member_id in member_ids}
    stored = holder_ids(c, members)
    if len(stored) < len(members):
        # Another process may be meeting them, too.
        heads.lock(c, [guild_id])
        stored = holder_ids(c, members)
        newcomers = {member: new_holder() for member in members - stored.keys()}
        insert(c, newcomers)
        stored |= newcomers
    return {member_id: holder for (_, member_id), holder in stored.items()}


def choose(
    c: Connection, guild_id: int, member_id: int, *, anonymous_since_ms: int | None, quiet_since_ms: int | None
) -> None:
    """Save what a member has chosen for all gifts; the times are as in Holder."""
    is_theirs = (holders.c.guild_id == guild_id, holders.c.holder_id == ensure(c, guild_id, member_id))
    times = {"anonymous_since_ms": anonymous_since_ms, "quiet_since_ms": quiet_since_ms}
    c.execute(update(holders).where(*is_theirs).values(times))


def insert(c: Connection, members: dict[tuple[int, int], int]) -> None:
    """Insert new holders, as `holder_ids` returns them."""
    _INSERT.run(c, [(guild_id, holder_id, user_id) for (guild_id, user_id), holder_id in members.items()])
