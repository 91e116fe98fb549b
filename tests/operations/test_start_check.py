"""The checks at the start and while the bot runs: no money once one fails, and everything else goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.storage.audit.auditor import audit_start
from bot.storage.database import Database
from tests import books
from tests.operating import address_of
from tests.rig import Rig, until
from tests.storage.kept import keep_books
from tests.storage.town import Clock

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
async def address(books_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of closed books, on either database."""
    where = request.getfixturevalue("shared") if books_kind == "postgresql" else address_of(tmp_path / "books.db")
    await keep_books(where)
    return where


def changing(statement: str) -> Callable[[Connection], None]:
    def change(c: Connection) -> None:
        c.execute(text(statement))

    return change


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE journal SET at_ms = at_ms + 1 WHERE guild_id = 7 AND seq = 9", "its hash"),
        ("UPDATE entries SET amount = amount + 1 WHERE guild_id = 7 AND seq = 9 AND leg = 0", "sum to 1"),
        ("UPDATE balances SET amount = amount + 1 WHERE guild_id = 7 AND kind = 'paid'", "guild 7 sum to"),
        ("UPDATE heads SET seq = seq - 1 WHERE guild_id = 7", "the head names row"),
    ],
)
async def test_the_fast_form_is_silent_about_good_books_and_finds_bad_ones(address: str, statement: str, says: str):
    database = await Database.open(address, clock=Clock())
    good = await database.read(audit_start)
    await database.writer.perform(changing(statement))
    bad = await database.read(audit_start)
    await database.close()

    assert good == []
    assert any(says in finding.what for finding in bad), bad


async def test_a_bot_whose_books_do_not_add_up_refuses_money_and_says_what_to_do(own_rig: Rig):
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await own_rig.stop_bot()
    books.change(own_rig.database, "UPDATE balances SET amount = amount + 1 WHERE kind = 'granted'")
    await own_rig.start_bot()

    gift = await town.give(town.mia, "Clover", town.noor)
    balance = await town.balance(town.mia)
    async with own_rig.http.get(f"http://127.0.0.1:{own_rig.web_port}/healthz") as health:
        status = health.status
    warnings = [line for line in own_rig.bot.lines if "money is refused" in line]

    assert "Coins are paused" in gift.text
    assert "100 coins" in balance
    assert status == 503
    assert len(warnings) == 1
    assert "python -m bot audit" in warnings[0]


async def test_a_running_bot_rereads_its_books_and_refuses_money_when_they_do_not_add_up(own_rig: Rig):
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    for member in (town.mia, town.kai):
        await town.grant(member, 100)
    await own_rig.stop_bot()
    # What one member lost another has: all sums are right, as far as the check at the start sees.
    books.change(
        own_rig.database,
        "UPDATE balances SET amount = amount + CASE owner WHEN (SELECT min(owner) FROM balances WHERE kind = 'promo')"
        " THEN 50 ELSE -50 END WHERE kind = 'promo'",
    )

    await own_rig.start_bot()

    async def refusing() -> list[str]:
        return [line for line in own_rig.bot.lines if "money is refused" in line]

    warnings = await until(refusing)
    gift = await town.give(town.mia, "Clover", town.noor)

    assert "its entries sum to 100" in warnings[0]
    assert "Coins are paused" in gift.text
