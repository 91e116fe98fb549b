"""Leaderboards that have run ahead: found where a clock was wrong, and no reason to close the books."""

from dataclasses import replace

from bot.storage.audit.auditor import Finding, audit_database
from bot.storage.database import Database
from bot.storage.stores import guilds
from bot.storage.watch import Watch
from tests.storage.town import DAY, GUILD, HOUR, Clock, gift, grant, settle_in


async def filled(address: str, clock: Clock) -> Database:
    """Return the books of a guild in which Alice has coins."""
    books = await Database.open(address, clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.submit(grant("g", amount=1_000))
    return books


async def ran_ahead(address: str, clock: Clock) -> Database:
    """Return books in which a gift was booked 40 days ahead, by a bot that believed its machine."""
    books = await filled(address, clock)
    clock.now_ms += 40 * DAY
    await books.writer.submit(gift("ahead", quantity=2))
    clock.now_ms -= 40 * DAY
    await books.writer.submit(gift("now"))
    return books


def findings(address: str) -> list[Finding]:
    return list(audit_database(address))


async def test_boards_that_have_run_ahead_are_found_with_the_row_that_did_it(address: str) -> None:
    clock = Clock()
    books = await ran_ahead(address, clock)
    await books.close()
    (finding,) = findings(address)

    assert (finding.guild_id, finding.seq) == (GUILD, 2)
    assert "leaderboards ran ahead" in finding.what
    assert "40 days" in finding.what


async def test_they_alone_do_not_close_the_books(address: str) -> None:
    clock = Clock()
    books = await ran_ahead(address, clock)
    watch = Watch(books, clock=clock, chance=lambda: 0.0)
    await watch.check()
    await watch.look(lambda _: True)
    receipt = await books.writer.submit(gift("later"))
    await books.close()

    assert receipt.seq == 4


async def test_once_their_day_has_come_they_are_right_again(address: str) -> None:
    clock = Clock()
    books = await ran_ahead(address, clock)
    clock.now_ms += 40 * DAY
    await books.writer.submit(gift("then"))
    await books.close()

    assert findings(address) == []


async def test_a_jump_of_half_a_day_over_midnight_is_found_too(address: str) -> None:
    clock = Clock()
    books = await filled(address, clock)
    clock.now_ms += 13 * HOUR
    await books.writer.submit(gift("ahead"))
    clock.now_ms -= 13 * HOUR
    await books.writer.submit(gift("now"))
    await books.close()

    assert [finding.seq for finding in findings(address)] == [2]


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
    await books.close()

    assert findings(address) == []
