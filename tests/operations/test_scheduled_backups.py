"""`backup FOLDER --keep`: one more good backup, and only then are old ones deleted."""

import re
import sqlite3
import stat
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.domain.retention import Retention
from bot.exit_codes import Exit
from bot.operations.scheduled_backup import add_backup
from bot.storage.connect.address import StorageError
from bot.storage.maintenance import marks
from bot.storage.maintenance.backup import contents_of
from bot.storage.maintenance.checkpoints import CheckpointFile
from tests import books
from tests.domain.test_checkpoints import KEY
from tests.operating import address_of
from tests.operations.conftest import Run
from tests.storage.kept import keep_books

START = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
TWO_DAYS = Retention((("d", 2),))


def saved_in(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def add(file: Path, folder: Path, day: int, rule: Retention = TWO_DAYS) -> Exit:
    unsigned = CheckpointFile(file.with_name("none"), "")
    noted = marks.path_of(address_of(file), file.parent)
    at = START + timedelta(days=day)
    return add_backup(address_of(file), folder, rule, noted, unsigned, now_ms=int(at.timestamp() * 1000))


def test_each_run_adds_a_backup_and_deletes_what_the_rule_does_not_keep(books_file: Path, tmp_path: Path):
    folder = tmp_path / "backups"

    for day in range(4):
        assert add(books_file, folder, day) == Exit.DONE

    assert saved_in(folder) == ["books-20260103T030000Z.db", "books-20260104T030000Z.db"]
    assert contents_of(address_of(folder / "books-20260104T030000Z.db")) == contents_of(address_of(books_file))


def test_what_others_put_into_the_folder_stays(books_file: Path, tmp_path: Path):
    folder = tmp_path / "backups"
    folder.mkdir()
    foreign_names = [
        "books-20250101T030000Z.dump",
        "books-20251301T030000Z.db",
        "books-2025101T030000Z.db",
        "other-20250101T030000Z.db",
        "notes.txt",
    ]
    for name in foreign_names:
        (folder / name).touch()
    (folder / "books-20250101T030000Z.db").touch()

    for day in range(3):
        add(books_file, folder, day)

    assert saved_in(folder) == sorted([*foreign_names, "books-20260102T030000Z.db", "books-20260103T030000Z.db"])


def test_nothing_is_deleted_if_the_new_backup_is_not_good(books_file: Path, tmp_path: Path):
    folder = tmp_path / "backups"
    for day in range(2):
        add(books_file, folder, day)
    before = saved_in(folder)
    with closing(sqlite3.connect(books_file)) as connection, connection:
        connection.execute("UPDATE balances SET amount = amount + 1 WHERE kind = 'house'")

    with pytest.raises(StorageError, match="fails its audit"):
        add(books_file, folder, 2)

    assert saved_in(folder) == before


@pytest.mark.parametrize(("arguments", "code"), [(["--keep", "1x"], 2), (["--keep", "7d", "--force"], 2)])
def test_a_rule_that_says_nothing_is_refused_by_the_command_line(
    books_file: Path, tmp_path: Path, run: Run, arguments: list[str], code: int
):
    refusal = run(books_file, "backup", tmp_path / "backups", *arguments)

    assert refusal.returncode == code
    assert "--keep" in refusal.stderr
    assert not (tmp_path / "backups").exists()


def test_a_file_is_no_folder_and_a_folder_no_file(books_file: Path, tmp_path: Path, run: Run):
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()

    file = run(books_file, "backup", tmp_path / "file", "--keep", "7d")
    folder = run(books_file, "backup", tmp_path / "folder", "--force")

    assert (file.returncode, folder.returncode) == (3, 3)
    assert "is not a folder" in file.stderr
    assert "add --keep 7d,4w,6m" in folder.stderr


@pytest.mark.databases("sqlite", "postgresql")
async def test_the_command_of_the_timer_leaves_a_signed_backup_that_only_its_user_can_read(
    books_kind: str, tmp_path: Path, request: pytest.FixtureRequest, run: Run
):
    where = request.getfixturevalue("shared") if books_kind == "postgresql" else address_of(tmp_path / "books.db")
    await keep_books(where)
    folder, dumps = tmp_path / "backups", tmp_path / "dumps"
    variables = {"DATABASE_DUMPS": str(dumps), "CHECKPOINT_KEY": KEY}

    backup = run(where, "backup", folder, "--keep", "7d,4w,6m", **variables)
    backup_file, checkpoint_file = sorted(folder.iterdir(), key=lambda file: len(file.name))
    restored = run(where, "restore", backup_file, "--force", **variables)

    assert (backup.returncode, restored.returncode) == (0, 0), backup.stderr + restored.stderr
    assert re.fullmatch(r"\w+-\d{8}T\d{6}Z\.(db|dump)", backup_file.name)
    assert checkpoint_file.name == f"{backup_file.name}.checkpoint"
    assert [stat.S_IMODE(path.stat().st_mode) for path in (folder, backup_file, checkpoint_file)] == [
        0o700,
        0o600,
        0o600,
    ]
    assert marks.read(marks.path_of(where, dumps)).backup_ms > 0
    database = where if books_kind == "postgresql" else tmp_path / "books.db"
    assert books.only_value(database, "SELECT count(*) FROM journal") == 22
