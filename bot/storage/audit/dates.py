"""Check that no leaderboard counts a day in the future, as it would after a gift booked by a wrong clock.

A row whose time is ahead of the last row's shows that a clock was wrong. Without such a row, boards may still be a day
ahead if the guild moved to a time zone where it is still yesterday.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.domain.ledger.books import STEP_BACK_MS
from bot.domain.periods import Period, period_key_of
from bot.storage.audit.rows import Findings, Tick, rows

_LAST = "SELECT seq, at_ms FROM journal WHERE guild_id = :guild ORDER BY seq DESC LIMIT 1"
_ZONE = "SELECT time_zone FROM guilds WHERE guild_id = :guild"
_AHEAD = """
    SELECT count(*), max(day) FROM ladders
    WHERE guild_id = :guild AND event = 0 AND (day > :day OR week > :week OR month > :month)
"""
_CAUSE = "SELECT seq, at_ms FROM journal WHERE guild_id = :guild AND at_ms > :last ORDER BY at_ms DESC, seq LIMIT 1"


def check_dates(c: Connection, guild_id: int, _tick: Tick) -> Findings:
    """Check that no leaderboard counts a later day, week or month than that of the last row."""
    last_seq, last_ms = next(rows(c, _LAST, guild=guild_id), (0, 0))
    (zone,) = next(rows(c, _ZONE, guild=guild_id), ("UTC",))
    today = {
        name: period_key_of(period, last_ms, ZoneInfo(zone))
        for name, period in (("day", Period.TODAY), ("week", Period.WEEK), ("month", Period.MONTH))
    }
    boards, day = next(rows(c, _AHEAD, guild=guild_id, **today))
    if not boards:
        return
    for seq, at_ms in rows(c, _CAUSE, guild=guild_id, last=last_ms + STEP_BACK_MS):
        ahead = timedelta(seconds=(at_ms - last_ms) // 1000)
        yield (
            seq,
            f"it was booked by a wrong clock, {ahead} ahead of row {last_seq}: {boards} leaderboards ran ahead, up "
            f"to {day}; the bot counts them again when it runs",
        )
