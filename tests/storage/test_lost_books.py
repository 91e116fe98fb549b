"""Books that go away while they are open, and a start that does not find them: nothing is booked into nowhere."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.domain.errors import BooksClosed
from bot.exit_codes import Exit
from bot.operations.backup import restore
from bot.storage.connect.address import BooksGone, StorageError
from bot.storage.database import Database
from bot.storage.file_presence import MARKER
from bot.storage.maintenance.checkpoints import CheckpointFile
from bot.storage.probe import Probe
from tests import books as outside
from tests import postgres
from tests.rig import PATIENCE_S
from tests.storage.conftest import findings
from tests.storage.town import GUILD, Clock, gift, grant, settle_in


def deleted(file: Path) -> None:
    file.unlink()


def is_there(file: Path) -> bool:
    return file.exists()


def replaced(file: Path) -> None:
    copy = file.with_name("other.db")
    shutil.copy(file, copy)
    copy.replace(file)


def log_deleted(file: Path) -> None:
    file.with_name(file.name + "-wal").unlink()


def folder_gone(file: Path) -> None:
    file.parent.rename(file.parent.with_name("elsewhere"))


@pytest.fixture
def home(migrated: Path, tmp_path: Path) -> Path:
    """A database file in a folder of its own, which a test may take away."""
    folder = tmp_path / "books"
    folder.mkdir()
    return Path(shutil.copy(migrated, folder / "books.db"))


async def opened(address: str, clock: Clock) -> Database:
    """Open books in which Alice has been granted coins."""
    database = await Database.open(address, clock=clock)
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("welcome"))
    return database


def probe_of(database: Database) -> Probe:
    return Probe(database.writer, clock=lambda: 0.0, new_id=lambda: "an id")


async def why_gone(database: Database) -> str:
    """Look until the books are known to be gone; return what the operator reads."""
    async with asyncio.timeout(PATIENCE_S):
        error = await database.writer.gone()
    assert isinstance(error, BooksGone)
    assert not database.writer.takes_money
    return str(error)


@pytest.mark.parametrize(
    ("lose", "says"),
    [
        (deleted, "books.db was deleted"),
        (replaced, "books.db was replaced by another file"),
        (log_deleted, "books.db-wal was deleted"),
        (folder_gone, "deleted or moved away"),
    ],
)
async def test_no_gift_is_acknowledged_once_the_file_is_gone(
    home: Path, clock: Clock, lose: Callable[[Path], None], says: str
):
    database = await opened(f"sqlite:///{home}", clock)

    lose(home)
    with pytest.raises(BooksClosed):
        await database.writer.submit(gift("into nowhere"))
    why = await why_gone(database)
    await database.close()

    assert says in why
    assert len(why.splitlines()) == 1


@pytest.mark.parametrize("lose", [deleted, replaced, log_deleted])
async def test_what_the_lost_file_held_is_saved_and_can_be_put_back(
    home: Path, clock: Clock, lose: Callable[[Path], None]
):
    database = await opened(f"sqlite:///{home}", clock)
    await database.writer.submit(gift("before"))
    lose(home)
    with pytest.raises(BooksClosed):
        await database.writer.submit(gift("after"))
    await database.close()
    (rescued,) = home.parent.glob("books.db.rescued-*")

    code = restore(f"sqlite:///{home}", rescued, CheckpointFile(home.with_name("none"), ""), force=True)

    assert code == Exit.DONE
    assert findings(f"sqlite:///{home}") == []
    assert outside.gifts(home, GUILD) == [(2, "before")]


@pytest.mark.usefixtures("file")
async def test_a_file_that_is_gone_is_noticed_while_nobody_gives(address: str, clock: Clock, file: Path):
    database = await opened(address, clock)
    probe = probe_of(database)
    await probe.look()
    before = probe.trouble()
    deleted(file)
    await probe.look()
    after = probe.trouble()
    await why_gone(database)
    await database.close()

    assert before is None
    assert after is not None


async def test_a_reader_leaves_no_empty_file_where_the_books_were(home: Path, clock: Clock):
    database = await opened(f"sqlite:///{home}", clock)
    deleted(home)

    with pytest.raises(BooksClosed):
        await database.read(settle_in)
    await database.close()

    assert not is_there(home)


async def test_a_start_that_does_not_find_the_books_refuses_until_new_ones_are_meant(home: Path, clock: Clock):
    database = await opened(f"sqlite:///{home}", clock)
    await database.close()
    deleted(home)

    with pytest.raises(StorageError, match=r"The books at .*--new-books"):
        await Database.open(f"sqlite:///{home}", clock=clock)
    nothing_made = not is_there(home)
    database = await Database.open(f"sqlite:///{home}", clock=clock, new_books=True)
    await database.close()

    assert nothing_made
    assert is_there(home)


async def test_a_log_without_its_file_means_that_there_were_books(home: Path, clock: Clock):
    home.with_name(home.name + "-wal").write_bytes(b"left behind")
    deleted(home)

    with pytest.raises(StorageError, match="The books at"):
        await Database.open(f"sqlite:///{home}", clock=clock)


async def test_a_first_start_needs_no_word_about_new_books(tmp_path: Path, clock: Clock):
    file = tmp_path / "data" / "rosette.db"

    database = await Database.open(f"sqlite:///{file}", clock=clock)
    await database.close()

    marker = file.with_name(file.name + MARKER)
    assert "--new-books" in marker.read_text(encoding="utf-8")
    assert marker.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def doomed(server: postgres.Server, template: str) -> Iterator[str]:
    """The name of a database that a test may drop."""
    server.sql(f"CREATE DATABASE doomed TEMPLATE {template} STRATEGY file_copy")
    yield "doomed"
    server.sql("DROP DATABASE IF EXISTS doomed WITH (FORCE)")


def emptied(server: postgres.Server, name: str) -> None:
    server.sql("DELETE FROM marks", name)


def without_tables(server: postgres.Server, name: str) -> None:
    server.sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public", name)


def dropped(server: postgres.Server, name: str) -> None:
    server.sql(f"DROP DATABASE {name} WITH (FORCE)")


def made_anew(server: postgres.Server, name: str) -> None:
    dropped(server, name)
    server.sql(f"CREATE DATABASE {name}")


def others(server: postgres.Server, name: str) -> None:
    server.sql("UPDATE marks SET value = 'another id' WHERE name = 'books'", name)


def put_back(server: postgres.Server, name: str) -> None:
    server.sql("UPDATE heads SET seq = 0", name)


@pytest.mark.parametrize(
    ("lose", "says"),
    [
        (emptied, "emptied"),
        (without_tables, "tables of the database disappeared"),
        (dropped, "dropped"),
        (made_anew, "tables of the database disappeared"),
        (others, "replaced by other books"),
        (put_back, "row 1 of guild 7 is missing"),
    ],
)
async def test_a_database_that_is_gone_is_noticed_on_a_server_too(
    server: postgres.Server, doomed: str, clock: Clock, lose: Callable[[postgres.Server, str], None], says: str
):
    database = await opened(server.address(doomed), clock)
    probe = probe_of(database)
    await probe.look()
    lose(server, doomed)

    await probe.look()
    why = await why_gone(database)
    await database.close()

    assert says in why


@pytest.mark.databases("postgresql")
async def test_several_processes_agree_on_the_id_of_their_books(address: str, clock: Clock):
    first, second = await opened(address, clock), await Database.open(address, clock=clock)
    probes = [Probe(database.writer, clock=lambda: 0.0, new_id=lambda n=n: n) for n, database in
              (("one", first), ("two", second))]  # fmt: skip

    for probe in (*probes, *probes):
        await probe.look()

    assert [probe.trouble() for probe in probes] == [None, None]
    await first.close()
    await second.close()
