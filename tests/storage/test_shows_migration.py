"""The way to shows: every live event keeps its creator, and goes on with the gifts that came since its start."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.domain.live import LiveEvent
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import live
from tests.storage.town import GUILD, LIVE_CHANNEL, MIA, NOAH, NOON

ENDED = (GUILD, 899, LIVE_CHANNEL, MIA, "Monday", None, NOON - 90, NOON - 50, NOON - 50)
RUNNING = (GUILD, 900, LIVE_CHANNEL, NOAH, "Friday", 1_000, NOON, NOON + 90, None)
ROWS = [(GUILD, seq, "gift", f"k{seq}", 1, NOON - 2 + seq, "{}", b"", b"") for seq in (1, 2, 3)]


def old_database(file: Path) -> str:
    """Write a database as the version before left it; return its address."""
    engine = writing_engine(database_url(f"sqlite:///{file}"), foreign_keys=False)
    config = Config(toml_file=migrate.PROJECT)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO guilds VALUES (?, 0, 50, 0, 1000, 'UTC', 0, 0, 0, 0, 1, NULL)", (GUILD,))
        connection.executemany(f"INSERT INTO journal VALUES ({', '.join('?' * 9)})", ROWS)
        connection.executemany(f"INSERT INTO live_events VALUES ({', '.join('?' * 9)})", [ENDED, RUNNING])
    return f"sqlite:///{file}"


def test_events_keep_their_creators_and_find_their_gifts(tmp_path: Path):
    url = database_url(old_database(tmp_path / "books.db"))

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        assert live.of_creator(c, GUILD, NOAH) == LiveEvent(*RUNNING, start_seq=1)
        assert live.latest(c, GUILD) == LiveEvent(*ENDED)
        assert live.creators_of(c, GUILD, 899) == [MIA]
        assert live.without_recap(c, GUILD, 899) is None
    engine.dispose()
