"""`python -m bot`: settings in, process out.

The processes of an audit import this file, too, and need little of what a bot needs: each command imports its own.
"""
# ruff: noqa: PLC0415

import argparse
import asyncio
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.exit_codes import Exit

if TYPE_CHECKING:
    from bot.settings import Settings


def main(arguments: list[str] | None = None) -> Exit:
    """Do what the command line says; return the exit code."""
    _forget_zone()
    from bot import settings
    from bot.storage.connect.address import StorageError

    chosen = _parser().parse_args(arguments)
    # Books, backups and dumps say who gave what to whom: what this process makes is for its own user alone.
    os.umask(0o077)
    try:
        loaded = settings.load()
    except settings.SettingsError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.SETTINGS
    for note in settings.notes():
        print(f"rosette: {note}", file=sys.stderr)
    try:
        if chosen.command in (None, "run"):
            return _run(loaded, new_books=getattr(chosen, "new_books", False))
        return _operate(chosen, loaded)
    except StorageError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.BOOKS


def _forget_zone() -> None:
    """Go by UTC, here and in every process that this one starts.

    Guilds have time zones; the machine's own decides nothing, and libraries that look at it fail on one that they
    cannot read.
    """
    os.environ["TZ"] = "UTC"
    time.tzset()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Rosette, a Discord bot for gifting creators.")
    commands = parser.add_subparsers(dest="command")
    running = commands.add_parser("run", help="run the bot (the default)")
    running.add_argument("--new-books", action="store_true", help="begin new books where there have been some")
    migrating = commands.add_parser("migrate", help="bring the database up to date, after a backup, and stop")
    migrating.add_argument("--without-backup", action="store_true", help="you have one of your own")
    checking = commands.add_parser("audit", help="check every invariant of the books")
    checking.add_argument("--guild", type=int, help="only this guild")
    saving = commands.add_parser("backup", help="write a verified copy of the books, while the bot runs or not")
    saving.add_argument("path", type=Path, help="where to")
    saving.add_argument("--force", action="store_true", help="replace a file that is there")
    restoring = commands.add_parser("restore", help="put a backup in the place of the books, while no bot runs")
    restoring.add_argument("path", type=Path, help="the backup")
    restoring.add_argument("--force", action="store_true", help="replace books that are there; they are kept aside")
    moving = commands.add_parser("transfer", help="move all books to another, empty database, while no bot runs")
    moving.add_argument("--from", dest="source", required=True, metavar="URL", help="where they are")
    moving.add_argument("--to", dest="target", required=True, metavar="URL", help="where they go")
    return parser


def _run(loaded: "Settings", *, new_books: bool) -> Exit:
    """Run the bot, and the process that writes its SQLite file."""
    from bot.logs import configure_logging
    from bot.storage.connect.address import database_url, is_shared
    from bot.storage.connect.writer_process import ProcessTransactions

    configure_logging(loaded.log_level)
    process = None if is_shared(database_url(loaded.database_url)) else ProcessTransactions.fork()
    # Only now: what the process does not need is not in its memory.
    from bot import app

    return asyncio.run(app.run(loaded, process, new_books=new_books))


def _operate(chosen: argparse.Namespace, loaded: "Settings") -> Exit:
    """Do what an operator does to the books; raise StorageError."""
    url = loaded.database_url
    if chosen.command == "audit":
        from bot.operations.audit import audit

        return audit(url, chosen.guild)
    if chosen.command == "transfer":
        from bot.operations.transfer import transfer

        return transfer(chosen.source, chosen.target)
    if chosen.command == "migrate":
        from bot.operations.migrate import migrate

        return migrate(url, None if chosen.without_backup else loaded.database_dumps)
    from bot.operations.backup import backup, restore

    return (backup if chosen.command == "backup" else restore)(url, chosen.path, force=chosen.force)


if __name__ == "__main__":
    sys.exit(main())
