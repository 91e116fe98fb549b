"""Move all books to another database, and prove that nothing was lost or changed on the way."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Table, func, insert, select, text

from bot.storage.audit.auditor import Progress, audit, audit_database
from bot.storage.audit.reader import open_reader
from bot.storage.connect import postgresql
from bot.storage.connect.address import StorageError, database_url, file_of, is_shared, prepare_folder
from bot.storage.connect.process_lock import ProcessLock
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.maintenance.backup import Contents, contents_of
from bot.storage.maintenance.pg_backup import users_beside
from bot.storage.sql.tables import heads, metadata

BATCH = 2_000
"""Rows that are copied at a time."""


def transfer(source: str, target: str, *, report_copy: Progress, report_audit: Progress) -> Contents:
    """Copy all books from `source` to the empty database `target` in one transaction; return what they hold.

    Both are audited and compared before the commit. Raises StorageError if a bot uses either of them, or if anything is
    wrong. `target` then holds no rows.
    """
    origin, destination = database_url(source), database_url(target)
    if origin == destination:
        raise StorageError("Source and target are the same database")
    if is_shared(origin) and is_shared(destination):
        raise StorageError("To move from one PostgreSQL database to another, use its own pg_dump and pg_restore")
    if not is_shared(origin) and not file_of(origin).exists():
        raise StorageError(f"There is no database at {file_of(origin)}")
    with _exclusive_use_of(origin), _exclusive_use_of(destination):
        finding = next(audit_database(source, progress=report_audit), None)
        if finding is not None:
            raise StorageError(f"The books fail their audit, so they were not moved: {finding}")
        # This creates the tables of an empty database.
        migrate.upgrade(destination)
        with closing(open_reader(source)) as reader:
            reader.look(_copy_into, destination, report_copy)
    return contents_of(target)


@contextmanager
def _exclusive_use_of(url: URL) -> Generator[None]:
    """Lock a file against bots, or check that a server has no other users.

    Raises DatabaseInUse if a bot uses the file, StorageError if the server has other users.
    """
    if is_shared(url):
        with closing(open_reader(url.render_as_string(hide_password=False))) as reader:
            users = reader.look(users_beside)
        if users:
            raise StorageError(f"The database {url.database} is in use by {users} connections. Stop the bot first.")
        yield
        return
    prepare_folder(file_of(url))
    lock = ProcessLock.acquire(file_of(url))
    try:
        yield
    finally:
        lock.release()


def _copy_into(c: Connection, url: URL, progress: Progress) -> None:
    if is_shared(url):
        postgresql.alone(url, lambda connection: _fill(connection, c, progress))
        return
    engine = writing_engine(url)
    try:
        with engine.connect() as connection:
            _fill(connection, c, progress)
    finally:
        engine.dispose()


def _fill(target: Connection, origin: Connection, progress: Progress) -> None:
    """Copy every table, in an order in which rows come after those that they refer to. Commit if nothing is missing."""
    occupied_tables = [name for name, count in _counts_of(target).items() if count]
    if occupied_tables:
        raise StorageError(f"The target database is not empty: it has rows in {', '.join(occupied_tables)}")
    copied_rows, total = 0, sum(_counts_of(origin).values())
    for table in metadata.sorted_tables:
        for batch in _batches(origin, table):
            target.execute(insert(table), batch)
            copied_rows += len(batch)
            progress(copied_rows, total)
    finding = next(audit(target), None)
    if finding is not None:
        raise StorageError(f"The moved books fail their audit, so they were removed from the target: {finding}")
    if _state_of(origin) != _state_of(target):
        raise StorageError("The moved books differ from the original, so they were removed from the target")
    target.commit()


def _batches(c: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    # Streamed, so that the journal need not fit into memory.
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)
    for rows in c.execute(query).mappings().partitions():
        yield [dict(row) for row in rows]


def _counts_of(c: Connection) -> dict[str, int]:
    """Return the number of rows of each table."""
    tables = metadata.sorted_tables
    return {table.name: c.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def _state_of(c: Connection) -> tuple[Any, ...]:
    """Return what must be equal on both sides: the number of rows of each table, and each guild's sums and head."""
    sums = "SELECT guild_id, kind, count(*), CAST(sum(amount) AS bigint) FROM balances GROUP BY 1, 2 ORDER BY 1, 2"
    head_rows = c.execute(select(heads.c.guild_id, heads.c.seq, heads.c.hash).order_by(heads.c.guild_id))
    head_states = [(guild_id, seq, bytes(digest)) for guild_id, seq, digest in head_rows]
    return _counts_of(c), sorted(tuple(row) for row in c.execute(text(sums))), head_states
