"""The way to anonymous gifts that say nothing: thanks for them become one, recaps that they changed are read again."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from tests import books
from tests.storage.town import GUILD, LIVE_CHANNEL, MIA, NOON

CREATOR, ALICE, BOB = 301, 302, 303
"""Holder ids."""
WITH, WITHOUT = 900, 901
"""A live event with anonymous gifts, and one without."""
THANKS = [
    (CREATOR, ALICE, 1, 7, 30, 3),
    (CREATOR, BOB, 1, 9, 5, 1),
    (CREATOR, BOB, 0, 8, 10, 1),
    (ALICE, BOB, 1, 4, 2, 2),
]


def old_database(file: Path) -> None:
    """Write a database as the version before left it."""
    engine = writing_engine(database_url(f"sqlite:///{file}"), foreign_keys=False)
    config = Config(toml_file=migrate.PROJECT)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("INSERT INTO guilds VALUES (?, 0, 50, 0, 1000, 'UTC', 0, 0, 0, 0, 1, NULL)", (GUILD,))
        connection.executemany(f"INSERT INTO thanks VALUES ({GUILD}, ?, ?, ?, ?, ?, ?)", THANKS)
        for number, (event, board) in enumerate([(WITH, "anonymous"), (WITH, "gifters"), (WITHOUT, "gifters")], 1):
            connection.execute(
                "INSERT INTO ladders (guild_id, ladder, board, scope, event, places, coins, pieces, day, day_places,"
                " day_coins, day_pieces, week, week_places, week_coins, week_pieces, month, month_places, month_coins,"
                f" month_pieces) VALUES (?, ?, ?, 0, ?, 0, 0, 0{', 0' * 12})",
                (GUILD, number, board, event),
            )
        for event in (WITH, WITHOUT):
            connection.execute(
                "INSERT INTO live_events (guild_id, event_id, channel_id, creator_id, title, started_ms, ends_ms,"
                " ended_ms, reward, start_seq, origin, outcome)"
                " VALUES (?, ?, ?, ?, '', ?, ?, ?, '', 0, 'command', 'over')",
                (GUILD, event, LIVE_CHANNEL, MIA, NOON, NOON + 9, NOON + 9),
            )
            connection.execute("INSERT INTO live_recaps (guild_id, event_id, train) VALUES (?, ?, 2)", (GUILD, event))


def test_thanks_for_anonymous_gifts_become_one_and_recaps_that_they_changed_are_read_again(tmp_path: Path):
    file = tmp_path / "books.db"
    old_database(file)

    migrate.upgrade(database_url(f"sqlite:///{file}"))

    assert books.rows(file, "SELECT creator, sender, anonymous, seq, coins, pieces FROM thanks ORDER BY seq") == [
        (ALICE, 0, 1, 4, 2, 2),
        (CREATOR, BOB, 0, 8, 10, 1),
        (CREATOR, 0, 1, 9, 35, 4),
    ]
    assert books.rows(file, "SELECT event_id, train FROM live_recaps") == [(WITHOUT, 2)]
