"""`python -m bot backup` and `restore`: make a verified copy of the books, and put one back."""

from pathlib import Path

from bot.exit_codes import Exit
from bot.operations.progress import Bar
from bot.storage.connect.address import database_url, file_of, is_shared
from bot.storage.maintenance.backup import Contents
from bot.storage.maintenance.backup import backup as copy_file
from bot.storage.maintenance.backup import restore as restore_file
from bot.storage.maintenance.pg_backup import dump, restore_dump


def backup(address: str, target: Path, *, force: bool) -> Exit:
    """Write a verified copy of the books to `target`. Raises StorageError."""
    url = database_url(address)
    with Bar("Copying") as copy_bar, Bar("Auditing the copy") as audit_bar:
        if is_shared(url):
            contents = dump(url, target, force=force, report_audit=audit_bar)
        else:
            contents = copy_file(file_of(url), target, force=force, report_copy=copy_bar, report_audit=audit_bar)
    print(f"Saved a verified copy of the books: {target}")
    _print(contents)
    return Exit.DONE


def restore(address: str, file: Path, *, force: bool) -> Exit:
    """Replace the books at `address` with those in `file`. Raises StorageError."""
    url = database_url(address)
    with Bar("Copying") as copy_bar, Bar("Auditing the copy") as audit_bar:
        if is_shared(url):
            contents, old_file = restore_dump(file, url, force=force, report_audit=audit_bar)
        else:
            contents, old_file = restore_file(
                file, file_of(url), force=force, report_copy=copy_bar, report_audit=audit_bar
            )
    print(f"Restored and verified the books from {file}")
    _print(contents)
    if old_file is not None:
        print(f"The previous books are kept in {old_file}")
    return Exit.DONE


def _print(contents: Contents) -> None:
    print(f"{contents.rows} transactions in {len(contents.heads)} guilds")
    for guild_id, seq, digest in contents.heads:
        print(f"guild {guild_id} row {seq} hash {digest.hex()[:16]}")
