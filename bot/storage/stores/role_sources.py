"""Where members' roles come from. A member should have the roles of all sources together.

A source is a function of a connection, a guild and a holder that returns role ids: what the member should have now, by
what is stored. It is named in SOURCES, and whatever changes its answer for some members calls
`bot.storage.stores.member_roles.check` for them in the same transaction. All else follows: giving, taking, waiting,
trying again, and restoring what somebody has lost by leaving (`bot.announcer.role_follower`).
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from bot.storage.stores import challenge_awards, clubs, level_roles, perk_roles

RoleSource = Callable[[Connection, int, int], Iterable[int]]

SOURCES: tuple[RoleSource, ...] = (level_roles.roles_of, clubs.roles_of, challenge_awards.roles_of, perk_roles.roles_of)


def target(c: Connection, guild_id: int, holder: int) -> frozenset[int]:
    """Return the roles that a member should have."""
    return frozenset(role_id for source in SOURCES for role_id in source(c, guild_id, holder))
