"""The board of each live event: one message that shows how it goes, and is edited only when there is something new.

A board takes its turn at the channel's pace, and what it shows is read when the turn has come: a storm of gifts makes
edits fuller, not more. Where it stands is kept, so the next process goes on with the same message.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import Any

import discord

from bot.announcer.behind import Behind
from bot.announcer.courier import Courier, Later, Outcome, Place, Posted, Refused
from bot.announcer.failures import UNKNOWN_MESSAGE
from bot.announcer.moments import STALE_MS, Moment, moments_of
from bot.announcer.pace import Kind
from bot.announcer.staff import Staff
from bot.client import Rosette
from bot.domain.live import LiveEvent
from bot.domain.match import Match
from bot.domain.show import Show
from bot.services import Services
from bot.services.shows import PAGE, BoardMessage, LiveStatus
from bot.ui.channels import allowed_in, borne
from bot.ui.live_card import Scene, live_embed, over_embed, unwanted
from bot.ui.presence import presence_of
from bot.ui.replies import Reply, reply
from bot.ui.shortcuts import gift_button
from bot.ui.texts import Reader

log = logging.getLogger(__name__)

GAP_MS = 3_000
"""Least time between two edits of one board."""

REPOST_MS = 55 * 60_000
"""A message older than an hour is hard to edit: it is posted anew before that."""

LOOK_MS = 2_000
"""How often a board is looked at where no gift comes: trains and matches go by the clock."""

AGAIN_MS = 5_000
"""How long a board is left alone that could not be brought up to date; the courier may ask for nothing then, either."""


@dataclass(slots=True, eq=False)
class _Board:
    """What this process knows of one board. `seq` is the row up to which `show` has been read; `waiting_ms` is the
    moment of the oldest gift that is not shown yet."""

    event: LiveEvent | None = None
    show: Show | None = None
    matches: list[Match] = field(default_factory=list[Match])
    seq: int = 0
    stirred: bool = True
    waiting_ms: int | None = None
    told: set[str] | None = None
    shown: dict[str, Any] | None = None
    edited_ms: int = 0
    looked_ms: int = 0
    quiet_until_ms: int = 0
    checked: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])
    task: asyncio.Task[None] | None = None

    def wants(self, event: LiveEvent, now_ms: int) -> bool:
        """Whether there may be something to do for the board of `event`."""
        if (self.task is not None and not self.task.done()) or now_ms < self.quiet_until_ms:
            return False
        return self.stirred or self.waiting_ms is not None or self.event != event or now_ms - self.looked_ms >= LOOK_MS


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
        self._shows = services.shows
        self._client = client
        self._courier = courier
        self._staff = staff
        self._clock = clock
        self._sleep = sleep
        self._boards: dict[tuple[int, int], _Board] = {}
        self.behind = Behind()

    def stir(self, guild_ids: Collection[int]) -> None:
        """Have the boards of guilds whose journals grew look for new gifts."""
        for (guild_id, _), board in self._boards.items():
            board.stirred = board.stirred or guild_id in guild_ids

    async def tend(self) -> None:
        """Look after every board of the guilds that this process can reach, each in a task of its own."""
        await self._client.wait_until_ready()
        events = [event for event in await self._shows.on_air() if self._courier.reaches(event.guild_id)]
        for event in events:
            board = self._boards.setdefault((event.guild_id, event.event_id), _Board())
            if board.wants(event, self._clock()):
                board.event, board.looked_ms = event, self._clock()
                board.task = asyncio.create_task(self._tend(board, event), name=f"board of {event.event_id}")
        on_air = {(event.guild_id, event.event_id) for event in events}
        self._boards = {key: board for key, board in self._boards.items() if key in on_air}
        self.behind.tell(self._clock())

    async def stop(self) -> None:
        """Stop in the middle: the next start goes on where this one was."""
        tasks = [board.task for board in self._boards.values() if board.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tend(self, board: _Board, event: LiveEvent) -> None:
        try:
            await self._read(board, event)
            if event.ended_ms is None:
                await self._look_at_matches(board, event)
            if not await self._say(board, event) or isinstance(await self._update(board, event), Later):
                board.quiet_until_ms = self._clock() + AGAIN_MS
        except Exception:
            log.exception("The board of live event %s failed", event.event_id)
            board.quiet_until_ms = self._clock() + AGAIN_MS

    async def _read(self, board: _Board, event: LiveEvent) -> Show:
        """Bring the story of the event up to date; a new goal or match has it told from the start."""
        matches = await self._shows.matches(event)
        show = board.show
        if show is None or show.goal != event.goal or board.matches != matches:
            show = board.show = Show(event, matches)
            board.matches, board.seq, board.stirred = matches, event.start_seq, True
        # One page after the other, but only as far as the journal goes now: in a storm it never stops growing.
        more = board.stirred
        while more:
            board.stirred = False
            gifts, seq = await self._shows.follow(event, board.seq)
            show.feed(gifts)
            if gifts and board.waiting_ms is None:
                board.waiting_ms = gifts[0].at_ms
            more = seq - board.seq >= PAGE
            board.seq = seq
        return show

    async def _look_at_matches(self, board: _Board, event: LiveEvent) -> None:
        """Once a round, break a match off whose creators are not both here any more."""
        for match in board.matches:
            number = match.round_at(self._clock())
            if number is None or (match.match_id, number) in board.checked:
                continue
            board.checked.add((match.match_id, number))
            both = {match.creator_id, match.opponent_id}
            approved = {one.member_id for one in await self._services.creators.creators(event.guild_id)}
            if not both <= approved & await presence_of(self._client).here(event.guild_id, both):
                await self._services.matches.drop(match)

    async def _say(self, board: _Board, event: LiveEvent) -> bool:
        """Say what happened, each moment once; return False if some of it has to wait."""
        assert board.show is not None
        if board.told is None:
            board.told = await self._shows.was_told(event)
        for moment in moments_of(event, board.show, self._clock()):
            if moment.name in board.told:
                continue
            if self._clock() - moment.at_ms < STALE_MS and isinstance(await self._post_moment(event, moment), Later):
                return False
            await self._shows.mark_told(event, moment.name)
            board.told.add(moment.name)
        return True

    async def _post_moment(self, event: LiveEvent, moment: Moment) -> Outcome:
        async def written() -> Reply:
            return reply(moment.embed(self._reader(event)))

        name = f"moment:{event.event_id}:{moment.name}"
        return await self._courier.post_once(_place(event), name, written, kind=Kind.LOUD)

    async def _update(self, board: _Board, event: LiveEvent) -> Outcome | None:
        at = await self._shows.board(event)
        if at is not None and at.closed:
            return None
        if at is None:
            first = BoardMessage(0, 0, 0, closed=False)
            outcome = await self._post(board, event, first) if event.ended_ms is None else None
            return await self._settled(event, at or first, outcome)
        if at.posted_ms + REPOST_MS <= self._clock() and event.ended_ms is None:
            outcome = await self._post(board, event, at)
            if isinstance(outcome, Posted):
                await self._take_down(event, at)
            return await self._settled(event, at, outcome)
        if board.waiting_ms is not None or _fingerprint((await self._panel(board, event))[0]) != board.shown:
            await self._sleep(max(0, board.edited_ms + GAP_MS - self._clock()) / 1000)
            return await self._settled(event, at, await self._edit(board, event, at))
        return None

    async def _settled(self, event: LiveEvent, at: BoardMessage, outcome: Outcome | None) -> Outcome | None:
        """Give a board up that Discord will not have, or that has nowhere to stand any more."""
        if isinstance(outcome, Refused):
            if outcome.code == UNKNOWN_MESSAGE:
                await self._deleted(event, at)
            else:
                await self._shows.keep_board(event, at._replace(closed=True))
        return outcome

    async def _post(self, board: _Board, event: LiveEvent, at: BoardMessage) -> Outcome:
        """Post a board in place of the one that stands at `at`."""

        async def written() -> Reply:
            nonlocal panel
            board.edited_ms = self._clock()
            panel, _ = await self._panel(board, event)
            return panel

        panel, name = reply(discord.Embed()), f"board:{event.event_id}:{at.message_id}"
        outcome = await self._courier.post_once(_place(event), name, written, kind=Kind.BOARD)
        if isinstance(outcome, Posted):
            await self._shows.keep_board(event, at._replace(message_id=outcome.message_id, posted_ms=self._clock()))
            self._done(board, panel)
        return outcome

    async def _edit(self, board: _Board, event: LiveEvent, at: BoardMessage) -> Outcome:
        async def edit(channel: discord.PartialMessageable) -> int:
            nonlocal panel, is_over
            # What came while the channel rested goes into the same edit.
            board.edited_ms = self._clock()
            panel, status = await self._panel(board, event)
            is_over = status.event.ended_ms is not None
            return (await channel.get_partial_message(at.message_id).edit(**panel.edited())).id

        panel, is_over = reply(discord.Embed()), False
        place, subject = _place(event), event.event_id
        outcome = await self._courier.carry(place, edit, kind=Kind.BOARD, verb="PATCH", subject=subject)
        if isinstance(outcome, Posted):
            self._done(board, panel)
            if is_over:
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
            await self._shows.keep_board(event, at._replace(posted_ms=self._clock() - REPOST_MS, made=1))

    async def _take_down(self, event: LiveEvent, at: BoardMessage) -> None:
        """Remove a board that has been posted anew; one that cannot be removed stays."""

        async def delete(channel: discord.PartialMessageable) -> int:
            await channel.get_partial_message(at.message_id).delete()
            return at.message_id

        await self._courier.carry(_place(event), delete, kind=Kind.TOTALS, verb="DELETE")

    async def _panel(self, board: _Board, event: LiveEvent) -> tuple[Reply, LiveStatus]:
        show, reader = await self._read(board, event), self._reader(event)
        status = await self._shows.status(event)
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

    def _done(self, board: _Board, panel: Reply) -> None:
        board.shown = _fingerprint(panel)
        if board.waiting_ms is not None:
            self.behind.measured(self._clock() - board.waiting_ms)
            board.waiting_ms = None

    def _borne(self, event: LiveEvent, said: Reply) -> Reply:
        return borne(said, allowed_in(self._client.get_guild(event.guild_id), event.channel_id))

    def _reader(self, event: LiveEvent) -> Reader:
        return Reader.for_guild(self._client.get_guild(event.guild_id))


def _fingerprint(panel: Reply) -> dict[str, Any]:
    """Return what tells two boards apart."""
    return {"embeds": [embed.to_dict() for embed in panel.embeds], "items": len(panel.items), "plain": panel.plain}


def _place(event: LiveEvent) -> Place:
    return Place(event.guild_id, event.channel_id)
