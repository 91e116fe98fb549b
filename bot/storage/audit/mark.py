"""What a guild's folds have counted, by their own account: their cursors, and the calendar of leaderboards."""

from sqlalchemy import Connection

from bot.domain.periods import PastPeriod
from bot.storage.audit.challenges import windows_of
from bot.storage.audit.rows import rows
from bot.storage.audit.spill import Mark
from bot.storage.folds.creators.sums import NAME as CREATORS
from bot.storage.folds.earnings.lines import NAME as EARNINGS
from bot.storage.folds.gifters.sums import NAME as GIFTERS
from bot.storage.sql.leaderboard_tables import FOLLOWER

_CURSOR = "SELECT seq FROM cursors WHERE guild_id = :guild AND follower = :follower"
_CALENDAR = """
    SELECT day, week, month, day_seq, week_seq, month_seq, ahead_seq, ahead_ms FROM leaderboard_calendars
    WHERE guild_id = :guild
"""
_DAYS = "SELECT first_seq, day FROM leaderboard_days WHERE guild_id = :guild ORDER BY day"
_UNCOUNTED = "SELECT seq FROM uncounted_rows WHERE guild_id = :guild AND follower = :follower"


def mark_of(c: Connection, guild_id: int) -> Mark:
    """Return what the folds of a guild have counted."""
    seq, uncounted_seqs = _counted(c, guild_id, FOLLOWER)
    values = next(rows(c, _CALENDAR, guild=guild_id), (0,) * 8)
    day, week, month, day_seq, week_seq, month_seq, ahead_seq, ahead_ms = values
    # What is no day is missing from the calendar, and found by that.
    days = tuple((first_seq, key) for first_seq, key in rows(c, _DAYS, guild=guild_id) if PastPeriod.numbered(key))
    of_boards = (day, week, month), (day_seq, week_seq, month_seq), ahead_seq, ahead_ms, uncounted_seqs, days
    earnings, gifters, creators = (_counted(c, guild_id, fold) for fold in (EARNINGS, GIFTERS, CREATORS))
    return Mark(seq, *of_boards, *earnings, *gifters, *creators, windows_of(c, guild_id))


def _counted(c: Connection, guild_id: int, fold: str) -> tuple[int, frozenset[int]]:
    """Return up to which row a fold has counted, and the rows that it has left out."""
    (seq,) = next(rows(c, _CURSOR, guild=guild_id, follower=fold), (0,))
    return seq, frozenset(row for (row,) in rows(c, _UNCOUNTED, guild=guild_id, follower=fold))
