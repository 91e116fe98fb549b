"""Backups: made only of good books, and put back without losing what was there. In a storm: `tests.faults.drilling`."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.exit_codes import Exit
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import StorageError
from bot.storage.maintenance.backup import Contents, backup, contents_of
from tests.operations.conftest import Run
from tests.rig import ROOT


def unheard(_done: int, _all: int) -> None:
    pass


def saved(source: Path, target: Path) -> Contents:
    return backup(source, target, force=False, report_copy=unheard, report_audit=unheard)


def everything_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def test_a_backup_holds_everything_and_tells_its_heads(books_file: Path, tmp_path: Path, run: Run):
    target = tmp_path / "saved.db"

    backup = run(books_file, "backup", target)

    assert backup.returncode == 0, backup.stderr
    assert "22 transactions in 2 guilds" in backup.stdout
    assert everything_in(target) == everything_in(books_file)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "books.db",
        "books.db.lock",
        "books.db.marker",
        "books.db.marks.json",
        "saved.db",
    ]


def test_whoever_rehearses_a_restore_needs_no_token(books_file: Path, tmp_path: Path, run: Run):
    saved_file, rehearsal = tmp_path / "saved.db", tmp_path / "rehearsal.db"

    codes = [
        run(database, *command, DISCORD_TOKEN="").returncode
        for database, command in (
            (books_file, ("backup", saved_file)),
            (rehearsal, ("restore", saved_file)),
            (rehearsal, ("audit",)),
            (rehearsal, ("run",)),
        )
    ]

    assert codes == [Exit.DONE, Exit.DONE, Exit.DONE, Exit.SETTINGS]


def test_nothing_is_overwritten_without_force(books_file: Path, tmp_path: Path, run: Run):
    target = tmp_path / "saved.db"
    target.write_text("precious")

    refusal = run(books_file, "backup", target)
    before = target.read_text()
    forced = run(books_file, "backup", target, "--force")

    assert (refusal.returncode, forced.returncode) == (3, 0)
    assert "--force" in refusal.stderr
    assert before == "precious"
    assert contents_of(f"sqlite:///{target}") == contents_of(f"sqlite:///{books_file}")


def test_the_database_itself_is_never_the_target(books_file: Path, run: Run):
    backup = run(books_file, "backup", books_file, "--force")

    assert backup.returncode == 3
    assert "the database itself" in backup.stderr


def test_books_that_do_not_add_up_make_no_backup(books_file: Path, tmp_path: Path):
    with closing(sqlite3.connect(books_file)) as connection, connection:
        connection.execute("UPDATE balances SET amount = amount + 1 WHERE kind = 'house'")

    with pytest.raises(StorageError, match="fails its audit"):
        saved(books_file, tmp_path / "saved.db")

    assert not list(tmp_path.glob("saved*"))


def test_a_restored_backup_takes_the_place_and_the_old_books_are_kept(books_file: Path, tmp_path: Path, run: Run):
    saved(books_file, tmp_path / "saved.db")
    before = everything_in(books_file)
    with closing(sqlite3.connect(books_file)) as connection, connection:
        connection.execute("UPDATE balances SET amount = 0 WHERE kind = 'house'")

    refusal = run(books_file, "restore", tmp_path / "saved.db")
    restored = run(books_file, "restore", tmp_path / "saved.db", "--force")
    (aside,) = tmp_path.glob("books.db.replaced-*")

    assert (refusal.returncode, restored.returncode) == (3, 0), restored.stderr
    assert everything_in(books_file) == before
    assert everything_in(aside) != before
    assert aside.name in restored.stdout


def test_a_damaged_file_is_replaced_together_with_its_log(books_file: Path, tmp_path: Path, run: Run):
    saved(books_file, tmp_path / "saved.db")
    books_file.write_bytes(b"nonsense" * 1000)
    books_file.with_name("books.db-wal").write_bytes(b"more nonsense")

    restored = run(books_file, "restore", tmp_path / "saved.db", "--force")

    assert restored.returncode == 0, restored.stderr
    assert list(audit_database(f"sqlite:///{books_file}")) == []
    assert not books_file.with_name("books.db-wal").exists()


def test_a_damaged_backup_is_refused_and_changes_nothing(books_file: Path, tmp_path: Path, run: Run):
    target = tmp_path / "saved.db"
    saved(books_file, target)
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("UPDATE entries SET amount = amount * 2 WHERE seq = 4")
    before = everything_in(books_file)

    tampered = run(books_file, "restore", target, "--force")
    target.write_bytes(target.read_bytes()[:5000])
    cut = run(books_file, "restore", target, "--force")

    assert (tampered.returncode, cut.returncode) == (3, 3)
    assert "nothing was changed" in tampered.stderr
    assert everything_in(books_file) == before
    assert not list(tmp_path.glob("*.part*"))


async def test_nothing_is_restored_while_a_bot_has_the_books(books_file: Path, tmp_path: Path, run: Run):
    saved(books_file, tmp_path / "saved.db")
    giver = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.giver", f"sqlite:///{books_file}", "storm",
        stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert giver.stdout is not None
    await asyncio.wait_for(giver.stdout.readline(), 30)

    refusal = await asyncio.to_thread(run, books_file, "restore", tmp_path / "saved.db", "--force")

    giver.kill()
    await giver.communicate()
    assert refusal.returncode == 3
    assert f"in use by process {giver.pid}" in refusal.stderr


def test_a_backup_of_a_newer_version_is_refused(books_file: Path, tmp_path: Path, run: Run):
    saved(books_file, tmp_path / "saved.db")
    with closing(sqlite3.connect(tmp_path / "saved.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    refusal = run(tmp_path / "new.db", "restore", tmp_path / "saved.db")

    assert refusal.returncode == 3
    assert "Update the bot" in refusal.stderr
    assert not (tmp_path / "new.db").exists()
