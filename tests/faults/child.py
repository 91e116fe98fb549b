"""A process made to die: it forks one child per job, which opens the books, gives, and may kill itself on the way.

Run as `python -m tests.faults.child`: jobs come in as lines of JSON, and of each its process id and its fate go out.
Forking is what makes hundreds of deaths affordable: Python starts once.
"""

import asyncio
import json
import os
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from bot.domain.commands import Command, CreditOrder, Grant, SendGift
from bot.domain.errors import Refusal
from bot.storage import holders
from bot.storage.database import Database
from bot.storage.engine import database_url, writing_engine
from bot.storage.statements import cursor_of
from bot.storage.transactions import ThreadTransactions
from bot.storage.writer import Writer
from tests.faults.disk import acknowledgement

KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in (SendGift, CreditOrder, Grant)}


class Fuse:
    """Counts the points that a command passes, and kills the process at one of them."""

    points = 0
    at: int | None = None
    """The point at which to die; None while nothing is counted."""


def point(_where: str) -> None:
    """Pass a point; perhaps the last one."""
    if Fuse.at is not None:
        Fuse.points += 1
        if Fuse.points == Fuse.at:
            os.kill(os.getpid(), signal.SIGKILL)


class DyingCursor(sqlite3.Cursor):
    """A cursor with a point before and after each statement, and one between the first two rows of many."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        point(f"before {sql}")
        result = super().execute(sql, *parameters)
        point(f"after {sql}")
        return result

    def executemany(self, sql: str, rows: Iterable[Any]) -> sqlite3.Cursor:
        def each() -> Iterator[Any]:
            for number, row in enumerate(rows):
                if number == 1:
                    point(f"in the middle of {sql}")
                yield row

        point(f"before {sql}")
        result = super().executemany(sql, each())
        point(f"after {sql}")
        return result


class DyingConnection(sqlite3.Connection):
    """A connection with a point before and after each end of a transaction."""

    # The stub knows overloads of which SQLAlchemy uses one.
    def cursor(self, *_: Any) -> sqlite3.Cursor:  # pyright: ignore[reportIncompatibleMethodOverride]
        return super().cursor(DyingCursor)

    def commit(self) -> None:
        point("before COMMIT")
        super().commit()
        point("after COMMIT")

    def rollback(self) -> None:
        point("before ROLLBACK")
        super().rollback()
        point("after ROLLBACK")


def connect(dialect: Any, _record: object, where: Sequence[Any], how: dict[str, Any]) -> sqlite3.Connection | None:
    """Make the driver's connections mortal, those that write; None leaves the others as they are."""
    return sqlite3.connect(*where, **how, factory=DyingConnection) if dialect.driver == "pysqlite" else None


def writing(address: str, how: str) -> Engine:
    """Return an engine for a writer: as the bot's own, with less safety, or with none around a batch."""
    url = database_url(address)
    if how == "autocommit":
        engine = create_engine(url)
        event.listen(engine, "connect", _autocommit)
        return engine
    engine = writing_engine(url)
    if how == "normal":
        event.listen(engine, "connect", _normal)
    return engine


def _autocommit(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None


def _normal(connection: DBAPIConnection, _record: object) -> None:
    connection.cursor().execute("PRAGMA synchronous=NORMAL")


async def live(job: dict[str, Any]) -> None:
    """Open the books of a job and have its commands settled, `width` at a time; note each acknowledged one."""
    acks = os.open(job["acks"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    log = os.open(job["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600) if "log" in job else None
    clock = lambda: time.time_ns() // 1_000_000  # noqa: E731 - the process's one clock
    books = None
    Fuse.at = job.get("die_at", 0) if job.get("from_start") else None
    if job["how"] == "open":
        books = await Database.open(job["address"], clock=clock)
        writer = books.writer
    else:
        # Without the process lock, and without what keeps a batch whole or durable.
        transactions = ThreadTransactions(writing(job["address"], job["how"]))
        writer = Writer(transactions, clock=clock, new_holder=holders.new_holder)
    if "checkpoint" in job:
        await writer.perform(lambda c: cursor_of(c).execute(f"PRAGMA wal_autocheckpoint={job['checkpoint']}"))
    waiting = iter(job["commands"])
    Fuse.at = job.get("die_at", 0)

    async def ask() -> None:
        for kind, fields in waiting:
            command: Command = KINDS[kind](**fields)
            try:
                await writer.submit(command)
            except Refusal as refusal:
                sys.stderr.write(f"{refusal!r}\n")
                continue
            said = fields.get("note") or command.key
            os.write(acks, f"{said}\n".encode())
            if log is not None:
                os.write(log, acknowledgement(said))

    await asyncio.gather(*(ask() for _ in range(job.get("width", 1))))
    Fuse.at = None
    await (books.close() if books else writer.close())


def main() -> None:
    """Fork for each job."""
    event.listen(Engine, "do_connect", connect)
    for line in sys.stdin:
        job = json.loads(line)
        pid = os.fork()
        if not pid:
            code = 1
            try:
                os.environ.update(job.get("env", {}))
                asyncio.run(live(job))
                code = 0
            except BaseException:  # noqa: BLE001 - nothing may run on in the copy of the parent
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(code)
        print(pid, flush=True)  # noqa: T201 - the protocol
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
