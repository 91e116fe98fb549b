"""The store of members' roles: what the bot has given to whom, and when to look at it again. Members are holders."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update

from bot.domain.deadlines import member_roles_of
from bot.domain.member_roles import RECHECK_MS, RoleTask, Trouble
from bot.storage.ledger import holders
from bot.storage.sql.challenge_tables import challenge_awards
from bot.storage.sql.club_tables import club_roles
from bot.storage.sql.gifter_tables import gifter_totals
from bot.storage.sql.perk_tables import perks
from bot.storage.sql.rows import insert_new
from bot.storage.sql.standing_tables import level_roles, member_roles, role_checks, role_troubles
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import guilds
from bot.storage.stores import deadlines, perk_roles
from bot.storage.stores.role_sources import target

_SAVE_CHECKS = InsertMany(tuple(role_checks.c), update=lambda new: {"due_ms": new.due_ms, "failures": new.failures})
_WITH_ROLES = (level_roles, club_roles, challenge_awards, perks, member_roles, role_checks)
_HAS_ANY = or_(*(exists().where(table.c.guild_id == guilds.c.guild_id) for table in _WITH_ROLES))
_GUILDS_WITH_ANY = Lookup(select(guilds.c.guild_id).where(_HAS_ANY), (guilds.c.guild_id,))


def guilds_with_any(c: Connection, guild_ids: Collection[int]) -> set[int]:
    """Return those of `guild_ids` in which members may have roles from us, or may get some."""
    return {guild_id for (guild_id,) in _GUILDS_WITH_ANY.rows(c, [(guild_id,) for guild_id in guild_ids])}


def check(c: Connection, guild_id: int, holder_ids: Collection[int], at_ms: int) -> None:
    """Have the roles of members looked at from `at_ms` on."""
    if holder_ids:
        _SAVE_CHECKS.run(c, [(guild_id, holder, at_ms, 0) for holder in holder_ids])
        deadlines.put_earliest(c, [member_roles_of(guild_id, at_ms)])


def check_gifters(c: Connection, guild_id: int, least: int, at_ms: int) -> None:
    """Have the roles of all looked at who have gifted `least` coins or more, or who were given any role."""
    t = gifter_totals.c
    gifters = c.execute(select(t.gifter).where(t.guild_id == guild_id, t.coins >= least)).scalars()
    check(c, guild_id, {*gifters, *_with_roles(c, guild_id)}, at_ms)


def check_again(c: Connection, guild_id: int, at_ms: int) -> None:
    """Have the roles of everybody who was given any, or who waits for one, looked at from `at_ms` on."""
    t = role_checks.c
    waiting = c.execute(select(t.holder).where(t.guild_id == guild_id)).scalars()
    check(c, guild_id, {*waiting, *_with_roles(c, guild_id)}, at_ms)


def _with_roles(c: Connection, guild_id: int) -> set[int]:
    t = member_roles.c
    return {*c.execute(select(t.holder).where(t.guild_id == guild_id).distinct()).scalars()}


def due(c: Connection, guild_id: int, now_ms: int, most: int) -> list[RoleTask]:
    """Return the members whose roles are to be looked at, those who wait longest first."""
    t = role_checks.c
    query = select(t.holder, t.due_ms, t.failures).where(t.guild_id == guild_id, t.due_ms <= now_ms)
    rows = c.execute(query.order_by(t.due_ms, t.holder).limit(most)).all()
    members = holders.member_ids(c, guild_id, [holder for holder, *_ in rows])
    return [
        RoleTask(
            holder,
            members.get(holder, 0),
            target(c, guild_id, holder),
            own_roles(c, guild_id, holder),
            due_ms,
            failures,
            perk_roles.awaited(c, guild_id, holder),
        )
        for holder, due_ms, failures in rows
    ]


def next_ms(c: Connection, guild_id: int) -> int | None:
    """Return when the next member's roles are to be looked at, None for never."""
    t = role_checks.c
    return c.execute(select(func.min(t.due_ms)).where(t.guild_id == guild_id)).scalar()


def own_roles(c: Connection, guild_id: int, holder: int) -> frozenset[int]:
    """Return the roles that the bot has given a member, or is about to."""
    t = member_roles.c
    return frozenset(c.execute(select(t.role_id).where(t.guild_id == guild_id, t.holder == holder)).scalars())


def note_given(c: Connection, guild_id: int, holder: int, role_ids: Iterable[int]) -> None:
    """Note that the bot gives a member roles. It comes before they are given: then none is ever left with them."""
    for role_id in role_ids:
        insert_new(c, member_roles, {"guild_id": guild_id, "holder": holder, "role_id": role_id})


def forget(c: Connection, guild_id: int, holder: int, role_ids: Collection[int]) -> None:
    """Forget roles that a member no longer has."""
    t = member_roles.c
    if role_ids:
        c.execute(delete(member_roles).where(t.guild_id == guild_id, t.holder == holder, t.role_id.in_([*role_ids])))


def leave(c: Connection, guild_id: int, holder: int) -> None:
    """Forget all roles of somebody who left, and with them the roles that they had."""
    for table in (member_roles, role_checks):
        c.execute(delete(table).where(table.c.guild_id == guild_id, table.c.holder == holder))


def settle(c: Connection, guild_id: int, task: RoleTask, now_ms: int) -> None:
    """Note that a member has the roles that they should have. Those with any are looked at again a day later.

    A check that came since stays.
    """
    t = role_checks.c
    same = (t.guild_id == guild_id, t.holder == task.holder, t.due_ms == task.due_ms)
    if own_roles(c, guild_id, task.holder):
        c.execute(update(role_checks).where(*same).values(due_ms=now_ms + RECHECK_MS, failures=0))
    else:
        c.execute(delete(role_checks).where(*same))


def postpone(c: Connection, guild_id: int, task: RoleTask, due_ms: int) -> None:
    """Look at a member's roles again at `due_ms`, after one more failure. A check that came since stays."""
    t = role_checks.c
    same = (t.guild_id == guild_id, t.holder == task.holder, t.due_ms == task.due_ms)
    c.execute(update(role_checks).where(*same).values(due_ms=due_ms, failures=task.failures + 1))


def troubles(c: Connection, guild_id: int) -> dict[int, Trouble]:
    """Return the roles that cannot be given or taken, and why."""
    t = role_troubles.c
    rows = c.execute(select(t.role_id, t.why).where(t.guild_id == guild_id).order_by(t.since_ms, t.role_id))
    return {role_id: Trouble(why) for role_id, why in rows}


def forget_troubles(c: Connection, guild_id: int, role_ids: Collection[int]) -> None:
    """Forget why roles could not be given once nobody is to get them any more."""
    t = role_troubles.c
    c.execute(delete(role_troubles).where(t.guild_id == guild_id, t.role_id.in_([*role_ids])))


def note_troubles(c: Connection, guild_id: int, current: dict[int, Trouble], now_ms: int) -> None:
    """Keep why roles cannot be given, and forget the others."""
    t = role_troubles.c
    before = troubles(c, guild_id)
    for role_id, why in before.items():
        if current.get(role_id) is not why:
            c.execute(delete(role_troubles).where(t.guild_id == guild_id, t.role_id == role_id))
    rows = [
        {"guild_id": guild_id, "role_id": role_id, "why": why.value, "since_ms": now_ms}
        for role_id, why in current.items()
        if before.get(role_id) is not why
    ]
    if rows:
        c.execute(insert(role_troubles), rows)
