"""`python -m bot backup` and `restore`: a verified copy of the books, and the way back."""

from pathlib import Path

from bot.exits import Exit
from bot.operations.progress import Bar
from bot.storage.backup import Contents
from bot.storage.backup import backup as copy_file
from bot.storage.backup import restore as restore_file
from bot.storage.dumps import dump, restore_dump
from bot.storage.engine import database_url, file_of, is_shared


def backup(address: str, target: Path, *, force: bool) -> Exit:
    """Write a verified copy of the books to `target`. Raises StorageError."""
    url = database_url(address)
    with Bar("Copying") as copied, Bar("Auditing the copy") as audited:
        if is_shared(url):
            contents = dump(url, target, force=force, audited=audited)
        else:
            contents = copy_file(file_of(url), target, force=force, copied=copied, audited=audited)
    print(f"The books are saved in {target}, and in order.")
    _print(contents)
    return Exit.DONE


def restore(address: str, saved: Path, *, force: bool) -> Exit:
    """Put the books in `saved` where the bot looks for them. Raises StorageError."""
    url = database_url(address)
    with Bar("Copying") as copied, Bar("Auditing the copy") as audited:
        if is_shared(url):
            contents, aside = restore_dump(saved, url, force=force, audited=audited)
        else:
            contents, aside = restore_file(saved, file_of(url), force=force, copied=copied, audited=audited)
    print(f"The books of {saved} are restored, and in order.")
    _print(contents)
    if aside is not None:
        print(f"The books before are kept in {aside}.")
    return Exit.DONE


def _print(contents: Contents) -> None:
    print(f"{contents.rows} transactions in {len(contents.heads)} guilds")
    for guild_id, seq, digest in contents.heads:
        print(f"guild {guild_id} row {seq} hash {digest.hex()[:16]}")
