"""Dumps of a PostgreSQL database: made on request and before each migration, and put back whole or not at all."""

from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from bot.exit_codes import Exit
from bot.storage.audit.auditor import audit_database
from bot.storage.maintenance import migrate
from bot.storage.maintenance.backup import contents_of
from tests import books
from tests.operations.conftest import Run
from tests.postgres import Server
from tests.storage.kept import keep_books

NEWEST = migrate.revisions()[-1]


@pytest.fixture
async def served(shared: str) -> str:
    """The address of books on a server."""
    await keep_books(shared)
    return shared


@pytest.fixture
def old(server: Server) -> Iterator[str]:
    """The address of a database as the first version left it, with a mark in it."""
    with server.database() as name:
        address = server.address(name)
        command.upgrade(Config(toml_file=migrate.PROJECT, cmd_opts=Namespace(x=[f"url={address}"])), "0001")
        books.change(address, "INSERT INTO marks VALUES ('old', 'kept')")
        yield address


def revision(address: str) -> str:
    return books.only_value(address, "SELECT version_num FROM alembic_version")


def tables(address: str) -> set[str]:
    return {name for (name,) in books.rows(address, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def test_a_dump_holds_everything_and_is_put_back(served: str, tmp_path: Path, run: Run):
    dump = tmp_path / "saved.dump"
    before = contents_of(served)

    backup = run(served, "backup", dump)
    again = run(served, "backup", dump)
    books.change(served, "DELETE FROM notes")
    refusal = run(served, "restore", dump)
    restored = run(served, "restore", dump, "--force")

    assert (backup.returncode, again.returncode) == (Exit.DONE, Exit.BOOKS), backup.stderr
    assert (refusal.returncode, restored.returncode) == (Exit.BOOKS, Exit.DONE), restored.stderr
    assert "22 transactions in 2 guilds" in restored.stdout
    assert contents_of(served) == before
    assert books.only_value(served, "SELECT count(*) FROM notes") == 21
    assert list(audit_database(served)) == []
    assert len(list(tmp_path.glob("*.replaced-*.dump"))) == 1


def test_what_a_newer_version_added_is_gone_after_a_restore(server: Server, served: str, tmp_path: Path, run: Run):
    dump = tmp_path / "saved.dump"
    run(served, "backup", dump)
    before = tables(served)
    server.sql("CREATE TABLE later (guild_id bigint PRIMARY KEY REFERENCES guilds)", served.rpartition("/")[2])
    books.change(served, "INSERT INTO later SELECT guild_id FROM guilds")
    books.change(served, "UPDATE alembic_version SET version_num = '9999'")

    restored = run(served, "restore", dump, "--force")

    assert restored.returncode == Exit.DONE, restored.stderr
    assert tables(served) == before
    assert revision(served) == NEWEST


def test_half_a_dump_changes_nothing(served: str, tmp_path: Path, run: Run):
    dump = tmp_path / "saved.dump"
    run(served, "backup", dump)
    dump.write_bytes(dump.read_bytes()[:-4_000])
    before = contents_of(served)

    refusal = run(served, "restore", dump, "--force")

    assert refusal.returncode == Exit.BOOKS
    assert "Nothing was restored" in refusal.stderr
    assert contents_of(served) == before
    assert list(audit_database(served)) == []


def test_a_database_is_dumped_before_it_is_migrated(old: str, tmp_path: Path, run: Run):
    migration = run(old, "migrate", DATABASE_DUMPS=str(tmp_path / "dumps"))
    (dump,) = (tmp_path / "dumps").iterdir()
    migrated = revision(old)
    books.change(old, "DELETE FROM marks")
    restored = run(old, "restore", dump, "--force")

    assert migration.returncode == Exit.DONE, migration.stderr
    assert dump.name == f"{old.rpartition('/')[2]}.before-{NEWEST}.dump"
    assert restored.returncode == Exit.DONE, restored.stderr
    # What comes back is what was there, in the form of this version.
    assert migrated == revision(old) == NEWEST
    assert books.rows(old, "SELECT * FROM marks") == [("old", "kept")]


def test_nothing_is_dumped_where_nothing_is_migrated(shared: str, tmp_path: Path, run: Run):
    migration = run(shared, "migrate", DATABASE_DUMPS=str(tmp_path / "dumps"))

    assert migration.returncode == Exit.DONE, migration.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_without_its_tools_a_migration_waits_for_the_operators_word(old: str, tmp_path: Path, run: Run, command: str):
    refusal = run(old, command, PATH=str(tmp_path), DATABASE_DUMPS=str(tmp_path / "dumps"))
    before = revision(old)
    migration = run(old, "migrate", "--without-backup", PATH=str(tmp_path))

    assert refusal.returncode == Exit.BOOKS, refusal.stderr
    (line,) = refusal.stderr.strip().splitlines()
    assert "pg_dump is not installed" in line
    assert "python -m bot migrate --without-backup" in line
    assert before == "0001"
    assert migration.returncode == Exit.DONE, migration.stderr
    assert revision(old) == NEWEST


def test_a_dump_that_cannot_be_kept_stops_a_migration(old: str, tmp_path: Path, run: Run):
    (tmp_path / "file").touch()

    refusal = run(old, "migrate", DATABASE_DUMPS=str(tmp_path / "file" / "dumps"))

    assert refusal.returncode == Exit.BOOKS
    assert "cannot be created" in refusal.stderr
    assert revision(old) == "0001"
