"""The board of each live event: one message that shows how it goes, and is edited only when there is something new.

A board takes its turn at the channel's pace, and what it shows is read when the turn has come: a storm of gifts makes
edits fuller, not more. Where it stands is kept, so the next process goes on with the same message.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any

import discord

from bot.announcer.board_state import BURIED_MS, REPOST_MS, Board
from bot.announcer.courier import Courier, Later, Outcome, Place, Posted, Refused
from bot.announcer.failures import UNKNOWN_MESSAGE
from bot.announcer.lag import LagMeter
from bot.announcer.live_moments import LiveMoments
from bot.announcer.pace import Kind
from bot.announcer.staff import Staff
from bot.client import Rosette
from bot.domain.live import LiveEvent
from bot.domain.live_progress import LiveProgress
from bot.services import Services
from bot.services.live_displays import PAGE, BoardMessage, LiveStatus
from bot.ui.channels import allowed_in, borne
from bot.ui.cross_links import gift_button
from bot.ui.live_card import Scene, live_embed, over_embed, unwanted
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply

log = logging.getLogger(__name__)

GAP_MS = 2_500
"""Least time between two edits of one board."""

AGAIN_MS = 5_000
"""How long a board is left alone that could not be brought up to date; the courier may ask for nothing then, either."""


class LiveBoards:
    """Tends all boards. `clock` gives milliseconds since the epoch, UTC; `sleep` waits for seconds."""

    def __init__(
        self,
        services: Services,
        client: Rosette,
        courier: Courier,
        staff: Staff,
        clock: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._services = services
        self._shows = services.live_displays
        self._client = client
        self._courier = courier
        self._staff = staff
        self._clock = clock
        self._sleep = sleep
        self._boards: dict[tuple[int, int], Board] = {}
        self._herald = LiveMoments(services.live_displays, client, courier, clock)
        self.behind = LagMeter()

    def stir(self, guild_ids: Collection[int]) -> None:
        """Have the boards of guilds whose journals grew look for new gifts."""
        for (guild_id, _), board in self._boards.items():
            board.stirred = board.stirred or guild_id in guild_ids

    async def tend(self) -> None:
        """Look after every board of the guilds that this process can reach, each in a task of its own."""
        await self._client.wait_until_ready()
        events = [event for event in await self._shows.on_air() if self._courier.reaches(event.guild_id)]
        for event in events:
            board = self._boards.setdefault((event.guild_id, event.event_id), Board())
            if board.wants(event, self._clock()):
                board.event, board.looked_ms = event, self._clock()
                board.task = asyncio.create_task(self._tend(board, event), name=f"board of {event.event_id}")
        on_air = {(event.guild_id, event.event_id) for event in events}
        self._boards = {key: board for key, board in self._boards.items() if key in on_air}
        self.behind.tell(self._clock())

    async def stop(self) -> None:
        """Stop in the middle: the next start goes on where this one was."""
        tasks = [task for board in self._boards.values() for task in (board.task, board.moving) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._herald.stop()

    async def _tend(self, board: Board, event: LiveEvent) -> None:
        try:
            await self._read(board, event)
            show = board.show
            assert show is not None
            if event.ended_ms is None:
                await self._look_at_matches(board, event)
                self._herald.begin(event, show)
            # Nobody looks after an event any more once its board is closed.
            is_said = event.ended_ms is None or await self._herald.say(event, show)
            if not is_said or isinstance(await self._update(board, event), Later):
                board.quiet_until_ms = self._clock() + AGAIN_MS
        except Exception:
            log.exception("The board of live event %s could not be updated; trying again", event.event_id)
            board.quiet_until_ms = self._clock() + AGAIN_MS

    async def _read(self, board: Board, event: LiveEvent) -> LiveStatus:
        """Bring the story of the event up to date; a new goal or match has it told from the start."""
        async with board.lock:
            # One page after the other, but only as far as the journal goes now: in a storm it never stops growing.
            while True:
                board.stirred = False
                board.seq = max(board.seq, event.start_seq)
                look = await self._shows.look(event, board.seq)
                show = board.show
                if show is None or show.goal != event.goal or board.matches != look.matches:
                    is_first = show is None
                    show, board.matches = LiveProgress(event, look.matches), look.matches
                    board.show = show
                    if not is_first:
                        board.seq = event.start_seq
                        continue
                show.feed(look.gifts)
                board.unshown.read(look.gifts, self._clock())
                is_whole = look.seq - board.seq < PAGE
                board.seq = look.seq
                if is_whole:
                    return look.status

    async def _look_at_matches(self, board: Board, event: LiveEvent) -> None:
        """Once a round, break a match off whose creators are not both here any more."""
        for match in board.matches:
            number = match.round_at(self._clock())
            if number is None or (match.match_id, number) in board.checked:
                continue
            board.checked.add((match.match_id, number))
            both = {match.creator_id, match.opponent_id}
            approved = {one.member_id for one in await self._services.creators.creators(event.guild_id)}
            if not both <= approved & await self._client.membership.members_among(event.guild_id, both):
                await self._services.matches.drop(match)

    async def _update(self, board: Board, event: LiveEvent) -> Outcome | None:
        at = await self._shows.board(event)
        if at is not None and at.closed:
            return None
        if at is None:
            first = BoardMessage(0, 0, 0, closed=False)
            outcome = await self._post(board, event, first) if event.ended_ms is None else None
            return await self._settled(event, at or first, outcome)
        if event.ended_ms is None and self._is_low(board, event, at) and (board.moving is None or board.moving.done()):
            board.moving = asyncio.create_task(self._move(board, event, at), name=f"board of {event.event_id} moves")
        if not at.message_id:
            # Deleted: there is nothing to edit until it is posted anew.
            if event.ended_ms is not None:
                await self._shows.keep_board(event, at._replace(closed=True))
            return None
        if board.unshown.since_ms is not None or _fingerprint((await self._panel(board, event))[0]) != board.shown:
            await self._sleep(max(0, board.edited_ms + GAP_MS - self._clock()) / 1000)
            return await self._settled(event, at, await self._edit(board, event, at))
        return None

    def _is_low(self, board: Board, event: LiveEvent, at: BoardMessage) -> bool:
        """Whether a board is so old, or stands so far up, that it has to be posted anew."""
        is_buried, age_ms = board.is_buried(self._courier.messages_in(_place(event))), self._clock() - at.posted_ms
        return age_ms >= REPOST_MS or (is_buried and age_ms >= BURIED_MS)

    async def _move(self, board: Board, event: LiveEvent, at: BoardMessage) -> None:
        """Post a board anew; the old one is edited as long as that has to wait."""
        try:
            outcome = await self._post(board, event, at)
            if isinstance(outcome, Posted) and at.message_id:
                await self._take_down(event, at)
            await self._settled(event, at, outcome)
        except Exception:
            log.exception("The board of live event %s could not be moved; trying again", event.event_id)

    async def _settled(self, event: LiveEvent, at: BoardMessage, outcome: Outcome | None) -> Outcome | None:
        """Give a board up that Discord will not have, or that has nowhere to stand any more."""
        current = await self._shows.board(event)
        if isinstance(outcome, Refused) and (current is None or current.message_id == at.message_id):
            if outcome.code == UNKNOWN_MESSAGE:
                await self._deleted(event, at)
            else:
                await self._shows.keep_board(event, at._replace(closed=True))
        return outcome

    async def _post(self, board: Board, event: LiveEvent, at: BoardMessage) -> Outcome:
        """Post a board in place of the one that stands at `at`."""

        async def written() -> Reply:
            nonlocal panel, seq
            board.edited_ms = self._clock()
            panel, _ = await self._panel(board, event)
            seq = board.seq
            return panel

        seq = board.seq
        panel, name = reply(discord.Embed()), f"board:{event.event_id}:{at.message_id}:{at.made}"
        outcome = await self._courier.post_once(_place(event), name, written, kind=Kind.BOARD)
        if isinstance(outcome, Posted):
            await self._shows.keep_board(event, at._replace(message_id=outcome.message_id, posted_ms=self._clock()))
            board.below = self._courier.messages_in(_place(event))
            self._done(board, panel, seq)
        return outcome

    async def _edit(self, board: Board, event: LiveEvent, at: BoardMessage) -> Outcome:
        async def edit(channel: discord.PartialMessageable) -> int:
            nonlocal panel, is_over, seq
            # What came while the channel rested goes into the same edit.
            board.edited_ms = self._clock()
            panel, status = await self._panel(board, event)
            is_over, seq = status.event.ended_ms is not None, board.seq
            return (await channel.get_partial_message(at.message_id).edit(**panel.edited())).id

        panel, is_over, seq = reply(discord.Embed()), False, board.seq
        place, subject = _place(event), event.event_id
        outcome = await self._courier.carry(place, edit, kind=Kind.BOARD, verb="PATCH", subject=subject)
        if isinstance(outcome, Posted):
            self._done(board, panel, seq)
            current = await self._shows.board(event)
            if current is not None and current.message_id != at.message_id:
                # It was posted anew meanwhile: what stands there now may be behind this edit.
                board.shown = None
            elif is_over:
                await self._shows.keep_board(event, at._replace(closed=True))
                self.behind.tell(self._clock(), now=True)
        return outcome

    async def _deleted(self, event: LiveEvent, at: BoardMessage) -> None:
        """Make a board anew that somebody deleted, once; whoever deletes it twice does not want it."""
        if at.made or event.ended_ms is not None:
            await self._shows.keep_board(event, at._replace(closed=True))
            if event.ended_ms is None:
                await self._staff.tell(event.guild_id, f"unwanted:{event.event_id}", lambda r: unwanted(event, r))
        else:
            gone = at._replace(message_id=0, posted_ms=self._clock() - REPOST_MS, made=1)
            await self._shows.keep_board(event, gone)

    async def _take_down(self, event: LiveEvent, at: BoardMessage) -> None:
        """Remove a board that has been posted anew; one that cannot be removed stays."""

        async def delete(channel: discord.PartialMessageable) -> int:
            await channel.get_partial_message(at.message_id).delete()
            return at.message_id

        await self._courier.carry(_place(event), delete, kind=Kind.TOTALS, verb="DELETE")

    async def _panel(self, board: Board, event: LiveEvent) -> tuple[Reply, LiveStatus]:
        status, reader = await self._read(board, event), self._reader(event)
        show = board.show
        assert show is not None
        if status.event.ended_ms is not None:
            return self._borne(event, reply(over_embed(status, reader))), status
        now_ms = self._clock()
        senders = {gift.sender for gift in show.latest if gift.sender is not None}
        scene = Scene(
            latest=tuple(show.latest),
            members=await self._shows.members(event.guild_id, senders),
            train=show.momentum.at(now_ms),
            match=show.matches[-1].at(now_ms) if show.matches else None,
        )
        board_now = reply(live_embed(status, reader, scene), [gift_button(event.event_id, reader)])
        return self._borne(event, board_now), status

    def _done(self, board: Board, panel: Reply, seq: int) -> None:
        board.shown = _fingerprint(panel)
        self.behind.measured(board.unshown.show(seq, self._clock()))

    def _borne(self, event: LiveEvent, said: Reply) -> Reply:
        return borne(said, allowed_in(self._client.get_guild(event.guild_id), event.channel_id))

    def _reader(self, event: LiveEvent) -> Reader:
        return Reader.for_guild(self._client.get_guild(event.guild_id))


def _fingerprint(panel: Reply) -> dict[str, Any]:
    """Return what tells two boards apart."""
    return {"embeds": [embed.to_dict() for embed in panel.embeds], "items": len(panel.items), "plain": panel.plain}


def _place(event: LiveEvent) -> Place:
    return Place(event.guild_id, event.channel_id)
