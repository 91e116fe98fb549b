"""The watch over open books: what it finds while the bot runs, and what it does then."""

import logging
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy import Connection, text

from bot.domain.errors import BooksClosed
from bot.storage.audit import slices
from bot.storage.database import Database
from bot.storage.watch import CHECK_EVERY_MS, Watch
from tests.storage.kept import keep_books
from tests.storage.town import GUILD, OTHER_GUILD, Clock, gift

# Each keeps all sums at zero and the newest rows as they are, where the fast form looks.
SWAPPED = (
    "UPDATE balances SET amount = amount + CASE kind WHEN 'paid' THEN 9 ELSE -9 END"
    " WHERE guild_id = 7 AND kind IN ('paid', 'earnings')"
)
LOST = "DELETE FROM balances WHERE guild_id = 7 AND kind = 'earnings'"


def everywhere(_guild_id: int) -> bool:
    return True


def changing(statement: str) -> Callable[[Connection], None]:
    def change(c: Connection) -> None:
        c.execute(text(statement))

    return change


@pytest.fixture
async def watched_books(address: str, clock: Clock) -> AsyncIterator[Database]:
    """Open books of two guilds, whatever becomes of them."""
    await keep_books(address)
    database = await Database.open(address, clock=clock)
    yield database
    await database.close()


async def rounds(watch: Watch, looks: int = 6) -> None:
    """Look often enough to come round: a look takes in what these books hold, and the next one begins again."""
    for _ in range(looks):
        await watch.look(everywhere)


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno == logging.CRITICAL]


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99])
async def test_money_is_taken_while_the_books_add_up(watched_books: Database, clock: Clock, share: float):
    watch = Watch(watched_books, clock=clock, chance=lambda: share)
    await watch.check()

    await rounds(watch)
    receipt = await watched_books.writer.submit(gift("late"))
    await rounds(watch)

    assert watched_books.writer.takes_money
    assert receipt.seq == 22


@pytest.mark.parametrize("share", [0.0, 0.99])
@pytest.mark.parametrize(
    ("statement", "says"),
    [
        (
            "UPDATE journal SET at_ms = at_ms + 1 WHERE guild_id = 7 AND seq = 9",
            "guild 7 row 9: its hash does not match",
        ),
        (
            "UPDATE entries SET amount = amount + 1 WHERE guild_id = 7 AND seq = 9 AND leg = 0",
            "guild 7 row 9: its hash does not match",
        ),
        (SWAPPED, "its entries sum to"),
        (LOST, "holds 0, but its entries sum to"),
        ("INSERT INTO balances VALUES (8, 77, 'paid', 5)", "guild 8 row 0: paid of 77 holds 5"),
    ],
)
async def test_what_is_wrong_anywhere_is_found_and_money_refused(
    watched_books: Database, clock: Clock, caplog: pytest.LogCaptureFixture, statement: str, says: str, share: float
):
    watch = Watch(watched_books, clock=clock, chance=lambda: share)
    await watch.check()
    await watched_books.writer.perform(changing(statement))

    await rounds(watch)

    assert not watched_books.writer.takes_money
    with pytest.raises(BooksClosed):
        await watched_books.writer.submit(gift("refused"))
    (message,) = alarms(caplog)
    assert says in message
    assert "python -m bot audit" in message
    assert "python -m bot restore" in message


async def test_the_sums_of_all_balances_are_checked_every_hour(watched_books: Database, clock: Clock):
    watch = Watch(watched_books, clock=clock, chance=lambda: 0.0)
    await watch.check()
    # A guild's own account: no member's entries tell of it.
    await watched_books.writer.perform(
        changing("UPDATE balances SET amount = amount + 1 WHERE guild_id = 7 AND owner = 0")
    )

    clock.now_ms += CHECK_EVERY_MS - 1
    await rounds(watch)
    before = watched_books.writer.takes_money
    clock.now_ms += 1
    await watch.look(everywhere)

    assert before
    assert not watched_books.writer.takes_money


async def test_guilds_of_other_processes_are_left_to_them(watched_books: Database, clock: Clock):
    watch = Watch(watched_books, clock=clock, chance=lambda: 0.0)
    await watch.check()
    await watched_books.writer.perform(changing(SWAPPED))

    for _ in range(6):
        await watch.look(lambda guild_id: guild_id == OTHER_GUILD)
    before = watched_books.writer.takes_money
    for _ in range(6):
        await watch.look(lambda guild_id: guild_id == GUILD)

    assert before
    assert not watched_books.writer.takes_money


async def test_bites_of_any_size_come_to_every_row_and_every_member(watched_books: Database):
    problems: list[str] = []
    await watched_books.writer.perform(
        changing("UPDATE journal SET at_ms = at_ms + 1 WHERE guild_id = 7 AND seq IN (2, 20)")
    )
    await watched_books.writer.perform(
        changing("UPDATE balances SET amount = amount + 1 WHERE guild_id = 7 AND owner <> 0")
    )

    def go_round(c: Connection) -> int:
        place, bites = slices.Bookmark(), 0
        while bite := slices.next_bite(c, place, everywhere, most=3, members=1):
            problems.extend(what for _, what in slices.check_bite(c, bite.begin.guild_id, bite, lambda _read: None))
            place, bites = bite.after, bites + 1
        return bites

    bites = await watched_books.read(go_round)

    assert bites > 7
    assert sum("its hash does not match" in what for what in problems) == 2
    assert sum("its entries sum to" in what for what in problems) == 2
