"""`python -m bot sign`: say that the books are as they should be, whatever their checkpoint says."""

from bot.clock import wall_ms
from bot.domain.checkpoints import Checkpoint, Heads
from bot.exit_codes import Exit
from bot.operations.progress import Bar
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import StorageError
from bot.storage.maintenance.backup import contents_of
from bot.storage.maintenance.checkpoints import CheckpointFile


def sign(url: str, file: CheckpointFile) -> Exit:
    """Audit the books, and write a new checkpoint for them as they are.

    Raises StorageError if they cannot be read, or if the checkpoint cannot be written.
    """
    if not file.key:
        print("Set CHECKPOINT_KEY first")
        return Exit.FAILED
    # Read before the audit: what comes in meanwhile was not audited.
    contents = contents_of(url)
    with Bar("Auditing") as bar:
        finding = next(audit_database(url, progress=bar), None)
    if finding is not None:
        print(f"The books are not in order (guild {finding.guild_id} row {finding.seq}: {finding.what}), so they were")
        print("not signed. For the full list, run: python -m bot audit")
        return Exit.FAILED
    write_checkpoint(file, contents.heads)
    print(f"Signed {contents.rows} transactions in {len(contents.heads)} guilds: {file.path}")
    return Exit.DONE


def write_checkpoint(file: CheckpointFile, heads: Heads) -> None:
    """Sign books that end at `heads`, now. Does nothing without a key. Raises StorageError."""
    try:
        file.write(Checkpoint(wall_ms(), heads))
    except OSError as error:
        raise StorageError(f"The checkpoint {file.path} cannot be written: {error.strerror}") from error
