"""A migration that is killed, wherever that is, has done nothing or everything; the next start goes on from there."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from tests.rig import ROOT
from tests.storage.dying_migration import DIED, copy_as_left
from tests.storage.kept import keep_books
from tests.storage.old_databases import LATER_FOLDS
from tests.thoroughness import by_thoroughness

STEP = by_thoroughness(quick=211, full=149, long=1)
"""From one kill to the next. The last two points are always among them."""
REVISIONS = {*migrate.revisions()}
LATER = ("ladders", "tallies", "standings", "alembic_version")
"""What the first revision has in another form."""


def at_first_revision(file: Path) -> None:
    config = Config(toml_file=migrate.PROJECT)
    engine = writing_engine(database_url(f"sqlite:///{file}"), foreign_keys=False)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()


def fill_first_revision(file: Path, books: Path) -> None:
    """Put `books`, of the newest revision, into a database of the first."""
    with closing(sqlite3.connect(file, isolation_level=None)) as c:
        c.execute("ATTACH ? AS later", (str(books),))
        for (name,) in c.execute("SELECT name FROM main.sqlite_master WHERE type = 'table'").fetchall():
            if name not in LATER:
                columns = ", ".join(f'"{row[1]}"' for row in c.execute(f"PRAGMA main.table_info({name})"))
                c.execute(f"INSERT INTO main.{name} SELECT {columns} FROM later.{name}")
        # No such folds were there, so nothing of them was counted.
        c.executemany("DELETE FROM main.cursors WHERE follower = ?", [(fold,) for fold in LATER_FOLDS])
        for period, bucket, of in (
            ("all", "0", ""), ("live", "event", ""),
            ("today", "s.day", "day_"), ("week", "s.week", "week_"), ("month", "s.month", "month_"),
        ):  # fmt: skip
            c.execute(
                f"""
                INSERT INTO main.standings
                SELECT s.guild_id, board, scope, '{period}', {bucket}, subject, s.{of}coins, s.{of}pieces, last_seq
                FROM later.standings AS s JOIN later.ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
                WHERE (event <> 0) = ('{period}' = 'live')
                """
            )


@pytest.fixture(params=["no books", "books of the first version"])
async def origin(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """What the migrations start from."""
    file = tmp_path / "origin.db"
    if request.param == "no books":
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA user_version = 1")
        return file
    await keep_books(f"sqlite:///{tmp_path}/newest.db")
    at_first_revision(file)
    fill_first_revision(file, tmp_path / "newest.db")
    return file


def revision(file: Path) -> str | None:
    with closing(sqlite3.connect(file)) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'").fetchone()
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone() if tables[0] else None
    return row[0] if row else None


def dump_of(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return [*connection.iterdump()]


async def test_a_kill_at_any_statement_of_a_migration_costs_nothing(origin: Path, tmp_path: Path):
    folder = tmp_path / "killed"
    folder.mkdir()
    dying = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.dying_migration", origin, folder, str(STEP),
        stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    output, _ = await dying.communicate()
    points = [int(point) for point in output.split()]
    untouched = tmp_path / "untouched.db"
    copy_as_left(folder / f"{points[len(points) // 2]}.db", untouched)

    versions: list[str | None] = []
    findings: list[object] = []
    for number, point in enumerate(points):
        file = folder / f"{point}.db"
        versions.append(revision(file))
        # Most kills leave what the one before left. Every third is gone on from, and the first of each revision.
        if number % 3 == 0 or versions[-2:-1] != versions[-1:]:
            migrate.upgrade(database_url(f"sqlite:///{file}"))
            findings += audit_database(f"sqlite:///{file}")

    assert dying.returncode == 0
    assert dump_of(folder / DIED) == dump_of(untouched)
    assert len(points) > 30 // STEP
    assert findings == []
    assert {*versions} <= {revision(origin), *REVISIONS}
    # Revisions come one after the other, and never half of one: what it was before, then what it is after.
    assert versions == sorted(versions, key=[None, *migrate.revisions()].index)
