"""Does everything add up? Reads the books from their first row to the last, and believes nothing but the journal.

Every transaction sums to zero, no account falls below zero, sequence numbers have no gaps, keys are unique, each hash
follows from the one before, and heads, balances, leaderboards and orders are what the journal makes them.

The journal is read once, in ranges, by as many processes as there are processors; what it adds up to is put aside on
disk, and compared when all of it was read, for some of the members at a time.
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

from bot.storage.engine import StorageError, is_passing
from bot.storage.proof.aside import Aside, workspace
from bot.storage.proof.chain import LAST
from bot.storage.proof.dates import check_dates
from bot.storage.proof.journal import check_journal
from bot.storage.proof.ladders import check_ladders
from bot.storage.proof.links import check_links
from bot.storage.proof.pages import check_pages
from bot.storage.proof.reader import DRIVER_ERRORS, Reader, open_reader
from bot.storage.proof.reading import MOST, Seen, Tick, rows, value
from bot.storage.proof.rolling import Bite, check_bite
from bot.storage.proof.start import check_start
from bot.storage.proof.sums import check_sums

RANGE = 250_000
"""Rows of the journal that are one task."""

PART = 40_000
"""Accounts and lines that are compared at a time, about: 25 MB."""

ALONE = 50_000
"""Rows up to which starting other processes costs more time than they save."""

PROCESSES = min(4, os.cpu_count() or 1)

Progress = Callable[[int, int], None]
"""Hears how much of the work is done, and how much there is."""


def _unheard(*_numbers: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not add up. `seq` is the row of the guild's journal that it is about, 0 for none."""

    guild_id: int
    seq: int
    what: str


class Task(NamedTuple):
    """One check of a part of one guild's books. `work` is how much of it there is, in rows of the journal."""

    check: str
    guild_id: int
    part: tuple[Any, ...]
    work: int


_CHECKS: dict[str, Callable[..., Seen]] = {
    "pages": check_pages,
    "journal": check_journal,
    "links": check_links,
    "sums": check_sums,
    "ladders": check_ladders,
    "dates": check_dates,
    "start": check_start,
    "bite": check_bite,
}


def audit_database(
    address: str,
    guild_id: int | None = None,
    *,
    progress: Progress = _unheard,
    processes: int = PROCESSES,
    alone: int = ALONE,
) -> Iterator[Finding]:
    """Yield what does not add up in one guild's books, or in all, as it is found; the database may be in use.

    Books of more than `alone` rows are read by several processes. Raises StorageError.
    """
    with closing(open_reader(address)) as reader, workspace() as folder:
        rounds = reader.look(plan, guild_id, folder)
        if processes > 1 and _work_of(rounds) > alone:
            yield from _audit_together(address, rounds, progress, processes)
        else:
            yield from _audit_alone(reader, rounds, progress)


def audit(c: Connection, guild_id: int | None = None) -> Iterator[Finding]:
    """Yield what does not add up, as one connection sees it."""
    with workspace() as folder:
        for task in chain.from_iterable(plan(c, guild_id, folder)):
            yield from examine(c, task)


def audit_start(c: Connection) -> list[Finding]:
    """Return what the fast form finds: the newest rows, the sums of all balances and a look at the pages."""
    return examine(c, Task("start", 0, (), 0))


def audit_bite(c: Connection, bite: Bite) -> list[Finding]:
    """Return what does not add up in a bite."""
    return examine(c, Task("bite", bite.begin.guild_id, (bite,), 0))


def plan(c: Connection, guild_id: int | None, folder: str) -> list[list[Task]]:
    """Return what there is to do, in two rounds: the second one needs what the first one puts aside in `folder`.

    The longest tasks come first, so that no process is left waiting for one at the end. Raises StorageError for a
    database that this version does not know how to read, or a guild without books.
    """
    # Imported here, because the processes that read do without it.
    from bot.storage import migrate  # noqa: PLC0415

    migrate.check_newest(c)
    query = "SELECT guild_id FROM guilds UNION SELECT guild_id FROM heads ORDER BY guild_id"
    known = [found for (found,) in rows(c, query)]
    if guild_id not in (None, *known):
        raise StorageError(f"There are no books of guild {guild_id}")
    reading: list[Task] = []
    comparing: list[Task] = []
    for each in known if guild_id is None else [guild_id]:
        head = next(rows(c, "SELECT seq FROM heads WHERE guild_id = :guild", guild=each), (0,))[0]
        aside = Aside(f"{folder}/{each}", _parts_of(c, each))
        reading += _plan_reading(each, head, aside)
        comparing += _plan_comparing(each, head, aside)
    if guild_id is None and c.dialect.name == "sqlite":
        reading.append(Task("pages", 0, (), _work_of([reading]) // 10))
    return [sorted(tasks, key=lambda task: task.work, reverse=True) for tasks in (reading, comparing)]


def _parts_of(c: Connection, guild_id: int) -> int:
    """Return into how many parts the sums of a guild are split: as many as its accounts and lines need."""
    count = "SELECT count(*) FROM {} WHERE guild_id = :guild"
    held = sum(value(c, count.format(table), guild=guild_id) for table in ("balances", "standings"))
    return 1 << (held // PART).bit_length()


def _plan_reading(guild_id: int, head: int, aside: Aside) -> Iterator[Task]:
    starts = [*range(0, max(head, 1), RANGE), LAST]
    for after, until in pairwise(starts):
        yield Task("journal", guild_id, (after, until, aside), min(until, head) - after)
    yield Task("links", guild_id, (), head // 10)


def _plan_comparing(guild_id: int, head: int, aside: Aside) -> Iterator[Task]:
    for part in range(aside.parts):
        yield Task("sums", guild_id, (part, aside), head // 5 // aside.parts)
    yield Task("ladders", guild_id, (aside,), head // 20)
    yield Task("dates", guild_id, (), 0)


def _work_of(rounds: list[list[Task]]) -> int:
    return sum(task.work for task in chain.from_iterable(rounds))


def examine(c: Connection, task: Task, tick: Tick = _unheard) -> list[Finding]:
    """Do one task on a connection that is in a transaction; a part that cannot be read is a finding, too.

    Raises the driver's errors that say nothing about the books: the server went away, or somebody locks the file.
    """
    found: list[Finding] = []
    try:
        check = _CHECKS[task.check]
        for seq, what in islice(check(c, task.guild_id, *task.part, tick), MOST):
            found.append(Finding(task.guild_id, seq, what))
    except (*DRIVER_ERRORS, DBAPIError, struct.error) as error:
        if is_passing(error):
            raise
        found.append(Finding(task.guild_id, 0, f"the check of {task.check} cannot go on: {error}"))
    return found


def _audit_alone(reader: Reader, rounds: list[list[Task]], progress: Progress) -> Iterator[Finding]:
    done, all_ = 0, _work_of(rounds)
    for task in chain.from_iterable(rounds):
        yield from reader.look(examine, task)
        done += task.work
        progress(done, all_)


_reader: Reader
_done: "Synchronized[int]"


def _start(address: str, done: "Synchronized[int]") -> None:
    """Begin a process of the pool: its own connection, and the counter that all share."""
    global _reader, _done
    _reader, _done = open_reader(address), done
    # Nothing here makes circles, and looking for some among a part's lines takes time.
    gc.disable()


def _work(task: Task) -> list[Finding]:
    left = task.work

    def tick(read: int) -> None:
        nonlocal left
        read = min(read, left)
        left -= read
        with _done:
            _done.value += read

    found = _reader.look(examine, task, tick)
    tick(left)
    return found


def _audit_together(address: str, rounds: list[list[Task]], progress: Progress, processes: int) -> Iterator[Finding]:
    # Spawned, not forked: SQLite's connections must not cross a fork.
    context = multiprocessing.get_context("spawn")
    done = context.Value("q", 0)
    all_ = _work_of(rounds)
    with context.Pool(processes, _start, (address, done)) as pool:
        for tasks in rounds:
            results = pool.imap_unordered(_work, tasks)
            for _ in tasks:
                while True:
                    try:
                        yield from results.next(timeout=0.2)
                        break
                    except multiprocessing.TimeoutError:
                        progress(min(done.value, all_), all_)
    progress(all_, all_)
