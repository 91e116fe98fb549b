"""Figures of the writer: how many commands share a commit, and how long commits take."""

from typing import Final

from bot.tallies import SECONDS, Spread

_SIZES: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)


class BatchFigures:
    """Counts batches of commands. Jobs are not among them: many of those write nothing."""

    def __init__(self) -> None:
        self.sizes, self.commits = Spread(_SIZES), Spread(SECONDS)

    def note(self, size: int, commit_s: float) -> None:
        """Count a batch, and the seconds that its commit took."""
        self.sizes.note(size)
        self.commits.note(commit_s)
