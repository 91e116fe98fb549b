"""Backups: made only of good books, and put back without losing what was there. In a storm: `tests.faults.drilling`."""

import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage.audit import audit_database
from bot.storage.backup import Contents, backup, contents_of
from bot.storage.engine import StorageError
from tests.operations.conftest import Run
from tests.stage import ROOT


def unheard(_done: int, _all: int) -> None:
    pass


def saved(source: Path, target: Path) -> Contents:
    return backup(source, target, force=False, copied=unheard, audited=unheard)


def everything_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


def test_a_backup_holds_everything_and_tells_its_heads(kept: Path, tmp_path: Path, run: Run):
    target = tmp_path / "saved.db"

    done = run(kept, "backup", target)

    assert done.returncode == 0, done.stderr
    assert "22 transactions in 2 guilds" in done.stdout
    assert everything_in(target) == everything_in(kept)
    assert sorted(file.name for file in tmp_path.iterdir()) == [
        "books.db",
        "books.db.lock",
        "books.db.marker",
        "saved.db",
    ]


def test_nothing_is_overwritten_without_force(kept: Path, tmp_path: Path, run: Run):
    target = tmp_path / "saved.db"
    target.write_text("precious")

    refused = run(kept, "backup", target)
    before = target.read_text()
    forced = run(kept, "backup", target, "--force")

    assert (refused.returncode, forced.returncode) == (3, 0)
    assert "--force" in refused.stderr
    assert before == "precious"
    assert contents_of(f"sqlite:///{target}") == contents_of(f"sqlite:///{kept}")


def test_the_database_itself_is_never_the_target(kept: Path, run: Run):
    done = run(kept, "backup", kept, "--force")

    assert done.returncode == 3
    assert "the database itself" in done.stderr


def test_books_that_do_not_add_up_make_no_backup(kept: Path, tmp_path: Path):
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("UPDATE balances SET amount = amount + 1 WHERE kind = 'house'")

    with pytest.raises(StorageError, match="does not pass its audit"):
        saved(kept, tmp_path / "saved.db")

    assert not list(tmp_path.glob("saved*"))


def test_a_restored_backup_takes_the_place_and_the_old_books_are_kept(kept: Path, tmp_path: Path, run: Run):
    saved(kept, tmp_path / "saved.db")
    before = everything_in(kept)
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("UPDATE balances SET amount = 0 WHERE kind = 'house'")

    refused = run(kept, "restore", tmp_path / "saved.db")
    restored = run(kept, "restore", tmp_path / "saved.db", "--force")
    (aside,) = tmp_path.glob("books.db.replaced-*")

    assert (refused.returncode, restored.returncode) == (3, 0), restored.stderr
    assert everything_in(kept) == before
    assert everything_in(aside) != before
    assert aside.name in restored.stdout


def test_a_damaged_file_is_replaced_together_with_its_log(kept: Path, tmp_path: Path, run: Run):
    saved(kept, tmp_path / "saved.db")
    kept.write_bytes(b"nonsense" * 1000)
    kept.with_name("books.db-wal").write_bytes(b"more nonsense")

    restored = run(kept, "restore", tmp_path / "saved.db", "--force")

    assert restored.returncode == 0, restored.stderr
    assert list(audit_database(f"sqlite:///{kept}")) == []
    assert not kept.with_name("books.db-wal").exists()


def test_a_damaged_backup_is_refused_and_changes_nothing(kept: Path, tmp_path: Path, run: Run):
    target = tmp_path / "saved.db"
    saved(kept, target)
    with closing(sqlite3.connect(target)) as connection, connection:
        connection.execute("UPDATE entries SET amount = amount * 2 WHERE seq = 4")
    before = everything_in(kept)

    tampered = run(kept, "restore", target, "--force")
    target.write_bytes(target.read_bytes()[:5000])
    cut = run(kept, "restore", target, "--force")

    assert (tampered.returncode, cut.returncode) == (3, 3)
    assert "nothing was changed" in tampered.stderr
    assert everything_in(kept) == before
    assert not list(tmp_path.glob("*.part*"))


async def test_nothing_is_restored_while_a_bot_has_the_books(kept: Path, tmp_path: Path, run: Run):
    saved(kept, tmp_path / "saved.db")
    giver = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.giver", f"sqlite:///{kept}", "storm",
        stdout=asyncio.subprocess.PIPE, cwd=ROOT,
    )  # fmt: skip
    assert giver.stdout is not None
    await asyncio.wait_for(giver.stdout.readline(), 30)

    refused = await asyncio.to_thread(run, kept, "restore", tmp_path / "saved.db", "--force")

    giver.kill()
    await giver.communicate()
    assert refused.returncode == 3
    assert f"in use by process {giver.pid}" in refused.stderr


def test_a_backup_of_a_newer_version_is_refused(kept: Path, tmp_path: Path, run: Run):
    saved(kept, tmp_path / "saved.db")
    with closing(sqlite3.connect(tmp_path / "saved.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    refused = run(tmp_path / "new.db", "restore", tmp_path / "saved.db")

    assert refused.returncode == 3
    assert "update the bot" in refused.stderr
    assert not (tmp_path / "new.db").exists()
