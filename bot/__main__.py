"""`python -m bot`: settings in, process out.

An audit's child processes import this file too, and need few of the bot's modules. So each command imports its own.
"""
# ruff: noqa: PLC0415

import argparse
import asyncio
import contextlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bot.exit_codes import Exit

if TYPE_CHECKING:
    from bot.domain.retention import Retention
    from bot.settings import Settings
    from bot.storage.maintenance.checkpoints import CheckpointFile


def main(arguments: list[str] | None = None) -> Exit:
    """Run the command on the command line; return the exit code."""
    if not hasattr(os, "fork"):
        # Before importing anything that Windows lacks.
        print(
            "rosette: Rosette runs on Linux and macOS. On Windows, use WSL 2 or the container: docs/install.md",
            file=sys.stderr,
        )
        return Exit.FAILED
    _forget_zone()
    from bot import setting_sources
    from bot.storage.connect.address import StorageError

    options = _parser().parse_args(arguments)
    if options.version:
        from bot.version import version

        print(f"Rosette {version()}")
        return Exit.DONE
    # Books, backups and dumps show who gave what to whom, so only this user may read the files created here.
    os.umask(0o077)
    _make_temporary_folder()
    if options.command == "doctor":
        from bot.doctor.visit import visit

        return visit()
    runs_bot = options.command in (None, "run")
    try:
        settings = setting_sources.load(connects=runs_bot)
    except setting_sources.SettingsError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.SETTINGS
    for note in setting_sources.notes():
        print(f"rosette: {note}", file=sys.stderr)
    try:
        if runs_bot:
            return _run(settings, new_books=getattr(options, "new_books", False))
        return _operate(options, settings)
    except StorageError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.BOOKS


def _forget_zone() -> None:
    """Use UTC here and in every process that this one starts.

    Guilds have their own time zones. The machine's decides nothing, and libraries that look it up fail when they cannot
    read it.
    """
    os.environ["TZ"] = "UTC"
    time.tzset()


def _make_temporary_folder() -> None:
    """Create the folder that TMPDIR names: a new volume does not have it yet, and Python would pick another folder."""
    folder = os.environ.get("TMPDIR")
    if folder:
        with contextlib.suppress(OSError):
            Path(folder).mkdir(exist_ok=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Rosette, a Discord bot for gifting creators.")
    parser.add_argument("--version", action="store_true", help="print the version, and exit")
    commands = parser.add_subparsers(dest="command")
    run_parser = commands.add_parser("run", help="run the bot (the default)")
    run_parser.add_argument(
        "--new-books", action="store_true", help="start with new, empty books although there were books before"
    )
    commands.add_parser("doctor", help="look for what is wrong with this installation, and say what to do about it")
    migrate_parser = commands.add_parser("migrate", help="back up the database, bring it up to date, and exit")
    migrate_parser.add_argument(
        "--without-backup", action="store_true", help="skip the backup because you have your own"
    )
    audit_parser = commands.add_parser("audit", help="recompute the books from the journal and report every difference")
    audit_parser.add_argument("--guild", type=int, help="check only this guild")
    audit_parser.add_argument(
        "--month", metavar="YYYY-MM", help="first print the sums that the guild posts for this month, and their hash"
    )
    commands.add_parser("sign", help="sign the books as they are, after an audit; see docs/backup.md")
    recount_parser = commands.add_parser(
        "recount", help="count leaderboards again from the journal; until it is through, they are incomplete"
    )
    recount_parser.add_argument("--guild", type=int, help="count only this guild's")
    backup_parser = commands.add_parser("backup", help="write a verified copy of the books; the bot may keep running")
    backup_parser.add_argument("path", type=Path, help="file to write; with --keep, the folder to add a backup to")
    backup_choices = backup_parser.add_mutually_exclusive_group()
    backup_choices.add_argument("--force", action="store_true", help="replace an existing file")
    backup_choices.add_argument(
        "--keep", type=_retention, metavar="7d,4w,6m", help="of days, weeks and months, keep the newest, delete others"
    )
    restore_parser = commands.add_parser("restore", help="replace the books with a backup; stop the bot first")
    restore_parser.add_argument("path", type=Path, help="backup to restore")
    restore_parser.add_argument(
        "--force", action="store_true", help="replace existing books; the old ones are kept beside them"
    )
    export_parser = commands.add_parser(
        "export", help="write a guild's books as CSV files into a zip; the bot may keep running"
    )
    export_parser.add_argument("guild", type=int, help="the guild's id")
    export_parser.add_argument("path", type=Path, help="zip file to write")
    export_parser.add_argument("--force", action="store_true", help="replace an existing file")
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
    # Imported before the fork, so that both processes share the memory of what both need: the books.
    import bot.storage.database  # noqa: F401  # pyright: ignore[reportUnusedImport]
    from bot.logs import configure_logging
    from bot.storage.connect.address import database_url, is_shared
    from bot.storage.connect.writer_process import ProcessTransactions

    configure_logging(settings.log_level, settings.log_format)
    process = None if is_shared(database_url(settings.database_url)) else ProcessTransactions.fork()
    # Imported after the fork, so that the writing process does not hold what it does not need.
    if dsn := settings.sentry_dsn.get_secret_value():
        from bot.error_reports import start_error_reports
        from bot.version import version

        start_error_reports(dsn, version())
    from bot import app

    return asyncio.run(app.run(settings, process, new_books=new_books))


def _operate(options: argparse.Namespace, settings: "Settings") -> Exit:
    """Run an operator's command on the books; raise StorageError."""
    from bot.storage.maintenance import checkpoints, marks

    url, dumps = settings.database_url, settings.database_dumps
    noted = marks.path_of(url, dumps)
    signed = checkpoints.file_of(url, dumps, settings.checkpoint_key.get_secret_value())
    if options.command in ("backup", "restore"):
        return _save(options, url, noted, signed)
    if options.command in ("audit", "sign"):
        return _check(options, url, noted, signed)
    if options.command == "recount":
        from bot.operations.recount import recount

        return recount(url, options.guild)
    if options.command == "export":
        from bot.operations.export import export_guild

        return export_guild(url, options.guild, options.path, force=options.force)
    if options.command == "transfer":
        from bot.operations.transfer import transfer

        return transfer(options.source, options.target)
    from bot.operations.migrate import migrate

    return migrate(url, None if options.without_backup else dumps)


def _check(options: argparse.Namespace, url: str, noted: Path, signed: "CheckpointFile") -> Exit:
    """Audit or sign the books; raise StorageError."""
    if options.command == "sign":
        from bot.operations.signing import sign

        return sign(url, signed)
    if options.month is not None:
        from bot.operations.proofs import prove

        return prove(url, options.guild, options.month, noted, signed)
    from bot.operations.audit import audit

    return audit(url, options.guild, noted, signed)


def _save(options: argparse.Namespace, url: str, noted: Path, signed: "CheckpointFile") -> Exit:
    """Back the books up, or put a backup back; raise StorageError."""
    from bot.operations.backup import backup, restore

    if options.command == "restore":
        return restore(url, options.path, signed, force=options.force)
    if options.keep is None:
        return backup(url, options.path, noted, signed, force=options.force)
    from bot.clock import wall_ms
    from bot.operations.scheduled_backup import add_backup

    return add_backup(url, options.path, options.keep, noted, signed, now_ms=wall_ms())


def _retention(text: str) -> "Retention":
    """Return the rule that an option names; raise ArgumentTypeError."""
    from bot.domain.retention import Retention

    rule = Retention.of(text)
    if rule is None:
        raise argparse.ArgumentTypeError("is not like 7d,4w,6m: hours, days, weeks, months and years, each once")
    return rule


if __name__ == "__main__":
    sys.exit(main())
