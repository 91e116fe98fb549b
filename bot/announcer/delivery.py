"""Brings each announcement to its channel: posts it when its turn comes, lets it grow, and pins what is worth it.

Nobody's money depends on any of this. What Discord will never accept is given up. What a channel refuses for now waits
and grows, so that in the end the channel hears of everything that it missed.
"""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.announcer.courier import Courier
from bot.announcer.failures import UNKNOWN_MESSAGE
from bot.announcer.memory import AnnouncementMemory
from bot.announcer.messages import Messages
from bot.domain.announcements import Announcement, ChannelFeed
from bot.domain.catalogue import Tier
from bot.domain.ledger.gift import facts_of
from bot.domain.posts import PINNED_MS, REPOST_MS, Post, PostForm, may_pin
from bot.domain.receipts import Receipt
from bot.domain.turns import WINDOW_S
from bot.ui.kit.posting import Draft, Later, Outcome, Place, Posted, Refused

log = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class GuildFeed:
    """The announcements of one guild. The lock is held while a post is changed, and while it is decided what to show of
    it.

    `has_failed` is set if an attempt broke off: only the next round of the announcer resumes it.
    """

    guild_id: int
    channels: dict[int, ChannelFeed] = field(default_factory=dict[int, ChannelFeed])
    pinned: list[Post] = field(default_factory=list[Post])
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    tasks: dict[object, asyncio.Task[None]] = field(default_factory=dict[object, asyncio.Task[None]])
    has_failed: bool = False

    def channel(self, channel_id: int) -> ChannelFeed:
        """Return the announcements of a channel."""
        return self.channels.setdefault(channel_id, ChannelFeed(self.guild_id, channel_id))

    def channel_of(self, gift: Receipt) -> ChannelFeed:
        """Return the announcements of the channel in which a gift was sent."""
        return self.channel(facts_of(gift)["channel"])


class Delivery:
    """Starts one task for each message that has something new to show."""

    def __init__(self, memory: AnnouncementMemory, messages: Messages, courier: Courier) -> None:
        self._memory = memory
        self._messages = messages
        self._courier = courier
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, feed: GuildFeed) -> None:
        """Begin to show what is due in a guild and not on its way yet."""
        now_ms = self._memory.clock()
        feed.has_failed = False
        for channel in feed.channels.values():
            announcements = {announcement.post.key: announcement for announcement in channel.announcements}
            for post in channel.posts:
                if post.waits(now_ms):
                    self._begin(feed, post.key, self._deliver(feed, post, announcements.get(post.key)))
        for post in feed.pinned:
            if post.unpin_ms <= now_ms:
                self._begin(feed, ("unpin", post.key), self._unpin(feed, post))

    def enter(self, feed: GuildFeed) -> None:
        """Take into account what an earlier process has posted into the channels of a guild."""
        for post in [post for channel in feed.channels.values() for post in channel.posts]:
            age_s = (self._memory.clock() - post.posted_ms) / 1000
            if age_s < WINDOW_S:
                self._courier.recall(_place(post), age_s, kind=post.kind)

    async def leave(self, feed: GuildFeed) -> None:
        """Stop what is on its way in a guild."""
        await _cancel(feed.tasks.values())

    async def stop(self) -> None:
        """Stop everything."""
        await _cancel(self._tasks)

    def _begin(self, feed: GuildFeed, key: object, work: Coroutine[Any, Any, None]) -> None:
        if key in feed.tasks:
            # Never awaited, the coroutine would make Python warn.
            work.close()
            return
        task = feed.tasks[key] = asyncio.create_task(work, name=f"announcing {key}")
        self._tasks.add(task)

        def end(task: asyncio.Task[None]) -> None:
            feed.tasks.pop(key, None)
            self._tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                feed.has_failed = True
                log.error("Announcement %s in guild %s failed", key, feed.guild_id, exc_info=error)

        task.add_done_callback(end)

    async def _deliver(self, feed: GuildFeed, post: Post, announcement: Announcement | None) -> None:
        """Show a message until it shows everything. If it has to wait, a deadline starts it again."""
        while post.waits(self._memory.clock()):
            if announcement is not None and await self._withdraw(feed, announcement):
                return
            outcome = await self._show(feed, post, announcement)
            if isinstance(outcome, Later):
                return
            if isinstance(outcome, Refused):
                await self._drop(feed, post, announcement, outcome)

    async def _show(self, feed: GuildFeed, post: Post, announcement: Announcement | None) -> Outcome:
        if post.message_id and self._memory.clock() - post.posted_ms > REPOST_MS:
            outcome = await self._take_down(feed, post)
            if isinstance(outcome, Later):
                return outcome
        if post.message_id:
            return await self._edit(feed, post, announcement)
        if announcement is not None and post.form is PostForm.GRAND:
            # Drawn before the turn, so that the channel does not wait for it then.
            await self._messages.pictures(post, announcement.contents)
        outcome = await self._post(feed, post, announcement)
        best = announcement.contents.tier if announcement is not None and post.form is PostForm.GRAND else None
        if isinstance(outcome, Posted) and best is Tier.LEGENDARY:
            self._begin(feed, ("pin", post.key), self._pin(feed, post))
        return outcome

    async def _withdraw(self, feed: GuildFeed, announcement: Announcement) -> bool:
        """Give a message up that nobody has seen, if all its gifts were taken back. Return whether they were."""
        post = announcement.post
        if post.attempted_seq:
            return False
        async with feed.lock:
            if (await self._memory.contents(announcement)).pieces:
                return False
            post.give_up()
            await self._memory.save(post)
        return True

    async def _draft(self, post: Post, announcement: Announcement | None) -> Draft:
        if announcement is not None:
            return await self._messages.draft(post, await self._memory.contents(announcement))
        return await self._messages.draft_totals(post, await self._memory.totals(post))

    async def _post(self, feed: GuildFeed, post: Post, announcement: Announcement | None) -> Outcome:
        is_retry, last_seq = False, 0

        async def write() -> Draft:
            nonlocal is_retry, last_seq
            async with feed.lock:
                is_retry, last_seq = post.attempted_seq > 0, post.last_seq
                # A retry has to ask for exactly the same message, or Discord may post both.
                if not is_retry:
                    post.attempted_seq, post.is_layout = last_seq, True
                    await self._memory.save(post)
                return await self._draft(post, announcement)

        outcome = await self._courier.post_once(_place(post), lambda: post.name, write, kind=post.kind)
        if isinstance(outcome, Posted):
            async with feed.lock:
                post.message_id, post.posted_ms = outcome.message_id, self._memory.clock()
                # The first attempt may have posted it with fewer gifts. Then an edit brings the others.
                _mark_shown(post, announcement, 0 if is_retry else last_seq)
                await self._memory.save(post)
        elif last_seq and not is_retry and not (isinstance(outcome, Later) and outcome.is_uncertain):
            # Discord has certainly not posted it, so more gifts may join until it is tried again.
            async with feed.lock:
                post.attempted_seq = 0
                await self._memory.save(post)
        return outcome

    async def _edit(self, feed: GuildFeed, post: Post, announcement: Announcement | None) -> Outcome:
        last_seq = post.last_seq

        async def write() -> Draft:
            nonlocal last_seq
            async with feed.lock:
                last_seq = post.last_seq
                return await self._draft(post, announcement)

        outcome = await self._courier.edit(_place(post), post.message_id, write, kind=post.kind)
        if isinstance(outcome, Posted):
            async with feed.lock:
                _mark_shown(post, announcement, last_seq)
                await self._memory.save(post)
        return outcome

    async def _take_down(self, feed: GuildFeed, post: Post) -> Outcome:
        """Remove a message that is to be posted anew. One that cannot be removed stays."""
        outcome = await self._courier.delete(_place(post), post.message_id)
        if not isinstance(outcome, Later):
            async with feed.lock:
                post.message_id = post.attempted_seq = post.shown_seq = 0
                await self._memory.save(post)
        return outcome

    async def _pin(self, feed: GuildFeed, post: Post) -> None:
        """Pin a message for a while. It is no failure if that is not allowed: most guilds do not let us."""
        async with feed.lock:
            now_ms = self._memory.clock()
            if not may_pin([pinned for pinned in feed.pinned if pinned.channel_id == post.channel_id], now_ms):
                return
            # Saved first, so that whatever happens now, somebody will take the pin off again.
            post.unpin_ms = now_ms + PINNED_MS
            feed.pinned.append(post)
            await self._memory.save(post)
        outcome = await self._courier.pin(_place(post), post.message_id)
        if not isinstance(outcome, Posted):
            await self._forget_pin(feed, post)

    async def _unpin(self, feed: GuildFeed, post: Post) -> None:
        outcome = await self._courier.unpin(_place(post), post.message_id)
        if not isinstance(outcome, Later):
            await self._forget_pin(feed, post)

    async def _forget_pin(self, feed: GuildFeed, post: Post) -> None:
        async with feed.lock:
            post.unpin_ms = 0
            feed.pinned = [pinned for pinned in feed.pinned if pinned is not post]
            await self._memory.save(post)

    async def _drop(self, feed: GuildFeed, post: Post, announcement: Announcement | None, refusal: Refused) -> None:
        if refusal.code == UNKNOWN_MESSAGE and announcement is not None:
            await self._announce_again(feed, announcement)
        else:
            # The gifts stand, and their senders have receipts. Only the announcement is lost.
            async with feed.lock:
                post.give_up()
                await self._memory.save(post)

    async def _announce_again(self, feed: GuildFeed, announcement: Announcement) -> None:
        """Put what a deleted message did not show yet into another one."""
        async with feed.lock:
            now_ms = self._memory.clock()
            channel = feed.channel(announcement.post.channel_id)
            posts, notes = {announcement.post.key: announcement.post}, list[tuple[int, int, int]]()
            for gift in announcement.lose():
                other_post = channel.announce(gift, now_ms).post
                posts[other_post.key] = other_post
                notes += [(other_post.channel_id, other_post.first_seq, gift.seq)] if gift.note else []
            await self._memory.regroup(feed.guild_id, list(posts.values()), notes)
        self.start(feed)


def _place(post: Post) -> Place:
    return Place(post.guild_id, post.channel_id)


def _mark_shown(post: Post, announcement: Announcement | None, last_seq: int) -> None:
    if announcement is not None:
        announcement.show(last_seq)
    else:
        post.shown_seq = last_seq


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    tasks = [*tasks]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
