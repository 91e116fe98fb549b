"""Brings each announcement to its channel: posts it when its turn comes, lets it grow, pins what is worth it.

Nobody's money depends on any of this. What Discord will not take is left; a channel that takes nothing is noted, and
staff hear of it once.
"""

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import discord

from bot.announcer.failures import UNKNOWN_MESSAGE, Failure, meaning_of
from bot.announcer.messages import Messages
from bot.announcer.notices import heed
from bot.announcer.pace import Kind, Pace
from bot.client import Rosette
from bot.domain.announcements import PINNED_MS, Announcement, Desk, Form, Post
from bot.domain.catalogue import Tier
from bot.domain.contents import Contents
from bot.services import Services

log = logging.getLogger(__name__)

REPOST_MS = 55 * 60_000
"""A message older than an hour is hard to edit: it is posted anew before that."""

_MISSED = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


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

    def __init__(self, services: Services, client: Rosette, pace: Pace) -> None:
        self._telling = services.telling
        self._client = client
        self._pace = pace
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
        """Show a message until it shows everything. What fails for now is tried again by the next `start`."""
        try:
            while post.waits(self._telling.clock()):
                await self._show(room, post, announcement)
        except discord.HTTPException as error:
            await self._refused(room, post, announcement, error)
        except _MISSED as error:
            log.warning("A message in channel %s of guild %s comes later: %r", post.channel_id, room.guild_id, error)

    async def _show(self, room: Room, post: Post, announcement: Announcement | None) -> None:
        if post.message_id and self._telling.clock() - post.posted_ms > REPOST_MS:
            await self._take_down(room, post)
        totals = post.form is Form.TOTALS
        if post.message_id:
            async with self._pace.turn(post.channel_id, Kind.TOTALS if totals else Kind.MERGED, verb="PATCH"):
                await self._edit(room, post, announcement)
            return
        loud = Kind.LOUD if post.form is Form.OWN else Kind.MERGED
        async with self._pace.turn(post.channel_id, Kind.TOTALS if totals else loud):
            contents = await self._post(room, post, announcement)
        if post.form is Form.OWN and contents.tier is Tier.LEGENDARY:
            await self._pin(room, post)

    async def _post(self, room: Room, post: Post, announcement: Announcement | None) -> Contents:
        async with room.lock:
            is_retried, upto = post.promised_seq > 0, post.last_seq
            if not is_retried:
                post.promised_seq = upto
                await self._telling.save(post)
            contents = announcement.contents if announcement else await self._totals(post)
            draft = await self._messages.draft(post, contents)
        message_id = await self._messages.send(post, draft)
        async with room.lock:
            post.message_id, post.posted_ms = message_id, self._telling.clock()
            # The message may be there since the first try, with fewer gifts in it: then an edit brings the rest.
            _shows(post, announcement, 0 if is_retried else upto)
            await self._telling.save(post)
        return contents

    async def _edit(self, room: Room, post: Post, announcement: Announcement | None) -> None:
        async with room.lock:
            upto = post.last_seq
            contents = announcement.contents if announcement else await self._totals(post)
            draft = await self._messages.draft(post, contents)
        await self._messages.edit(post, draft)
        async with room.lock:
            _shows(post, announcement, upto)
            await self._telling.save(post)

    async def _take_down(self, room: Room, post: Post) -> None:
        async with self._pace.turn(post.channel_id, Kind.TOTALS, verb="DELETE"):
            await self._messages.delete(post)
        async with room.lock:
            post.message_id = post.promised_seq = post.shown_seq = 0
            await self._telling.save(post)

    async def _totals(self, post: Post) -> Contents:
        return await self._telling.totals(post.guild_id, post.about)

    async def _pin(self, room: Room, post: Post) -> None:
        """Pin a message for a while. Not being allowed to is no failure: most guilds do not let us."""
        async with room.lock:
            # Written down first: whatever happens now, somebody will take the pin off again.
            post.unpin_ms = self._telling.clock() + PINNED_MS
            await self._telling.save(post)
        try:
            async with self._pace.turn(post.channel_id, Kind.TOTALS, verb="PUT"):
                await self._messages.pin(post)
        except discord.HTTPException as error:
            log.debug("Message %s stays unpinned: %s", post.message_id, error)
            await self._forget_pin(room, post)
        else:
            room.pinned.append(post)

    async def _unpin(self, room: Room, post: Post) -> None:
        try:
            async with self._pace.turn(post.channel_id, Kind.TOTALS, verb="DELETE"):
                await self._messages.unpin(post)
        except discord.HTTPException as error:
            if meaning_of(error) is Failure.PASSES:
                return
        except _MISSED:
            return
        await self._forget_pin(room, post)

    async def _forget_pin(self, room: Room, post: Post) -> None:
        async with room.lock:
            post.unpin_ms = 0
            room.pinned = [one for one in room.pinned if one is not post]
            await self._telling.save(post)

    async def _refused(
        self, room: Room, post: Post, announcement: Announcement | None, error: discord.HTTPException
    ) -> None:
        log.warning("Channel %s of guild %s refuses a message: %s", post.channel_id, room.guild_id, error)
        if error.code == UNKNOWN_MESSAGE and announcement is not None:
            await self._tell_anew(room, announcement)
        elif error.code == UNKNOWN_MESSAGE or meaning_of(error) is Failure.MESSAGE:
            await self._give_up(room, [post])
        elif await heed(self._client, self._telling, self._pace, room.guild_id, post.channel_id, error):
            # The gifts stand, and their senders have receipts; only the telling is lost.
            left = [one.post for one in room.desk(post.channel_id).announcements]
            await self._give_up(room, left + [one for one in room.totals.values() if one.channel_id == post.channel_id])

    async def _give_up(self, room: Room, posts: Sequence[Post]) -> None:
        async with room.lock:
            for post in posts:
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


def _shows(post: Post, announcement: Announcement | None, upto: int) -> None:
    if announcement is not None:
        announcement.show(upto)
    else:
        post.shown_seq = upto
