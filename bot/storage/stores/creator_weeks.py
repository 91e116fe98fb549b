"""The store of weekly recaps: which week a guild is done with, who got a recap of it, and who wants none."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, or_, select, update

from bot.domain.creator_weeks import Week
from bot.domain.periods import Span
from bot.storage.sql.creator_tables import creators
from bot.storage.sql.live_tables import live_goals
from bot.storage.sql.statistics_tables import creator_hours
from bot.storage.sql.tables import guilds


def done(c: Connection, guild_id: int) -> int | None:
    """Return the last week that a guild is done with, None if it has not begun."""
    return c.execute(select(guilds.c.creator_week).where(guilds.c.guild_id == guild_id)).scalar_one_or_none()


def be_done(c: Connection, guild_id: int, week: int) -> None:
    """Be done with a week of a guild, unless it is done with a later one."""
    is_new = or_(guilds.c.creator_week.is_(None), guilds.c.creator_week < week)
    c.execute(update(guilds).where(guilds.c.guild_id == guild_id, is_new).values(creator_week=week))


def untold(c: Connection, guild_id: int, week: int) -> list[int]:
    """Return the creators who got no recap of a week yet, and want one, in one order."""
    query = select(creators.c.member_id).where(
        creators.c.guild_id == guild_id,
        creators.c.removed_ms.is_(None),
        creators.c.recaps_off_ms.is_(None),
        or_(creators.c.recap_week.is_(None), creators.c.recap_week < week),
    )
    return [*c.execute(query.order_by(creators.c.member_id)).scalars()]


def gifted(c: Connection, guild_id: int, days: Span) -> set[int]:
    """Return the holders who were given anything on some days, and keep it."""
    t = creator_hours.c
    query = select(t.creator).where(t.guild_id == guild_id, t.day.between(*days)).group_by(t.creator)
    return {*c.execute(query.having(func.sum(t.pieces) > 0)).scalars()}


def is_wanted(c: Connection, guild_id: int, member_id: int) -> bool:
    """Return whether a creator wants recaps."""
    query = select(creators.c.recaps_off_ms).where(creators.c.guild_id == guild_id, creators.c.member_id == member_id)
    return c.execute(query).scalar_one_or_none() is None


def goals(c: Connection, guild_id: int, event_ids: Sequence[int], week: Week) -> int:
    """Return how many goals were reached in a week during live events."""
    t = live_goals.c
    query = select(func.count()).where(
        t.guild_id == guild_id,
        t.event_id.in_(event_ids),
        t.reached_ms >= week.start_ms,
        t.reached_ms < week.end_ms,
    )
    return c.execute(query).scalar_one()
