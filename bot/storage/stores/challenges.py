"""The store of challenges: drafts, what was posted, and who is where. Members are holders."""

from collections import defaultdict
from dataclasses import fields

import orjson
from sqlalchemy import Connection, Row, delete, func, select

from bot.domain.challenge_points import DayGifts, Window, attended_days, day_points, total
from bot.domain.challenges import HOUR_MS, Challenge, Prize, Score, Source, ranked
from bot.storage.folds.gifters.challenges import gifts_of, sources_of
from bot.storage.sql.challenge_tables import challenge_days, challenge_scores
from bot.storage.sql.challenge_tables import challenges as table
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.tables import heads, journal
from bot.storage.stores import attendance as attendances

_COLUMNS = columns_of(table, Challenge)
_NAMES = [each.name for each in fields(Challenge)]


def find(c: Connection, guild_id: int, challenge_id: int) -> Challenge | None:
    """Return a challenge, or None."""
    t = table.c
    row = c.execute(select(*_COLUMNS).where(t.guild_id == guild_id, t.challenge_id == challenge_id)).one_or_none()
    return None if row is None else _challenge(row)


def listed(c: Connection, guild_id: int, most: int) -> list[Challenge]:
    """Return the newest challenges of a guild, drafts included: those that are not over come first."""
    t = table.c
    query = select(*_COLUMNS).where(t.guild_id == guild_id)
    rows = c.execute(query.order_by(t.over_ms.is_not(None), t.challenge_id.desc()).limit(most))
    return [_challenge(row) for row in rows]


def open_count(c: Connection, guild_id: int) -> int:
    """Return how many challenges of a guild are drafts, or not over."""
    t = table.c
    query = select(func.count()).where(t.guild_id == guild_id, t.over_ms.is_(None))
    return c.execute(query).scalar_one()


def next_moment(c: Connection, guild_id: int, now_ms: int) -> int:
    """Return a moment from now on that no row of the journal has reached. The guild must be locked.

    Gifts that were counted already are before it, and all that come after it are counted with what is stored now.
    """
    is_newest = (heads.c.guild_id == journal.c.guild_id) & (heads.c.seq == journal.c.seq)
    newest = select(journal.c.at_ms).join(heads, is_newest).where(heads.c.guild_id == guild_id)
    return max(now_ms, (c.execute(newest).scalar() or 0) + 1)


def save(c: Connection, challenge: Challenge) -> None:
    """Store a challenge, or replace it."""
    sources = {source.value: [*rule] for source, rule in challenge.sources.items()}
    values = values_of(challenge) | {
        "is_by_creator": int(challenge.is_by_creator),
        "sources": orjson.dumps(sources).decode(),
        "prizes": orjson.dumps([prize._asdict() for prize in challenge.prizes]).decode(),
    }
    upsert(c, table, values)


def remove(c: Connection, guild_id: int, challenge_id: int) -> None:
    """Delete a draft."""
    t = table.c
    c.execute(delete(table).where(t.guild_id == guild_id, t.challenge_id == challenge_id, t.posted_ms.is_(None)))


def _challenge(row: Row[tuple[object, ...]]) -> Challenge:
    values = dict(zip(_NAMES, row, strict=True))
    prizes = [Prize(**prize) for prize in orjson.loads(str(values["prizes"]))]
    read = {"is_by_creator": bool(values["is_by_creator"]), "sources": sources_of(str(values["sources"]))}
    return Challenge(**values | read | {"prizes": tuple(prizes)})  # pyright: ignore[reportArgumentType]


def window_of(challenge: Challenge) -> Window:
    """Return when what members do counts for a posted challenge."""
    assert challenge.starts_ms is not None, challenge.challenge_id
    assert challenge.ends_ms is not None, challenge.challenge_id
    from_ms = challenge.double_from_ms or 0
    until_ms = from_ms + challenge.double_hours * HOUR_MS
    return Window(challenge.challenge_id, challenge.starts_ms, challenge.ends_ms, from_ms, until_ms, challenge.zone)


def leagues(c: Connection, challenge: Challenge) -> dict[int, list[Score]]:
    """Return everybody with points in a challenge, in order, by league. Without leagues there is one, `ONE_LEAGUE`."""
    t = challenge_scores.c
    query = select(t.league, t.gifter, t.points, t.last_ms).where(
        t.guild_id == challenge.guild_id, t.challenge_id == challenge.challenge_id, t.points > 0
    )
    scores = {(league, gifter): Score(gifter, points, last_ms) for league, gifter, points, last_ms in c.execute(query)}
    for (league, member), presses in attendance(c, challenge).items():
        before = scores.get((league, member), Score(member, 0, 0))
        more = total(day_points(challenge.sources, (), attended_days(presses, window_of(challenge))))
        last_ms = max(before.reached_ms, *(from_ms for from_ms, _ in presses)) if more else before.reached_ms
        scores[league, member] = Score(member, before.points + more, last_ms)
    by_league: dict[int, list[Score]] = {}
    for (league, _), score in scores.items():
        by_league.setdefault(league, []).append(score)
    return {league: ranked(of_league) for league, of_league in by_league.items()}


def attendance(
    c: Connection, challenge: Challenge, member: int | None = None
) -> dict[tuple[int, int], list[tuple[int, int]]]:
    """Return the presses of *Hop on* in a posted challenge, by league and member; of one `member` if it is given.

    With leagues, a press counts for each creator who was on stage.
    """
    if Source.ATTENDANCE not in challenge.sources:
        return {}
    window, by_member = window_of(challenge), defaultdict[tuple[int, int], list[tuple[int, int]]](list)
    presses = attendances.presses(
        c, challenge.guild_id, window.starts_ms, window.ends_ms, member, is_by_creator=challenge.is_by_creator
    )
    for league, attendee, from_ms, until_ms in presses:
        by_member[league, attendee].append((from_ms, until_ms))
    return by_member


def gifts_in(c: Connection, challenge: Challenge, gifter: int) -> list[DayGifts]:
    """Return what a member has gifted in a challenge."""
    t = challenge_days.c
    query = select(t.challenge_id, t.gifter, t.creator, t.day, t.is_double, t.coins, t.pieces).where(
        t.guild_id == challenge.guild_id, t.challenge_id == challenge.challenge_id, t.gifter == gifter
    )
    return [gifts_of(row) for row in c.execute(query)]
