"""The books and every copy of them can be read by the user who runs the bot, and by nobody else."""

import stat
from pathlib import Path

import pytest

from tests.operating import operate_from_scratch


def readable_by_others(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]


def test_books_and_backups_are_their_users_alone(tmp_path: Path):
    file = tmp_path / "data" / "books.db"

    for arguments in (["migrate"], ["backup", tmp_path / "saved.db"], ["restore", tmp_path / "saved.db", "--force"]):
        process = operate_from_scratch(file, *arguments)
        assert process.returncode == 0, process.stderr

    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) >= 3
    assert readable_by_others(tmp_path) == []


@pytest.mark.databases("postgresql")
def test_dumps_are_their_users_alone(shared: str, tmp_path: Path):
    process = operate_from_scratch(shared, "backup", tmp_path / "saved.dump")

    assert process.returncode == 0, process.stderr
    assert (tmp_path / "saved.dump").is_file()
    assert readable_by_others(tmp_path) == []
