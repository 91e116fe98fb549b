"""The steps of folding that the writer runs, and their progress. `bot.storage.ledger.fold_lane` decides when."""

from typing import NamedTuple, Protocol

from sqlalchemy import Connection

FAILED, PLANNED, UNPLANNED = 0, 1, 2
"""The outcomes of planning a slice. If it is unplanned, only the writer can fold it."""


class Progress(NamedTuple):
    """How far a guild is folded: up to row `seq` of its journal, which ends at `head`.

    `rows` were folded just now, and took `took_s` seconds until they could be committed.
    """

    seq: int
    head: int
    rows: int = 0
    took_s: float = 0.0

    @property
    def backlog(self) -> int:
        """The rows that wait to be folded."""
        return self.head - self.seq


class NothingFollows(Exception):  # noqa: N818 - a state of affairs
    """No row comes after those that cannot be counted, so nobody can tell whether they are to blame."""


class FoldSlice(Protocol):
    """Folds up to `most` more rows of a guild. `now_ms` is None while the time is not known."""

    def __call__(self, c: Connection, /, guild_id: int, most: int, now_ms: int | None) -> Progress:
        """Return how far the guild is folded then."""
        ...


class FoldSkip(Protocol):
    """Goes on without the next `count` rows of a guild, and folds the one after them."""

    def __call__(self, c: Connection, /, guild_id: int, count: int, now_ms: int | None) -> Progress:
        """Return how far the guild is folded then. Raises NothingFollows, or what keeps the next row from it."""
        ...


class FoldSurvey(Protocol):
    """Finds the guilds in which something is to be folded."""

    def __call__(self, c: Connection, /, now_ms: int | None) -> dict[int, Progress]:
        """Return how far each of them is folded."""
        ...


class ApplyPlan(Protocol):
    """Writes what a plan says."""

    def __call__(self, c: Connection, /, guild_id: int, plan: bytes) -> Progress | None:
        """Return how far the guild is folded then. None, and nothing is written, if the plan no longer holds."""
        ...


class Folding(NamedTuple):
    """How to fold. All are functions of a module, because they may be sent to another process."""

    slice: FoldSlice
    survey: FoldSurvey
    skip: FoldSkip
