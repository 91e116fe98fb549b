"""Recompute the lines of leaderboards from what rows of the journal add to them."""

from collections.abc import Iterator

from bot.domain.periods import week_of
from bot.storage.audit.spill import GIFT, Context, LadderKey, Mark, Stretch

Line = list[int]
"""Last row, coins and pieces; then coins and pieces of the current day, week and month. Changed in place."""

PastLine = list[int]
"""Last row, coins and pieces of a past day or month."""

_PLACES = (3, 5, 7)
"""Where a line has the coins of the current day, week and month. Pieces follow the coins."""


class Lines:
    """The lines of one part, in the periods that are current at `mark`. `take` must be called in journal order."""

    def __init__(self, mark: Mark) -> None:
        self._mark = mark
        self._lines: dict[LadderKey, dict[int, Line]] = {}
        self._past: dict[tuple[LadderKey, int], dict[int, PastLine]] = {}

    def take(self, stretch: Stretch, gifts: bytearray) -> None:
        """Count one part of a stretch: `gifts` are packed as `GIFT`."""
        contexts = [self._targets(stretch, context) for context in stretch.contexts]
        subject: int
        context: int
        for seq, subject, coins, pieces, context in GIFT.iter_unpack(gifts):
            places, ladders, past_ladders = contexts[context]
            for lines in ladders:
                line = lines.get(subject)
                if line is None:
                    line = lines[subject] = [0] * 9
                if seq > line[0]:  # noqa: PLR1730 - half the time of max()
                    line[0] = seq
                for place in places:
                    line[place] += coins
                    line[place + 1] += pieces
            for past_lines in past_ladders:
                past_line = past_lines.get(subject)
                if past_line is None:
                    past_line = past_lines[subject] = [0] * 3
                if seq > past_line[0]:  # noqa: PLR1730
                    past_line[0] = seq
                past_line[1] += coins
                past_line[2] += pieces

    def _targets(
        self, stretch: Stretch, context: Context
    ) -> tuple[list[int], list[dict[int, Line]], list[dict[int, PastLine]]]:
        """Return where gifts of one context are counted: places in lines, the lines, and those of past periods."""
        day, numbers = context
        keys = [stretch.ladders[number] for number in numbers]
        ladders = [self._lines.setdefault(key, {}) for key in keys]
        if not day:
            return [1], ladders, []
        periods = day, week_of(day), day // 100
        is_current = [period == current for period, current in zip(periods, self._mark.keys, strict=True)]
        places = [place for place, current in zip(_PLACES, is_current, strict=True) if current]
        past = [period for period in (day, day // 100) if period not in self._mark.keys]
        past_ladders = [self._past.setdefault((key, period), {}) for key in keys if not key[2] for period in past]
        return [1, *places], ladders, past_ladders

    def of(self, key: LadderKey) -> dict[int, Line]:
        """Return the lines of a ladder, by subject. The caller takes out those that it has checked.

        Lines of which all gifts were undone are still there, without coins.
        """
        return self._lines.get(key, {})

    def rest(self) -> Iterator[tuple[LadderKey, int, Line]]:
        """Yield the lines that nobody has taken out, as (ladder, subject, line)."""
        for key, lines in self._lines.items():
            for subject, line in lines.items():
                if line[1]:
                    yield key, subject, line

    def past_of(self, key: LadderKey, period: int) -> dict[int, PastLine]:
        """Return the lines of a ladder on a past day or in a past month, as `of` does."""
        return self._past.get((key, period), {})

    def rest_of_past(self) -> Iterator[tuple[LadderKey, int, int, PastLine]]:
        """Yield the past lines that nobody has taken out, as (ladder, period, subject, line)."""
        for (key, period), lines in self._past.items():
            for subject, line in lines.items():
                if line[1]:
                    yield key, period, subject, line


def as_ranked(key: LadderKey, line: Line) -> list[int]:
    """Return what a leaderboard has to say of a line, in the same order. Those of live events have no days."""
    return [*line[:3], 0, 0, 0, 0, 0, 0] if key[2] else line
