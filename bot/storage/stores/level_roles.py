"""The store of level roles: from which level on members get which role. It is a source of members' roles."""

from sqlalchemy import BigInteger, Connection, bindparam, delete, select

from bot.domain.levels import level_of
from bot.domain.member_roles import roles_from
from bot.storage.folds.gifters import queries
from bot.storage.sql.rows import upsert
from bot.storage.sql.standing_tables import level_roles as table
from bot.storage.sql.statements import Query

_ROLES = Query(
    select(table.c.level, table.c.role_id)
    .where(table.c.guild_id == bindparam("guild", type_=BigInteger))
    .order_by(table.c.level)
)


def roles(c: Connection, guild_id: int) -> dict[int, int]:
    """Return the role of each level that has one, the lowest level first."""
    return dict(map(tuple, _ROLES.rows(c, guild=guild_id)))


def choose(c: Connection, guild_id: int, level: int, role_id: int) -> None:
    """Give members a role from a level on, 0 for none."""
    if role_id:
        upsert(c, table, {"guild_id": guild_id, "level": level, "role_id": role_id})
    else:
        c.execute(delete(table).where(table.c.guild_id == guild_id, table.c.level == level))


def roles_of(c: Connection, guild_id: int, holder: int) -> set[int]:
    """Return the roles that a member, a holder, should have for their level."""
    level_roles = roles(c, guild_id)
    return roles_from([*level_roles.items()], level_of(queries.coins(c, guild_id, holder))) if level_roles else set()
