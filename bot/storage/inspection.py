"""What the doctor asks of the books, without opening them for writing or changing a byte."""

import re
import shutil
import subprocess
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, func, select, text

from bot.domain.packages import Package
from bot.storage.audit.reader import open_reader
from bot.storage.connect import process_lock
from bot.storage.connect.address import database_url, file_of, is_shared
from bot.storage.file_presence import were_there
from bot.storage.maintenance.migrate import revision_of, revisions
from bot.storage.sql.journal_tables import heads, journal
from bot.storage.stores import packages, payment_events

MOST_EVENTS: Final = 3
"""How many events are named one by one."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What was read. `revision` is None for an empty database; `server` is the major version of PostgreSQL."""

    revision: str | None
    rows: int = 0
    first_row_ms: int | None = None
    server: int | None = None
    packages: tuple[Package, ...] = ()
    lost_events: int = 0
    """Payment events that were set aside recently and are in no guild's cases."""
    lost_purchases: tuple[tuple[str, str], ...] = ()
    """The provider and the purchase of the newest of them."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the books are. `file` is None on a server, and `were_there` says that a missing file once existed."""

    name: str
    file: Path | None
    were_there: bool
    lock_holder: str
    """The process that has the file open, "" for nobody."""


def place(address: str) -> Place:
    """Return where the books are, named without a password. Raises StorageError."""
    url = database_url(address)
    if is_shared(url):
        return Place(url.render_as_string(hide_password=True), None, were_there=False, lock_holder="")
    file = file_of(url)
    return Place(str(file), file, were_there(file), process_lock.holder(file))


def inspect(address: str, events_since_ms: int) -> Inspection:
    """Read books that exist, and the events since a time. Raises StorageError."""
    with closing(open_reader(address)) as reader:
        return reader.look(partial(_inspected, events_since_ms=events_since_ms))


def known_revisions() -> tuple[str, ...]:
    """Return the revisions that this code knows, oldest first."""
    return revisions()


def pg_dump_version() -> int | None:
    """Return the major version of the pg_dump on the path, None if there is none."""
    tool = shutil.which("pg_dump")
    if tool is None:
        return None
    answer = subprocess.run([tool, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - fixed
    version = re.search(r"(\d+)(?:\.\d+)*", answer.stdout)
    return int(version[1]) if version else None


def _inspected(c: Connection, events_since_ms: int) -> Inspection:
    server = None
    if c.dialect.name == "postgresql":
        server = int(c.execute(text("SHOW server_version_num")).scalar_one()) // 10_000
    revision = revision_of(c)
    if revision != revisions()[-1]:
        # Another version may have other tables.
        return Inspection(revision, server=server)
    count = c.execute(select(func.coalesce(func.sum(heads.c.seq), 0))).scalar_one()
    # Each journal's first row by its key: there is no index of times to find the oldest of millions.
    firsts = journal.join(heads, (journal.c.guild_id == heads.c.guild_id) & (journal.c.seq == 1))
    first_ms = c.execute(select(func.min(journal.c.at_ms)).select_from(firsts)).scalar_one()
    lost_events, lost_purchases = payment_events.without_case(c, events_since_ms, MOST_EVENTS)
    return Inspection(
        revision,
        int(count),
        first_ms,
        server,
        tuple(packages.tied_to_skus(c)),
        lost_events,
        tuple(lost_purchases),
    )
