"""The way to numbered leaderboards: every line keeps its place, and what is counted is counted once."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.domain.periods import ALL_TIME, Period
from bot.domain.standings import Board, Standing
from bot.storage import holders, migrate, standings
from bot.storage.engine import database_url, writing_engine
from bot.storage.proof.ladders import check_totals
from tests.storage.town import GUILD, OTHER_GUILD

LINES = [
    (GUILD, "gifters", 0, "all", 0, 101, 5_000, 3, 7),
    (GUILD, "gifters", 0, "all", 0, 102, 5_001, 2, 8),
    (GUILD, "gifters", 0, "all", 0, 103, 10, 1, 9),
    (GUILD, "gifters", 0, "month", 202602, 103, 10, 1, 9),
    (GUILD, "gifters", 0, "month", 202603, 102, 4_996, 1, 6),
    (GUILD, "gifters", 0, "month", 202604, 102, 5, 1, 8),
    (GUILD, "gifters", 0, "live", 900, 101, 70, 1, 5),
    (GUILD, "anonymous", 201, "all", 0, 103, 10, 1, 4),
    (OTHER_GUILD, "gifts", 0, "all", 0, 3, 30, 3, 2),
]


def old_database(file: Path) -> str:
    """Write a database as the first version left it; return its address."""
    engine = writing_engine(database_url(f"sqlite:///{file}"), foreign_keys=False)
    config = Config(toml_file=migrate.PROJECT)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(f"INSERT INTO standings VALUES ({', '.join('?' * 9)})", LINES)
    return f"sqlite:///{file}"


def test_every_line_keeps_its_place_and_is_counted(tmp_path: Path):
    url = database_url(old_database(tmp_path / "books.db"))

    migrate.upgrade(url)

    engine = writing_engine(url, foreign_keys=False)
    with engine.connect() as c, c.begin():
        for guild_id in (GUILD, OTHER_GUILD):
            assert list(check_totals(c, guild_id)) == []
        holders.insert(c, {(GUILD, holder): holder for holder in (101, 102, 103)})
        page = standings.leaderboard(c, GUILD, Board.GIFTERS, Period.ALL, ALL_TIME, viewer_id=101)
        lines = c.exec_driver_sql(
            "SELECT count(*), sum(coins), sum(pieces), sum(last_seq), count(month), sum(month_coins) FROM standings"
        ).one()
        april = standings.leaderboard(c, GUILD, Board.GIFTERS, Period.MONTH, 202604, viewer_id=102)
    engine.dispose()
    assert page.standings == (Standing(1, 102, 5_001, 2), Standing(2, 101, 5_000, 3), Standing(3, 103, 10, 1))
    assert page.own == page.standings[1]
    assert (page.places, page.coins) == (3, 10_011)
    of_all_time = [line for line in LINES if line[3] in {"all", "live"}]
    assert tuple(lines) == (*map(sum, zip(*((1, *line[6:]) for line in of_all_time), strict=True)), 2, 15)
    assert (april.places, april.coins, april.own) == (1, 5, Standing(1, 102, 5, 1))
