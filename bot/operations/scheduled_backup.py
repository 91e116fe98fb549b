"""`python -m bot backup FOLDER --keep 7d,4w,6m`: one more backup in a folder, and the old ones pruned."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.domain.retention import Retention
from bot.exit_codes import Exit
from bot.operations.backup import backup
from bot.storage.connect.address import StorageError, database_url, file_of, is_shared
from bot.storage.maintenance.checkpoints import CheckpointFile

_TIME: Final = "%Y%m%dT%H%M%SZ"


def add_backup(
    address: str, folder: Path, rule: Retention, marks: Path, checkpoint: CheckpointFile, *, now_ms: int
) -> Exit:
    """Write a verified copy of the books into `folder`, named after the time. Then keep what `rule` says.

    Nothing is deleted unless the new backup is good. Raises StorageError.
    """
    prefix, suffix = _names(address)
    if folder.exists() and not folder.is_dir():
        raise StorageError(f"{folder} is not a folder. With --keep, name the folder of your backups")
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    outcome = backup(address, folder / f"{prefix}{now.strftime(_TIME)}{suffix}", marks, checkpoint, force=False)
    files = dict(_backups(folder, prefix, suffix))
    for at in sorted(files.keys() - rule.kept(files)):
        try:
            files[at].unlink()
            checkpoint.of_backup(files[at]).path.unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(
                f"The new backup is good, but the old {files[at]} cannot be deleted: {error.strerror}"
            ) from error
        print(f"Deleted the old backup {files[at]}")
    return outcome


def _names(address: str) -> tuple[str, str]:
    """Return how the names of backups of these books begin and end."""
    url = database_url(address)
    return (f"{url.database}-", ".dump") if is_shared(url) else (f"{file_of(url).stem}-", ".db")


def _backups(folder: Path, prefix: str, suffix: str) -> Iterator[tuple[datetime, Path]]:
    """Yield the backups in a folder with their times. Whatever has another name is somebody else's."""
    for file in folder.iterdir():
        if file.name.startswith(prefix) and file.name.endswith(suffix):
            text = file.name[len(prefix) : -len(suffix)]
            try:
                at = datetime.strptime(text, _TIME).replace(tzinfo=UTC)
            except ValueError:
                continue
            if at.strftime(_TIME) == text:
                yield at, file
