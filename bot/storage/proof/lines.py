"""The lines of leaderboards, made anew from what was given."""

from collections.abc import Iterator
from typing import Any

from bot.storage.proof.aside import GIVEN, LadderKey, Spans, Stretch
from bot.storage.proof.counting import NO_SPANS, later

Line = list[Any]
"""Last row, coins, pieces, what its row counted for, and the coins and pieces there were before each of that began."""


class Lines:
    """The lines of one part. Takes stretches in the order of the journal."""

    def __init__(self) -> None:
        self._lines: dict[LadderKey, dict[int, Line]] = {}
        self._reached: dict[LadderKey, Spans] = {}
        # Equal spans are one object: lines are compared with them, one for each gift.
        self._known: dict[Spans, Spans] = {}

    def take(self, stretch: Stretch, given: bytes) -> None:
        """Count one part of a stretch."""
        keys = [key for key, _ in stretch.ladders]
        on = [[self._place(keys[ladder], spans) for ladder, spans in context] for context in stretch.contexts]
        subject: int
        context: int
        for seq, subject, coins, pieces, context in GIVEN.iter_unpack(given):
            for lines, spans in on[context]:
                line = lines.get(subject)
                if line is None:
                    lines[subject] = [seq, coins, pieces, spans, 0, 0, 0, 0, 0, 0]
                    continue
                if line[3] is not spans:
                    _turn(line, spans)
                line[0] = seq
                line[1] += coins
                line[2] += pieces
        reach(self._reached, stretch)

    def of(self, key: LadderKey) -> dict[int, Line]:
        """Return the lines of a ladder, by their subjects."""
        return self._lines.get(key, {})

    def rest(self) -> Iterator[tuple[LadderKey, int, Line]]:
        """Yield all lines that are left."""
        for key, lines in self._lines.items():
            for subject, line in lines.items():
                yield key, subject, line

    def _place(self, key: LadderKey, spans: Spans) -> tuple[dict[int, Line], Spans]:
        """Return the lines of a ladder, and what counts there for something that is given at `spans`."""
        now = later(self._reached.get(key, NO_SPANS), spans)
        return self._lines.setdefault(key, {}), self._known.setdefault(now, now)


def reach(reached: dict[LadderKey, Spans], stretch: Stretch) -> None:
    """Bring what ladders count up to the end of a stretch."""
    for key, spans in stretch.ladders:
        reached[key] = later(reached.get(key, NO_SPANS), spans)


def _turn(line: Line, spans: Spans) -> None:
    """Begin anew what is over. Written out, because this runs for every other gift."""
    _, coins, pieces, before, *_ = line
    if before[0] != spans[0]:
        line[4] = coins
        line[5] = pieces
    if before[1] != spans[1]:
        line[6] = coins
        line[7] = pieces
    if before[2] != spans[2]:
        line[8] = coins
        line[9] = pieces
    line[3] = spans


def as_stored(line: Line) -> tuple[int | None, ...]:
    """Return a line as it is stored: last row, coins and pieces; day, its coins and pieces; likewise week and month."""
    seq, coins, pieces, (day, week, month), *before = line
    if not day:
        return seq, coins, pieces, None, 0, 0, None, 0, 0, None, 0, 0
    return (
        *(seq, coins, pieces),
        *(day, coins - before[0], pieces - before[1]),
        *(week, coins - before[2], pieces - before[3]),
        *(month, coins - before[4], pieces - before[5]),
    )
