"""Add up what members gift in challenges, by day, and their points for it. A part of the fold of gifters.

A gift counts on the day on which it was sent, and what takes it back takes it from there, also once the challenge is
over: then a deadline has its prizes looked at, as its message shows new places while it runs. Without a challenge, this
is one short look at its table.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

import orjson
from sqlalchemy import BigInteger, Connection, bindparam, delete, select

from bot.domain.challenge_points import DayGifts, Window, day_points, total
from bot.domain.challenges import HOUR_MS, ONE_LEAGUE, SHOWN_EVERY_MS, Source, SourceRule, Sources
from bot.domain.deadlines import challenge_of
from bot.domain.leaderboards import Credit
from bot.storage.sql.challenge_tables import challenge_days, challenge_scores, challenges
from bot.storage.sql.deadline_rows import put_earliest
from bot.storage.sql.statements import InsertMany, Lookup, Query

_FIRST_MS, _LAST_MS = (bindparam(name, type_=BigInteger) for name in ("first_ms", "last_ms"))
_T = challenges.c
_CHALLENGES = Query(
    select(
        _T.challenge_id,
        _T.starts_ms,
        _T.ends_ms,
        _T.double_from_ms,
        _T.double_hours,
        _T.zone,
        _T.is_by_creator,
        _T.sources,
    ).where(
        _T.guild_id == bindparam("guild", type_=BigInteger),
        _T.posted_ms.is_not(None),
        _T.starts_ms <= _LAST_MS,
        _T.ends_ms > _FIRST_MS,
    )
)
_DAYS = Lookup(select(*challenge_days.c), tuple(challenge_days.primary_key))
_DAYS_OF_GIFTERS = Lookup(
    select(*challenge_days.c), (challenge_days.c.guild_id, challenge_days.c.challenge_id, challenge_days.c.gifter)
)
_SAVE_DAYS = InsertMany(tuple(challenge_days.c), update=lambda new: {"coins": new.coins, "pieces": new.pieces})
_SAVE_SCORES = InsertMany(tuple(challenge_scores.c), update=lambda new: {"points": new.points, "last_ms": new.last_ms})


class Counted(NamedTuple):
    """A challenge as it is counted."""

    window: Window
    is_by_creator: bool
    sources: Sources


class GiftOrReturn(NamedTuple):
    """What a row of the journal adds, or takes back. It was booked at `booked_ms`."""

    credit: Credit
    booked_ms: int


DayKey = tuple[int, int, int, int, int]
"""Challenge, gifter, creator, day, and 1 in the time of double points."""


def counted(c: Connection, guild_id: int, first_ms: int, last_ms: int) -> list[Counted]:
    """Return the posted challenges that run at some time between two moments."""
    rows = _CHALLENGES.rows(c, guild=guild_id, first_ms=first_ms, last_ms=last_ms)
    return [
        Counted(
            Window(number, starts, ends, double_from or 0, (double_from or 0) + hours * HOUR_MS, zone),
            bool(is_by_creator),
            sources_of(sources),
        )
        for number, starts, ends, double_from, hours, zone, is_by_creator, sources in rows
    ]


def sources_of(text: str) -> dict[Source, SourceRule]:
    """Return the sources of a challenge as they are stored."""
    return {Source(name): SourceRule(*rule) for name, rule in orjson.loads(text).items()}


def add(c: Connection, guild_id: int, gifts: Sequence[GiftOrReturn]) -> None:
    """Count gifts, and what takes them back, in the order of the journal."""
    if not gifts:
        return
    times = [gift.credit.at_ms for gift in gifts]
    current = counted(c, guild_id, min(times), max(times))
    if not current:
        return
    sums: dict[DayKey, list[int]] = {}
    latest_ms: dict[tuple[int, int, int], int] = {}
    for credit, booked_ms in gifts:
        for challenge in current:
            if (day := challenge.window.day_of(credit.at_ms)) is None:
                continue
            number = challenge.window.challenge_id
            of_day = sums.setdefault((number, credit.sender, credit.creator, day[0], int(day[1])), [0, 0])
            of_day[0] += credit.coins
            of_day[1] += credit.pieces
            league = credit.creator if challenge.is_by_creator else ONE_LEAGUE
            latest_ms[number, league, credit.sender] = booked_ms
    _save_days(c, guild_id, sums)
    _save_scores(c, guild_id, {each.window.challenge_id: each for each in current}, latest_ms)
    shown_ms = max(gift.booked_ms for gift in gifts) + SHOWN_EVERY_MS
    numbers = {number for number, _, _ in latest_ms}
    put_earliest(c, [challenge_of(guild_id, number, shown_ms) for number in numbers])


def _save_days(c: Connection, guild_id: int, sums: Mapping[DayKey, Sequence[int]]) -> None:
    before = {
        tuple(key): (coins, pieces) for _, *key, coins, pieces in _DAYS.rows(c, {(guild_id, *key) for key in sums})
    }
    rows = [(key, *before.get(key, (0, 0)), *more) for key, more in sums.items()]
    _SAVE_DAYS.run(c, [(guild_id, *key, coins + more, pieces + others) for key, coins, pieces, more, others in rows])


def _save_scores(
    c: Connection, guild_id: int, current: Mapping[int, Counted], latest_ms: Mapping[tuple[int, int, int], int]
) -> None:
    keys = {(guild_id, number, gifter) for number, _, gifter in latest_ms}
    rows = sorted((tuple(row[1:]) for row in _DAYS_OF_GIFTERS.rows(c, keys)), key=lambda row: row[:2])
    gifts = {key: [gifts_of(row) for row in group] for key, group in groupby(rows, key=lambda row: row[:2])}
    scores: list[tuple[int, ...]] = []
    for (number, league, gifter), at_ms in latest_ms.items():
        of_gifter = gifts.get((number, gifter), [])
        in_league = [row for row in of_gifter if league in (ONE_LEAGUE, row.creator)]
        points = total(day_points(current[number].sources, in_league))
        scores.append((guild_id, number, league, gifter, points, at_ms))
    _SAVE_SCORES.run(c, scores)


def gifts_of(row: Sequence[int]) -> DayGifts:
    """Return what a row of `challenge_days` says, given without its guild."""
    _number, _gifter, creator, day, is_double, coins, pieces = row
    return DayGifts(creator, day, bool(is_double), coins, pieces)


def reset(c: Connection, guild_id: int) -> None:
    """Remove what is counted for a guild."""
    for table in (challenge_days, challenge_scores):
        c.execute(delete(table).where(table.c.guild_id == guild_id))
