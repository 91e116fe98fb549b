"""The way to payments with an end each: what waited before the upgrade is settled after it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.storage import migrate, webhooks
from bot.storage.engine import database_url, writing_engine
from bot.storage.webhooks import WebhookEvent
from tests.storage.town import NOON


def old_database(file: Path, revision: str) -> str:
    """Write an empty database as an earlier version left it; return its address."""
    engine = writing_engine(database_url(f"sqlite:///{file}"), foreign_keys=False)
    config = Config(toml_file=migrate.PROJECT)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    return f"sqlite:///{file}"


def insert(file: Path, table: str, *rows: tuple[object, ...]) -> None:
    """Write rows as the version of the database has them."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def test_an_event_that_waited_is_due_and_a_handled_one_stays_handled(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0005"))
    insert(
        file,
        "webhook_events",
        ("sandbox", "evt_1", "cs_1", NOON, NOON + 5),
        ("sandbox", "evt_2", "cs_2", NOON + 1, None),
    )

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        due = webhooks.claim(c, ["sandbox"], NOON + 9, retry_ms=NOON + 99, first=10, again=10)
    engine.dispose()
    assert due == [WebhookEvent("sandbox", "evt_2", "cs_2", NOON + 1, 1)]
