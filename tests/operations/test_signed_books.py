"""A signed checkpoint beside the books and beside each backup: what operators read when books were cut or set back."""

import shutil
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.doctor.books_facts import books_facts
from bot.exit_codes import Exit
from bot.settings import Settings
from bot.storage.connect.address import beside
from bot.storage.database import Database
from bot.storage.maintenance import checkpoints
from tests.domain.test_checkpoints import KEY
from tests.operating import address_of
from tests.operations.conftest import Run
from tests.storage.kept import keep_books
from tests.storage.town import Clock, grant

pytestmark = pytest.mark.databases("sqlite", "postgresql")

OTHER_KEY = KEY[::-1]


class Books:
    """Closed books on either database, and the terminal of their operator."""

    def __init__(self, address: str, folder: Path, run: Run) -> None:
        self.address = address
        self.folder = folder
        self._run = run

    def operate(self, *arguments: object, key: str = KEY):
        return self._run(self.address, *arguments, DATABASE_DUMPS=str(self.folder / "dumps"), CHECKPOINT_KEY=key)

    @property
    def settings(self) -> Settings:
        return Settings(
            discord_token=SecretStr("a.b.c"),
            database_url=self.address,
            database_dumps=self.folder / "dumps",
            checkpoint_key=SecretStr(KEY),
        )

    @property
    def checkpoint(self) -> Path:
        return beside(self.address, self.folder / "dumps", ".checkpoint")

    def state(self, key: str = KEY) -> checkpoints.CheckpointState:
        return checkpoints.state(self.address, self.folder / "dumps", key)

    async def grow(self) -> None:
        """Book one more row of the other guild."""
        database = await Database.open(self.address, clock=Clock())
        await database.writer.submit(grant("later", guild_id=8))
        await database.close()

    async def set_back(self) -> None:
        """Sign the books, then put a copy from before their last row in their place, behind Rosette's back."""
        self.operate("backup", self.folder / "old.copy", key="")
        await self.grow()
        assert self.operate("sign").returncode == Exit.DONE
        restored = self.operate("restore", self.folder / "old.copy", "--force", key="")
        assert restored.returncode == Exit.DONE, restored.stderr


@pytest.fixture
async def desk(books_kind: str, tmp_path: Path, request: pytest.FixtureRequest, run: Run) -> Books:
    """Books of 22 rows in two guilds."""
    address = request.getfixturevalue("shared") if books_kind == "postgresql" else address_of(tmp_path / "books.db")
    await keep_books(address)
    return Books(address, tmp_path, run)


async def test_books_that_hold_what_was_signed_are_in_order(desk: Books):
    states = [desk.state("").kind, desk.state().kind]
    signed = desk.operate("sign")
    await desk.grow()
    audit = desk.operate("audit")
    states += [desk.state().kind]

    assert (signed.returncode, audit.returncode, audit.stdout) == (0, 0, "The books are in order.\n"), signed.stderr
    assert f"Signed 22 transactions in 2 guilds: {desk.checkpoint}" in signed.stdout
    assert desk.checkpoint.stat().st_mode & 0o777 == 0o600
    assert states == ["off", "missing", "good"]


async def test_an_older_copy_in_the_place_of_the_books_is_noticed_and_can_be_signed(desk: Books):
    await desk.set_back()

    audit = desk.operate("audit")
    elsewhere = desk.operate("audit", "--guild", 7)
    backup = desk.operate("backup", desk.folder / "new.copy")
    state = desk.state()
    fact = books_facts(desk.settings).checkpoint
    signed = desk.operate("sign")
    after = desk.operate("audit")

    assert (audit.returncode, elsewhere.returncode, signed.returncode, after.returncode) == (1, 0, 0, 0)
    finding, advice, count = audit.stdout.splitlines()
    assert finding.startswith("guild 8 row 2: the books end at row 1; signed 20")
    assert advice.endswith("python -m bot sign")
    assert count == "1 findings."
    # Good backups must not be crowded out by copies of these books.
    assert backup.returncode == Exit.BOOKS
    assert "lack what was signed (guild 8 row 2" in backup.stderr
    assert not (desk.folder / "new.copy").exists()
    assert state.kind == "bad"
    assert fact == state.text
    assert books_facts(desk.settings).checkpoint == "good"


async def test_a_changed_checkpoint_and_another_key_are_told_apart_from_good_ones(desk: Books):
    desk.operate("sign")
    with_other_key = desk.operate("audit", key=OTHER_KEY)
    desk.checkpoint.write_bytes(desk.checkpoint.read_bytes().replace(b"[8,1,", b"[8,0,"))
    changed = desk.operate("audit")
    backup = desk.operate("backup", desk.folder / "new.copy")
    ignored = desk.operate("audit", key="")

    assert (with_other_key.returncode, changed.returncode, backup.returncode, ignored.returncode) == (1, 1, 3, 0)
    assert all(
        "does not fit CHECKPOINT_KEY" in words for words in (with_other_key.stdout, changed.stdout, backup.stderr)
    )
    assert desk.state().kind == "bad"


async def test_a_restore_signs_the_books_knowingly_and_says_what_they_lack(desk: Books):
    backup_file = desk.folder / "saved"
    desk.operate("backup", backup_file)
    await desk.grow()
    desk.operate("sign")

    restored = desk.operate("restore", backup_file, "--force")

    assert restored.returncode == Exit.DONE, restored.stderr
    assert "1 transactions that were booked since are not in them" in restored.stdout
    assert desk.state().kind == "good"
    assert desk.operate("audit").returncode == Exit.DONE


async def test_a_backup_that_is_not_what_was_signed_beside_it_is_refused(desk: Books):
    older, newer = desk.folder / "older", desk.folder / "newer"
    desk.operate("backup", older)
    await desk.grow()
    desk.operate("backup", newer)
    signature = newer.with_name("newer.checkpoint")
    # Somebody puts the older one in the place of the newer.
    shutil.copy(older, newer)

    swapped = desk.operate("restore", newer, "--force")
    signature.write_bytes(signature.read_bytes().replace(b"[8,2,", b"[8,1,"))
    changed = desk.operate("restore", newer, "--force")
    signature.unlink()
    unsigned = desk.operate("restore", newer, "--force")

    assert (swapped.returncode, changed.returncode, unsigned.returncode) == (3, 3, 0), unsigned.stderr
    assert "lack what was signed (guild 8 row 2" in swapped.stderr
    assert f"move {signature} away" in swapped.stderr
    assert "does not fit CHECKPOINT_KEY" in changed.stderr
    assert "so nothing was changed" in changed.stderr
    assert "only the audit says" in unsigned.stdout


async def test_nothing_is_signed_without_a_key_or_out_of_order(desk: Books):
    keyless = desk.operate("sign", key="")
    short = desk.operate("sign", key="short")

    assert (keyless.returncode, keyless.stdout) == (Exit.FAILED, "Set CHECKPOINT_KEY first\n")
    assert short.returncode == Exit.SETTINGS
    assert "CHECKPOINT_KEY is too short" in short.stderr
    assert not desk.checkpoint.exists()
