"""Add up what members gift in challenges, by day, and their points for it. A part of the fold of gifters.

A gift counts on the day on which it was sent, and what takes it back takes it from there, also once the challenge is
over: then a deadline has its prizes looked at, as its message shows new places while it runs. Without a challenge, this
is one short look at its table.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import orjson
from sqlalchemy import BigInteger, ColumnElement, Connection, bindparam, delete, func, literal_column, select

from bot.domain.challenge_changes import NO_GIFTS, Gifts, Place, ScoreChange
from bot.domain.challenge_points import DayGifts, Window
from bot.domain.challenges import HOUR_MS, ONE_LEAGUE, SHOWN_EVERY_MS, Source, SourceRule, Sources
from bot.domain.deadlines import challenge_of
from bot.domain.leaderboards import Credit
from bot.storage.sql.challenge_tables import challenge_days, challenge_scores, challenges
from bot.storage.sql.deadline_rows import put_earliest
from bot.storage.sql.statements import InsertMany, Lookup, Query

TABLES = (challenge_days, challenge_scores)

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
_D, _SAME = challenge_days.c, challenge_days.alias().c
_OF_GIFTER = (_D.guild_id, _D.challenge_id, _D.gifter)
_OF_CREATORS = Lookup(select(*_D), (*_OF_GIFTER, _D.creator))
_NONE: ColumnElement[int] = literal_column("0")
_FIRST_DAY = (
    select(func.min(_SAME.day))
    .where(*(_SAME[part.name] == part for part in (*_OF_GIFTER, _D.creator)), _SAME.pieces > _NONE)
    .scalar_subquery()
)
_OF_DAYS = Lookup(select(*_D, _FIRST_DAY).where(_D.pieces > _NONE), (*_OF_GIFTER, _D.day))
_POINTS = Lookup(select(*[*challenge_scores.c][1:5]), tuple(challenge_scores.primary_key))
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


ScoreKey = tuple[int, int, int]
"""Challenge, league and gifter."""


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
    current = {each.window.challenge_id: each for each in counted(c, guild_id, min(times), max(times))}
    if not current:
        return
    sums: dict[ScoreKey, dict[Place, list[int]]] = {}
    latest_ms: dict[ScoreKey, int] = {}
    days: dict[int, list[tuple[int, bool, int, bool]]] = {}
    for credit, booked_ms in gifts:
        at_ms, sender, creator = credit.at_ms, credit.sender, credit.creator
        # Gifts that share a commit share their moment, too.
        if at_ms not in days:
            days[at_ms] = _days_at(current.values(), at_ms)
        for number, is_by_creator, day, is_double in days[at_ms]:
            score = number, creator if is_by_creator else ONE_LEAGUE, sender
            latest_ms[score] = booked_ms
            if score not in sums:
                sums[score] = {}
            of_day = sums[score].setdefault((creator, day, is_double), [0, 0])
            of_day[0] += credit.coins
            of_day[1] += credit.pieces
    changes = _changes(c, guild_id, current, sums)
    # Everything is read before anything is written, so that a slice can be planned.
    scores = _scores(c, guild_id, current, changes, latest_ms)
    _SAVE_DAYS.run(
        c,
        [
            (guild_id, number, gifter, creator, day, int(is_double), coins, pieces)
            for (number, _, gifter), change in changes.items()
            for creator, day, is_double, coins, pieces in change.changed
        ],
    )
    _SAVE_SCORES.run(c, scores)
    shown_ms = max(gift.booked_ms for gift in gifts) + SHOWN_EVERY_MS
    put_earliest(c, [challenge_of(guild_id, number, shown_ms) for number in {number for number, _, _ in latest_ms}])


def _days_at(current: Iterable[Counted], at_ms: int) -> list[tuple[int, bool, int, bool]]:
    """Return the challenges that count a moment: their leagues, the day, and whether it counts twice."""
    days = [(each, each.window.day_of(at_ms)) for each in current]
    return [(each.window.challenge_id, each.is_by_creator, *day) for each, day in days if day is not None]


def _changes(
    c: Connection,
    guild_id: int,
    current: Mapping[int, Counted],
    sums: Mapping[ScoreKey, Mapping[Place, Sequence[int]]],
) -> dict[ScoreKey, ScoreChange]:
    """Return how gifts change each score, given what was gifted more. It is not saved yet."""
    creators = {
        (guild_id, number, gifter, creator) for (number, _, gifter), places in sums.items() for creator, _, _ in places
    }
    before: dict[ScoreKey, list[DayGifts]] = {}
    for _, number, gifter, creator, day, is_double, coins, pieces in _OF_CREATORS.rows(c, creators):
        league = creator if current[number].is_by_creator else ONE_LEAGUE
        gift = DayGifts(creator, day, is_double == 1, coins, pieces)
        before.setdefault((number, league, gifter), []).append(gift)
    return {score: ScoreChange.of(before.get(score, ()), more) for score, more in sums.items()}


def _scores(
    c: Connection,
    guild_id: int,
    current: Mapping[int, Counted],
    changes: Mapping[ScoreKey, ScoreChange],
    latest_ms: Mapping[ScoreKey, int],
) -> list[tuple[int, ...]]:
    """Return the rows of the scores that change."""
    others = _others(c, guild_id, changes)
    points = {row[:3]: row[3] for row in _POINTS.rows(c, {(guild_id, *score) for score in changes})}
    scores: list[tuple[int, ...]] = []
    for score, change in changes.items():
        gain = change.gain(current[score[0]].sources, others.get(score, NO_GIFTS))
        scores.append((guild_id, *score, points.get(score, 0) + gain, latest_ms[score]))
    return scores


def _others(c: Connection, guild_id: int, changes: Mapping[ScoreKey, ScoreChange]) -> dict[ScoreKey, Gifts]:
    """Return what else counts for scores on the days that change. In the league of a creator, nothing else does."""
    keys: set[tuple[int, ...]] = set()
    own: set[tuple[int, ...]] = set()
    for (number, league, gifter), change in changes.items():
        if league == ONE_LEAGUE:
            keys.update([(guild_id, number, gifter, day) for day in change.days])
            own.update([(number, gifter, row[0]) for row in change.after.rows])
    rows: dict[ScoreKey, list[DayGifts]] = {}
    first: dict[ScoreKey, dict[int, int]] = {}
    for _, number, gifter, creator, day, is_double, coins, pieces, first_day in _OF_DAYS.rows(c, keys):
        if (number, gifter, creator) in own:
            continue
        score = number, ONE_LEAGUE, gifter
        rows.setdefault(score, []).append(DayGifts(creator, day, is_double == 1, coins, pieces))
        first.setdefault(score, {})[creator] = first_day
    return {score: Gifts(of_score, first[score]) for score, of_score in rows.items()}


def gifts_of(row: Sequence[int]) -> DayGifts:
    """Return what a row of `challenge_days` says, given without its guild."""
    _number, _gifter, creator, day, is_double, coins, pieces = row
    return DayGifts(creator, day, bool(is_double), coins, pieces)


def reset(c: Connection, guild_id: int) -> None:
    """Remove what is counted for a guild."""
    for table in TABLES:
        c.execute(delete(table).where(table.c.guild_id == guild_id))
