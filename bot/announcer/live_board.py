"""What this process knows of one live event's board: what it shows, what is missing, and when to look again."""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.announcer.lag import Unshown
from bot.domain.deadlines import SETTLED_MS
from bot.domain.live import LiveEvent
from bot.domain.live_displays import SHOWN_FOR_MS, BoardMessage
from bot.domain.live_progress import PACE_MS, LiveProgress
from bot.domain.match import Match
from bot.domain.momentum import Ride, Train
from bot.domain.posts import REPOST_MS
from bot.domain.trains import Railway
from bot.ui.kit.cards import Card
from bot.ui.kit.posting import Place

BURIED = 10
"""This many messages below a board, by anybody, bury it. Then it is posted anew."""

SIGHT_MS = 30_000
"""How often Discord is asked what stands below a board, at most."""

LOOK_GAP_MS = 500
"""The shortest time between two looks at the books for one board."""


@dataclass(slots=True, eq=False)
class LiveBoard:
    """The board of `event`.

    `progress` covers the journal up to row `seq`, without what was taken back up to row `clean_seq`. `is_dirty` is set
    while there may be something new. `content` is what Discord was last given. `asked_ms` is when Discord was last
    asked what stands below it, and `is_unasked` is set once it has changed since. Nothing is tried before
    `rest_until_ms`. `look_ms` is when the board changes by the clock alone. `railway` has the trains of other events
    that are over, and `beside` returns those that this process knows of, whose boards know of `known_trains`. `rides`
    are the trains of the event that are written down.
    """

    event: LiveEvent
    progress: LiveProgress | None = None
    matches: list[Match] = field(default_factory=list[Match])
    railway: Railway = field(default_factory=Railway)
    beside: Callable[[], tuple[Train, ...]] = tuple[Train, ...]
    known_trains: list[Train] = field(default_factory=list[Train])
    rides: list[Ride] | None = None
    seq: int = 0
    clean_seq: int = 0
    is_dirty: bool = True
    is_closed: bool = False
    unshown: Unshown = field(default_factory=Unshown)
    content: Card | None = None
    edited_ms: int = 0
    looked_ms: int = 0
    rest_until_ms: int = 0
    look_ms: float = math.inf
    checked_rounds: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    asked_ms: int = 0
    is_unasked: bool = False
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    task: asyncio.Task[None] | None = None
    moving: asyncio.Task[None] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether somebody is looking after it."""
        return self.task is not None and not self.task.done()

    @property
    def ready_ms(self) -> float:
        """When it is to be looked after next, infinity if only something new makes that necessary."""
        is_due = self.is_dirty or self.unshown.since_ms is not None
        return max(self.rest_until_ms, self.looked_ms + LOOK_GAP_MS, -math.inf if is_due else self.look_ms)

    @property
    def place(self) -> Place:
        """The channel that it stands in."""
        return Place(self.event.guild_id, self.event.channel_id)

    @property
    def rails(self) -> Railway:
        """All trains of other events that run or ran meanwhile, and the record."""
        others = {train.started_seq: train for train in (*self.beside(), *self.railway.others)}
        return Railway(tuple(others.values()), self.railway.record)

    def trains(self, now_ms: int) -> list[Train]:
        """Return the trains of its event that run or ran until now."""
        momentum = self.progress.momentum if self.progress is not None else None
        newest = momentum.at(now_ms) if momentum is not None else None
        return [newest] if newest is not None else []

    def plan(self, posted: BoardMessage | None, now_ms: int) -> None:
        """Note when it changes by the clock. `posted` is its message."""
        if self.event.ended_ms is not None:
            self.look_ms = math.inf
            is_over = now_ms - self.event.ended_ms > SHOWN_FOR_MS
            self.is_closed = posted is None or posted.closed or is_over
            return
        times: list[float] = []
        progress = self.progress
        train = progress.momentum.train if progress is not None else None
        if train is not None and train.ended_ms is None:
            times += [train.level_ends_ms, train.level_ends_ms + SETTLED_MS]
        if progress is not None and progress.pace(now_ms):
            times.append(progress.latest[-1].at_ms + PACE_MS)
        if posted is not None and not posted.closed:
            times.append(posted.posted_ms + REPOST_MS)
            # While somebody asks just now, it is looked at later, in case that fails.
            asks_at_ms = self._asks_at(posted)
            times += [asks_at_ms if asks_at_ms > now_ms else now_ms + SIGHT_MS] if self.is_unasked else []
            times += [now_ms + SIGHT_MS] if posted.replaced_id is not None else []
        self.look_ms = min((time_ms for time_ms in times if time_ms > now_ms), default=math.inf)

    def is_old(self, posted: BoardMessage, now_ms: int) -> bool:
        """Whether its message is so old that it has to be posted anew, to stay editable."""
        return now_ms - posted.posted_ms >= REPOST_MS

    def asks(self, posted: BoardMessage, now_ms: int) -> bool:
        """Whether it is time to ask what stands below it: it has changed, and the last answer is not fresh."""
        return self.is_unasked and now_ms >= self._asks_at(posted)

    def _asks_at(self, posted: BoardMessage) -> int:
        # Nothing stands below a board that was just posted.
        return max(self.asked_ms, posted.posted_ms) + SIGHT_MS
