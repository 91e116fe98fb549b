"""The audit: read the books from the first row to the last, trust nothing but the journal, and report what is wrong.

Every transaction must sum to zero and no account may fall below zero. Sequence numbers have no gaps, keys are unique,
and each hash follows from the one before. Heads, balances, leaderboards, earnings, orders and trains must match it.

The journal is read once, in ranges, by several processes. Its sums are put aside on disk. Once all of it has been read,
they are compared with the stored sums, a range of members at a time.
"""

import gc
import multiprocessing
import os
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from multiprocessing.sharedctypes import Synchronized
from typing import Any, NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.storage.audit.creators import check_creators
from bot.storage.audit.dates import check_dates
from bot.storage.audit.hash_chain import LAST
from bot.storage.audit.journal import check_journal
from bot.storage.audit.leaderboards import check_ladders
from bot.storage.audit.mark import mark_of
from bot.storage.audit.pages import check_pages
from bot.storage.audit.reader import DRIVER_ERRORS, BooksReader, open_reader
from bot.storage.audit.references import check_links
from bot.storage.audit.rows import IN_ONE_PIECE, MOST_FINDINGS, Findings, Tick, rows, value
from bot.storage.audit.slices import Slice, check_bite
from bot.storage.audit.spill import SpillFolder, workspace
from bot.storage.audit.startup import check_start
from bot.storage.audit.sums import check_sums
from bot.storage.audit.trains import check_trains
from bot.storage.connect.address import StorageError
from bot.storage.connect.sqlite import is_passing

RANGE = 250_000
"""Rows of the journal in one task."""

PART = 40_000
"""About how many accounts, lots and lines are compared at a time: 25 MB."""

RUNS = 4
"""Tasks that share the parts of a guild, at most: each reads all lines of past days once, however many parts it has."""

ALONE = 50_000
"""Rows up to which other processes take longer to start than they save."""

SMALL = 2_000
"""Rows up to which the answer to any query fits into little memory, so that it can be fetched in one piece."""

_IN_PARTS = ("balances", "lots", "standings", "past_standings", "earnings_by_source", "gifter_weeks", "challenge_days")
"""The tables whose rows are compared a part at a time."""

PROCESSES = min(4, os.cpu_count() or 1)

Progress = Callable[[int, int], None]
"""Called with the amount of work that is finished, and the total."""


def _ignore_progress(*_numbers: int) -> None:
    """Ignore reports of progress."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not add up. `seq` is the row of the guild's journal that it is about, or 0."""

    guild_id: int
    seq: int
    what: str


class Task(NamedTuple):
    """One check of a part of one guild's books. `work` is how much of it there is, in rows of the journal."""

    check: str
    guild_id: int
    part: tuple[Any, ...]
    work: int


_CHECKS: dict[str, Callable[..., Findings]] = {
    "pages": check_pages,
    "journal": check_journal,
    "links": check_links,
    "sums": check_sums,
    "ladders": check_ladders,
    "creators": check_creators,
    "dates": check_dates,
    "trains": check_trains,
    "start": check_start,
    "bite": check_bite,
}


def audit_database(
    address: str,
    guild_id: int | None = None,
    *,
    progress: Progress = _ignore_progress,
    processes: int = PROCESSES,
    alone: int = ALONE,
) -> Iterator[Finding]:
    """Yield findings about one guild's books, or about all, as they turn up. The database may be in use.

    Books of more than `alone` rows are read by several processes. Raises StorageError.
    """
    with closing(open_reader(address)) as reader, workspace() as folder:
        rounds = reader.look(plan, guild_id, folder)
        if _work_of(rounds) <= SMALL:
            reader.look(_fetch_in_one_piece)
        if processes > 1 and _work_of(rounds) > alone:
            yield from _audit_together(address, rounds, progress, processes)
        else:
            yield from _audit_alone(reader, rounds, progress)


def _fetch_in_one_piece(c: Connection) -> None:
    c.info[IN_ONE_PIECE] = True


def audit(c: Connection, guild_id: int | None = None) -> Iterator[Finding]:
    """Yield findings about the books as one connection sees them: also its own uncommitted changes."""
    with workspace() as folder:
        for task in chain.from_iterable(plan(c, guild_id, folder)):
            yield from examine(c, task)


def audit_start(c: Connection) -> list[Finding]:
    """Return the findings of the fast audit, which checks the newest rows, the sums of all balances, and the pages."""
    return examine(c, Task("start", 0, (), 0))


def audit_slice(c: Connection, bite: Slice) -> list[Finding]:
    """Return the findings of one bite of the rolling audit."""
    return examine(c, Task("bite", bite.begin.guild_id, (bite,), 0))


def plan(c: Connection, guild_id: int | None, folder: str, *, part: int = PART) -> list[list[Task]]:
    """Return the tasks of an audit in two rounds: the second needs what the first puts aside in `folder`.

    `part` is about how many accounts, lots and lines are compared at a time. The longest tasks come first, so that no
    process idles at the end. Raises StorageError for a database that this version cannot read, or for a guild without
    books.
    """
    # Imported here, because the reading processes do not need it.
    from bot.storage.maintenance import migrate  # noqa: PLC0415

    migrate.check_newest(c)
    query = "SELECT guild_id FROM guilds UNION SELECT guild_id FROM heads ORDER BY guild_id"
    guild_ids = [number for (number,) in rows(c, query)]
    if guild_id not in (None, *guild_ids):
        raise StorageError(f"There are no books for guild {guild_id}")
    reading: list[Task] = []
    comparing: list[Task] = []
    for planned_id in guild_ids if guild_id is None else [guild_id]:
        head = next(rows(c, "SELECT seq FROM heads WHERE guild_id = :guild", guild=planned_id), (0,))[0]
        aside = SpillFolder(f"{folder}/{planned_id}", _parts_of(c, planned_id, part), mark_of(c, planned_id))
        reading += _plan_reading(planned_id, head, aside)
        comparing += _plan_comparing(planned_id, head, aside)
    if guild_id is None and c.dialect.name == "sqlite":
        reading.append(Task("pages", 0, (), _work_of([reading]) // 10))
    return [sorted(tasks, key=lambda task: task.work, reverse=True) for tasks in (reading, comparing)]


def _parts_of(c: Connection, guild_id: int, part: int) -> int:
    """Return the number of parts for the sums of a guild, a power of two: `part` accounts, lots and lines each."""
    query = "SELECT count(*) FROM {} WHERE guild_id = :guild"
    count = sum(value(c, query.format(table), guild=guild_id) for table in _IN_PARTS)
    return 1 << (count // part).bit_length()


def _plan_reading(guild_id: int, head: int, aside: SpillFolder) -> Iterator[Task]:
    starts = [*range(0, max(head, 1), RANGE), LAST]
    for after, until in pairwise(starts):
        yield Task("journal", guild_id, (after, until, aside), min(until, head) - after)
    yield Task("links", guild_id, (), head // 10)
    yield Task("trains", guild_id, (), head // 20)


def _plan_comparing(guild_id: int, head: int, aside: SpillFolder) -> Iterator[Task]:
    runs = min(aside.parts, RUNS)
    for number in range(runs):
        run = range(aside.parts * number // runs, aside.parts * (number + 1) // runs)
        yield Task("sums", guild_id, (run, aside), head // 5 // runs)
    yield Task("ladders", guild_id, (aside,), head // 20)
    yield Task("creators", guild_id, (aside,), head // 50)
    yield Task("dates", guild_id, (), 0)


def _work_of(rounds: list[list[Task]]) -> int:
    return sum(task.work for task in chain.from_iterable(rounds))


def examine(c: Connection, task: Task, tick: Tick = _ignore_progress) -> list[Finding]:
    """Run one task on a connection that is in a transaction. Data that cannot be read is a finding, too.

    Raises driver errors that say nothing about the books: the server went away, or the file is locked.
    """
    findings: list[Finding] = []
    try:
        check = _CHECKS[task.check]
        for seq, what in islice(check(c, task.guild_id, *task.part, tick), MOST_FINDINGS):
            findings.append(Finding(task.guild_id, seq, what))
    except (*DRIVER_ERRORS, DBAPIError, struct.error) as error:
        if is_passing(error):
            raise
        findings.append(Finding(task.guild_id, 0, f"the check of {task.check} could not finish: {error}"))
    return findings


def _audit_alone(reader: BooksReader, rounds: list[list[Task]], progress: Progress) -> Iterator[Finding]:
    completed, total = 0, _work_of(rounds)
    for task in chain.from_iterable(rounds):
        yield from reader.look(examine, task)
        completed += task.work
        progress(completed, total)


_reader: BooksReader
_rows_checked: "Synchronized[int]"


def _start(address: str, rows_checked: "Synchronized[int]") -> None:
    """Initialize a process of the pool: open its own connection, and keep the counter that all processes share."""
    global _reader, _rows_checked
    _reader, _rows_checked = open_reader(address), rows_checked
    # Nothing here makes reference cycles, and looking for them among all the lines of a part takes time.
    gc.disable()


def _work(task: Task) -> list[Finding]:
    remaining = task.work

    def tick(rows_read: int) -> None:
        nonlocal remaining
        rows_read = min(rows_read, remaining)
        remaining -= rows_read
        with _rows_checked:
            _rows_checked.value += rows_read

    findings = _reader.look(examine, task, tick)
    tick(remaining)
    return findings


def _audit_together(address: str, rounds: list[list[Task]], progress: Progress, processes: int) -> Iterator[Finding]:
    # Spawned, not forked: SQLite's connections must not be carried across a fork.
    context = multiprocessing.get_context("spawn")
    rows_checked = context.Value("q", 0)
    total = _work_of(rounds)
    with context.Pool(processes, _start, (address, rows_checked)) as pool:
        for tasks in rounds:
            findings = pool.imap_unordered(_work, tasks)
            for _ in tasks:
                while True:
                    try:
                        yield from findings.next(timeout=0.2)
                        break
                    except multiprocessing.TimeoutError:
                        progress(min(rows_checked.value, total), total)
    progress(total, total)
