"""Moving the books to another database and back: everything arrives, or nothing does."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.storage.audit.auditor import audit_database
from bot.storage.connect import postgresql
from bot.storage.connect.address import StorageError, database_url
from bot.storage.maintenance.backup import contents_of
from bot.storage.maintenance.transfer import transfer
from bot.storage.sql.tables import guilds
from tests.operating import operate_from_scratch
from tests.operations.conftest import Run
from tests.storage.kept import keep_books


def unheard(_done: int, _all: int) -> None:
    pass


def move(source: str, target: str) -> None:
    transfer(source, target, report_copy=unheard, report_audit=unheard)


def everything_in(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        return sorted(connection.iterdump())


def test_books_move_to_a_server_and_back_without_a_change(books_file: Path, tmp_path: Path, shared: str, run: Run):
    with closing(sqlite3.connect(books_file)) as connection, connection:
        # Uploaded pictures are part of the books.
        connection.execute("INSERT INTO item_pictures SELECT guild_id, 'aa', x'89504e470d0a00ff' FROM guilds")
        connection.execute("UPDATE gift_items SET picture = 'aa', own_tier = 'grand' WHERE item_id = 1")
    transfer = operate_from_scratch(books_file, "transfer", "--from", f"sqlite:///{books_file}", "--to", shared)
    back = run(books_file, "transfer", "--from", shared, "--to", f"sqlite:///{tmp_path}/back.db")

    assert transfer.returncode == 0, transfer.stderr
    assert back.returncode == 0, back.stderr
    assert "22 transactions in 2 guilds" in transfer.stdout
    assert list(audit_database(shared)) == []
    assert contents_of(shared) == contents_of(f"sqlite:///{books_file}")
    assert everything_in(tmp_path / "back.db") == everything_in(books_file)


async def test_a_target_with_books_is_left_alone(books_file: Path, tmp_path: Path):
    target = tmp_path / "taken.db"
    await keep_books(f"sqlite:///{target}")
    before = everything_in(target)

    with pytest.raises(StorageError, match="not empty"):
        move(f"sqlite:///{books_file}", f"sqlite:///{target}")

    assert everything_in(target) == before


def test_books_that_do_not_add_up_stay_where_they_are(books_file: Path, shared: str):
    with closing(sqlite3.connect(books_file)) as connection, connection:
        connection.execute("UPDATE balances SET amount = amount + 1 WHERE kind = 'house'")

    with pytest.raises(StorageError, match="were not moved"):
        move(f"sqlite:///{books_file}", shared)

    assert _guilds_in(shared) == []


def test_half_of_the_books_is_never_seen(books_file: Path, shared: str):
    # SQLite takes this text, PostgreSQL does not: by then most tables are copied.
    with closing(sqlite3.connect(books_file)) as connection, connection:
        connection.execute("UPDATE notes SET text = 'a' || char(0) || 'b' WHERE seq = 3")

    with pytest.raises(Exception, match="invalid byte sequence"):
        move(f"sqlite:///{books_file}", shared)

    assert _guilds_in(shared) == []


@pytest.mark.parametrize(
    ("source", "target", "says"),
    [
        ("sqlite:///{folder}/none.db", "sqlite:///{folder}/new.db", "no database"),
        ("sqlite:///{folder}/books.db", "sqlite:///{folder}/books.db", "the same database"),
        ("postgresql://a@127.0.0.1/a", "postgresql://a@127.0.0.1/b", "pg_dump"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_in_words(
    books_file: Path, tmp_path: Path, source: str, target: str, says: str
):
    with pytest.raises(StorageError, match=says):
        move(source.format(folder=tmp_path), target.format(folder=tmp_path))

    assert sorted(file.name for file in tmp_path.iterdir()) == ["books.db", "books.db.lock", "books.db.marker"]
    assert books_file.exists()


def _guilds_in(address: str) -> list[int]:
    return postgresql.alone(database_url(address), lambda c: [*c.execute(select(guilds.c.guild_id)).scalars()])
