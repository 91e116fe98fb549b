"""Checkpoints in files: one beside the books, which the bot renews, and one beside each backup.

`CHECKPOINT_KEY` seals them. An attacker who can write to the books but not read the key cannot forge them.
"""

import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy import Connection

from bot.domain.checkpoints import BrokenSeal, Checkpoint, opened, sealed
from bot.storage.audit.auditor import Finding
from bot.storage.audit.reader import open_reader
from bot.storage.connect.address import StorageError, beside
from bot.storage.ledger import journal
from bot.storage.maintenance.whole_files import write_whole

SUFFIX = ".checkpoint"

SIGN = "python -m bot sign"
"""The command that signs the books as they are."""


class BadCheckpoint(StorageError):  # noqa: N818 - a state of affairs, and its base says Error
    """A checkpoint is not what was once signed."""


@dataclass(frozen=True, slots=True)
class CheckpointFile:
    """A file for a checkpoint. Without a key it is neither read nor written."""

    path: Path
    key: str = field(repr=False)

    def of_backup(self, backup: Path) -> "CheckpointFile":
        """Return the file beside a backup, under the same key."""
        return CheckpointFile(backup.with_name(backup.name + SUFFIX), self.key)

    def read(self) -> Checkpoint | None:
        """Return what the file holds, None if there is none or no key. Raises BadCheckpoint, StorageError."""
        if not self.key or not self.path.exists():
            return None
        try:
            return opened(self.path.read_bytes(), self.key)
        except BrokenSeal:
            raise BadCheckpoint(
                f"The checkpoint {self.path} does not fit CHECKPOINT_KEY: it was changed, or the key was"
            ) from None
        except OSError as error:
            raise StorageError(f"The checkpoint {self.path} cannot be read: {error.strerror}") from error

    def write(self, checkpoint: Checkpoint) -> None:
        """Replace the file, whole or not at all. Raises OSError."""
        if self.key:
            write_whole(self.path, sealed(checkpoint, self.key))


def file_of(database_url: str, dumps: Path, key: str) -> CheckpointFile:
    """Return the file beside the books at `database_url`; for a server it is in the folder `dumps`."""
    return CheckpointFile(beside(database_url, dumps, SUFFIX), key)


def gaps(c: Connection, checkpoint: Checkpoint, guild_id: int | None = None) -> Iterator[Finding]:
    """Yield what a checkpoint has and the books lack: rows that are missing at the end, or are not the same any more.

    `guild_id` limits this to one guild. Read the checkpoint before the books, which may grow meanwhile.
    """
    signed = {(guild, seq): digest for guild, seq, digest in checkpoint.heads if guild_id in (None, guild)}
    hashes = journal.hashes_of(c, signed)
    for (guild, seq), digest in signed.items():
        stored_digest = hashes.get((guild, seq))
        if stored_digest is None:
            head = journal.head(c, guild)
            yield Finding(guild, seq, f"the books end at row {head.seq}; signed {when(checkpoint)}")
        elif stored_digest != digest:
            yield Finding(guild, seq, f"it is not the row that was signed {when(checkpoint)}")


def findings(database_url: str, file: CheckpointFile, guild_id: int | None = None) -> list[Finding]:
    """Return what the books lack of their checkpoint, none without one. A broken seal is a finding, too.

    Raises StorageError.
    """
    try:
        signed = file.read()
    except BadCheckpoint as error:
        return [Finding(0, 0, str(error))]
    if signed is None:
        return []
    with closing(open_reader(database_url)) as reader:
        return reader.look(lambda c: [*gaps(c, signed, guild_id)])


def when(checkpoint: Checkpoint) -> str:
    """Return the time of a checkpoint as operators read it in the log."""
    return time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(checkpoint.at_ms / 1000))


class CheckpointState(NamedTuple):
    """How it stands with the checkpoint of some books. `at_ms` is when it was signed, 0 if there is no good one."""

    kind: Literal["off", "missing", "good", "bad"]
    text: str
    at_ms: int = 0


def state(database_url: str, dumps: Path, key: str) -> CheckpointState:
    """Return how it stands with the checkpoint, with a sentence about it. Raises StorageError for books without access.

    "off" is without a key, "missing" without a file.
    """
    file = file_of(database_url, dumps, key)
    if not key:
        return CheckpointState("off", "Nobody would notice books that were cut off. Set CHECKPOINT_KEY")
    try:
        checkpoint = file.read()
    except StorageError as error:
        return CheckpointState("bad", str(error))
    if checkpoint is None:
        return CheckpointState("missing", f"There is no checkpoint at {file.path}. The bot writes one when it starts")
    with closing(open_reader(database_url)) as reader:
        losses = reader.look(lambda c: [*gaps(c, checkpoint)])
    if losses:
        return CheckpointState("bad", lacking(losses), checkpoint.at_ms)
    return CheckpointState("good", f"The books hold everything up to {when(checkpoint)}", checkpoint.at_ms)


def lacking(losses: list[Finding]) -> str:
    """Return the sentences for books that lack what was signed."""
    first = losses[0]
    more = f", and {len(losses) - 1} more guilds" if len(losses) > 1 else ""
    return (
        f"The books lack what was signed (guild {first.guild_id} row {first.seq}: {first.what}{more}). They were cut "
        "off or changed, or an older copy was put in their place"
    )
