"""The parts of the audit that only large books bring out: ranges, several readings, and sums put aside on disk."""

import asyncio
import itertools
import random
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, and_, select

from bot.domain.ledger.gift import credit_of
from bot.storage.audit.creators import check_creators
from bot.storage.audit.hash_chain import LAST, check_chain
from bot.storage.audit.journal import SUMS_IN_MEMORY, check_journal
from bot.storage.audit.leaderboard_rows import Lines, as_ranked
from bot.storage.audit.leaderboards import check_ladders
from bot.storage.audit.mark import mark_of
from bot.storage.audit.reader import open_reader
from bot.storage.audit.recount import StretchSums
from bot.storage.audit.spill import LadderKey, Mark, SpillFolder
from bot.storage.audit.sums import check_sums
from bot.storage.database import Database
from bot.storage.folds.leaderboards import scores
from bot.storage.folds.leaderboards.calendar import Calendar
from bot.storage.ledger import journal
from bot.storage.sql.leaderboard_tables import ladders as table
from bot.storage.sql.leaderboard_tables import standings
from tests.storage.conftest import findings
from tests.storage.kept import KEPT_DAYS, keep_books
from tests.storage.town import DAY, GUILD, HOUR, NOON, Clock, gift, grant

ZONES = ("UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati")
LAST_ROW = 21


def unheard(_rows: int) -> None:
    pass


@pytest.fixture
async def books_file(tmp_path: Path) -> Path:
    """Books with 21 rows in the guild, closed."""
    await keep_books(f"sqlite:///{tmp_path}/books.db")
    return tmp_path / "books.db"


def tamper(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(statement)


def in_ranges(c: Connection, *ends: int) -> list[tuple[int, str]]:
    starts = (0, *ends)
    return [
        finding
        for after, until in zip(starts, (*ends, LAST), strict=True)
        for finding in check_chain(c, GUILD, after, until, unheard)
    ]


def test_ranges_find_what_one_reading_finds(books_file: Path):
    tamper(books_file, "UPDATE journal SET hash = previous WHERE guild_id = 7 AND seq IN (5, 6, 12)")
    tamper(books_file, "UPDATE entries SET amount = amount + 1 WHERE guild_id = 7 AND seq = 20 AND leg = 0")
    reader = open_reader(f"sqlite:///{books_file}")

    whole = reader.look(in_ranges)
    parts = [reader.look(in_ranges, *ends) for ends in ((5,), (6,), (4, 5, 6, 7), (12, 20), tuple(range(1, LAST_ROW)))]
    reader.close()

    assert {seq for seq, _ in whole} == {5, 6, 7, 12, 13, 20}
    assert parts == [whole] * len(parts)


def check(c: Connection, aside: SpillFolder, *ends: int, rows_in_memory: int = SUMS_IN_MEMORY) -> list[str]:
    """Return what is found in ranges that end where `ends` say, every part of the sums compared."""
    runs = (range(aside.parts // 2), range(aside.parts // 2, aside.parts)) if aside.parts > 1 else (range(1),)
    return sorted(
        what
        for findings_of_part in (
            # Backwards: what a range puts aside is in no other's way.
            *(
                check_journal(c, GUILD, after, until, aside, unheard, rows_in_memory)
                for after, until in reversed([*itertools.pairwise((0, *ends, LAST))])
            ),
            *(check_sums(c, GUILD, run, aside, unheard) for run in runs),
            check_ladders(c, GUILD, aside, unheard),
        )
        for _, what in findings_of_part
    )


@pytest.mark.parametrize(
    ("parts", "ends", "sums_in_memory"),
    [(1, (), 0), (4, (), SUMS_IN_MEMORY), (8, (5, 6, 12), SUMS_IN_MEMORY), (2, (9,), 0)],
)
def test_sums_are_the_same_in_any_number_of_parts_and_ranges(
    books_file: Path, tmp_path: Path, parts: int, ends: tuple[int, ...], sums_in_memory: int
):
    tamper(books_file, "UPDATE balances SET amount = amount + 1 WHERE guild_id = 7")
    tamper(books_file, "UPDATE standings SET month_coins = month_coins + 1 WHERE guild_id = 7")
    with closing(open_reader(f"sqlite:///{books_file}")) as reader:
        mark = reader.look(mark_of, GUILD)
        whole = reader.look(check, SpillFolder(f"{tmp_path}/whole", 1, mark))
        split = reader.look(check, SpillFolder(f"{tmp_path}/split", parts, mark), *ends, rows_in_memory=sums_in_memory)

    assert len(whole) > 6
    assert split == whole


def test_a_fall_below_zero_is_told_with_its_row_wherever_it_is(books_file: Path, tmp_path: Path):
    # The first gift takes more than there is, and the second one gives it back.
    tamper(books_file, "UPDATE entries SET amount = amount - 1000 WHERE guild_id = 7 AND seq = 2 AND kind = 'paid'")
    tamper(books_file, "UPDATE entries SET amount = amount + 1000 WHERE guild_id = 7 AND seq = 3 AND kind = 'paid'")

    def falls(c: Connection, aside: SpillFolder, *ends: int) -> list[int]:
        for after, until in itertools.pairwise((0, *ends, LAST)):
            list(check_journal(c, GUILD, after, until, aside, unheard))
        return [seq for seq, what in check_sums(c, GUILD, range(1), aside, unheard) if "falls below zero, to" in what]

    with closing(open_reader(f"sqlite:///{books_file}")) as reader:
        mark = reader.look(mark_of, GUILD)
        rows = [
            reader.look(falls, SpillFolder(f"{tmp_path}/{number}", 1, mark), *ends)
            for number, ends in enumerate([(), (1,), (2,), (1, 2, 3)])
        ]

    assert rows == [[2]] * 4


def test_sums_of_rows_that_nobody_counted_are_not_called_good(books_file: Path, tmp_path: Path):
    def check_some(c: Connection) -> list[str]:
        aside = SpillFolder(f"{tmp_path}/aside", 1, mark_of(c, GUILD))
        for after, until in ((0, 5), (9, LAST)):
            list(check_journal(c, GUILD, after, until, aside, unheard))
        checks = (
            check_sums(c, GUILD, range(1), aside, unheard),
            check_ladders(c, GUILD, aside, unheard),
            check_creators(c, GUILD, aside, unheard),
        )
        return [what for check in checks for _, what in check]

    with closing(open_reader(f"sqlite:///{books_file}")) as reader:
        problems = reader.look(check_some)

    assert [what.split(": ")[1] for what in problems] == ["the rows after 5 could not be counted"] * 3


@pytest.mark.parametrize("folded_before", [False, True])
@pytest.mark.parametrize("folded_after", [False, True])
async def test_rows_that_are_written_between_reading_and_comparing_are_counted(
    address: str, tmp_path: Path, folded_before: bool, folded_after: bool
):
    await keep_books(address)
    await send_late(address, "before", folded=folded_before)
    asides: list[SpillFolder] = []

    def read(c: Connection) -> list[tuple[int, str]]:
        asides.append(SpillFolder(f"{tmp_path}/aside", 2, mark_of(c, GUILD)))
        return list(check_journal(c, GUILD, 0, LAST, asides[0], unheard))

    def compare(c: Connection) -> list[tuple[int, str]]:
        checks = (
            *(check_sums(c, GUILD, run, asides[0], unheard) for run in (range(1), range(1, 2))),
            check_ladders(c, GUILD, asides[0], unheard),
            check_creators(c, GUILD, asides[0], unheard),
        )
        return [finding for check in checks for finding in check]

    with closing(open_reader(address)) as reader:
        problems = await asyncio.to_thread(reader.look, read)
        await send_late(address, "after", folded=folded_after)
        problems += await asyncio.to_thread(reader.look, compare)

    assert problems == []


async def send_late(address: str, key: str, *, folded: bool) -> None:
    """Send a gift on the next day, and close the books with it counted or not."""
    clock = Clock()
    clock.now_ms += (KEPT_DAYS + 1) * DAY
    books = await Database.open(address, clock=clock)
    await books.writer.submit(gift(key, anonymous=True))
    if folded:
        await books.writer.catch_up(GUILD)
    await books.close()


@pytest.mark.parametrize("fold", ["leaderboards", "creators"])
async def test_books_that_begin_to_be_counted_again_during_an_audit_are_not_called_good(
    books_file: Path, tmp_path: Path, fold: str
):
    with closing(open_reader(f"sqlite:///{books_file}")) as reader:
        aside = SpillFolder(f"{tmp_path}/aside", 1, reader.look(mark_of, GUILD))
        reader.look(lambda c: list(check_journal(c, GUILD, 0, LAST, aside, unheard)))
        tamper(books_file, f"UPDATE cursors SET seq = 0 WHERE follower = 'fold:{fold}'")
        problems = reader.look(lambda c: [what for _, what in check_sums(c, GUILD, range(1), aside, unheard)])
        problems += reader.look(lambda c: [what for _, what in check_creators(c, GUILD, aside, unheard)])

    assert [what.split(": ")[0] for what in problems] == [
        "its sums cannot be checked",
        "what its creators were given cannot be checked",
    ]


class Gift(NamedTuple):
    """A gift of a random series."""

    seq: int
    sender: int
    at_ms: int
    facts: dict[str, Any]


def random_gifts(chance: random.Random, rows: int) -> list[Gift]:
    """Return gifts over some weeks, in live events and not, in a guild that often moves."""
    people = [chance.randrange(2**53) for _ in range(6)]
    at_ms = NOON
    gifts: list[Gift] = []
    for seq in range(1, rows + 1):
        at_ms += chance.randrange(12) * HOUR
        facts = {
            "creator": chance.choice(people[:2]),
            "item": chance.randrange(1, 4),
            "event": chance.choice([0, 0, 900, 901]),
            "coins": chance.randrange(1, 99),
            "count": chance.randrange(1, 3),
            "anonymous": chance.random() < 0.2,
            "zone": chance.choice(ZONES),
        }
        gifts.append(Gift(seq, chance.choice(people[2:]), at_ms, facts))
    return gifts


def test_lines_that_are_counted_again_are_those_that_are_stored_when_gifts_are_sent(c: Connection, tmp_path: Path):
    chance, rows = random.Random(5), 400
    gifts = random_gifts(chance, rows)
    # Now and then a clock is far ahead, which is known by the end.
    gifts = [row._replace(at_ms=row.at_ms + 400 * DAY) if row.seq % 50 == 7 else row for row in gifts]
    Calendar(ahead_seq=rows, ahead_ms=NOON + 300 * DAY).save(c, GUILD)
    credits_by_seq = {row.seq: credit for row in gifts if (credit := credit_of(*row)) is not None}
    assert len(credits_by_seq) == rows
    for seq, credit in credits_by_seq.items():
        scores.count(c, GUILD, [(seq, credit)])
    aside = SpillFolder(f"{tmp_path}/aside", 4, mark_of(c, GUILD)._replace(seq=rows))
    for after, until in itertools.pairwise([0, *sorted(chance.sample(range(1, rows), 3)), rows]):
        stretch = StretchSums(aside, after)
        for row in gifts[after:until]:
            stretch.add_credit(row.seq, credits_by_seq[row.seq])
        stretch.put_aside(until)

    stored = {(key, subject): line for key, subject, line in stored_lines(c, aside.mark)}
    counted = {(key, subject): as_ranked(key, line) for lines in lines_in(aside) for key, subject, line in lines.rest()}

    assert len(stored) > 40
    assert counted == stored


def stored_lines(c: Connection, mark: Mark) -> Iterator[tuple[LadderKey, int, list[int]]]:
    """Yield the stored lines, with the sums of the current day, week and month."""
    query = select(table.c.board, table.c.scope, table.c.event, standings.c.subject, *[*standings.c][3:])
    same = and_(table.c.guild_id == standings.c.guild_id, table.c.ladder == standings.c.ladder)
    rows: Iterable[Any] = c.execute(query.join(table, same))
    for board, scope, event, subject, last_seq, coins, pieces, *periods in rows:
        sums = [
            value
            for number, key in enumerate(mark.keys)
            for value in (periods[3 * number + 1 : 3 * number + 3] if periods[3 * number] == key else [0, 0])
        ]
        yield (board, scope, event), subject, [last_seq, coins, pieces, *sums]


def lines_in(aside: SpillFolder) -> Iterator[Lines]:
    for part in range(aside.parts):
        lines = Lines(aside.mark)
        for stretch in aside.stretches():
            lines.take(stretch, aside.part(stretch, part).gifts)
        yield lines


async def test_books_that_are_written_meanwhile_add_up_at_every_moment(books: Database, address: str):
    looking = True

    async def storm() -> None:
        for number in itertools.count():
            if not looking:
                break
            await asyncio.gather(*(books.writer.submit(gift(f"{number}:{giver}")) for giver in range(10)))

    await books.writer.submit(grant("g", amount=1_000_000))
    raging = asyncio.create_task(storm())
    before = await books.read(journal.head, GUILD)
    problems = [finding for _ in range(3) for finding in await asyncio.to_thread(findings, address)]
    looking = False
    await raging

    assert problems == []
    assert (await books.read(journal.head, GUILD)).seq > before.seq
