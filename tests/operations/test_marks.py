"""When the books were last backed up and audited is noted beside them, for metrics and `doctor`."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import wall_ms
from bot.operations.noting import note_backup
from bot.storage.maintenance import marks
from bot.storage.maintenance.marks import Marks
from tests.operations.conftest import Run


def marks_of(books_file: Path) -> Marks:
    return marks.read(marks.path_of(f"sqlite:///{books_file}", Path("elsewhere")))


def spoil(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE journal SET at_ms = at_ms + 1 WHERE guild_id = 7 AND seq = 3")


def test_books_that_were_never_backed_up_have_no_marks(books_file: Path):
    assert marks_of(books_file) == Marks(0, 0, 0)


def test_a_backup_is_noted_with_the_audit_of_its_copy(books_file: Path, run: Run, tmp_path: Path):
    before_ms = wall_ms()

    assert run(books_file, "backup", tmp_path / "saved.db").returncode == 0

    mark = marks_of(books_file)
    assert before_ms <= mark.backup_ms == mark.audit_ms <= wall_ms()
    file = marks.path_of(f"sqlite:///{books_file}", Path("elsewhere"))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.parent == books_file.parent


def test_an_audit_notes_its_findings_and_keeps_when_all_was_well(books_file: Path, run: Run):
    assert run(books_file, "audit").returncode == 0
    well = marks_of(books_file)
    assert (well.audit_ms > 0, well.audit_findings, well.backup_ms) == (True, 0, 0)
    spoil(books_file)

    assert run(books_file, "audit").returncode == 1

    later = marks_of(books_file)
    assert (later.audit_ms, later.audit_findings) == (well.audit_ms, 1)


def test_a_failed_backup_and_an_audit_of_one_guild_leave_no_mark(books_file: Path, run: Run, tmp_path: Path):
    assert run(books_file, "audit", "--guild", 7).returncode == 0
    spoil(books_file)
    assert run(books_file, "backup", tmp_path / "saved.db").returncode != 0

    assert marks_of(books_file) == Marks()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"backup_ms": "x"}', "null", "\xff"])
def test_marks_that_cannot_be_read_say_never(tmp_path: Path, content: str):
    file = tmp_path / "books.db.marks.json"
    file.write_bytes(content.encode("latin-1"))

    assert marks.read(file) == Marks()


def test_marks_that_cannot_be_written_fail_no_backup(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "folder").write_text("a file where the folder would be")

    note_backup(tmp_path / "folder" / "books.db.marks.json")

    assert "could not be noted" in capsys.readouterr().err


@pytest.mark.databases("postgresql")
def test_the_marks_of_a_server_are_in_the_folder_of_its_dumps(shared: str, run: Run, tmp_path: Path):
    assert run(shared, "audit", DATABASE_DUMPS=str(tmp_path)).returncode == 0

    assert marks.read(marks.path_of(shared, tmp_path)).audit_ms > 0
