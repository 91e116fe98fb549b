"""Recompute the lines of leaderboards from what rows of the journal add to them."""

from collections.abc import Iterator

from bot.storage.audit.spill import GIFT, LadderKey, Mark, Stretch

Line = list[int]
"""Last row, coins and pieces; then coins and pieces of the current day, week and month. Changed in place."""

_PLACES = [(1, *(3 + 2 * number for number in range(3) if periods >> number & 1)) for periods in range(8)]
"""Where a line has the coins of all time and of some periods, which are a bit each. Pieces follow the coins."""


class Lines:
    """The lines of one part, in the periods that are current at `mark`. `take` must be called in journal order."""

    def __init__(self, mark: Mark) -> None:
        self._mark = mark
        self._lines: dict[LadderKey, dict[int, Line]] = {}

    def take(self, stretch: Stretch, gifts: bytes) -> None:
        """Count one part of a stretch: `gifts` are packed as `GIFT`."""
        lines_of_ladders = [self._lines.setdefault(key, {}) for key in stretch.ladders]
        # Periods that have begun since the stretch was counted hold none of its gifts.
        first_seqs = enumerate(zip(stretch.first_seqs, self._mark.first_seqs, strict=True))
        current = sum(1 << number for number, (first_seq, current_seq) in first_seqs if first_seq == current_seq)
        contexts = [
            (_PLACES[periods & current], [lines_of_ladders[number] for number in numbers])
            for periods, numbers in stretch.contexts
        ]
        subject: int
        context: int
        for seq, subject, coins, pieces, context in GIFT.iter_unpack(gifts):
            places, ladders = contexts[context]
            for lines in ladders:
                line = lines.get(subject)
                if line is None:
                    line = lines[subject] = [0] * 9
                if seq > line[0]:  # noqa: PLR1730 - half the time of max()
                    line[0] = seq
                for place in places:
                    line[place] += coins
                    line[place + 1] += pieces

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


def as_ranked(key: LadderKey, line: Line) -> list[int]:
    """Return what a leaderboard has to say of a line, in the same order. Those of live events have no days."""
    return [*line[:3], 0, 0, 0, 0, 0, 0] if key[2] else line
