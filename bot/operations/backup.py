"""`python -m bot backup` and `restore`: make a verified copy of the books, and put one back."""

import contextlib
from functools import partial
from pathlib import Path

from bot.domain.checkpoints import Checkpoint
from bot.exit_codes import Exit
from bot.operations.noting import note_backup
from bot.operations.progress import Bar
from bot.operations.signing import write_checkpoint
from bot.storage.connect.address import StorageError, database_url, file_of, is_shared
from bot.storage.maintenance.backup import Contents
from bot.storage.maintenance.backup import backup as copy_file
from bot.storage.maintenance.backup import restore as restore_file
from bot.storage.maintenance.checkpoints import SIGN, BadCheckpoint, CheckpointFile, findings, lacking
from bot.storage.maintenance.pg_backup import dump, restore_dump


def backup(address: str, target: Path, marks: Path, checkpoint: CheckpointFile, *, force: bool) -> Exit:
    """Write a verified copy of the books to `target`, put a signature beside it, and note that in the file `marks`.

    Books that lack what their own `checkpoint` has are not backed up. Raises StorageError.
    """
    url = database_url(address)
    if target.is_dir():
        raise StorageError(f"{target} is a folder. To add a backup to it and delete old ones, add --keep 7d,4w,6m")
    _require_signed(address, checkpoint, f"so no backup was made. If you know why, sign the books: {SIGN}")
    with Bar("Copying") as copy_bar, Bar("Auditing the copy") as audit_bar:
        if is_shared(url):
            contents = dump(url, target, force=force, report_audit=audit_bar)
        else:
            contents = copy_file(file_of(url), target, force=force, report_copy=copy_bar, report_audit=audit_bar)
    write_checkpoint(checkpoint.of_backup(target), contents.heads)
    note_backup(marks)
    print(f"Saved a verified copy of the books: {target}")
    _print(contents)
    return Exit.DONE


def restore(address: str, file: Path, checkpoint: CheckpointFile, *, force: bool) -> Exit:
    """Replace the books at `address` with those in `file`, and sign them as they are now. Raises StorageError.

    A backup that does not match the signature beside it is refused.
    """
    url = database_url(address)
    signed = checkpoint.of_backup(file)
    outcome = "but they are in the database now: restore another backup" if is_shared(url) else "so nothing was changed"
    consequence = f"{outcome}. If you know why, move {signed.path} away and try again"
    # A broken seal must be noticed before anything is changed.
    _read(signed, f"so nothing was changed. If you know why, move {signed.path} away and try again")
    require = partial(_require_signed, checkpoint=signed, consequence=consequence)
    with Bar("Copying") as copy_bar, Bar("Auditing the copy") as audit_bar:
        if is_shared(url):
            contents, old_file = restore_dump(file, url, force=force, report_audit=audit_bar, require=require)
        else:
            contents, old_file = restore_file(
                file, file_of(url), force=force, report_copy=copy_bar, report_audit=audit_bar, require=require
            )
    lost = _signed_before(checkpoint) - contents.rows
    write_checkpoint(checkpoint, contents.heads)
    if checkpoint.key and not signed.path.exists():
        print(f"There is no {signed.path.name}, so only the audit says that nothing is missing in this backup")
    print(f"Restored and verified the books from {file}")
    _print(contents)
    if lost > 0:
        print(f"{lost} transactions that were booked since are not in them")
    if old_file is not None:
        print(f"The previous books are kept in {old_file}")
    return Exit.DONE


def _require_signed(address: str, checkpoint: CheckpointFile, consequence: str) -> None:
    """Raise StorageError if the books at `address` lack anything that was signed, or if the seal is broken."""
    _read(checkpoint, consequence)
    gaps = findings(address, checkpoint)
    if gaps:
        raise StorageError(f"{lacking(gaps)}, {consequence}")


def _read(checkpoint: CheckpointFile, consequence: str) -> Checkpoint | None:
    try:
        return checkpoint.read()
    except BadCheckpoint as error:
        raise StorageError(f"{error}, {consequence}") from None


def _signed_before(checkpoint: CheckpointFile) -> int:
    """Return how many transactions the old books had when they were last signed, if that can be told."""
    with contextlib.suppress(BadCheckpoint):
        signed = checkpoint.read()
        return sum(seq for _, seq, _ in signed.heads) if signed else 0
    return 0


def _print(contents: Contents) -> None:
    print(f"{contents.rows} transactions in {len(contents.heads)} guilds")
    for guild_id, seq, digest in contents.heads:
        print(f"guild {guild_id} row {seq} hash {digest.hex()[:16]}")
