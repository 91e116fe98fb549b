"""`python -m bot export`: exit codes and sentences; what is in the files is the matter of tests/storage."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

from tests.operations.conftest import Run
from tests.storage.town import GUILD


def test_books_are_saved_once_and_only_replaced_on_demand(books_file: Path, tmp_path: Path, run: Run):
    target = tmp_path / "books.zip"
    runs = [run(books_file, "export", GUILD, target, *flags) for flags in ([], [], ["--force"])]

    assert [each.returncode for each in runs] == [0, 3, 0]
    assert runs[1].stderr == f"rosette: {target} exists. Use --force to replace it\n"
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[:2] == ["README.txt", "totals.csv"]
    assert target.stat().st_mode & 0o077 == 0
    assert not [*tmp_path.glob(".export*")]


def test_books_that_do_not_add_up_say_so(books_file: Path, tmp_path: Path, run: Run):
    with closing(sqlite3.connect(books_file)) as connection, connection:
        connection.execute("UPDATE balances SET amount = amount + 1 WHERE guild_id = 7 AND kind = 'sold'")

    result = run(books_file, "export", GUILD, tmp_path / "books.zip")

    assert result.returncode == 1
    assert "The files do not add up to the books: see totals.csv." in result.stdout


def test_there_is_no_file_for_a_guild_without_books(books_file: Path, tmp_path: Path, run: Run):
    result = run(books_file, "export", 404, tmp_path / "books.zip")

    assert (result.returncode, result.stdout) == (1, "There are no books of guild 404 in this database\n")
    assert not (tmp_path / "books.zip").exists()
