"""The parts of the audit that only large books bring out: ranges, several readings, and sums put aside on disk."""

import asyncio
import random
import sqlite3
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, and_, select

from bot.domain.standings import scoring_of_gift
from bot.storage import ladders
from bot.storage.audit import Finding
from bot.storage.board_tables import ladders as table
from bot.storage.board_tables import standings
from bot.storage.database import Database
from bot.storage.ladders import Scored
from bot.storage.proof.accounts import check_accounts
from bot.storage.proof.chain import LAST, LEGS, check_chain
from bot.storage.proof.lines import Lines
from bot.storage.proof.reader import open_reader
from tests.storage.conftest import findings
from tests.storage.kept import keep_books
from tests.storage.town import GUILD, HOUR, NOON, gift, grant

ZONES = ("UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati")
LAST_ROW = 21


def unheard(_rows: int) -> None:
    pass


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    """Books with 21 rows in the guild, closed."""
    await keep_books(f"sqlite:///{tmp_path}/books.db")
    return tmp_path / "books.db"


def tamper(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def in_ranges(c: Connection, *ends: int) -> list[tuple[int, str]]:
    starts = (0, *ends)
    return [
        seen
        for after, until in zip(starts, (*ends, LAST), strict=True)
        for seen in check_chain(c, GUILD, after, until, unheard)
    ]


def test_ranges_find_what_one_reading_finds(kept: Path):
    tamper(kept, "UPDATE journal SET hash = previous WHERE guild_id = 7 AND seq IN (5, 6, 12)")
    tamper(kept, "UPDATE entries SET amount = amount + 1 WHERE guild_id = 7 AND seq = 20 AND leg = 0")
    reader = open_reader(f"sqlite:///{kept}")

    whole = reader.look(in_ranges)
    parts = [reader.look(in_ranges, *ends) for ends in ((5,), (6,), (4, 5, 6, 7), (12, 20), tuple(range(1, LAST_ROW)))]
    reader.close()

    assert {seq for seq, _ in whole} == {5, 6, 7, 12, 13, 20}
    assert parts == [whole] * len(parts)


def test_accounts_are_checked_whole_in_several_readings(kept: Path):
    tamper(kept, "UPDATE balances SET amount = amount + 1 WHERE guild_id = 7")
    reader = open_reader(f"sqlite:///{kept}")

    def check(c: Connection, parts: int) -> list[tuple[int, str]]:
        return sorted(seen for part in range(parts) for seen in check_accounts(c, GUILD, part, parts, unheard))

    whole, parts = reader.look(check, 1), reader.look(check, 3)
    reader.close()

    assert len(whole) > 2
    assert parts == whole


def test_entries_are_put_together_in_their_order_without_sorting(kept: Path):
    with closing(sqlite3.connect(kept)) as connection:
        plan = connection.execute(
            "EXPLAIN QUERY PLAN " + LEGS["sqlite"], {"guild": 7, "after": 0, "until": 9}
        ).fetchall()

    assert ["PRIMARY KEY" in step[3] for step in plan] == [True]


def test_lines_that_are_counted_again_are_those_that_are_stored_when_gifts_are_sent(c: Connection):
    chance = random.Random(5)
    lines, at_ms = Lines(), NOON
    for seq in range(1, 401):
        at_ms += chance.randrange(12) * HOUR
        zone, event = chance.choice(ZONES), chance.choice([0, 0, 900, 901])
        sender, creator, item = chance.randrange(10, 14), chance.randrange(20, 22), chance.randrange(1, 4)
        coins, pieces, anonymous = chance.randrange(1, 99), chance.randrange(1, 3), chance.random() < 0.2
        lines.add(seq, sender, at_ms, zone, creator, item, event, coins, pieces, anonymous)
        scoring = scoring_of_gift(
            sender=sender, creator=creator, item_id=item, coins=coins, pieces=pieces, event_id=event,
            anonymous=anonymous, at_ms=at_ms, zone=ZoneInfo(zone),
        )  # fmt: skip
        ladders.count(c, [Scored(GUILD, seq, scoring)])

    stored = c.execute(
        select(table.c.board, table.c.scope, table.c.event, *[*standings.c][1:2], *[*standings.c][3:])
        .join(table, and_(table.c.guild_id == standings.c.guild_id, table.c.ladder == standings.c.ladder))
        .where(standings.c.guild_id == GUILD)
        .order_by(table.c.board, table.c.scope, table.c.event, standings.c.subject)
    )

    assert [(*line, *sums) for line, sums in lines.totals()] == [tuple(row) for row in stored]


async def test_books_that_are_written_meanwhile_add_up_at_every_moment(books: Database, address: str):
    async def storm() -> None:
        for number in range(40):
            await asyncio.gather(*(books.writer.submit(gift(f"{number}:{giver}")) for giver in range(10)))

    await books.writer.submit(grant("g", amount=1_000_000))
    raging = asyncio.create_task(storm())
    found: list[Finding] = []
    audits = 0
    while not raging.done():
        found += await asyncio.to_thread(findings, address)
        audits += 1
    await raging

    assert found == []
    assert audits > 1
