"""Follows the journal of every guild and announces its gifts, each exactly once.

Which gifts share a message is decided as soon as they are in the journal, and kept in the transaction that moves the
cursor. From then on each message is on its own: it waits for its turn, and shows all that has joined it by then. What
it will be posted with is promised first, so that after a crash the same is asked for again, with the same nonce, and
Discord drops what it already has. An edit may come twice: it changes nothing the second time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

import aiohttp
import discord

from bot.announcer.delivery import Delivery, GuildFeed
from bot.client import Rosette
from bot.domain.announcements import ChannelFeed
from bot.domain.posts import Post
from bot.domain.receipts import Receipt
from bot.services import Services
from bot.services.announcements import AnnouncementPolicy

log = logging.getLogger(__name__)

FOLLOWER = "announcer"

BATCH = 2_000
"""Rows told of in one go."""

REST_S = 0.25
"""Seconds between two looks at a journal that grows: in a storm, one transaction for what several commits brought."""


@dataclass(slots=True)
class _Told:
    """What one batch of rows has changed."""

    posts: dict[tuple[int, int, int], Post] = field(default_factory=dict[tuple[int, int, int], Post])
    on_messages: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    notes: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])

    def add(self, gift: Receipt, *posts: Post) -> None:
        """Note that `posts` have changed because of a gift, the last of them being where its note is told."""
        self.posts |= {post.key: post for post in posts}
        if gift.note and posts:
            self.notes.append((posts[-1].channel_id, posts[-1].first_seq, gift.seq))


class Announcer:
    """The follower that speaks. `sleep` waits for seconds; it is passed in so that time is."""

    def __init__(
        self, services: Services, client: Rosette, delivery: Delivery, sleep: Callable[[float], Awaitable[None]]
    ) -> None:
        self._services = services
        self._client = client
        self._delivery = delivery
        self._sleep = sleep
        self._rooms: dict[int, GuildFeed] = {}
        self._guilds: dict[int, asyncio.Task[None]] = {}
        self._heard: set[int] = set()
        self._is_new = True

    def hear(self, guild_ids: Collection[int]) -> None:
        """Announce what is new in these guilds; called after each commit, so it asks the books nothing by itself."""
        self._heard |= set(guild_ids)
        if self._client.is_ready():
            for guild_id in guild_ids:
                self._begin(guild_id)

    async def catch_up(self) -> None:
        """Announce whatever is not announced yet, in every guild that this process serves."""
        await self._client.wait_until_ready()
        behind = set(await self._services.journal_feed.behind(FOLLOWER))
        if self._is_new:
            behind |= set(await self._services.announcements.unfinished())
            self._is_new = False
        for guild_id in behind:
            self._begin(guild_id)
        for room in self._rooms.values():
            self._delivery.start(room)

    async def stop(self) -> None:
        """Stop in the middle: the next start goes on where this one was."""
        for task in self._guilds.values():
            task.cancel()
        await asyncio.gather(*self._guilds.values(), return_exceptions=True)
        await self._delivery.stop()

    def _begin(self, guild_id: int) -> None:
        running = self._guilds.get(guild_id)
        if self._client.get_guild(guild_id) and (running is None or running.done()):
            self._guilds[guild_id] = asyncio.create_task(self._catch_up(guild_id), name=f"announcing {guild_id}")

    async def _catch_up(self, guild_id: int) -> None:
        try:
            room = self._rooms.get(guild_id) or await self._enter(guild_id)
            while True:
                self._heard.discard(guild_id)
                if await self._tell_batch(room):
                    await self._sleep(REST_S)
                # What was committed since this look began is looked at, too.
                elif guild_id not in self._heard:
                    break
            self._delivery.start(room)
        except (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError) as error:
            log.warning("Gifts in guild %s will be announced later: %r", guild_id, error)
        except Exception:
            # What is in memory may be ahead of what is kept: the next look begins from there.
            if (room := self._rooms.pop(guild_id, None)) is not None:
                await self._delivery.leave(room)
            log.exception("Gifts in guild %s could not be announced; trying again", guild_id)

    async def _enter(self, guild_id: int) -> GuildFeed:
        known = await self._services.announcements.known(guild_id)
        room = self._rooms[guild_id] = GuildFeed(guild_id)
        for channel_id, announcements in known.announcements.items():
            room.desks[channel_id] = ChannelFeed(guild_id, channel_id, announcements)
            room.pinned += [one.post for one in announcements if one.post.unpin_ms]
        for post in known.totals:
            room.desk(post.channel_id).add_replies([post])
        self._delivery.enter(room)
        return room

    async def _tell_batch(self, room: GuildFeed) -> bool:
        """Decide for the next rows which messages they are in; return False if there are none."""
        news, telling = self._services.journal_feed, self._services.announcements
        async with room.lock:
            cursor = await news.cursor(room.guild_id, FOLLOWER)
            rows = await news.after(room.guild_id, cursor, BATCH)
            if not rows:
                return False
            wishes = await telling.wishes(room.guild_id)
            told = self._tell(room, rows, wishes)
            await self._count_on_messages(room, rows, told)
            posts = list(told.posts.values())
            await telling.follow(room.guild_id, FOLLOWER, rows[-1].seq, posts, told.on_messages, told.notes)
        self._delivery.start(room)
        return True

    def _tell(self, room: GuildFeed, rows: list[Receipt], wishes: AnnouncementPolicy) -> _Told:
        now_ms, told = self._services.announcements.clock(), _Told()
        quiet_until_ms = wishes.quiet_until(now_ms)
        for gift in rows:
            channel_id = wishes.channel_for(gift) if gift.kind == "gift" else 0
            if channel_id:
                told.add(gift, room.desk(channel_id).announce(gift, now_ms, quiet_until_ms).post)
        for desk in room.desks.values():
            desk.tidy(now_ms)
        return told

    async def _count_on_messages(self, room: GuildFeed, rows: list[Receipt], told: _Told) -> None:
        gifts = [gift for gift in rows if gift.kind == "gift" and gift.facts["message"]]
        unknown = {gift.facts["message"] for gift in gifts if gift.facts["message"] not in room.desk_of(gift).replies}
        for post in await self._services.announcements.below(room.guild_id, unknown):
            room.desk(post.channel_id).add_replies([post])
        now_ms = self._services.announcements.clock()
        for gift in gifts:
            told.on_messages.append((gift.facts["message"], gift.seq))
            told.add(gift, *room.desk_of(gift).count(gift, now_ms))
