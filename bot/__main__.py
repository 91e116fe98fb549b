"""`python -m bot`: settings in, process out."""

import argparse
import asyncio
import sys
from pathlib import Path

from bot import settings
from bot.exits import Exit
from bot.operations import audit, backup, migrate, transfer
from bot.settings import Settings
from bot.storage.engine import StorageError


def main(arguments: list[str] | None = None) -> Exit:
    """Do what the command line says; return the exit code."""
    chosen = _parser().parse_args(arguments)
    try:
        loaded = settings.load()
    except settings.SettingsError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.SETTINGS
    if chosen.command in (None, "run"):
        return _run(loaded)
    try:
        return _operate(chosen, loaded.database_url)
    except StorageError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.BOOKS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Rosette, a Discord bot for gifting creators.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="run the bot (the default)")
    commands.add_parser("migrate", help="bring the database up to date, after a backup, and stop")
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


def _run(loaded: Settings) -> Exit:
    # Imported here, because the processes of an audit import this file, and need a tenth of what a bot needs.
    from bot import app  # noqa: PLC0415

    return asyncio.run(app.run(loaded))


def _operate(chosen: argparse.Namespace, url: str) -> Exit:
    """Do what an operator does to the books; raise StorageError."""
    match chosen.command:
        case "audit":
            return audit.audit(url, chosen.guild)
        case "backup":
            return backup.backup(url, chosen.path, force=chosen.force)
        case "restore":
            return backup.restore(url, chosen.path, force=chosen.force)
        case "transfer":
            return transfer.transfer(chosen.source, chosen.target)
        case _:
            return migrate.migrate(url)


if __name__ == "__main__":
    sys.exit(main())
