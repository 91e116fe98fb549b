"""The current time, from three sources, none of which is trusted alone.

Anybody can set the machine's wall clock. Nobody can set its monotonic clock, but that one has no epoch and may stand
still while the machine sleeps. Discord also reports its time. An interaction's id contains when it was created, which
is a lower bound. The `Date` of a response lies between the request and the answer, which bounds it from both sides.

So the time is the monotonic clock plus an offset that Discord has confirmed. A wall clock that was wrong from the start
is corrected. After a jump of the wall clock against the monotonic one, or of Discord against both, the time is in doubt
until Discord has been asked again. All numbers are milliseconds; `monotonic_ms` has an epoch of its own.
"""

from enum import Enum, auto
from typing import NamedTuple

from bot.domain.ids import created_ms

STEP_MS = 2_000
"""How far the sources may differ. `Date` has whole seconds, and Discord's servers do not quite agree."""

INSIST_MS = 30_000
"""How long Discord has to insist on a time that neither clock of the machine confirms before it is believed."""

_DATE_MS = 1_000
"""`Date` is truncated to the second."""


class Doubt(Enum):
    """Why the time is in doubt."""

    UNHEARD = auto()
    """Discord has not reported its time yet."""
    JUMPED = auto()
    """The wall clock jumped against the monotonic one."""
    CONTRADICTED = auto()
    """Discord and the machine disagree."""


class Bounds(NamedTuple):
    """What Discord reported: bounds on how far its time is ahead of the monotonic clock.

    `most_ms` is None if there is no upper bound. `asked_ms` is the monotonic time of the request.
    """

    least_ms: int
    most_ms: int | None
    asked_ms: int

    def nearest(self, offset_ms: int) -> int:
        """Return the offset within these bounds that is closest to `offset_ms`."""
        if offset_ms < self.least_ms:
            return self.least_ms
        return offset_ms if self.most_ms is None else min(offset_ms, self.most_ms)

    def agree(self, offset_ms: int) -> bool:
        """Whether `offset_ms` is within these bounds, or at most STEP_MS outside."""
        return abs(self.nearest(offset_ms) - offset_ms) <= STEP_MS


def bounds_of_id(snowflake: int, heard_ms: int) -> Bounds:
    """Return the bounds from an id that Discord created before the monotonic time `heard_ms`."""
    return Bounds(created_ms(snowflake) - heard_ms, None, heard_ms)


def bounds_of_date(date_ms: int, asked_ms: int, heard_ms: int) -> Bounds:
    """Return the bounds from the `Date` of a response, given the monotonic times of the request and the answer."""
    return Bounds(date_ms - heard_ms, date_ms + _DATE_MS - asked_ms, asked_ms)


class Timekeeper:
    """Derives the time from readings of the clocks. `doubt` is None while the time is certain."""

    def __init__(self) -> None:
        self.doubt: Doubt | None = Doubt.UNHEARD
        self._trusts_wall = False
        self._offset_ms: int | None = None
        self._wall_offset_ms: int | None = None
        self._rival: tuple[int, int] | None = None
        """The offset that Discord reports against the machine's clocks, and since when."""
        self._doubted_ms = 0
        self._last_ms = 0

    @property
    def wall_ahead_ms(self) -> int:
        """How far the wall clock was ahead of the true time at the last reading."""
        if self._offset_ms is None or self._wall_offset_ms is None:
            return 0
        return self._wall_offset_ms - self._offset_ms

    def at(self, monotonic_ms: int) -> int:
        """Return the estimate of the time at a reading of the monotonic clock, which `look` was called before.

        Small steps back never show: the time stands still until the clock has caught up.
        """
        offset_ms = self._wall_offset_ms if self._offset_ms is None else self._offset_ms
        now_ms = monotonic_ms + (offset_ms or 0)
        # A larger step back is a correction, and shows at once.
        return self._last_ms if 0 < self._last_ms - now_ms <= 2 * STEP_MS else now_ms

    def look(self, wall_ms: int, monotonic_ms: int) -> int:
        """Return the best estimate of the time. `doubt` says whether it may be acted upon."""
        wall_offset = wall_ms - monotonic_ms
        previous_offset, self._wall_offset_ms = self._wall_offset_ms, wall_offset
        if previous_offset is not None and abs(wall_offset - previous_offset) > STEP_MS and not self._trusts_wall:
            self._begin_doubt(Doubt.JUMPED, monotonic_ms)
        self._last_ms = self.at(monotonic_ms)
        return self._last_ms

    def hear(self, bounds: Bounds, wall_ms: int, monotonic_ms: int) -> None:
        """Take a report of Discord's time into account."""
        self.look(wall_ms, monotonic_ms)
        wall_offset = wall_ms - monotonic_ms
        if self._offset_ms is None:
            # An id alone gives no upper bound, so a wall clock far ahead would go unnoticed.
            if bounds.most_ms is not None:
                self._trust(bounds.nearest(wall_offset))
        elif self._trusts_wall and bounds.most_ms is None:
            self._trust(bounds.nearest(self._offset_ms))
        elif self.doubt is not None:
            self._resolve_doubt(bounds, self._offset_ms, wall_offset, monotonic_ms)
        elif bounds.agree(self._offset_ms):
            # Without an upper bound, a wall clock that is a little ahead would lead away from the true time.
            is_bounded = bounds.most_ms is not None
            offset_ms = self._refined(self._offset_ms, wall_offset) if is_bounded else self._offset_ms
            self._trust(bounds.nearest(offset_ms))
        else:
            self._rival = bounds.nearest(self._offset_ms), monotonic_ms
            self._begin_doubt(Doubt.CONTRADICTED, monotonic_ms)

    def trust_wall(self, wall_ms: int, monotonic_ms: int) -> None:
        """Rely on the wall clock as it is now, because Discord's answers contain no time."""
        if self._offset_ms is None:
            self._trusts_wall = True
            self._trust(wall_ms - monotonic_ms)

    def _begin_doubt(self, doubt: Doubt, monotonic_ms: int) -> None:
        if self.doubt is not Doubt.UNHEARD:
            self.doubt, self._doubted_ms = doubt, monotonic_ms

    def _resolve_doubt(self, bounds: Bounds, offset: int, wall_offset: int, monotonic_ms: int) -> None:
        """End the doubt if Discord, asked after it began, confirms one of the machine's clocks or insists.

        The monotonic clock is tried first. If it stood still, the wall clock and Discord agree against it.
        """
        # What Discord said before the doubt began was already taken into account.
        if bounds.most_ms is None or bounds.asked_ms < self._doubted_ms:
            return
        confirmed_offset = next(filter(bounds.agree, (offset, wall_offset)), None)
        rival, since_ms = self._rival or (0, 0)
        if confirmed_offset is not None:
            self._trust(bounds.nearest(confirmed_offset))
        elif self._rival is None or not bounds.agree(rival):
            self._rival = bounds.nearest(offset), monotonic_ms
        elif bounds.asked_ms - since_ms >= INSIST_MS:
            self._trust(bounds.nearest(rival))

    def _trust(self, offset_ms: int) -> None:
        self.doubt, self._offset_ms, self._rival = None, offset_ms, None

    @staticmethod
    def _refined(offset_ms: int, wall_offset_ms: int) -> int:
        """Return the wall clock's offset unless it is wrong, because it is finer than Discord's reports."""
        return wall_offset_ms if abs(wall_offset_ms - offset_ms) <= STEP_MS else offset_ms
