"""Follows the journal of every guild and announces its gifts, each exactly once.

Which gifts share a message is decided as soon as they are in the journal, and saved in the transaction that moves the
cursor. From then on each message is on its own: it waits for its turn, and shows all the gifts that have joined it by
then. They are saved before the message is posted, so that after a crash the same message is posted again under the same
name, and Discord drops what it already has. An edit may be made twice: it changes nothing the second time.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field

from bot.announcer.delivery import Delivery, GuildFeed
from bot.announcer.memory import AnnouncementMemory, JournalFeed
from bot.client import Rosette
from bot.domain.announcement_settings import AnnouncementPolicy
from bot.domain.announcements import ChannelFeed
from bot.domain.deadlines import Deadline
from bot.domain.ledger.gift import SendGift, facts_of
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.reversal import facts_of as reversal_facts
from bot.domain.posts import Post
from bot.domain.receipts import Receipt
from bot.unhurried import unhurried

log = logging.getLogger(__name__)

FOLLOWER = "announcer"

PAGE = 250
"""Rows that are read at once. Handling this many keeps replies waiting for 3 ms; 2,000 would take 25."""

REST_S = 0.25
"""Seconds between two looks at a growing journal. In a storm, one transaction then covers several commits."""


@dataclass(slots=True)
class _Changes:
    """The changes from one batch of rows. Notes and gifts on messages are as in `AnnouncementMemory.follow`."""

    posts: dict[tuple[int, int, int], Post] = field(default_factory=dict[tuple[int, int, int], Post])
    on_messages: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    notes: list[tuple[int, int, int]] = field(default_factory=list[tuple[int, int, int]])

    def add(self, gift: Receipt, *posts: Post) -> None:
        """Note that `posts` have changed because of a gift. The last of them shows its note."""
        self.posts |= {post.key: post for post in posts}
        if gift.note and posts:
            self.notes.append((posts[-1].channel_id, posts[-1].first_seq, gift.seq))


class Announcer:
    """The follower that posts gifts. `sleep` waits for seconds."""

    def __init__(
        self,
        journal: JournalFeed,
        memory: AnnouncementMemory,
        client: Rosette,
        delivery: Delivery,
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        self._journal = journal
        self._memory = memory
        self._client = client
        self._delivery = delivery
        self._sleep = sleep
        self._feeds: dict[int, GuildFeed] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._grown: set[int] = set()
        self._outdated: set[int] = set()
        self._is_new = True

    def hear(self, guild_ids: Collection[int]) -> None:
        """Announce what is new in these guilds. Called after each commit, so it does not read the books itself."""
        self._grown |= set(guild_ids)
        if self._client.is_ready():
            for guild_id in guild_ids:
                self._begin(guild_id)

    async def catch_up(self) -> None:
        """Announce whatever is not announced yet in every guild that this process serves, and what has failed."""
        await self._client.wait_until_ready()
        guild_ids = set(await self._journal.behind(FOLLOWER))
        # Messages that an earlier process left unfinished: perhaps no new gift will ever come to wake them.
        if self._is_new:
            guild_ids |= set(await self._memory.unfinished())
            self._is_new = False
        guild_ids |= {guild_id for guild_id, feed in self._feeds.items() if feed.has_failed}
        for guild_id in guild_ids:
            self._begin(guild_id)

    async def end_quiet_hours(self, deadline: Deadline) -> int | None:
        """Post what was held back until now; return when the next message is due."""
        self._begin(deadline.guild_id)
        return await self._memory.next_due(deadline.guild_id)

    async def unpin(self, deadline: Deadline) -> int | None:
        """Take down pins whose time is over; return when the next one's is."""
        self._begin(deadline.guild_id)
        return await self._memory.next_unpin(deadline.guild_id)

    def retry(self, guild_id: int) -> None:
        """Try again what had to wait in a guild."""
        self._begin(guild_id)

    def read_again(self, guild_id: int) -> None:
        """Reread a guild's messages from the books before the next look, because a member in them was deleted."""
        self._outdated.add(guild_id)
        self._begin(guild_id)

    async def stop(self) -> None:
        """Stop at once. The next process continues where this one was."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self._delivery.stop()

    def _begin(self, guild_id: int) -> None:
        task = self._tasks.get(guild_id)
        if not self._client.get_guild(guild_id):
            return
        if task is None or task.done():
            with unhurried():
                self._tasks[guild_id] = asyncio.create_task(self._announce(guild_id), name=f"announcing {guild_id}")
        else:
            # It makes another round, and then starts what has become due.
            self._grown.add(guild_id)

    async def _announce(self, guild_id: int) -> None:
        try:
            while True:
                feed = await self._feed(guild_id)
                self._grown.discard(guild_id)
                row_count = await self._follow(feed)
                if 0 < row_count < PAGE:
                    await self._sleep(REST_S)
                # What was committed since this look began is included.
                elif not row_count and guild_id not in self._grown:
                    break
            self._delivery.start(feed)
        except Exception:
            log.exception("Gifts in guild %s could not be announced; trying again", guild_id)
            # The memory may be ahead of what is saved, so the next look reads what is saved.
            if (feed := self._feeds.pop(guild_id, None)) is not None:
                await self._delivery.leave(feed)
            self._is_new = True

    async def _feed(self, guild_id: int) -> GuildFeed:
        feed = self._feeds.get(guild_id)
        if feed is not None and guild_id in self._outdated:
            del self._feeds[guild_id]
            await self._delivery.leave(feed)
            feed = None
        self._outdated.discard(guild_id)
        return feed or await self._enter(guild_id)

    async def _enter(self, guild_id: int) -> GuildFeed:
        state = await self._memory.state(guild_id)
        feed = self._feeds[guild_id] = GuildFeed(guild_id)
        for channel_id, announcements in state.announcements.items():
            feed.channels[channel_id] = ChannelFeed(guild_id, channel_id, announcements)
            feed.pinned += [announcement.post for announcement in announcements if announcement.post.unpin_ms]
        for post in state.below_messages:
            feed.channel(post.channel_id).add_replies([post])
        self._delivery.enter(feed)
        return feed

    async def _follow(self, feed: GuildFeed) -> int:
        """Decide which messages the next rows are in; return how many rows there were."""
        async with feed.lock:
            cursor = await self._journal.cursor(feed.guild_id, FOLLOWER)
            rows = await self._journal.after(feed.guild_id, cursor, PAGE)
            if not rows:
                return 0
            changes = self._group(feed, rows, await self._memory.policy(feed.guild_id))
            await self._count_on_messages(feed, rows, changes)
            posts = list(changes.posts.values())
            await self._memory.follow(feed.guild_id, FOLLOWER, rows[-1].seq, posts, changes.on_messages, changes.notes)
        self._delivery.start(feed)
        return len(rows)

    def _group(self, feed: GuildFeed, rows: list[Receipt], policy: AnnouncementPolicy) -> _Changes:
        now_ms, changes = self._memory.clock(), _Changes()
        quiet_until_ms = policy.quiet_until(now_ms)
        for gift in rows:
            channel_id = policy.channel_for(gift) if gift.kind == SendGift.kind else 0
            if channel_id:
                changes.add(gift, feed.channel(channel_id).announce(gift, now_ms, quiet_until_ms).post)
        for channel in feed.channels.values():
            channel.tidy(now_ms)
        return changes

    async def _count_on_messages(self, feed: GuildFeed, rows: list[Receipt], changes: _Changes) -> None:
        on_messages = [(message_id, row) for row in rows if (message_id := _message_of(row))]
        known_ids = {message_id for channel in feed.channels.values() for message_id in channel.replies}
        unknown_ids = {message_id for message_id, _ in on_messages} - known_ids
        for post in await self._memory.below(feed.guild_id, unknown_ids):
            feed.channel(post.channel_id).add_replies([post])
        now_ms = self._memory.clock()
        for message_id, row in on_messages:
            if row.kind == SendGift.kind:
                changes.on_messages.append((message_id, row.seq))
                changes.add(row, *feed.channel_of(row).count(row, now_ms))
                continue
            for channel in feed.channels.values():
                changes.posts |= {post.key: post for post in channel.recount(message_id, row.seq, now_ms)}


def _message_of(row: Receipt) -> int:
    """Return the message whose totals a row changes, 0 for none."""
    if row.kind == SendGift.kind:
        return facts_of(row)["message"]
    return reversal_facts(row)["message"] if row.kind == Reverse.kind else 0
