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
from bot.announcer.messages import Messages
from bot.announcer.pace import Kind
from bot.client import Rosette
from bot.domain.announcements import PINNED_MS, Announcement, Desk, Form, Post
from bot.domain.catalogue import Tier
from bot.domain.contents import Contents
from bot.services import Services

log = logging.getLogger(__name__)

REPOST_MS = 55 * 60_000
"""A message older than an hour is hard to edit: it is posted anew before that."""


@dataclass(slots=True, eq=False)
class Room:
    """What is being told in one guild. Whoever changes a post, or decides what to show of it, holds the lock."""

    guild_id: int
    desks: dict[int, Desk] = field(default_factory=dict[int, Desk])
    totals: dict[int, Post] = field(default_factory=dict[int, Post])
    pinned: list[Post] = field(default_factory=list[Post])
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: dict[object, asyncio.Task[None]] = field(default_factory=dict[object, asyncio.Task[None]])

    def desk(self, channel_id: int) -> Desk:
        """Return what is being told in a channel."""
        return self.desks.setdefault(channel_id, Desk(self.guild_id, channel_id))


class Delivery:
    """Starts one task for each message that has something new to show."""

    def __init__(self, services: Services, client: Rosette, courier: Courier) -> None:
        self._telling = services.telling
        self._courier = courier
        self._messages = Messages(services, client)
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, room: Room) -> None:
        """Begin to show what is due in a guild and not on its way yet."""
        now_ms = self._telling.clock()
        for announcement in [one for desk in room.desks.values() for one in desk.announcements]:
            if announcement.post.waits(now_ms):
                self._begin(room, announcement.post.key, self._deliver(room, announcement.post, announcement))
        for post in list(room.totals.values()):
            if post.waits(now_ms):
                self._begin(room, post.key, self._deliver(room, post, None))
            elif post.shown_seq >= post.last_seq:
                del room.totals[post.about]
        for post in room.pinned:
            if post.unpin_ms <= now_ms:
                self._begin(room, ("unpin", post.key), self._unpin(room, post))

    async def leave(self, room: Room) -> None:
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

    def _begin(self, room: Room, key: object, work: Coroutine[Any, Any, None]) -> None:
        if key in room.tasks:
            work.close()
            return
        task = room.tasks[key] = asyncio.create_task(work, name=f"telling {key}")
        self._tasks.add(task)

        def done(task: asyncio.Task[None]) -> None:
            room.tasks.pop(key, None)
            self._tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("Telling %s in guild %s failed", key, room.guild_id, exc_info=error)

        task.add_done_callback(done)

    async def _deliver(self, room: Room, post: Post, announcement: Announcement | None) -> None:
        """Show a message until it shows everything. What has to wait is tried again by the next `start`."""
        while post.waits(self._telling.clock()):
            outcome = await self._show(room, post, announcement)
            if isinstance(outcome, Later):
                return
            if isinstance(outcome, Refused):
                await self._refused(room, post, announcement, outcome)

    async def _show(self, room: Room, post: Post, announcement: Announcement | None) -> Outcome:
        if post.message_id and self._telling.clock() - post.posted_ms > REPOST_MS:
            outcome = await self._take_down(room, post)
            if isinstance(outcome, Later):
                return outcome
        totals = post.form is Form.TOTALS
        if post.message_id:
            kind = Kind.TOTALS if totals else Kind.MERGED
            edit = partial(self._edit, room, post, announcement)
            return await self._courier.carry(_place(post), edit, kind=kind, verb="PATCH")
        loud = Kind.LOUD if post.form is Form.OWN else Kind.MERGED
        send = partial(self._post, room, post, announcement)
        outcome = await self._courier.carry(_place(post), send, kind=Kind.TOTALS if totals else loud)
        best = announcement.contents.tier if announcement is not None and post.form is Form.OWN else None
        if isinstance(outcome, Posted) and best is Tier.LEGENDARY:
            await self._pin(room, post)
        return outcome

    async def _post(
        self, room: Room, post: Post, announcement: Announcement | None, _channel: discord.PartialMessageable
    ) -> int:
        async with room.lock:
            is_retried, upto = post.promised_seq > 0, post.last_seq
            if not is_retried:
                post.promised_seq = upto
                await self._telling.save(post)
            contents = announcement.contents if announcement else await self._totals(post)
            draft = await self._messages.draft(post, contents)
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

    async def _withdraw(self, room: Room, post: Post) -> None:
        """Take a promise back that Discord has refused: more gifts may join until it is tried again."""
        async with room.lock:
            post.promised_seq = 0
            await self._telling.save(post)

    async def _edit(
        self, room: Room, post: Post, announcement: Announcement | None, _channel: discord.PartialMessageable
    ) -> int:
        async with room.lock:
            upto = post.last_seq
            contents = announcement.contents if announcement else await self._totals(post)
            draft = await self._messages.draft(post, contents)
        await self._messages.edit(post, draft)
        async with room.lock:
            _shows(post, announcement, upto)
            await self._telling.save(post)
        return post.message_id

    async def _take_down(self, room: Room, post: Post) -> Outcome:
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

    async def _totals(self, post: Post) -> Contents:
        return await self._telling.totals(post.guild_id, post.about)

    async def _pin(self, room: Room, post: Post) -> None:
        """Pin a message for a while. Not being allowed to is no failure: most guilds do not let us."""
        async with room.lock:
            # Written down first: whatever happens now, somebody will take the pin off again.
            post.unpin_ms = self._telling.clock() + PINNED_MS
            await self._telling.save(post)

        async def pin(_channel: discord.PartialMessageable) -> int:
            await self._messages.pin(post)
            return post.message_id

        outcome = await self._courier.carry(_place(post), pin, kind=Kind.TOTALS, verb="PUT", is_extra=True)
        if isinstance(outcome, Posted):
            room.pinned.append(post)
        else:
            await self._forget_pin(room, post)

    async def _unpin(self, room: Room, post: Post) -> None:
        async def unpin(_channel: discord.PartialMessageable) -> int:
            await self._messages.unpin(post)
            return post.message_id

        outcome = await self._courier.carry(_place(post), unpin, kind=Kind.TOTALS, verb="DELETE", is_extra=True)
        if not isinstance(outcome, Later):
            await self._forget_pin(room, post)

    async def _forget_pin(self, room: Room, post: Post) -> None:
        async with room.lock:
            post.unpin_ms = 0
            room.pinned = [one for one in room.pinned if one is not post]
            await self._telling.save(post)

    async def _refused(self, room: Room, post: Post, announcement: Announcement | None, refusal: Refused) -> None:
        if refusal.code == UNKNOWN_MESSAGE and announcement is not None:
            await self._tell_anew(room, announcement)
        else:
            # The gifts stand, and their senders have receipts; only the telling is lost.
            await self._give_up(room, post)

    async def _give_up(self, room: Room, post: Post) -> None:
        async with room.lock:
            post.give_up()
            await self._telling.save(post)

    async def _tell_anew(self, room: Room, announcement: Announcement) -> None:
        """Somebody has removed a message: what it did not show yet goes into the next one."""
        async with room.lock:
            now_ms = self._telling.clock()
            desk = room.desk(announcement.post.channel_id)
            posts = {announcement.post.key: announcement.post}
            for gift in announcement.lose():
                again = desk.tell(gift, now_ms).post
                posts[again.key] = again
            for post in posts.values():
                await self._telling.save(post)
        self.start(room)


def _place(post: Post) -> Place:
    return Place(post.guild_id, post.channel_id)


def _shows(post: Post, announcement: Announcement | None, upto: int) -> None:
    if announcement is not None:
        announcement.show(upto)
    else:
        post.shown_seq = upto
