"""In which weeks members took part, for their streaks. Members are holders.

A source is a function of a connection, a guild and a holder that returns weeks, numbered as by `bot.domain.periods`.
Whatever counts as taking part is named in SOURCES: gifts do, and attended live events.
"""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection

from bot.storage.folds.gifters import queries
from bot.storage.stores import attendance

ActivitySource = Callable[[Connection, int, int], Iterable[int]]

SOURCES: tuple[ActivitySource, ...] = (queries.weeks, attendance.weeks)


def weeks(c: Connection, guild_id: int, holder: int) -> set[int]:
    """Return the weeks in which a member took part."""
    return {week for source in SOURCES for week in source(c, guild_id, holder)}
