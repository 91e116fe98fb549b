"""Moving all books to another database, and proof that nothing was lost or changed on the way."""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import URL, Connection, Table, func, insert, select, text

from bot.storage import migrate, postgresql
from bot.storage.audit import Progress, audit, audit_database
from bot.storage.backup import Contents, contents_of
from bot.storage.dumps import users_beside
from bot.storage.engine import StorageError, database_url, file_of, is_shared, prepare_folder, writing_engine
from bot.storage.lock import ProcessLock
from bot.storage.proof.reader import open_reader
from bot.storage.tables import heads, metadata

BATCH = 2_000
"""Rows that are in memory at a time."""


def transfer(source: str, target: str, *, moved: Progress, audited: Progress) -> Contents:
    """Copy all books from `source` to `target`, which must hold none, in one transaction; return what they hold.

    Both are audited, and compared with each other, before it is committed. Raises StorageError if a bot uses either
    or if anything is not as it should be; `target` holds no rows then.
    """
    origin, goal = database_url(source), database_url(target)
    if origin == goal:
        raise StorageError("The books are there already")
    if is_shared(origin) and is_shared(goal):
        raise StorageError("From one PostgreSQL to another, use its own tools: pg_dump and pg_restore")
    if not is_shared(origin) and not file_of(origin).exists():
        raise StorageError(f"There is no database at {file_of(origin)}")
    with _alone_with(origin), _alone_with(goal):
        finding = next(audit_database(source, progress=audited), None)
        if finding is not None:
            raise StorageError(f"The books do not pass their audit and stay where they are: {finding}")
        migrate.upgrade(goal)
        with closing(open_reader(source)) as reader:
            reader.look(_copy_into, goal, moved)
    return contents_of(target)


@contextmanager
def _alone_with(url: URL) -> Generator[None]:
    """Keep bots away from a file; raise DatabaseInUse if there is one, or StorageError if a server has other users."""
    if is_shared(url):
        with closing(open_reader(url.render_as_string(hide_password=False))) as reader:
            users = reader.look(users_beside)
        if users:
            raise StorageError(f"The database {url.database} is in use by {users} connections: stop the bot first")
        yield
        return
    prepare_folder(file_of(url))
    lock = ProcessLock.acquire(file_of(url))
    try:
        yield
    finally:
        lock.release()


def _copy_into(c: Connection, url: URL, moved: Progress) -> None:
    if is_shared(url):
        postgresql.alone(url, lambda connection: _fill(connection, c, moved))
        return
    engine = writing_engine(url)
    try:
        with engine.connect() as connection:
            _fill(connection, c, moved)
    finally:
        engine.dispose()


def _fill(goal: Connection, origin: Connection, moved: Progress) -> None:
    """Copy every table, in an order in which each row comes after those that it refers to; commit if all is there."""
    taken = [name for name, count in _counts_of(goal).items() if count]
    if taken:
        raise StorageError(f"The target is not empty: it has rows in {', '.join(taken)}")
    done, all_ = 0, sum(_counts_of(origin).values())
    for table in metadata.sorted_tables:
        for batch in _batches(origin, table):
            goal.execute(insert(table), batch)
            done += len(batch)
            moved(done, all_)
    finding = next(audit(goal), None)
    if finding is not None:
        raise StorageError(f"What arrived does not pass its audit, and was taken back: {finding}")
    if _state_of(origin) != _state_of(goal):
        raise StorageError("What arrived differs from what was sent, and was taken back")
    goal.commit()


def _batches(c: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    query = select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)
    for rows in c.execute(query).mappings().partitions():
        yield [dict(row) for row in rows]


def _counts_of(c: Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    tables = metadata.sorted_tables
    return {table.name: c.execute(select(func.count()).select_from(table)).scalar_one() for table in tables}


def _state_of(c: Connection) -> tuple[Any, ...]:
    """Return what has to be the same on both sides: every table's rows, every guild's sums and head."""
    sums = "SELECT guild_id, kind, count(*), CAST(sum(amount) AS bigint) FROM balances GROUP BY 1, 2 ORDER BY 1, 2"
    ends = c.execute(select(heads.c.guild_id, heads.c.seq, heads.c.hash).order_by(heads.c.guild_id))
    same_heads = [(guild_id, seq, bytes(digest)) for guild_id, seq, digest in ends]
    return _counts_of(c), sorted(tuple(row) for row in c.execute(text(sums))), same_heads
