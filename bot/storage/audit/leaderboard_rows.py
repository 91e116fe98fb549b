"""Recompute the lines of leaderboards from the gifts."""

from collections.abc import Iterator
from typing import Any

from bot.storage.audit.recount import NO_SPANS, later
from bot.storage.audit.spill import GIFT, LadderKey, Spans, Stretch

Line = list[Any]
"""Last row, coins, pieces, the spans of that row, and the coins and pieces before each span began. Changed in place."""


class Lines:
    """The lines of one part. `take` must be called with stretches in journal order."""

    def __init__(self) -> None:
        self._lines: dict[LadderKey, dict[int, Line]] = {}
        self._reached: dict[LadderKey, Spans] = {}
        # Equal spans are one object, so that comparing a line with the spans of a gift is an identity check.
        self._shared_spans: dict[Spans, Spans] = {}

    def take(self, stretch: Stretch, gifts: bytes) -> None:
        """Count one part of a stretch: `gifts` are packed as `GIFT`."""
        keys = [key for key, _ in stretch.ladders]
        places = [[self._place(keys[ladder], spans) for ladder, spans in context] for context in stretch.contexts]
        subject: int
        context: int
        for seq, subject, coins, pieces, context in GIFT.iter_unpack(gifts):
            for lines, spans in places[context]:
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
        """Return the lines of a ladder, by subject. The caller takes out those that it has checked."""
        return self._lines.get(key, {})

    def rest(self) -> Iterator[tuple[LadderKey, int, Line]]:
        """Yield the lines that nobody has taken out, as (ladder, subject, line)."""
        for key, lines in self._lines.items():
            for subject, line in lines.items():
                yield key, subject, line

    def _place(self, key: LadderKey, spans: Spans) -> tuple[dict[int, Line], Spans]:
        """Return the lines of a ladder, and the spans that a gift made in `spans` counts for there."""
        now = later(self._reached.get(key, NO_SPANS), spans)
        return self._lines.setdefault(key, {}), self._shared_spans.setdefault(now, now)


def reach(reached: dict[LadderKey, Spans], stretch: Stretch) -> None:
    """Advance the spans that ladders count to the end of a stretch."""
    for key, spans in stretch.ladders:
        reached[key] = later(reached.get(key, NO_SPANS), spans)


def _turn(line: Line, spans: Spans) -> None:
    """Start the spans that are over anew. Unrolled, because this runs for every other gift."""
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
