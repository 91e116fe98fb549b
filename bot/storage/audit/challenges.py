"""Check what members did in challenges, and their points, against the gifts in the journal and their reversals.

What a row does, and what it is worth, is said once, in the domain. It is added up here without the code that folds it.
Challenges that run at the same time mostly count the same gifts on the same days, so these are added up once for all of
them.
"""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection

from bot.domain.challenge_points import DayGifts, Window, day_points, total
from bot.domain.challenges import ONE_LEAGUE, Sources
from bot.domain.leaderboards import QUARTER_MS, Credit
from bot.storage.audit.rows import Findings, InOrder, rows
from bot.storage.audit.spill import DAY, ChallengeDays, Stretch
from bot.storage.folds.gifters.challenges import sources_of

_WINDOWS = """
    SELECT challenge_id, starts_ms, ends_ms, coalesce(double_from_ms, 0), double_hours, zone FROM challenges
    WHERE guild_id = :guild AND posted_ms IS NOT NULL ORDER BY challenge_id
"""
_RULES = "SELECT challenge_id, sources, is_by_creator FROM challenges WHERE guild_id = :guild"
# All challenges that there are rows of, also such as do not exist. It jumps from one to the next, and does not read the
# rows.
_NUMBERS = """
    WITH RECURSIVE numbers(number) AS (
        SELECT min(challenge_id) FROM challenge_days WHERE guild_id = :guild
        UNION ALL
        SELECT (SELECT min(challenge_id) FROM challenge_days WHERE guild_id = :guild AND challenge_id > number)
        FROM numbers WHERE number IS NOT NULL
    ) SELECT number FROM numbers WHERE number IS NOT NULL
"""
# One challenge at a time, whose gifters are in order: those of a part are not looked for among all.
_DAYS = """
    SELECT gifter, creator, day, is_double, coins, pieces FROM challenge_days
    WHERE guild_id = :guild AND challenge_id = :challenge AND gifter BETWEEN :first AND :last
"""
_SCORES = """
    SELECT gifter, challenge_id, league, points FROM challenge_scores
    WHERE guild_id = :guild AND gifter BETWEEN :first AND :last ORDER BY gifter
"""
_HOUR_MS = 3_600_000

_Sums = dict[int, list[int]]
"""Coins and pieces by gifter."""

_DayKey = tuple[int, int, bool]
"""A creator, a day of a challenge, and whether it is in the time of double points."""


def windows_of(c: Connection, guild_id: int) -> tuple[Window, ...]:
    """Return when a guild's challenges count."""
    return tuple(
        Window(number, starts, ends, double_from, double_from + hours * _HOUR_MS, zone)
        for number, starts, ends, double_from, hours, zone in rows(c, _WINDOWS, guild=guild_id)
    )


class Counter:
    """Counts what rows add to challenges, or take back, into `sums`. Call `begin` for each quarter of an hour."""

    def __init__(self, windows: Sequence[Window], sums: dict[ChallengeDays, _Sums]) -> None:
        self._windows = windows
        self._sums = sums
        self._running: list[Window] = []
        self._days: tuple[tuple[int, int, bool], ...] = ()
        self._is_split = False

    @property
    def is_any_running(self) -> bool:
        """Whether some challenge counts gifts at some time in the quarter."""
        return bool(self._running)

    def begin(self, quarter_ms: int) -> None:
        """Go on with rows whose gifts are of the quarter of an hour from `quarter_ms` on."""
        until_ms = quarter_ms + QUARTER_MS
        self._running = [each for each in self._windows if each.starts_ms < until_ms and each.ends_ms > quarter_ms]
        edges = (edge for each in self._running for edge in each[1:5])
        # Else all of it counts on the same days, as these begin with a quarter.
        self._is_split = any(quarter_ms < edge < until_ms for edge in edges)
        self._days = self._days_at(quarter_ms)

    def count(self, credit: Credit) -> None:
        """Count a row. Values that make no sense raise struct.error."""
        days = self._days_at(credit.at_ms) if self._is_split else self._days
        if not days:
            return
        key = credit.creator, days
        gifters = self._sums.get(key)
        if gifters is None:
            # A value that does not fit raises here, where the row that it came from is still known.
            DAY.pack(credit.creator, 0, 0, 0)
            gifters = self._sums[key] = {}
        sums = gifters.get(credit.sender)
        if sums is None:
            gifters[credit.sender] = [credit.coins, credit.pieces]
        else:
            sums[0] += credit.coins
            sums[1] += credit.pieces

    def _days_at(self, at_ms: int) -> tuple[tuple[int, int, bool], ...]:
        days = [(window.challenge_id, window.day_of(at_ms)) for window in self._running]
        return tuple([(number, *day) for number, day in days if day is not None])


class GiftsInChallenges:
    """What the gifters of one part gave in challenges, by the journal."""

    def __init__(self) -> None:
        self._sums: dict[ChallengeDays, _Sums] = {}

    def take(self, stretch: Stretch, days: bytearray) -> None:
        """Add one part of a stretch: `days` are packed as `DAY`."""
        sums_by_number = [self._sums.setdefault(key, {}) for key in stretch.days]
        gifter: int
        number: int
        for gifter, coins, pieces, number in DAY.iter_unpack(days):
            gifters = sums_by_number[number]
            sums = gifters.get(gifter)
            if sums is None:
                gifters[gifter] = [coins, pieces]
            else:
                sums[0] += coins
                sums[1] += pieces

    def by_challenge(self) -> dict[int, dict[_DayKey, _Sums]]:
        """Return the sums by challenge and day. What is of several challenges is not copied."""
        challenges: dict[int, dict[_DayKey, _Sums]] = {}
        for (creator, days), sums in self._sums.items():
            for number, day, is_double in days:
                of_challenge = challenges.setdefault(number, {})
                key = creator, day, is_double
                of_challenge[key] = _together(of_challenge[key], sums) if key in of_challenge else sums
        return challenges


class StoredChallenges:
    """What the gifters `first` to `last` have in store. `compare` must be called with ranges of them in order."""

    def __init__(self, c: Connection, guild_id: int, first: int, last: int) -> None:
        self._c, self._guild_id = c, guild_id
        self._rules = {
            number: (sources_of(text), bool(leagues)) for number, text, leagues in rows(c, _RULES, guild=guild_id)
        }
        self._numbers = {number for (number,) in rows(c, _NUMBERS, guild=guild_id)}
        self._scores = InOrder(rows(c, _SCORES, guild=guild_id, first=first, last=last), holder_at=0)

    def compare(self, gifts: GiftsInChallenges, first: int, last: int) -> Findings:
        """Compare what the gifters `first` to `last` have in store with their `gifts`, once all stretches are taken."""
        counted = gifts.by_challenge()
        scores: dict[int, list[tuple[int, ...]]] = {}
        for gifter, number, *score in self._scores.up_to(last):
            scores.setdefault(number, []).append((gifter, *score))
        for number in sorted(self._numbers | counted.keys() | scores.keys()):
            part = {"guild": self._guild_id, "challenge": number, "first": first, "last": last}
            days: dict[int, list[DayGifts]] = {}
            yield from _check_days(self._c, part, counted.get(number, {}), days)
            yield from _check_scores(number, scores.get(number, ()), *self._rules.get(number, ({}, False)), days)


def _together(some: _Sums, others: _Sums) -> _Sums:
    return {
        gifter: [sum(amounts) for amounts in zip(some.get(gifter, (0, 0)), others.get(gifter, (0, 0)), strict=True)]
        for gifter in some.keys() | others.keys()
    }


def _check_days(
    c: Connection, part: Mapping[str, int], counted: Mapping[_DayKey, _Sums], days: dict[int, list[DayGifts]]
) -> Findings:
    """Check what the gifters of a part did in a challenge, and put it into `days`."""
    number, nobody = part["challenge"], _Sums()
    right = 0
    for gifter, creator, day, is_double, *amounts in rows(c, _DAYS, **part):
        days.setdefault(gifter, []).append(DayGifts(creator, day, bool(is_double), *amounts))
        of_journal = counted.get((creator, day, is_double), nobody).get(gifter)
        right += of_journal is not None
        if of_journal != amounts:
            what = f"for creator {creator} on {day}"
            yield 0, f"gifter {gifter} has {amounts} in challenge {number} {what}, the gifts say {of_journal}"
    if right == sum(map(len, counted.values())):
        return
    stored = {(gifter, *row[:3]) for gifter, gifts in days.items() for row in gifts}
    for (creator, day, is_double), sums in counted.items():
        for gifter in sums:
            if (gifter, creator, day, is_double) not in stored:
                what = f"for creator {creator} on {day}"
                yield 0, f"gifter {gifter} has nothing in challenge {number} {what}, the gifts say {sums[gifter]}"


def _check_scores(
    number: int,
    scores: Iterable[tuple[int, ...]],
    sources: Sources,
    is_by_creator: bool,
    days: Mapping[int, Sequence[DayGifts]],
) -> Findings:
    missing = {
        (gifter, row.creator if is_by_creator else ONE_LEAGUE) for gifter, gifts in days.items() for row in gifts
    }
    for gifter, league, points in scores:
        missing.discard((gifter, league))
        gifts = days.get(gifter, ())
        in_league = gifts if league == ONE_LEAGUE else [row for row in gifts if row.creator == league]
        if (worth := total(day_points(sources, in_league))) != points:
            yield 0, f"gifter {gifter} has {points} points in challenge {number}, their gifts are worth {worth}"
    for gifter, league in missing:
        yield 0, f"the points of gifter {gifter} in challenge {number}, league {league}, are missing"
