"""The board of each live event: one message that shows how it goes, and is edited only when there is something new.

A board takes its turn at the channel's pace, and what it shows is read when the turn has come: a storm of gifts makes
edits fuller, not more. Where it stands is kept, so the next process goes on with the same message.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from functools import partial
from hashlib import blake2b
from typing import Any

import aiohttp
import discord

from bot.announcer import staff
from bot.announcer.behind import Behind
from bot.announcer.failures import UNKNOWN_MESSAGE, Failure, meaning_of
from bot.announcer.moments import STALE_MS, Moment, moments_of
from bot.announcer.notices import heed
from bot.announcer.pace import Kind, Pace
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

AGAIN_MS, REFUSED_MS = 5_000, 60_000
"""How long a board is left alone whose channel does not answer, or takes nothing."""

_MISSED = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


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
        pace: Pace,
        clock: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._services = services
        self._shows = services.shows
        self._client = client
        self._pace = pace
        self._heed = partial(heed, client, services.telling, pace)
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
        events = [event for event in await self._shows.on_air() if self._reaches(event.guild_id)]
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

    def _reaches(self, guild_id: int) -> bool:
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable

    async def _tend(self, board: _Board, event: LiveEvent) -> None:
        try:
            await self._read(board, event)
            if event.ended_ms is None:
                await self._look_at_matches(board, event)
            await self._say(board, event)
            await self._update(board, event)
        except _MISSED as error:
            closed = await self._heed(event.guild_id, event.channel_id, error)
            board.quiet_until_ms = self._clock() + (REFUSED_MS if closed else AGAIN_MS)
            log.warning("The board of live event %s waits: %r", event.event_id, error)
        except Exception:
            log.exception("The board of live event %s failed", event.event_id)

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

    async def _say(self, board: _Board, event: LiveEvent) -> None:
        """Say what happened, each moment once."""
        assert board.show is not None
        if board.told is None:
            board.told = await self._shows.was_told(event)
        for moment in moments_of(event, board.show, self._clock()):
            if moment.name in board.told:
                continue
            if self._clock() - moment.at_ms < STALE_MS:
                await self._post_moment(event, moment)
            await self._shows.mark_told(event, moment.name)
            board.told.add(moment.name)

    async def _post_moment(self, event: LiveEvent, moment: Moment) -> None:
        said = self._borne(event, reply(moment.embed(self._reader(event))))
        try:
            async with self._pace.turn(event.channel_id, Kind.LOUD):
                await self._channel(event).send(nonce=_nonce(event, moment.name), **said.sent())
        except discord.HTTPException as error:
            if meaning_of(error) is not Failure.MESSAGE:
                raise
            log.warning("Discord does not take %s of live event %s: %s", moment.name, event.event_id, error)

    async def _update(self, board: _Board, event: LiveEvent) -> None:
        at = await self._shows.board(event)
        if at is not None and at.closed:
            return
        if at is None:
            if event.ended_ms is None:
                await self._post(board, event, BoardMessage(0, 0, 0, closed=False))
        elif at.posted_ms + REPOST_MS <= self._clock() and event.ended_ms is None:
            await self._post(board, event, at)
            await self._take_down(event, at)
        elif board.waiting_ms is not None or _fingerprint((await self._panel(board, event))[0]) != board.shown:
            await self._sleep(max(0, board.edited_ms + GAP_MS - self._clock()) / 1000)
            await self._edit(board, event, at)

    async def _post(self, board: _Board, event: LiveEvent, at: BoardMessage) -> None:
        """Post a board in place of the one that stands at `at`."""
        async with self._pace.turn(event.channel_id, Kind.BOARD):
            board.edited_ms = self._clock()
            panel, _ = await self._panel(board, event)
            nonce = _nonce(event, f"board:{at.message_id}")
            sent = await self._channel(event).send(nonce=nonce, **panel.sent())
        await self._shows.keep_board(event, at._replace(message_id=sent.id, posted_ms=self._clock()))
        self._done(board, panel)

    async def _edit(self, board: _Board, event: LiveEvent, at: BoardMessage) -> None:
        message = self._channel(event).get_partial_message(at.message_id)
        async with self._pace.turn(event.channel_id, Kind.BOARD, verb="PATCH", subject=event.event_id) as mine:
            if not mine:
                return
            # What came while the channel rested goes into the same edit.
            board.edited_ms = self._clock()
            panel, status = await self._panel(board, event)
            try:
                await message.edit(**panel.edited())
            except discord.NotFound as error:
                if error.code != UNKNOWN_MESSAGE:
                    raise
                await self._deleted(event, at)
                return
        self._done(board, panel)
        if status.event.ended_ms is not None:
            await self._shows.keep_board(event, at._replace(closed=True))
            self.behind.tell(self._clock(), now=True)

    async def _deleted(self, event: LiveEvent, at: BoardMessage) -> None:
        """Make a board anew that somebody deleted, once; whoever deletes it twice does not want it."""
        if at.made or event.ended_ms is not None:
            await self._shows.keep_board(event, at._replace(closed=True))
            if event.ended_ms is None:
                nonce = _nonce(event, "unwanted")
                await staff.tell(self._client, self._pace, event.guild_id, lambda r: unwanted(event, r), nonce=nonce)
        else:
            await self._shows.keep_board(event, at._replace(posted_ms=self._clock() - REPOST_MS, made=1))

    async def _take_down(self, event: LiveEvent, at: BoardMessage) -> None:
        """Remove a board that has been posted anew."""
        try:
            async with self._pace.turn(event.channel_id, Kind.TOTALS, verb="DELETE"):
                await self._channel(event).get_partial_message(at.message_id).delete()
        except discord.NotFound:
            log.debug("The old board of live event %s was gone already", event.event_id)

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
        now_ms = self._clock()
        board.shown = _fingerprint(panel)
        if board.waiting_ms is not None:
            self.behind.measured(now_ms - board.waiting_ms)
            board.waiting_ms = None

    def _borne(self, event: LiveEvent, said: Reply) -> Reply:
        return borne(said, allowed_in(self._client.get_guild(event.guild_id), event.channel_id))

    def _reader(self, event: LiveEvent) -> Reader:
        return Reader.for_guild(self._client.get_guild(event.guild_id))

    def _channel(self, event: LiveEvent) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(event.channel_id, guild_id=event.guild_id)


def _fingerprint(panel: Reply) -> dict[str, Any]:
    """Return what tells two boards apart."""
    return {"embeds": [embed.to_dict() for embed in panel.embeds], "items": len(panel.items), "plain": panel.plain}


def _nonce(event: LiveEvent, what: str) -> str:
    """Return the same for the same message, another for any other: at most 25 characters."""
    return blake2b(f"{event.event_id}:{what}".encode(), digest_size=12).hexdigest()
