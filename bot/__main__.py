"""`python -m bot`: settings in, process out.

The processes of an audit import this file, too, and need few of the bot's modules: each command imports its own.
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
    """Run the command on the command line; return the exit code."""
    _forget_zone()
    from bot import settings
    from bot.storage.connect.address import StorageError

    options = _parser().parse_args(arguments)
    # Books, backups and dumps tell who gave what to whom, so only this user may read the files that are made here.
    os.umask(0o077)
    try:
        loaded = settings.load()
    except settings.SettingsError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.SETTINGS
    for note in settings.notes():
        print(f"rosette: {note}", file=sys.stderr)
    try:
        if options.command in (None, "run"):
            return _run(loaded, new_books=getattr(options, "new_books", False))
        return _operate(options, loaded)
    except StorageError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.BOOKS


def _forget_zone() -> None:
    """Use UTC here and in every process that this one starts.

    Guilds have time zones. The machine's own decides nothing, and libraries that look at it fail when they cannot
    read it.
    """
    os.environ["TZ"] = "UTC"
    time.tzset()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Rosette, a Discord bot for gifting creators.")
    commands = parser.add_subparsers(dest="command")
    run_parser = commands.add_parser("run", help="run the bot (the default)")
    run_parser.add_argument(
        "--new-books", action="store_true", help="start with new, empty books although there were books before"
    )
    migrate_parser = commands.add_parser("migrate", help="back up the database, bring it up to date, and exit")
    migrate_parser.add_argument(
        "--without-backup", action="store_true", help="skip the backup because you have your own"
    )
    audit_parser = commands.add_parser("audit", help="recompute the books from the journal and report every difference")
    audit_parser.add_argument("--guild", type=int, help="check only this guild")
    audit_parser.add_argument(
        "--month", metavar="YYYY-MM", help="first print the sums that the guild posts for this month, and their hash"
    )
    recount_parser = commands.add_parser(
        "recount", help="count leaderboards again from the journal; until it is through, they are incomplete"
    )
    recount_parser.add_argument("--guild", type=int, help="count only this guild's")
    backup_parser = commands.add_parser("backup", help="write a verified copy of the books; the bot may keep running")
    backup_parser.add_argument("path", type=Path, help="file to write")
    backup_parser.add_argument("--force", action="store_true", help="replace an existing file")
    restore_parser = commands.add_parser("restore", help="replace the books with a backup; stop the bot first")
    restore_parser.add_argument("path", type=Path, help="backup to restore")
    restore_parser.add_argument(
        "--force", action="store_true", help="replace existing books; the old ones are kept beside them"
    )
    transfer_parser = commands.add_parser(
        "transfer", help="move the books to another, empty database; stop the bot first"
    )
    transfer_parser.add_argument(
        "--from", dest="source", required=True, metavar="URL", help="database that holds the books now"
    )
    transfer_parser.add_argument(
        "--to", dest="target", required=True, metavar="URL", help="empty database to move them to"
    )
    return parser


def _run(settings: "Settings", *, new_books: bool) -> Exit:
    """Run the bot, and the process that writes its SQLite file."""
    from bot.logs import configure_logging
    from bot.storage.connect.address import database_url, is_shared
    from bot.storage.connect.writer_process import ProcessTransactions

    configure_logging(settings.log_level)
    process = None if is_shared(database_url(settings.database_url)) else ProcessTransactions.fork()
    # Imported after the fork, so that the writing process does not hold what it does not need.
    from bot import app

    return asyncio.run(app.run(settings, process, new_books=new_books))


def _operate(options: argparse.Namespace, settings: "Settings") -> Exit:
    """Run an operator's command on the books; raise StorageError."""
    url = settings.database_url
    if options.command == "audit":
        if options.month is not None:
            from bot.operations.proofs import prove

            return prove(url, options.guild, options.month)
        from bot.operations.audit import audit

        return audit(url, options.guild)
    if options.command == "recount":
        from bot.operations.recount import recount

        return recount(url, options.guild)
    if options.command == "transfer":
        from bot.operations.transfer import transfer

        return transfer(options.source, options.target)
    if options.command == "migrate":
        from bot.operations.migrate import migrate

        return migrate(url, None if options.without_backup else settings.database_dumps)
    from bot.operations.backup import backup, restore

    return (backup if options.command == "backup" else restore)(url, options.path, force=options.force)


if __name__ == "__main__":
    sys.exit(main())
