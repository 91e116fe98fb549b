"""The store of results: what guilds want and have of the results of their weeks and months."""

from sqlalchemy import Connection, select

from bot.domain.deadlines import AT_ONCE_MS
from bot.domain.periods import Period
from bot.domain.results import PERIODS, Results, results_of
from bot.storage.sql.result_tables import results as table
from bot.storage.sql.rows import upsert
from bot.storage.stores import deadlines


def of_guild(c: Connection, guild_id: int, period: Period) -> Results:
    """Return what a guild wants and has."""
    t = table.c
    query = select(t.is_on, t.number, t.channel_id, t.message_id, t.is_final)
    row = c.execute(query.where(t.guild_id == guild_id, t.period == period.value)).first()
    if row is None:
        return Results(guild_id, period)
    is_on, number, channel_id, message_id, is_final = row
    return Results(guild_id, period, bool(is_on), number, channel_id, message_id, bool(is_final))


def save(c: Connection, results: Results) -> None:
    """Replace what a guild wants and has."""
    post = {"number": results.number, "channel_id": results.channel_id, "message_id": results.message_id}
    flags = {"is_on": int(results.is_on), "is_final": int(results.is_final)}
    upsert(c, table, {"guild_id": results.guild_id, "period": results.period.value, **post, **flags})


def look_again(c: Connection, guild_id: int) -> None:
    """Have somebody look at a guild's results soon: its weeks and months begin at another time now."""
    of_both = [of_guild(c, guild_id, period) for period in PERIODS]
    due = [results_of(guild_id, PERIODS.index(each.period), AT_ONCE_MS) for each in of_both if each.is_on]
    deadlines.put_earliest(c, due)
