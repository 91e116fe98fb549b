"""What time it is, by three witnesses of whom none is believed alone.

Anybody may set the machine's wall clock. Nobody sets its monotonic clock, but that one has no epoch, and may stand
still while the machine sleeps. Discord tells its own time: an interaction's id carries when it was made, which is a
lower bound, and the `Date` of a response is between the request and the answer, which bounds it from both sides.

So time is the monotonic clock plus an offset that Discord has confirmed. A wall clock that has always been wrong is
corrected. After a jump, of the wall clock against the monotonic one or of Discord against both, the time is in doubt
until Discord has been asked anew. All numbers are milliseconds; `monotonic_ms` has an epoch of its own.
"""

from enum import Enum, auto
from typing import NamedTuple

STEP_MS = 2_000
"""By how much witnesses may differ: `Date` has whole seconds, and Discord's many servers are not quite of one mind."""

INSIST_MS = 30_000
"""For how long Discord has to insist on a time that no clock of the machine's agrees with, before it is believed."""

_DATE_MS = 1_000
"""`Date` is cut off to the second."""

_DISCORD_EPOCH_MS = 1_420_070_400_000


class Doubt(Enum):
    """Why nobody can say what time it is."""

    UNHEARD = auto()
    """Discord has not told the time yet."""
    JUMPED = auto()
    """The wall clock jumped against the monotonic one."""
    CONTRADICTED = auto()
    """Discord and the machine went apart."""


class Bounds(NamedTuple):
    """What Discord told: the least and (None: not known) the most by which its time is ahead of the monotonic clock.

    `asked_ms` is when it was asked, by the monotonic clock.
    """

    least_ms: int
    most_ms: int | None
    asked_ms: int

    def nearest(self, offset_ms: int) -> int:
        """Return the offset within these bounds that is nearest to `offset_ms`."""
        if offset_ms < self.least_ms:
            return self.least_ms
        return offset_ms if self.most_ms is None else min(offset_ms, self.most_ms)

    def agree(self, offset_ms: int) -> bool:
        """Whether `offset_ms` is within these bounds, or just beside."""
        return abs(self.nearest(offset_ms) - offset_ms) <= STEP_MS


def bounds_of_id(snowflake: int, heard_ms: int) -> Bounds:
    """Return what an id tells that was made before the monotonic clock said `heard_ms`."""
    return Bounds((snowflake >> 22) + _DISCORD_EPOCH_MS - heard_ms, None, heard_ms)


def bounds_of_date(date_ms: int, asked_ms: int, heard_ms: int) -> Bounds:
    """Return what the `Date` of a response tells that was asked for and heard at these monotonic times."""
    return Bounds(date_ms - heard_ms, date_ms + _DATE_MS - asked_ms, asked_ms)


class Timekeeper:
    """Tells the time from what it is shown of the clocks. `doubt` is None while it is sure."""

    def __init__(self) -> None:
        self.doubt: Doubt | None = Doubt.UNHEARD
        self._trusts_wall = False
        self._offset_ms: int | None = None
        self._wall_offset_ms: int | None = None
        self._rival: tuple[int, int] | None = None
        """The offset that Discord tells against the machine's clocks, and since when."""
        self._doubted_ms = 0
        self._last_ms = 0

    @property
    def wall_ahead_ms(self) -> int:
        """By how much the machine's clock was ahead of the true time when both were last looked at."""
        if self._offset_ms is None or self._wall_offset_ms is None:
            return 0
        return self._wall_offset_ms - self._offset_ms

    def look(self, wall_ms: int, monotonic_ms: int) -> int:
        """Return the time, as well as anybody can tell; `doubt` says whether it may be acted upon.

        Small steps back are never seen: the time then stands still for as long as they are.
        """
        wall_offset = wall_ms - monotonic_ms
        before, self._wall_offset_ms = self._wall_offset_ms, wall_offset
        if before is not None and abs(wall_offset - before) > STEP_MS and not self._trusts_wall:
            self._begin_doubt(Doubt.JUMPED, monotonic_ms)
        now_ms = monotonic_ms + (wall_offset if self._offset_ms is None else self._offset_ms)
        if not 0 < self._last_ms - now_ms <= 2 * STEP_MS:
            self._last_ms = now_ms
        return self._last_ms

    def hear(self, bounds: Bounds, wall_ms: int, monotonic_ms: int) -> None:
        """Take in what Discord told."""
        self.look(wall_ms, monotonic_ms)
        wall_offset = wall_ms - monotonic_ms
        if self._offset_ms is None:
            if bounds.most_ms is not None:
                self._settle(bounds.nearest(wall_offset))
        elif self._trusts_wall and bounds.most_ms is None:
            self._settle(bounds.nearest(self._offset_ms))
        elif self.doubt is not None:
            self._weigh(bounds, self._offset_ms, wall_offset, monotonic_ms)
        elif bounds.agree(self._offset_ms):
            self._settle(bounds.nearest(self._steadied(self._offset_ms, wall_offset)))
        else:
            self._rival = bounds.nearest(self._offset_ms), monotonic_ms
            self._begin_doubt(Doubt.CONTRADICTED, monotonic_ms)

    def trust_wall(self, wall_ms: int, monotonic_ms: int) -> None:
        """Go by the wall clock as it is now, because Discord's answers carry no time."""
        if self._offset_ms is None:
            self._trusts_wall = True
            self._settle(wall_ms - monotonic_ms)

    def _begin_doubt(self, doubt: Doubt, monotonic_ms: int) -> None:
        if self.doubt is not Doubt.UNHEARD:
            self.doubt, self._doubted_ms = doubt, monotonic_ms

    def _weigh(self, bounds: Bounds, offset: int, wall_offset: int, monotonic_ms: int) -> None:
        """End the doubt if Discord, asked since it began, confirms one of the machine's clocks, or insists.

        The monotonic clock comes first. That it stood still is seen where the wall clock and Discord agree.
        """
        if bounds.most_ms is None or bounds.asked_ms < self._doubted_ms:
            return
        agreed = next(filter(bounds.agree, (offset, wall_offset)), None)
        rival, since_ms = self._rival or (0, 0)
        if agreed is not None:
            self._settle(bounds.nearest(agreed))
        elif self._rival is None or not bounds.agree(rival):
            self._rival = bounds.nearest(offset), monotonic_ms
        elif bounds.asked_ms - since_ms >= INSIST_MS:
            self._settle(bounds.nearest(rival))

    def _settle(self, offset_ms: int) -> None:
        self.doubt, self._offset_ms, self._rival = None, offset_ms, None

    @staticmethod
    def _steadied(offset_ms: int, wall_offset_ms: int) -> int:
        """Return the wall clock's offset where it is not wrong: it is finer than what Discord tells."""
        return wall_offset_ms if abs(wall_offset_ms - offset_ms) <= STEP_MS else offset_ms
