"""The roles that members have unlocked. It is a source of members' roles; members are holders."""

from sqlalchemy import ColumnElement, Connection, select

from bot.domain.levels import level_of
from bot.domain.perks import STANDING, WITH_ROLE, PerkWay, UnlockState
from bot.storage.folds.gifters import queries
from bot.storage.sql.perk_tables import perk_unlocks, perks
from bot.storage.stores import clubs

_STANDING = sorted(state.value for state in STANDING)
_WITH_ROLE = sorted(kind.value for kind in WITH_ROLE)


def of_role(*more: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    """Return the conditions that unlocks are joined with the perks that give roles."""
    same = (perks.c.guild_id == perk_unlocks.c.guild_id, perks.c.perk_id == perk_unlocks.c.perk_id)
    return [*same, perks.c.kind.in_(_WITH_ROLE), *more]


def roles_of(c: Connection, guild_id: int, holder: int) -> set[int]:
    """Return the roles that a member should have for what they have unlocked.

    Roles for a level or a fan club are theirs for as long as they have that. Roles that they paid for, or sent a gift
    for, stay theirs, even if staff have changed the way to get them.
    """
    theirs = (
        perk_unlocks.c.guild_id == guild_id,
        perk_unlocks.c.holder == holder,
        perk_unlocks.c.state.in_(_STANDING),
    )
    has_row = perk_unlocks.c.row != 0
    query = select(perks.c.role_id, has_row, perks.c.way, perks.c.needs, perks.c.creator).where(*of_role(*theirs))
    rows = c.execute(query.distinct()).all()
    return {
        role_id
        for role_id, is_for_good, way, needs, creator in rows
        if role_id and (is_for_good or reaches(c, guild_id, holder, PerkWay(way), needs, creator))
    }


def reaches(c: Connection, guild_id: int, holder: int, way: PerkWay, needs: int, creator: int) -> bool:
    """Whether a member has the level, or is in the fan club, that a perk is for. Coins and gifts are given once."""
    match way:
        case PerkWay.LEVEL:
            return level_of(queries.coins(c, guild_id, holder)) >= needs
        case PerkWay.CLUB:
            return clubs.memberships(c, guild_id, holder).get(creator, 0) is None
        case PerkWay.COINS | PerkWay.TIER:
            return True


def awaited(c: Connection, guild_id: int, holder: int) -> frozenset[int]:
    """Return the roles that a member has unlocked and not got yet."""
    theirs = (
        perk_unlocks.c.guild_id == guild_id,
        perk_unlocks.c.holder == holder,
        perk_unlocks.c.state == UnlockState.OPEN.value,
    )
    return frozenset(c.execute(select(perks.c.role_id).where(*of_role(*theirs))).scalars())


def offered_roles(c: Connection, guild_id: int) -> set[int]:
    """Return the roles of the perks that a guild offers now."""
    t = perks.c
    query = select(t.role_id).where(t.guild_id == guild_id, t.kind.in_(_WITH_ROLE), t.role_id != 0, t.archived == 0)
    return {*c.execute(query).scalars()}


def given_roles(c: Connection, guild_id: int) -> set[int]:
    """Return the roles of a guild's perks, including perks that are no longer offered."""
    t = perks.c
    query = select(t.role_id).where(t.guild_id == guild_id, t.kind.in_(_WITH_ROLE), t.role_id != 0)
    return {*c.execute(query).scalars()}
