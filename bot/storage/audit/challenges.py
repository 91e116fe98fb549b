"""Check what members did in challenges, and their points, against the gifts in the journal and their reversals.

What a row does, and what it is worth, is said once, in the domain. It is added up here without the code that folds it.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from sqlalchemy import Connection

from bot.domain.challenge_points import DayGifts, Window, day_points, total
from bot.domain.leaderboards import QUARTER_MS, Credit
from bot.storage.audit.rows import Findings, rows
from bot.storage.folds.gifters.challenges import sources_of

_WINDOWS = """
    SELECT challenge_id, starts_ms, ends_ms, coalesce(double_from_ms, 0), double_hours, zone FROM challenges
    WHERE guild_id = :guild AND posted_ms IS NOT NULL ORDER BY challenge_id
"""
_SOURCES = "SELECT challenge_id, sources FROM challenges WHERE guild_id = :guild"
_DAYS = """
    SELECT challenge_id, gifter, creator, day, is_double, coins, pieces FROM challenge_days
    WHERE guild_id = :guild AND gifter BETWEEN :first AND :last ORDER BY challenge_id, gifter
"""
_SCORES = """
    SELECT challenge_id, gifter, league, points FROM challenge_scores
    WHERE guild_id = :guild AND gifter BETWEEN :first AND :last
"""
_HOUR_MS = 3_600_000
_PREFIX = "challenge:"
_COINS, _PIECES = "coins", "pieces"

_Sums = dict[int, list[int]]


def windows_of(c: Connection, guild_id: int) -> tuple[Window, ...]:
    """Return when a guild's challenges count."""
    return tuple(
        Window(number, starts, ends, double_from, double_from + hours * _HOUR_MS, zone)
        for number, starts, ends, double_from, hours, zone in rows(c, _WINDOWS, guild=guild_id)
    )


def running(windows: Sequence[Window], quarter_ms: int) -> tuple[Window, ...]:
    """Return those that count at some time in the quarter of an hour from `quarter_ms` on."""
    return tuple(each for each in windows if each.starts_ms < quarter_ms + QUARTER_MS and each.ends_ms > quarter_ms)


class Counter:
    """Counts what rows add to challenges, or take back. `named` returns the sums with a name."""

    def __init__(self, named: Callable[[str], _Sums]) -> None:
        self._named = named
        self._sums: dict[tuple[int, int, tuple[int, bool]], tuple[_Sums, _Sums]] = {}

    def count(self, windows: Sequence[Window], credit: Credit) -> None:
        """Count a row for the challenges that may run at the time of its gift."""
        for window in windows:
            if (day := window.day_of(credit.at_ms)) is None:
                continue
            key = window.challenge_id, credit.creator, day
            sums = self._sums.get(key)
            if sums is None:
                sums = self._sums[key] = self._begin(*key)
            for of_gifters, more in zip(sums, (credit.coins, credit.pieces), strict=True):
                of_gifter = of_gifters.get(credit.sender)
                if of_gifter is None:
                    of_gifters[credit.sender] = [more, 0]
                else:
                    of_gifter[0] += more

    def _begin(self, number: int, creator: int, day: tuple[int, bool]) -> tuple[_Sums, _Sums]:
        name = f"{_PREFIX}{number}:{creator}:{day[0]}:{int(day[1])}:"
        return self._named(name + _COINS), self._named(name + _PIECES)


def compare(c: Connection, guild_id: int, sums: dict[tuple[str, int], int], first: int, last: int) -> Findings:
    """Compare what the gifters `first` to `last` have in store with `sums`, by name and gifter, which are taken out."""
    days: dict[tuple[int, int], list[DayGifts]] = {}
    stored = rows(c, _DAYS, guild=guild_id, first=first, last=last)
    for (number, gifter), group in groupby(stored, key=lambda row: (row[0], row[1])):
        for _, _, creator, day, is_double, *amounts in group:
            days.setdefault((number, gifter), []).append(DayGifts(creator, day, bool(is_double), *amounts))
            name = f"{_PREFIX}{number}:{creator}:{day}:{is_double}:"
            of_journal = [sums.pop((name + what, gifter), None) for what in (_COINS, _PIECES)]
            if of_journal != amounts:
                what = f"for creator {creator} on {day}"
                yield 0, f"gifter {gifter} has {amounts} in challenge {number} {what}, the gifts say {of_journal}"
    for name, gifter in [key for key in sums if key[0].startswith(_PREFIX)]:
        yield 0, f"{name} of gifter {gifter} is missing, the gifts say {sums.pop((name, gifter))}"
    yield from _check_scores(c, guild_id, days, first, last)


def _check_scores(
    c: Connection, guild_id: int, days: dict[tuple[int, int], list[DayGifts]], first: int, last: int
) -> Findings:
    sources = {number: sources_of(text) for number, text in rows(c, _SOURCES, guild=guild_id)}
    scored: set[tuple[int, int]] = set()
    for number, gifter, league, points in rows(c, _SCORES, guild=guild_id, first=first, last=last):
        scored.add((number, gifter))
        gifts = [row for row in days.get((number, gifter), []) if league in (0, row.creator)]
        if (worth := total(day_points(sources.get(number, {}), gifts))) != points:
            yield 0, f"gifter {gifter} has {points} points in challenge {number}, their gifts are worth {worth}"
    for number, gifter in days.keys() - scored:
        yield 0, f"the points of gifter {gifter} in challenge {number} are missing"
