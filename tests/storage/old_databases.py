"""Databases as earlier versions left them.

`old_books` holds what the code of each revision wrote, one file a revision: members buy, are granted coins and give, in
public and anonymously, in a live event, in two guilds, on two days. From 0018 on, coins are taken back. In no commit
were 0004, 0012 and 0017 the newest.

`python -m tests.storage.old_databases FILE` adds the rows of a SQLite file that is closed: before a new migration.
"""

import json
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, LargeBinary, MetaData, insert

from bot.storage.connect import postgresql
from bot.storage.connect.address import is_shared
from bot.storage.connect.sqlite import writing_engine
from bot.storage.folds.creators.sums import NAME as CREATORS
from bot.storage.folds.earnings.lines import NAME as EARNINGS
from bot.storage.folds.earnings.spans import NAME as LOTS
from bot.storage.folds.gifters.sums import NAME as GIFTERS
from bot.storage.maintenance import migrate

OLD_BOOKS = Path(__file__).parent / "old_books"
REVISIONS = sorted(file.stem for file in OLD_BOOKS.glob("*.json"))

LATER_FOLDS = {
    EARNINGS: "earnings_by_source",
    CREATORS: "creator_hours",
    GIFTERS: "gifter_totals",
    LOTS: "lot_spans",
}
"""Folds that the first versions did not have, each with a table that came with it."""

T = TypeVar("T")


def on(url: URL, work: Callable[[Connection], T]) -> T:
    """Return what `work` returns, on a connection to a database at any revision."""
    if is_shared(url):
        return postgresql.alone(url, work)
    engine = writing_engine(url, foreign_keys=False)
    with engine.connect() as connection:
        answer = work(connection)
    engine.dispose()
    return answer


def at_revision(url: URL, revision: str) -> None:
    """Make the tables that a revision had."""
    config = Config(toml_file=migrate.PROJECT)

    def make(connection: Connection) -> None:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)

    on(url, make)


def with_old_books(url: URL, revision: str) -> None:
    """Write the books that the code of a revision left."""
    at_revision(url, revision)
    rows_by_table: dict[str, list[list[Any]]] = json.loads((OLD_BOOKS / f"{revision}.json").read_text())

    def fill(connection: Connection) -> None:
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            columns = [(column.name, isinstance(column.type, LargeBinary)) for column in table.columns]
            rows = [
                {
                    name: bytes.fromhex(value) if is_bytes else value
                    for (name, is_bytes), value in zip(columns, row, strict=True)
                }
                for row in rows_by_table.pop(table.name, [])
            ]
            if rows:
                connection.execute(insert(table), rows)
        connection.commit()
        assert not rows_by_table, rows_by_table.keys()

    on(url, fill)


def save(file: Path) -> Path:
    """Write the rows of a closed SQLite file to `old_books`, a row a line. Bytes become hex digits."""
    with closing(sqlite3.connect(file)) as c:
        (revision,) = c.execute("SELECT version_num FROM alembic_version").fetchone()
        names = [name for (name,) in c.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        rows = {name: c.execute(f"SELECT * FROM {name}").fetchall() for name in names if name != "alembic_version"}
    tables: list[str] = []
    for name, of_table in rows.items():
        lines = ",\n".join(json.dumps(row, ensure_ascii=False, default=bytes.hex) for row in of_table)
        if lines:
            tables.append(f'"{name}": [\n{lines}\n]')
    target = OLD_BOOKS / f"{revision}.json"
    target.write_text("{\n" + ",\n".join(tables) + "\n}\n")
    return target


if __name__ == "__main__":
    sys.stdout.write(f"{save(Path(sys.argv[1]))}\n")
