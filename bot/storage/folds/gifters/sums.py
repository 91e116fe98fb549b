"""Add up what members gift under their own names: all coins, the pieces of each week, gifts that join a fan club, and
what counts in challenges.

A reversal takes from all of these. Gifts of test coins count where they count on leaderboards. Every gift counts for
the week in which it was sent, whatever the clock said. Members whose level changes, or who join or leave a club, are
noted, and a deadline then brings them news and roles.
"""

from collections.abc import Collection, Sequence

from sqlalchemy import BigInteger, Connection, bindparam, delete, select

from bot.domain.deadlines import standing_of
from bot.domain.leaderboards import period_keys
from bot.domain.levels import level_of
from bot.storage.folds.fold import Fold, FoldRow
from bot.storage.folds.gifters import challenges
from bot.storage.folds.uncounted import seqs_left_out
from bot.storage.sql.club_tables import PAUSED, club_members
from bot.storage.sql.deadline_rows import put_earliest
from bot.storage.sql.gifter_tables import club_hearts, gifter_totals, gifter_weeks
from bot.storage.sql.standing_tables import standing_changes
from bot.storage.sql.statements import InsertMany, Lookup, Query

NAME = "fold:gifters"
"""The name that is stored with its cursor."""

TABLES = (gifter_totals, gifter_weeks, club_hearts)

_TOTALS = Lookup(select(*gifter_totals.c), tuple(gifter_totals.primary_key))
_WEEKS = Lookup(select(*gifter_weeks.c), tuple(gifter_weeks.primary_key))
_SAVE_TOTALS = InsertMany(tuple(gifter_totals.c), update=lambda new: {"coins": new.coins})
_SAVE_WEEKS = InsertMany(tuple(gifter_weeks.c), update=lambda new: {"pieces": new.pieces})
_HEARTS = Lookup(select(*club_hearts.c), tuple(club_hearts.primary_key))
_SAVE_HEARTS = InsertMany(tuple(club_hearts.c), update=lambda new: {"hearts": new.hearts})
_MEMBERS = Lookup(
    select(club_members.c.guild_id, club_members.c.gifter, club_members.c.paused_ms), tuple(club_members.primary_key)
)
_ANY_PAUSES = Query(
    select(club_members.c.gifter)
    .where(club_members.c.guild_id == bindparam("guild", type_=BigInteger), PAUSED)
    .limit(1)
)
_SAVE_CHANGES = InsertMany(tuple(standing_changes.c), update=lambda new: {"at_ms": new.at_ms})


def fold(c: Connection, guild_id: int, rows: Sequence[FoldRow]) -> None:
    """Count `rows`, which are in order and follow all that were counted before."""
    totals: dict[int, int] = {}
    weeks: dict[tuple[int, int], int] = {}
    hearts: dict[tuple[int, int], int] = {}
    latest_ms: dict[int, int] = {}
    pairs: set[tuple[int, int]] = set()
    for_challenges: list[challenges.GiftOrReturn] = []
    uncounted_seqs: Collection[int] | None = None
    for row in rows:
        credit = row.credit
        if credit is None or credit.is_anonymous:
            continue
        if credit.gift_seq != row.seq:
            # What undoes a gift that was never counted has nothing to take back.
            if uncounted_seqs is None:
                uncounted_seqs = seqs_left_out(c, guild_id, NAME)
            if credit.gift_seq in uncounted_seqs:
                continue
        week = credit.sender, period_keys(credit.at_ms, credit.zone).week
        totals[credit.sender] = totals.get(credit.sender, 0) + credit.coins
        weeks[week] = weeks.get(week, 0) + credit.pieces
        latest_ms[credit.sender] = row.at_ms
        pairs.add((credit.sender, credit.creator))
        for_challenges.append(challenges.GiftOrReturn(credit, row.at_ms))
        if "club" in row.facts:
            pair = credit.sender, credit.creator
            hearts[pair] = hearts.get(pair, 0) + credit.pieces
    changes = {*_save_totals(c, guild_id, totals), *_save_hearts(c, guild_id, hearts), *_pausing(c, guild_id, pairs)}
    _save_weeks(c, guild_id, weeks)
    challenges.add(c, guild_id, for_challenges)
    if changes:
        _SAVE_CHANGES.run(c, [(guild_id, gifter, latest_ms[gifter]) for gifter in changes])
        put_earliest(c, [standing_of(guild_id)])


def _save_totals(c: Connection, guild_id: int, totals: dict[int, int]) -> list[int]:
    """Add to what members have gifted in all, and return those whose level has changed."""
    before = {gifter: coins for _, gifter, coins in _TOTALS.rows(c, {(guild_id, gifter) for gifter in totals})}
    after = {gifter: before.get(gifter, 0) + coins for gifter, coins in totals.items()}
    _SAVE_TOTALS.run(c, [(guild_id, gifter, coins) for gifter, coins in after.items()])
    return [gifter for gifter, coins in after.items() if level_of(coins) != level_of(before.get(gifter, 0))]


def _save_hearts(c: Connection, guild_id: int, hearts: dict[tuple[int, int], int]) -> list[int]:
    """Add to what members have sent to join clubs, and return those who have joined or left one."""
    keys = {(guild_id, *pair) for pair in hearts}
    before = {(gifter, creator): count for _, gifter, creator, count in _HEARTS.rows(c, keys)}
    after = {pair: before.get(pair, 0) + count for pair, count in hearts.items()}
    _SAVE_HEARTS.run(c, [(guild_id, *pair, count) for pair, count in after.items()])
    return [pair[0] for pair, count in after.items() if (count > 0) != (before.get(pair, 0) > 0)]


def _pausing(c: Connection, guild_id: int, pairs: Collection[tuple[int, int]]) -> list[int]:
    """Return those of the members whose place in the club of the creator beside them is on pause: it may go on now."""
    if not _ANY_PAUSES.rows(c, guild=guild_id):
        return []
    rows = _MEMBERS.rows(c, {(guild_id, *pair) for pair in pairs})
    return [gifter for _, gifter, paused_ms in rows if paused_ms is not None]


def _save_weeks(c: Connection, guild_id: int, weeks: dict[tuple[int, int], int]) -> None:
    for _, gifter, week, pieces in _WEEKS.rows(c, {(guild_id, *key) for key in weeks}):
        weeks[gifter, week] += pieces
    _SAVE_WEEKS.run(c, [(guild_id, *key, pieces) for key, pieces in weeks.items()])


def is_astray(_c: Connection, _guild_id: int, _now_ms: int) -> bool:
    """Return False: a gift that was booked by a wrong clock counts for its week, which the streak leaves out."""
    return False


def reset(c: Connection, guild_id: int, _now_ms: int) -> None:
    """Remove what is counted for a guild."""
    for table in TABLES:
        c.execute(delete(table).where(table.c.guild_id == guild_id))
    challenges.reset(c, guild_id)


FOLD = Fold(NAME, fold, is_astray, reset, (*TABLES, *challenges.TABLES))
