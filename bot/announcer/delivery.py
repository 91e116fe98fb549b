"""Brings each announcement to its channel: posts it when its turn comes, lets it grow, pins what is worth it.

Nobody's money depends on any of this. What Discord will never take is left. What a channel refuses for now waits and
grows, so that in the end it tells all that was missed.
"""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import discord

from bot.announcer.courier import Courier, Later, Outcome, Place, Posted, Refused
from bot.announcer.failures import UNKNOWN_MESSAGE, is_certain
from bot.announcer.messages import Draft, Messages
from bot.announcer.pace import Kind
from bot.client import Rosette
from bot.domain.announcements import Announcement, ChannelFeed
from bot.domain.catalogue import Tier
from bot.domain.posts import PINNED_MS, Post, PostForm, may_pin
from bot.domain.receipts import Receipt
from bot.domain.turns import WINDOW_S
from bot.services import Services

log = logging.getLogger(__name__)

REPOST_MS = 55 * 60_000
"""A message older than an hour is hard to edit: it is posted anew before that."""


@dataclass(slots=True, eq=False)
class GuildFeed:
    """What is being told in one guild. Whoever changes a post, or decides what to show of it, holds the lock."""

    guild_id: int
    desks: dict[int, ChannelFeed] = field(default_factory=dict[int, ChannelFeed])
    pinned: list[Post] = field(default_factory=list[Post])
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: dict[object, asyncio.Task[None]] = field(default_factory=dict[object, asyncio.Task[None]])

    def desk(self, channel_id: int) -> ChannelFeed:
        """Return what is being told in a channel."""
        return self.desks.setdefault(channel_id, ChannelFeed(self.guild_id, channel_id))

    def desk_of(self, gift: Receipt) -> ChannelFeed:
        """Return what is being told in the channel in which a gift was sent."""
        return self.desk(gift.facts["channel"])


class Delivery:
    """Starts one task for each message that has something new to show."""

    def __init__(self, services: Services, client: Rosette, courier: Courier) -> None:
        self._telling = services.announcements
        self._courier = courier
        self._messages = Messages(services, client)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, room: GuildFeed) -> None:
        """Begin to show what is due in a guild and not on its way yet."""
        now_ms = self._telling.clock()
        for desk in room.desks.values():
            announcements = {one.post.key: one for one in desk.announcements}
            for post in desk.posts:
                if post.waits(now_ms):
                    self._begin(room, post.key, self._deliver(room, post, announcements.get(post.key)))
        for post in room.pinned:
            if post.unpin_ms <= now_ms:
                self._begin(room, ("unpin", post.key), self._unpin(room, post))

    def enter(self, room: GuildFeed) -> None:
        """Take into account what an earlier process has posted into the channels of a guild."""
        for post in [post for desk in room.desks.values() for post in desk.posts]:
            ago_s = (self._telling.clock() - post.posted_ms) / 1000
            if ago_s < WINDOW_S:
                self._courier.recall(_place(post), ago_s, kind=post.kind)

    async def leave(self, room: GuildFeed) -> None:
        """Stop what is on its way in a guild."""
        tasks = list(room.tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def stop(self) -> None:
        """Stop everything."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, room: GuildFeed, key: object, work: Coroutine[Any, Any, None]) -> None:
        if key in room.tasks:
            work.close()
            return
        task = room.tasks[key] = asyncio.create_task(work, name=f"telling {key}")
        self._tasks.add(task)

        def done(task: asyncio.Task[None]) -> None:
            room.tasks.pop(key, None)
            self._tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("Announcement %s in guild %s failed", key, room.guild_id, exc_info=error)

        task.add_done_callback(done)

    async def _deliver(self, room: GuildFeed, post: Post, announcement: Announcement | None) -> None:
        """Show a message until it shows everything. What has to wait is tried again by the next `start`."""
        while post.waits(self._telling.clock()):
            outcome = await self._show(room, post, announcement)
            if isinstance(outcome, Later):
                return
            if isinstance(outcome, Refused):
                await self._refused(room, post, announcement, outcome)

    async def _show(self, room: GuildFeed, post: Post, announcement: Announcement | None) -> Outcome:
        if post.message_id and self._telling.clock() - post.posted_ms > REPOST_MS:
            outcome = await self._take_down(room, post)
            if isinstance(outcome, Later):
                return outcome
        if post.message_id:
            edit = partial(self._edit, room, post, announcement)
            return await self._courier.carry(_place(post), edit, kind=post.kind, verb="PATCH")
        if announcement is not None and post.form is PostForm.GRAND:
            # Drawn before the turn: the channel does not wait for it then.
            await self._messages.picture(post, announcement.contents)
        send = partial(self._post, room, post, announcement)
        outcome = await self._courier.carry(_place(post), send, kind=post.kind)
        best = announcement.contents.tier if announcement is not None and post.form is PostForm.GRAND else None
        if isinstance(outcome, Posted) and best is Tier.LEGENDARY:
            self._begin(room, ("pin", post.key), self._pin(room, post))
        return outcome

    async def _draft(self, post: Post, announcement: Announcement | None) -> Draft:
        if announcement is not None:
            return await self._messages.draft(post, announcement.contents)
        return await self._messages.draft_totals(post, await self._telling.totals(post))

    async def _post(
        self, room: GuildFeed, post: Post, announcement: Announcement | None, _channel: discord.PartialMessageable
    ) -> int:
        async with room.lock:
            is_retried, upto = post.promised_seq > 0, post.last_seq
            if not is_retried:
                post.promised_seq = upto
                await self._telling.save(post)
            draft = await self._draft(post, announcement)
        try:
            message_id = await self._messages.send(post, draft)
        except discord.HTTPException as error:
            if not is_retried and is_certain(error):
                await self._withdraw(room, post)
            raise
        async with room.lock:
            post.message_id, post.posted_ms = message_id, self._telling.clock()
            # The message may be there since the first try, with fewer gifts in it: then an edit brings the rest.
            _shows(post, announcement, 0 if is_retried else upto)
            await self._telling.save(post)
        return message_id

    async def _withdraw(self, room: GuildFeed, post: Post) -> None:
        """Take a promise back that Discord has refused: more gifts may join until it is tried again."""
        async with room.lock:
            post.promised_seq = 0
            await self._telling.save(post)

    async def _edit(
        self, room: GuildFeed, post: Post, announcement: Announcement | None, _channel: discord.PartialMessageable
    ) -> int:
        async with room.lock:
            upto = post.last_seq
            draft = await self._draft(post, announcement)
        await self._messages.edit(post, draft)
        async with room.lock:
            _shows(post, announcement, upto)
            await self._telling.save(post)
        return post.message_id

    async def _take_down(self, room: GuildFeed, post: Post) -> Outcome:
        """Remove a message that is to be posted anew; one that cannot be removed stays."""

        async def delete(_channel: discord.PartialMessageable) -> int:
            await self._messages.delete(post)
            return post.message_id

        outcome = await self._courier.carry(_place(post), delete, kind=Kind.TOTALS, verb="DELETE")
        if not isinstance(outcome, Later):
            async with room.lock:
                post.message_id = post.promised_seq = post.shown_seq = 0
                await self._telling.save(post)
        return outcome

    async def _pin(self, room: GuildFeed, post: Post) -> None:
        """Pin a message for a while. Not being allowed to is no failure: most guilds do not let us."""
        async with room.lock:
            now_ms = self._telling.clock()
            if not may_pin([one for one in room.pinned if one.channel_id == post.channel_id], now_ms):
                return
            # Written down first: whatever happens now, somebody will take the pin off again.
            post.unpin_ms = now_ms + PINNED_MS
            room.pinned.append(post)
            await self._telling.save(post)

        async def pin(_channel: discord.PartialMessageable) -> int:
            await self._messages.pin(post)
            return post.message_id

        outcome = await self._courier.carry(_place(post), pin, kind=Kind.TOTALS, verb="PUT", is_extra=True)
        if not isinstance(outcome, Posted):
            await self._forget_pin(room, post)

    async def _unpin(self, room: GuildFeed, post: Post) -> None:
        async def unpin(_channel: discord.PartialMessageable) -> int:
            await self._messages.unpin(post)
            return post.message_id

        outcome = await self._courier.carry(_place(post), unpin, kind=Kind.TOTALS, verb="DELETE", is_extra=True)
        if not isinstance(outcome, Later):
            await self._forget_pin(room, post)

    async def _forget_pin(self, room: GuildFeed, post: Post) -> None:
        async with room.lock:
            post.unpin_ms = 0
            room.pinned = [one for one in room.pinned if one is not post]
            await self._telling.save(post)

    async def _refused(self, room: GuildFeed, post: Post, announcement: Announcement | None, refusal: Refused) -> None:
        if refusal.code == UNKNOWN_MESSAGE and announcement is not None:
            await self._tell_anew(room, announcement)
        else:
            # The gifts stand, and their senders have receipts; only the telling is lost.
            await self._give_up(room, post)

    async def _give_up(self, room: GuildFeed, post: Post) -> None:
        async with room.lock:
            post.give_up()
            await self._telling.save(post)

    async def _tell_anew(self, room: GuildFeed, announcement: Announcement) -> None:
        """Somebody has removed a message: what it did not show yet goes into the next one."""
        async with room.lock:
            now_ms = self._telling.clock()
            desk = room.desk(announcement.post.channel_id)
            posts, notes = {announcement.post.key: announcement.post}, list[tuple[int, int, int]]()
            for gift in announcement.lose():
                again = desk.announce(gift, now_ms).post
                posts[again.key] = again
                notes += [(again.channel_id, again.first_seq, gift.seq)] if gift.note else []
            await self._telling.regroup(room.guild_id, list(posts.values()), notes)
        self.start(room)


def _place(post: Post) -> Place:
    return Place(post.guild_id, post.channel_id)


def _shows(post: Post, announcement: Announcement | None, upto: int) -> None:
    if announcement is not None:
        announcement.show(upto)
    else:
        post.shown_seq = upto
