"""Leaderboards that have run ahead: found where a clock was wrong, counted again, and no reason to close the books."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.leaderboards import Board
from bot.domain.periods import ALL_TIME, Period
from bot.storage.audit.auditor import Finding, audit_database
from bot.storage.database import Database
from bot.storage.folds.leaderboards import queries
from bot.storage.stores import guilds
from bot.storage.watch import Watch
from tests.storage.town import DAY, GUILD, HOUR, Clock, gift, grant, settle_in


async def filled(address: str, clock: Clock) -> Database:
    """Return the books of a guild in which Alice has coins."""
    books = await Database.open(address, clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.submit(grant("g", amount=1_000))
    return books


async def ran_ahead(address: str, clock: Clock, ahead_ms: int = 40 * DAY) -> Database:
    """Return books in which a gift was booked and counted ahead of time, by a bot that believed its machine."""
    books = await filled(address, clock)
    await books.writer.submit(gift("before"))
    clock.now_ms += ahead_ms
    await books.writer.submit(gift("ahead", quantity=2))
    await books.writer.catch_up(GUILD)
    clock.now_ms -= ahead_ms
    await books.writer.submit(gift("now"))
    return books


def findings(address: str) -> list[Finding]:
    return list(audit_database(address))


async def test_boards_that_have_run_ahead_are_found_with_the_row_that_did_it(address: str) -> None:
    clock = Clock()
    books = await ran_ahead(address, clock)
    await books.close()
    (finding,) = findings(address)

    assert (finding.guild_id, finding.seq) == (GUILD, 3)
    assert "leaderboards ran ahead" in finding.what
    assert "40 days" in finding.what


@pytest.mark.parametrize("ahead_ms", [40 * DAY, 13 * HOUR])
async def test_they_are_counted_again_once_the_time_is_known(address: str, ahead_ms: int) -> None:
    clock = Clock()
    books = await ran_ahead(address, clock, ahead_ms)

    await books.writer.catch_up(GUILD)

    assert await coins(books, Period.TODAY, 20260205) == await coins(books, Period.MONTH, 202602) == 20
    assert await coins(books, Period.ALL, ALL_TIME) == 40
    await books.close()
    assert findings(address) == []


async def test_they_are_counted_again_after_a_restart_though_nothing_is_new(address: str) -> None:
    clock = Clock()
    books = await filled(address, clock)
    clock.now_ms += 40 * DAY
    await books.writer.submit(gift("ahead"))
    await books.writer.catch_up(GUILD)
    await books.close()

    clock.now_ms -= 40 * DAY
    books = await Database.open(address, clock=clock)
    async with asyncio.timeout(20):
        while await coins(books, Period.MONTH, 202603):  # noqa: ASYNC110 - the writer folds when it is idle
            await asyncio.sleep(0.01)
    await books.close()

    assert findings(address) == []


async def coins(books: Database, period: Period, key: int) -> int:
    """Return what the gifters' board adds up to, as it is stored."""
    page = await books.read(queries.leaderboard, GUILD, Board.GIFTERS, period, key, viewer_id=0)
    return page.coins


async def test_they_alone_do_not_close_the_books(address: str) -> None:
    clock = Clock()
    books = await ran_ahead(address, clock)
    watch = Watch(books, clock=clock, chance=lambda: 0.0)
    await watch.check()
    await watch.look(lambda _: True)
    receipt = await books.writer.submit(gift("later"))
    await books.close()

    assert receipt.seq == 5


async def test_once_their_day_has_come_they_are_right_again(address: str) -> None:
    clock = Clock()
    books = await ran_ahead(address, clock)
    clock.now_ms += 40 * DAY
    await books.writer.submit(gift("then"))
    await books.writer.catch_up(GUILD)
    await books.close()

    assert findings(address) == []


async def test_a_guild_that_moves_west_is_nobodys_fault(address: str) -> None:
    clock = Clock()
    clock.now_ms += 11 * HOUR
    books = await filled(address, clock)
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None
    await books.writer.perform(guilds.save, replace(rules, time_zone="Pacific/Auckland"))
    await books.writer.submit(gift("there"))
    await books.writer.perform(guilds.save, replace(rules, time_zone="Pacific/Honolulu"))
    await books.writer.submit(gift("here"))
    await books.writer.catch_up(GUILD)
    await books.close()

    assert findings(address) == []
