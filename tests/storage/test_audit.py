"""The audit: silent about good books, and loud about every way to cook them."""

import asyncio
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.domain.wallets import Wallet
from bot.storage.audit.auditor import Finding, audit, audit_database
from bot.storage.database import Database
from bot.storage.folds.leaderboards.rank_bins import FEW
from bot.storage.stores import live, wallets
from tests.storage.town import (
    ALICE,
    BOB,
    DAY,
    GUILD,
    NOAH,
    OTHER_GUILD,
    PAPER_CRANE,
    Clock,
    buy,
    event,
    gift,
    grant,
    order,
    settle_in,
)


@pytest.fixture
async def books_file(file: Path, address: str, clock: Clock) -> Path:
    """Books with something of everything in them, closed."""
    books = await Database.open(address, clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.perform(settle_in, OTHER_GUILD)
    await books.writer.perform(live.insert, event())
    await buy(books, order())
    await books.writer.submit(grant("g1", member_id=BOB, amount=500))
    await books.writer.submit(grant("g2", guild_id=OTHER_GUILD))
    await books.writer.submit(gift("a", note="hello"))
    await books.writer.submit(gift("b", sender_id=BOB, creator_id=NOAH, item_id=PAPER_CRANE))
    await books.writer.submit(gift("c", anonymous=True))
    clock.now_ms += DAY
    await books.writer.submit(gift("d"))
    await books.writer.catch_up(GUILD)
    await books.close()
    return file


ORDERED = """
    member_id, package_id, coins, price_minor, currency, provider, test, consented_ms, state, external_id, told, locale,
    consent_version, report, refunded_minor, product, presented_minor, presented_currency
"""
"""What an order has besides its name."""


def lines_of(condition: str) -> str:
    """Return the condition for lines of the first guild's leaderboards that `condition` holds for."""
    return f"guild_id = 7 AND ladder IN (SELECT ladder FROM ladders WHERE guild_id = 7 AND {condition})"


def tamper(file: Path, *statements: str) -> list[Finding]:
    """Do to a database what its owner never would; return what the audit says."""
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)
    return list(audit_database(f"sqlite:///{file}"))


async def test_good_books_are_in_order(books_file: Path):
    assert tamper(books_file) == []


async def test_books_can_be_audited_while_they_are_open(books: Database):
    await books.writer.submit(grant("g"))

    assert await books.read(lambda c: list(audit(c))) == []
    assert await books.read(lambda c: list(audit(c, GUILD))) == []
    assert await books.read(wallets.wallet, GUILD, ALICE) == Wallet(promo=100)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE journal SET body = replace(body, '\"coins\":10', '\"coins\":90') WHERE key = 'a'", "its content"),
        ("UPDATE journal SET at_ms = at_ms + 1 WHERE key = 'a'", "its content"),
        ("UPDATE journal SET actor = 1 WHERE key = 'a'", "its content"),
        ("UPDATE journal SET key = 'z' WHERE key = 'a'", "its content"),
        ("UPDATE journal SET previous = zeroblob(32) WHERE key = 'a'", "does not name the hash of the row before"),
        ('UPDATE journal SET body = \'"nonsense"\' WHERE key = \'a\'', "cannot be read"),
        ("UPDATE journal SET seq = 99 WHERE key = 'd'", "rows are missing"),
        ("DELETE FROM journal WHERE key = 'b'", "rows are missing"),
        ("DELETE FROM journal WHERE key = 'b'", "it has entries, but no journal row"),
        ("DELETE FROM journal WHERE key = 'd'", "the journal ends at row 5"),
        ("UPDATE heads SET seq = 5 WHERE guild_id = 7", "the head names row 5"),
        ("UPDATE heads SET hash = zeroblob(32) WHERE guild_id = 7", "the head names row 6"),
        ("UPDATE entries SET amount = amount + 5 WHERE seq = 3 AND leg = 0", "sum to 5"),
        ("UPDATE entries SET owner = 1 WHERE seq = 3 AND leg = 0", "its hash"),
        ("DELETE FROM entries WHERE guild_id = 7 AND seq = 3", "its 0 entries"),
        ("UPDATE entries SET amount = amount * 50 WHERE seq = 3", "falls below zero, to"),
        ("INSERT INTO entries VALUES (7, 99, 0, 'paid', 1, 5)", "it has entries, but no journal row"),
        ("INSERT INTO notes VALUES (7, 99, 'psst')", "notes refer to a journal row that does not exist"),
        ("UPDATE balances SET amount = amount + 1 WHERE kind = 'paid'", "its entries sum to"),
        ("DELETE FROM balances WHERE kind = 'house'", "holds nothing"),
        ("INSERT INTO balances VALUES (7, 1, 'paid', 1000)", "its entries sum to 0"),
        ("UPDATE standings SET week_coins = 99 WHERE " + lines_of("board = 'gifters'"), "its gifts sum to"),
        ("UPDATE standings SET pieces = 9 WHERE " + lines_of("event <> 0"), "its gifts sum to"),
        ("UPDATE standings SET last_seq = 1 WHERE " + lines_of("board = 'creators'"), "its gifts sum to"),
        ("UPDATE standings SET day = 20260101 WHERE guild_id = 7 AND day = 20260206", "its gifts sum to"),
        ("DELETE FROM standings WHERE " + lines_of("board = 'anonymous'"), "is missing"),
        ("UPDATE ladders SET places = places + 1 WHERE guild_id = 7 AND board = 'gifters'", "has totals of"),
        ("UPDATE ladders SET day = 20260101 WHERE guild_id = 7 AND day = 20260206", "has totals of"),
        ("UPDATE ladders SET month_coins = month_coins - 1 WHERE guild_id = 7 AND board = 'gifts'", "has totals of"),
        ("DELETE FROM ladders WHERE guild_id = 7 AND board = 'creators'", "which does not exist"),
        ("INSERT INTO tallies VALUES (7, 999, 'day', 1, 1)", "has tallies, but too few lines"),
        ("UPDATE orders SET state = 'open'", "but not marked as credited"),
        (f"INSERT INTO orders (guild_id, order_id, {ORDERED}) SELECT 7, 501, {ORDERED} FROM orders",
         "is marked as credited, but"),
    ],
)  # fmt: skip
async def test_cooked_books_are_found_out(books_file: Path, statement: str, says: str):
    findings = tamper(books_file, statement)

    assert any(says in finding.what for finding in findings), findings
    assert {finding.guild_id for finding in findings} == {GUILD}


@pytest.fixture
async def crowded(file: Path, address: str, clock: Clock) -> Path:
    """Books in which so many have given that they are tallied, closed."""
    books = await Database.open(address, clock=clock)
    await books.writer.perform(settle_in)
    givers = range(10_000, 10_000 + FEW + 1)
    await asyncio.gather(*(books.writer.submit(grant(f"g{giver}", member_id=giver)) for giver in givers))
    await asyncio.gather(*(books.writer.submit(gift(f"a{giver}", sender_id=giver)) for giver in givers))
    await books.writer.catch_up(GUILD)
    await books.close()
    return file


async def test_cooked_tallies_are_found_out(crowded: Path):
    good = tamper(crowded)
    more = tamper(crowded, "UPDATE tallies SET places = places + 1 WHERE period = 'week'")
    none = tamper(crowded, "DELETE FROM tallies WHERE period = 'day'")

    assert good == []
    assert {finding.what.split(" in bin")[0] for finding in more} == {
        f"leaderboard {ladder} tallies {FEW + 2} lines" for ladder in (2, 3)
    }
    assert any("tallies 0 lines" in finding.what for finding in none)


async def test_a_key_that_was_used_twice_is_found(books_file: Path):
    # Only without its constraints does the table take such a row.
    findings = tamper(
        books_file,
        "CREATE TABLE copy AS SELECT * FROM journal",
        "DROP TABLE journal",
        "ALTER TABLE copy RENAME TO journal",
        "UPDATE journal SET key = 'a' WHERE key = 'b'",
    )

    assert any("was used before" in finding.what for finding in findings)


async def test_only_the_guild_asked_for_is_audited(books_file: Path):
    tamper(books_file, "UPDATE balances SET amount = 5 WHERE guild_id = 7 AND kind = 'house'")

    assert list(audit_database(f"sqlite:///{books_file}", OTHER_GUILD)) == []
    assert [finding.guild_id for finding in audit_database(f"sqlite:///{books_file}", GUILD)] == [GUILD]


def test_what_a_killed_audit_left_is_removed_by_the_next_and_nobody_elses(file: Path, books_file: Path):
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    orphan = Path(tempfile.mkdtemp(prefix=f"rosette-audit-{child.pid}-"))
    (orphan / "sums").write_bytes(b"many")
    own_folder = Path(tempfile.mkdtemp(prefix=f"rosette-audit-{os.getpid()}-"))

    assert list(audit_database(f"sqlite:///{books_file}")) == []
    existence = orphan.exists(), own_folder.exists()
    own_folder.rmdir()
    assert existence == (False, True)
