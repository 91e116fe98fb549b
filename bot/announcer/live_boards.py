"""The board of each live event: one message that shows its progress, and is edited only when there is something new.

A board takes its turn at the channel's pace, and its content is read when the turn has come: a storm of gifts makes
edits fuller, not more frequent. Its place is saved, so the next process continues with the same message. Nothing polls
it: gifts, changes of the event and the rounds of a match wake it, and it knows when a train ends.
"""

import asyncio
import logging
import math
from collections.abc import Callable, Collection
from functools import partial

from bot.announcer.board_delivery import BoardDelivery
from bot.announcer.courier import Courier
from bot.announcer.live_board import LiveBoard
from bot.announcer.live_moments import LiveMoments
from bot.announcer.memory import LiveMemory
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.domain.momentum import Train
from bot.services import Services
from bot.ui.kit.posting import Later

log = logging.getLogger(__name__)

AGAIN_MS = 5_000
"""How long a board is left alone if it could not be brought up to date."""

SHARED_LOOK_MS = 5_000
"""How often a board is looked at for gifts that went through another bot over the same books."""


class LiveBoards:
    """Looks after all boards. `clock` gives milliseconds since the epoch, UTC.

    `wake` is called when `refresh` has something to do. If `is_shared`, other bots may write to the same books.
    """

    def __init__(
        self,
        services: Services,
        memory: LiveMemory,
        client: Rosette,
        courier: Courier,
        delivery: BoardDelivery,
        clock: Callable[[], int],
        *,
        is_shared: bool = False,
    ) -> None:
        self._services = services
        self._memory = memory
        self._client = client
        self._courier = courier
        self._delivery = delivery
        self._clock = clock
        self._look_every_ms = SHARED_LOOK_MS if is_shared else math.inf
        self._boards: dict[tuple[int, int], LiveBoard] = {}
        self._is_new = True
        self._moments = LiveMoments(services, memory, client, courier, clock)
        self.wake: Callable[[], None] = lambda: None

    @property
    def behind_s(self) -> float:
        """For how many seconds the oldest gift that a board does not show yet has been waiting."""
        since = [board.unshown.since_ms for board in self._boards.values() if board.unshown.since_ms is not None]
        return max(0, self._clock() - min(since)) / 1000 if since else 0.0

    def hear(self, guild_ids: Collection[int]) -> None:
        """Look for new gifts in guilds whose journals grew."""
        boards = [board for (guild_id, _), board in self._boards.items() if guild_id in guild_ids]
        for board in boards:
            board.is_dirty = True
        if boards:
            self.wake()

    def retry(self, guild_id: int) -> None:
        """Try again at once what had to wait in a guild."""
        for board in self._boards.values():
            if board.event.guild_id == guild_id:
                board.rest_until_ms = 0
        self.hear([guild_id])

    async def show(self, deadline: Deadline) -> int | None:
        """Show what has changed in a live event; return when the next break of its creators ends, if any does."""
        event = await self._memory.event(deadline.guild_id, deadline.subject)
        if event is None:
            return None
        board = self._boards.setdefault((event.guild_id, event.event_id), LiveBoard(event))
        if event.ended_ms is not None:
            # Its trains are written down before this is done: after a restart, nobody looks after an old event.
            await self._delivery.read(board)
        board.is_dirty = True
        self.wake()
        if event.ended_ms is not None:
            return None
        return await self._services.creators.reception.next_return(event.guild_id, event.event_id)

    async def show_match(self, deadline: Deadline) -> int | None:
        """Show that a match looks different now; return when it does next."""
        event_id = await self._services.matches.event_of(deadline.guild_id, deadline.subject)
        board = self._boards.get((deadline.guild_id, event_id or 0))
        if board is not None:
            board.is_dirty = True
            self.wake()
        return await self._services.matches.next_change(deadline.guild_id, deadline.subject)

    async def refresh(self) -> float | None:
        """Look after every board for which it is time, each in a task. Return for how many seconds there is no need."""
        await self._client.wait_until_ready()
        if self._is_new:
            for event in await self._memory.on_air():
                if self._client.serves(event.guild_id):
                    self._boards.setdefault((event.guild_id, event.event_id), LiveBoard(event))
            self._is_new = False
        now_ms = self._clock()
        self._boards = {key: board for key, board in self._boards.items() if not board.is_closed}
        boards = [board for board in self._boards.values() if self._courier.reaches(board.event.guild_id)]
        for board in boards:
            if not board.is_busy and board.ready_ms <= now_ms:
                board.looked_ms = now_ms
                board.task = asyncio.create_task(self._tend(board), name=f"board of {board.event.event_id}")
                board.task.add_done_callback(lambda _: self.wake())
        self._delivery.lag.report(now_ms)
        times = [board.ready_ms for board in boards if not board.is_busy]
        return max(0.0, (min(times) - now_ms) / 1000) if times else None

    async def stop(self) -> None:
        """Stop in the middle. The next process goes on where this one was."""
        tasks = [task for board in self._boards.values() for task in (board.task, board.moving) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._moments.stop()

    async def _tend(self, board: LiveBoard) -> None:
        try:
            pause = await self._look(board)
            posted = await self._memory.board(board.event)
        except Exception:
            log.exception("The board of live event %s could not be updated; trying again", board.event.event_id)
            pause, posted = Later(0), None
        now_ms = self._clock()
        if (trains := board.trains(now_ms)) != board.known_trains:
            board.known_trains = trains
            self._wake_beside(board)
        if pause is None:
            board.plan(posted, now_ms)
            board.look_ms = min(board.look_ms, now_ms + self._look_every_ms)
        else:
            board.is_dirty, board.rest_until_ms = True, max(pause.at_ms, now_ms + AGAIN_MS)

    async def _look(self, board: LiveBoard) -> Later | None:
        """Bring a board up to date; return what it has to wait for, None if it shows everything."""
        # Asked when the board is written: until its turn has come, other trains go on.
        board.beside = partial(self._trains_beside, board)
        progress = await self._delivery.read(board)
        event = board.event
        if event.ended_ms is None:
            await self._check_matches(board)
            self._moments.begin(event, progress, board.rails)
        # Nobody looks after an event any more once its board is closed.
        elif (pause := await self._moments.announce(event, progress, board.rails)) is not None:
            return pause
        outcome = await self._delivery.update(board)
        return outcome if isinstance(outcome, Later) else None

    def _trains_beside(self, board: LiveBoard) -> tuple[Train, ...]:
        now_ms = self._clock()
        return tuple(train for other in self._beside(board) for train in other.trains(now_ms))

    def _wake_beside(self, board: LiveBoard) -> None:
        """Have the other boards of a guild look again: they show a train that is joined to their own, too."""
        for other in self._beside(board):
            other.is_dirty = True
        self.wake()

    def _beside(self, board: LiveBoard) -> list[LiveBoard]:
        guild_id, event_id = board.event.guild_id, board.event.event_id
        return [other for key, other in self._boards.items() if key[0] == guild_id and key[1] != event_id]

    async def _check_matches(self, board: LiveBoard) -> None:
        """Once a round, break a match off whose creators are not both here any more."""
        event = board.event
        for match in board.matches:
            number = match.round_at(self._clock())
            if number is None or (match.match_id, number) in board.checked_rounds:
                continue
            board.checked_rounds.add((match.match_id, number))
            both = {match.creator_id, match.opponent_id}
            approved = {creator.member_id for creator in await self._services.creators.creators(event.guild_id)}
            if not both <= approved & await self._client.membership.members_among(event.guild_id, both):
                await self._services.matches.drop(match)
