"""The keeper of a checkpoint: signs where open books end, and refuses money when they lack what it signed."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.domain.checkpoints import Checkpoint
from bot.storage.checkpoint_keeper import CheckpointKeeper
from bot.storage.connect.address import StorageError
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.maintenance.checkpoints import CheckpointFile
from tests.domain.test_checkpoints import KEY
from tests.storage.kept import keep_books
from tests.storage.town import GUILD, OTHER_GUILD, Clock, grant

CUT = "DELETE FROM journal WHERE guild_id = 7 AND seq = (SELECT seq FROM heads WHERE guild_id = 7)"
SET_BACK = (
    "UPDATE heads SET seq = 1, hash = (SELECT hash FROM journal WHERE guild_id = 7 AND seq = 1) WHERE guild_id = 7"
)
REWRITTEN = "UPDATE journal SET hash = previous WHERE guild_id = 7 AND seq = (SELECT seq FROM heads WHERE guild_id = 7)"


def changing(*statements: str) -> Callable[[Connection], None]:
    def change(c: Connection) -> None:
        for statement in statements:
            c.execute(text(statement))

    return change


@pytest.fixture
def signed_file(tmp_path: Path) -> CheckpointFile:
    return CheckpointFile(tmp_path / "signed" / "books.checkpoint", KEY)


@pytest.fixture
def keeper(books: Database, signed_file: CheckpointFile, clock: Clock) -> CheckpointKeeper:
    return CheckpointKeeper(books, signed_file, clock=clock)


async def test_it_signs_where_the_journals_end_once_they_have_grown(
    books: Database, keeper: CheckpointKeeper, signed_file: CheckpointFile, clock: Clock
):
    await keeper.check(new_books=False)
    await books.writer.submit(grant("g"))
    await keeper.look()
    first = signed_file.read()
    began_ms = clock.now_ms
    clock.now_ms += 60_000
    await keeper.look()
    still = signed_file.read()
    await books.writer.submit(grant("h"))
    await keeper.look_last()
    last = signed_file.read()

    assert first is not None
    assert last is not None
    assert first == still == Checkpoint(began_ms, ((GUILD, 1, first.heads[0][2]),))
    assert last == Checkpoint(clock.now_ms, await books.read(journal.all_heads))
    assert last.heads[0][1] == 2
    assert signed_file.path.stat().st_mode & 0o777 == 0o600


async def test_without_a_key_nothing_is_written_and_a_stale_checkpoint_is_mentioned(
    books: Database, signed_file: CheckpointFile, clock: Clock, caplog: pytest.LogCaptureFixture
):
    keyless = CheckpointKeeper(books, CheckpointFile(signed_file.path, ""), clock=clock)
    await keyless.check(new_books=False)
    await books.writer.submit(grant("g"))
    await keyless.look()
    assert not signed_file.path.exists()
    assert caplog.messages == []

    signed_file.write(Checkpoint(clock.now_ms, ((OTHER_GUILD, 9, bytes(32)),)))
    await keyless.check(new_books=False)

    assert "CHECKPOINT_KEY is not set" in caplog.messages[0]


async def test_books_without_a_checkpoint_are_signed_and_the_log_says_so(
    books: Database, keeper: CheckpointKeeper, caplog: pytest.LogCaptureFixture
):
    await keeper.check(new_books=False)
    assert caplog.messages == []
    await books.writer.submit(grant("g"))

    await keeper.check(new_books=False)

    assert "signed as they are" in caplog.messages[0]


async def test_new_books_need_not_be_the_old_ones(
    books: Database, keeper: CheckpointKeeper, signed_file: CheckpointFile
):
    signed_file.write(Checkpoint(1, ((OTHER_GUILD, 9, bytes(32)),)))

    with pytest.raises(StorageError, match="guild 8 row 9: the books end at row 0"):
        await keeper.check(new_books=False)
    await keeper.check(new_books=True)
    await books.writer.submit(grant("g"))
    await keeper.look()

    signed = signed_file.read()
    assert signed is not None
    assert [head[:2] for head in signed.heads] == [(GUILD, 1)]


@pytest.mark.parametrize("statements", [(CUT,), (CUT, SET_BACK), (REWRITTEN,)], ids=["cut", "set back", "rewritten"])
async def test_books_that_shrink_or_change_are_noticed(
    address: str,
    clock: Clock,
    signed_file: CheckpointFile,
    statements: tuple[str, ...],
    caplog: pytest.LogCaptureFixture,
):
    await keep_books(address)
    books = await Database.open(address, clock=clock)
    keeper = CheckpointKeeper(books, signed_file, clock=clock)
    await keeper.look()
    before = signed_file.path.read_bytes()
    # Foreign keys keep a journal from being cut, unless somebody means to.
    await books.writer.perform(changing("DELETE FROM notes", "DELETE FROM entries", *statements))
    await keeper.look()
    looked = books.writer.takes_money
    with pytest.raises(StorageError, match=r"lack what was signed \(guild 7 row 21") as refusal:
        await CheckpointKeeper(books, signed_file, clock=clock).check(new_books=False)
    await books.close()

    # A cut journal whose head still says that it is whole is left to the start and to the audits.
    assert looked == (SET_BACK not in statements)
    assert [record.levelno for record in caplog.records].count(logging.CRITICAL) == (not looked)
    assert "python -m bot restore" in str(refusal.value)
    assert "python -m bot sign" in str(refusal.value)
    assert signed_file.path.read_bytes() == before


async def test_books_that_refuse_money_are_not_signed(
    books: Database, keeper: CheckpointKeeper, signed_file: CheckpointFile
):
    await books.writer.submit(grant("g"))
    books.writer.stop_money()

    await keeper.look()
    await keeper.look_last()

    assert not signed_file.path.exists()


async def test_a_folder_that_cannot_be_written_is_a_line_in_the_log(
    books: Database, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "file").touch()
    keeper = CheckpointKeeper(books, CheckpointFile(tmp_path / "file" / "books.checkpoint", KEY), clock=clock)
    await books.writer.submit(grant("g"))

    await keeper.look()

    assert "cannot be written" in caplog.messages[0]
    assert books.writer.takes_money
