"""Does everything add up? Reads the books from their first row to the last, and believes nothing but the journal.

Every transaction sums to zero, no account falls below zero, sequence numbers have no gaps, keys are unique, each hash
follows from the one before, and heads, balances, leaderboards and orders are what the journal makes them.
"""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, pairwise
from multiprocessing.sharedctypes import Synchronized
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.storage.engine import StorageError
from bot.storage.proof.accounts import PART, check_accounts
from bot.storage.proof.chain import LAST, check_chain
from bot.storage.proof.facts import check_facts
from bot.storage.proof.ladders import check_ladders
from bot.storage.proof.links import check_links
from bot.storage.proof.pages import check_pages
from bot.storage.proof.reader import DRIVER_ERRORS, Reader, open_reader
from bot.storage.proof.reading import Seen, Tick, rows, value
from bot.storage.proof.start import check_start

RANGE = 250_000
"""Rows of the journal whose hashes are one task."""

ALONE = 50_000
"""Rows up to which starting other processes costs more time than they save."""

PROCESSES = min(4, os.cpu_count() or 1)
MOST = 1_000
"""Findings of one task that are told; a broken table would tell millions."""

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
    """One check of a part of one guild's books. `work` is how much of it there is, in rows."""

    check: str
    guild_id: int
    part: tuple[int, ...]
    work: int


_CHECKS: dict[str, Callable[..., Seen]] = {
    "pages": check_pages,
    "facts": check_facts,
    "accounts": check_accounts,
    "chain": check_chain,
    "links": check_links,
    "start": check_start,
    "ladders": check_ladders,
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
    with closing(open_reader(address)) as reader:
        tasks = reader.look(plan, guild_id)
        if processes > 1 and sum(task.work for task in tasks) > alone:
            yield from _audit_together(address, tasks, progress, processes)
        else:
            yield from _audit_alone(reader, tasks, progress)


def audit(c: Connection, guild_id: int | None = None) -> Iterator[Finding]:
    """Yield what does not add up, as one connection sees it."""
    for task in plan(c, guild_id):
        yield from examine(c, task)


def audit_start(c: Connection) -> list[Finding]:
    """Return what the fast form finds: the newest rows, the sums of all balances and a look at the pages."""
    return examine(c, Task("start", 0, (), 0))


def plan(c: Connection, guild_id: int | None = None) -> list[Task]:
    """Return what there is to do, the longest first, so that no process is left waiting for one at the end.

    Raises StorageError for a database that this version does not know how to read, or a guild without books.
    """
    # Imported here, because the processes that read do without it.
    from bot.storage import migrate  # noqa: PLC0415

    migrate.check_newest(c)
    query = "SELECT guild_id FROM guilds UNION SELECT guild_id FROM heads ORDER BY guild_id"
    known = [found for (found,) in rows(c, query)]
    if guild_id not in (None, *known):
        raise StorageError(f"There are no books of guild {guild_id}")
    found = known if guild_id is None else [guild_id]
    tasks = [task for each in found for task in _plan_guild(c, each)]
    if guild_id is None and c.dialect.name == "sqlite":
        tasks.append(Task("pages", 0, (), sum(task.work for task in tasks) // 20))
    return sorted(tasks, key=lambda task: task.work, reverse=True)


def _plan_guild(c: Connection, guild_id: int) -> Iterator[Task]:
    head = next(rows(c, "SELECT seq FROM heads WHERE guild_id = :guild", guild=guild_id), (0,))[0]
    accounts = value(c, "SELECT count(*) FROM balances WHERE guild_id = :guild", guild=guild_id)
    starts = [*range(0, max(head, 1), RANGE), LAST]
    for after, until in pairwise(starts):
        yield Task("chain", guild_id, (after, until), min(until, head) - after)
    parts = 1 + accounts // PART
    for part in range(parts):
        yield Task("accounts", guild_id, (part, parts), head // parts)
    yield Task("facts", guild_id, (), head)
    yield Task("links", guild_id, (), head // 3)
    yield Task("ladders", guild_id, (), head // 3)


def examine(c: Connection, task: Task, tick: Tick = _unheard) -> list[Finding]:
    """Do one task on a connection that is in a transaction; a part that cannot be read is a finding, too."""
    found: list[Finding] = []
    try:
        check = _CHECKS[task.check]
        for seq, what in islice(check(c, task.guild_id, *task.part, tick), MOST):
            found.append(Finding(task.guild_id, seq, what))
    except (*DRIVER_ERRORS, DBAPIError) as error:
        found.append(Finding(task.guild_id, 0, f"the check of {task.check} {list(task.part)} cannot go on: {error}"))
    return found


def _audit_alone(reader: Reader, tasks: list[Task], progress: Progress) -> Iterator[Finding]:
    done, all_ = 0, sum(task.work for task in tasks)
    for task in tasks:
        yield from reader.look(examine, task)
        done += task.work
        progress(done, all_)


_reader: Reader
_done: "Synchronized[int]"


def _start(address: str, done: "Synchronized[int]") -> None:
    """Begin a process of the pool: its own connection, and the counter that all share."""
    global _reader, _done
    _reader, _done = open_reader(address), done


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


def _audit_together(address: str, tasks: list[Task], progress: Progress, processes: int) -> Iterator[Finding]:
    # Spawned, not forked: SQLite's connections must not cross a fork.
    context = multiprocessing.get_context("spawn")
    done = context.Value("q", 0)
    all_ = sum(task.work for task in tasks)
    with context.Pool(processes, _start, (address, done)) as pool:
        results = pool.imap_unordered(_work, tasks)
        for _ in tasks:
            while True:
                try:
                    yield from results.next(timeout=0.2)
                    break
                except multiprocessing.TimeoutError:
                    progress(min(done.value, all_), all_)
    progress(all_, all_)
