"""The way to numbered leaderboards: every line keeps its place, and what is counted is counted once."""

import json
import sqlite3
from collections import Counter, defaultdict
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, MetaData, insert, inspect, select

from bot.domain.leaderboards import Board, Standing
from bot.domain.periods import ALL_TIME, Period, period_key_of
from bot.storage.audit.auditor import audit_database
from bot.storage.audit.leaderboards import check_totals
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.database import Database
from bot.storage.folds.leaderboards import queries
from bot.storage.ledger import holders
from bot.storage.maintenance import migrate
from bot.storage.sql.leaderboard_tables import SPANS
from bot.storage.stores import guilds, live
from tests.storage.old_databases import at_revision, on
from tests.storage.town import (
    ALICE,
    BOB,
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    LIVE_CHANNEL,
    NOAH,
    OTHER_GUILD,
    PAPER_CRANE,
    Clock,
    event,
    gift,
    grant,
    settle_in,
)

OLD_PERIODS = (Period.TODAY, Period.WEEK, Period.MONTH, Period.ALL)

LINES = [
    (GUILD, "gifters", 0, "all", 0, 101, 5_000, 3, 7),
    (GUILD, "gifters", 0, "all", 0, 102, 5_001, 2, 8),
    (GUILD, "gifters", 0, "all", 0, 103, 10, 1, 9),
    (GUILD, "gifters", 0, "month", 202602, 103, 10, 1, 9),
    (GUILD, "gifters", 0, "month", 202603, 102, 4_996, 1, 6),
    (GUILD, "gifters", 0, "month", 202604, 102, 5, 1, 8),
    (GUILD, "gifters", 0, "live", 900, 101, 70, 1, 5),
    (GUILD, "anonymous", 201, "all", 0, 103, 10, 1, 4),
    (OTHER_GUILD, "gifts", 0, "all", 0, 3, 30, 3, 2),
]


def old_database(file: Path) -> str:
    """Write a database as the first version left it; return its address."""
    at_revision(database_url(f"sqlite:///{file}"), "0001")
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(f"INSERT INTO standings VALUES ({', '.join('?' * 9)})", LINES)
    return f"sqlite:///{file}"


def test_every_line_keeps_its_place_and_is_counted(tmp_path: Path):
    url = database_url(old_database(tmp_path / "books.db"))

    migrate.upgrade(url)

    engine = writing_engine(url, foreign_keys=False)
    with engine.connect() as c, c.begin():
        for guild_id in (GUILD, OTHER_GUILD):
            assert list(check_totals(c, guild_id)) == []
        holders.insert(c, {(GUILD, holder): holder for holder in (101, 102, 103)})
        page = queries.leaderboard(c, GUILD, Board.GIFTERS, Period.ALL, ALL_TIME, viewer_id=101)
        lines = c.exec_driver_sql(
            "SELECT count(*), sum(coins), sum(pieces), sum(last_seq), count(month), sum(month_coins) FROM standings"
        ).one()
        april = queries.leaderboard(c, GUILD, Board.GIFTERS, Period.MONTH, 202604, viewer_id=102)
    engine.dispose()
    assert page.standings == (Standing(1, 102, 5_001, 2), Standing(2, 101, 5_000, 3), Standing(3, 103, 10, 1))
    assert page.own == page.standings[1]
    assert (page.places, page.coins) == (3, 10_011)
    of_all_time = [line for line in LINES if line[3] in {"all", "live"}]
    assert tuple(lines) == (*map(sum, zip(*((1, *line[6:]) for line in of_all_time), strict=True)), 2, 15)
    assert (april.places, april.coins, april.own) == (1, 5, Standing(1, 102, 5, 1))


async def write_moving_guild(address: str) -> None:
    """Write the books of a guild that goes back to days, a week and a month that were over, and of one that stays."""
    clock = Clock()
    books = await Database.open(address, clock=clock)
    clock.now_ms = int(datetime(2026, 2, 28, 14, 30, tzinfo=UTC).timestamp() * 1000)
    for guild_id in (GUILD, OTHER_GUILD):
        await books.writer.perform(settle_in, guild_id)
        await books.writer.perform(live.insert, event(guild_id=guild_id, ends_ms=clock.now_ms + 90 * DAY))
        for member_id in (ALICE, BOB):
            await books.writer.submit(grant(f"g{member_id}", guild_id=guild_id, member_id=member_id, amount=5_000))
    for day, zone in enumerate(("Asia/Tokyo", "America/New_York", "Asia/Tokyo", "Pacific/Honolulu")):
        rules = await books.read(guilds.rules, GUILD)
        assert rules is not None
        await books.writer.perform(guilds.save, rules.changed(time_zone=zone))
        for number in range(6):
            for guild_id in (GUILD, OTHER_GUILD):
                key = f"{day} {number}"
                channel = LIVE_CHANNEL if number % 2 else CHANNEL
                await books.writer.submit(gift(key, guild_id=guild_id, channel_id=channel, anonymous=number == day))
                if number % 3 == day:
                    of_bob = {"sender_id": BOB, "creator_id": NOAH, "item_id": PAPER_CRANE}
                    await books.writer.submit(gift(f"{key} b", guild_id=guild_id, **of_bob))
            clock.now_ms += HOUR
    await books.close()


Ladder = tuple[int, str, int, str, int]
"""What the second revision told leaderboards apart by: guild, board, scope, period and bucket."""


def lines_before(gifts: list[dict[str, Any]]) -> dict[tuple[Ladder, int], list[int]]:
    """Return coins, pieces and last row of every line that the second revision had, by leaderboard and subject."""
    lines: defaultdict[tuple[Ladder, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in gifts:
        facts = json.loads(row["body"])
        zone = ZoneInfo(facts["zone"])
        buckets = {period: period_key_of(period, row["at_ms"], zone) for period in OLD_PERIODS}
        if facts["event"]:
            buckets[Period.LIVE] = facts["event"]
        gifters = "anonymous" if facts["anonymous"] else "gifters"
        for board, scope, subject in (
            (gifters, 0, row["actor"]),
            (gifters, facts["creator"], row["actor"]),
            ("creators", 0, facts["creator"]),
            ("gifts", 0, facts["item"]),
        ):
            for period, bucket in buckets.items():
                line = lines[(row["guild_id"], board, scope, period.value, bucket), subject]
                line[:] = line[0] + facts["coins"], line[1] + facts["count"], row["seq"]
    return lines


def taken_from(c: Connection, names: set[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of all tables of `names` that there are."""
    tables = MetaData()
    tables.reflect(c)
    return {
        name: [dict(row) for row in c.execute(select(tables.tables[name])).mappings()]
        for name in names & tables.tables.keys()
    }


def carry_back(c: Connection, books: dict[str, list[dict[str, Any]]]) -> None:
    """Write to a database at the second revision what it would hold of `books`."""
    old = MetaData()
    old.reflect(c)
    for table in old.sorted_tables:
        columns = table.columns.keys()
        if rows := [{name: row[name] for name in columns} for row in books.get(table.name, [])]:
            c.execute(insert(table), rows)
    lines = lines_before([row for row in books["journal"] if row["kind"] == "gift"])
    numbers = {ladder: number for number, ladder in enumerate(sorted({ladder for ladder, _ in lines}), start=1)}
    totals: Counter[tuple[Ladder, str]] = Counter()
    for (ladder, subject), (coins, pieces, seq) in lines.items():
        line = (ladder[0], numbers[ladder], subject, coins, pieces, seq)
        c.execute(insert(old.tables["standings"]).values(line))
        totals.update({(ladder, "places"): 1, (ladder, "coins"): coins, (ladder, "pieces"): pieces})
    for ladder, number in numbers.items():
        sums = [totals[ladder, name] for name in ("places", "coins", "pieces")]
        c.execute(insert(old.tables["ladders"]).values((ladder[0], number, *ladder[1:], *sums)))
    c.commit()


def boards(c: Connection) -> list[dict[str, Any]]:
    """Return every line of every leaderboard, with the totals of that."""
    names = ", ".join(f"l.{span}{name} AS all_{span}{name}" for span in SPANS for name in ("", "_places", "_coins"))
    query = f"SELECT board, scope, event, {names}, s.* FROM standings AS s JOIN ladders AS l USING (guild_id, ladder)"
    rows = [dict(row) for row in c.exec_driver_sql(query).mappings()]
    # Leaderboards are numbered in the order in which they began, or in which they are found.
    return sorted(({**row, "ladder": 0} for row in rows), key=lambda row: [*map(str, row.values())])


@pytest.mark.databases("sqlite", "postgresql")
async def test_what_a_guild_was_given_that_moved_west_is_counted_again(empty: str, tmp_path: Path):
    newest, url = f"sqlite:///{tmp_path / 'new.db'}", database_url(empty)
    migrate.upgrade(database_url(newest))
    await write_moving_guild(newest)
    at_revision(url, "0002")
    count_tables = {"standings", "ladders", "tallies", "cursors", "alembic_version"}
    book_tables = on(url, lambda c: {*inspect(c).get_table_names()}) - count_tables
    books = on(database_url(newest), lambda c: taken_from(c, book_tables))
    on(url, lambda c: carry_back(c, books))

    migrate.upgrade(url, dumps=None)
    assert list(audit_database(empty)) == []
    await fold_all(empty)
    await fold_all(newest)

    assert len(on(url, boards)) > 10
    assert on(url, boards) == on(database_url(newest), boards)
    assert list(audit_database(empty)) == []


async def fold_all(address: str) -> None:
    """Have everything counted."""
    clock = Clock()
    clock.now_ms += 1_000 * DAY
    books = await Database.open(address, clock=clock)
    for guild_id in (GUILD, OTHER_GUILD):
        await books.writer.catch_up(guild_id)
    await books.close()
