"""A start with many guilds: each is looked at once, those that need nothing share what is read, and nobody waits."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial
from typing import Any

import discord
import pytest
from sqlalchemy import URL, Connection

from bot.announcer.announcer import Announcer
from bot.announcer.courier import Courier
from bot.announcer.delivery import Delivery
from bot.announcer.messages import Messages
from bot.announcer.pace import Pace
from bot.background import background
from bot.client import Rosette
from bot.clock import Clock
from bot.domain.announcements import GuildState
from bot.domain.deadlines import Deadline, DeadlineKind
from bot.domain.posts import Post, PostForm
from bot.services.assembly import build
from bot.storage.connect.address import database_url
from bot.storage.connect.replication import Replication
from bot.storage.connect.transactions import Transactions
from bot.storage.database import Database, transactions_of
from bot.storage.folds.folding import fold_slice
from bot.storage.ledger import holders
from bot.storage.maintenance import migrate
from bot.storage.memory.announcements import StoredAnnouncementMemory
from bot.storage.memory.journal_feed import StoredJournalFeed
from bot.storage.stores import announcements, level_roles
from bot.storage.stores.announcements import KEPT_MS
from bot.unhurried import AT_ONCE, is_unhurried
from cogs.live.discord_events import DiscordEventsCog
from tests.rig import until
from tests.storage.town import NOON, grant, settle_in

GUILDS = range(1_001, 1_041)
NEW_GUILDS = range(2_001, 2_041)


class NotedTransactions:
    """Transactions that note each job with its first argument, a guild. None is done while `gate` is closed."""

    def __init__(self, inner: Transactions) -> None:
        self._inner = inner
        self.gate = asyncio.Event()
        self.gate.set()
        self.jobs: list[tuple[str, int]] = []
        self.slices = 0
        """Slices of folds."""

    @property
    def commit_s(self) -> float:
        return self._inner.commit_s

    async def run(self, work: Callable[[Connection], Any]) -> Any:
        assert isinstance(work, partial)
        job: Any = work.keywords["work"]
        if "job" in job.keywords:
            self.jobs.append((job.keywords["job"].__name__, *job.keywords["args"][:1]))
        elif job.func is fold_slice:
            self.slices += 1
        await self.gate.wait()
        return await self._inner.run(work)

    async def close(self) -> None:
        await self._inner.close()

    async def abandon(self) -> None:
        await self._inner.abandon()


class CountedBooks(Database):
    """Books of which reads are counted."""

    def __init__(self, url: URL) -> None:
        replication = Replication()
        self.noted = NotedTransactions(transactions_of(url, replication))
        self.reads: Counter[str] = Counter()
        super().__init__(url, None, self.noted, replication, clock=lambda: NOON, new_holder=holders.new_holder)

    async def read(self, query: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self.reads[query.__name__] += 1
        return await super().read(query, *args, **kwargs)


class Start:
    """A bot that hears of guilds. Its other workers are at rest."""

    def __init__(self, books: CountedBooks) -> None:
        self.books = books
        clock = Clock(wall=lambda: NOON, monotonic=lambda: 0)
        clock.hear_date("Thu, 05 Feb 2026 12:00:00 GMT", 0)
        self.client = Rosette(build(books, [], clock), clock)

    async def arrive(self, guild_ids: range) -> None:
        """Have Discord say that guilds are available."""
        for guild_id in guild_ids:
            self.client.dispatch("guild_available", self.guild(guild_id))

    def guild(self, guild_id: int) -> discord.Guild:
        """Return a guild as Discord describes it."""
        data: Any = {"id": str(guild_id), "name": "A guild", "roles": [], "channels": []}
        return discord.Guild(data=data, state=self.client._connection)

    async def settle(self) -> None:
        """Wait until every listener has dealt with that."""

        async def is_over() -> bool:
            names = {task.get_name() for task in asyncio.all_tasks()}
            return "discord.py: on_guild_available" not in names

        await until(is_over)

    async def queued(self, count: int) -> None:
        """Wait until so many jobs wait for the books."""

        async def is_queued() -> bool:
            return self.books.writer.waiting == count

        await until(is_queued)


@pytest.fixture
async def start(address: str) -> AsyncIterator[Start]:
    """A bot that starts, over the books of some of the guilds."""
    url = database_url(address)
    migrate.upgrade(url)
    books = CountedBooks(url)
    start = Start(books)
    await start.client._async_setup_hook()
    background(start.client.services, books, start.client, Pace(lambda: 0.0, asyncio.sleep))
    await start.client.add_cog(DiscordEventsCog(start.client))
    for guild_id in GUILDS:
        await books.writer.perform(settle_in, guild_id)
    books.noted.jobs.clear()
    yield start
    books.noted.gate.set()
    await start.settle()
    await books.close()


async def test_guilds_that_need_nothing_cost_the_writer_nothing_and_share_what_is_read(start: Start):
    await start.arrive(GUILDS)
    await start.settle()

    assert start.books.noted.jobs == []
    assert max(start.books.reads.values()) < len(GUILDS) // 4, start.books.reads


async def test_a_new_guild_is_opened_once_for_all_who_hear_of_it(start: Start):
    await start.arrive(NEW_GUILDS)
    await start.settle()

    assert sorted(start.books.noted.jobs) == [("_ensure", guild_id) for guild_id in NEW_GUILDS]


async def test_levels_are_settled_without_counting_where_everything_is_counted(start: Start):
    deadline = Deadline(GUILDS[0], DeadlineKind.STANDING, 0, NOON)
    await start.books.writer.submit(grant("g", guild_id=GUILDS[0]))
    await start.client.services.standing.settle(deadline)
    slices = start.books.noted.slices
    await start.client.services.standing.settle(deadline)

    assert (slices > 0, start.books.noted.slices) == (True, slices)


async def test_only_guilds_with_roles_have_them_looked_at(start: Start):
    await start.books.writer.perform(level_roles.choose, GUILDS[3], 1, 99)
    await start.arrive(GUILDS)
    await start.settle()

    assert start.books.noted.jobs == [("choose", GUILDS[3]), ("check_again", GUILDS[3])]


async def test_whoever_uses_the_bot_in_a_new_guild_waits_for_few_other_guilds(start: Start):
    start.books.noted.gate.clear()
    await start.arrive(NEW_GUILDS)
    await start.queued(AT_ONCE)
    opening = asyncio.create_task(start.client.open_books(NEW_GUILDS[-1]))
    await start.queued(AT_ONCE + 1)
    start.books.noted.gate.set()
    await opening
    await start.settle()

    assert start.books.noted.jobs.index(("_ensure", NEW_GUILDS[-1])) == AT_ONCE


class NotedMemory(StoredAnnouncementMemory):
    """A memory that notes whether anybody waits for what is asked of it."""

    def __init__(self, books: Database) -> None:
        super().__init__(books, lambda: NOON)
        self.marks: list[bool] = []

    async def state(self, guild_id: int) -> GuildState:
        self.marks.append(is_unhurried())
        return await super().state(guild_id)


async def test_nobody_waits_for_announcements(start: Start):
    client, memory = start.client, NotedMemory(start.books)
    courier = Courier(client, client.services.channels, Pace(lambda: 0.0, asyncio.sleep), lambda: NOON)
    delivery = Delivery(memory, Messages(memory, client, client.services.pictures), courier)
    announcer = Announcer(StoredJournalFeed(start.books), memory, client, delivery, asyncio.sleep)
    client._connection._add_guild(start.guild(GUILDS[0]))
    announcer.retry(GUILDS[0])

    async def has_begun() -> bool:
        return bool(memory.marks)

    await until(has_begun)
    await announcer.stop()

    assert memory.marks == [True]


async def test_announcements_begin_without_the_writer_where_nothing_is_to_be_forgotten(start: Start):
    memory = StoredAnnouncementMemory(start.books, lambda: NOON)
    old = Post(GUILDS[0], 70, 0, 1, 1, PostForm.SHARED, NOON, NOON - KEPT_MS - 1, shown_seq=1)
    await start.books.writer.perform(announcements.save, [old, replace(old, first_seq=2, last_seq=2, grown_ms=NOON)])
    start.books.noted.jobs.clear()
    for _ in range(2):
        await memory.state(GUILDS[0])
    state = await memory.state(GUILDS[0])

    assert start.books.noted.jobs == [("forget", GUILDS[0])]
    assert [each.post.first_seq for each in state.announcements[70]] == [2]


async def test_nobody_waits_for_what_is_done_as_guilds_arrive(start: Start):
    marks: list[bool] = []

    async def listen(_guild: discord.Guild) -> None:
        marks.append(is_unhurried())

    start.client.add_listener(listen, "on_guild_available")
    await start.arrive(GUILDS[:1])
    await start.settle()

    assert marks == [True]
    assert not is_unhurried()
