"""`python -m bot`: settings in, process out."""

import argparse
import asyncio
import sys

from bot import app, settings
from bot.exits import Exit
from bot.storage.audit import audit_database
from bot.storage.database import Database
from bot.storage.engine import StorageError


def main(arguments: list[str] | None = None) -> Exit:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bot", description="Rosette, a Discord bot for gifting creators.")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="run the bot (the default)")
    commands.add_parser("migrate", help="bring the database up to date, after a backup, and stop")
    audit = commands.add_parser("audit", help="check every invariant of the books")
    audit.add_argument("--guild", type=int, help="only this guild")
    chosen = parser.parse_args(arguments)
    try:
        loaded = settings.load()
    except settings.SettingsError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.SETTINGS
    if chosen.command == "audit":
        return _audit(loaded.database_url, chosen.guild)
    if chosen.command == "migrate":
        return _migrate(loaded.database_url)
    return asyncio.run(app.run(loaded))


def _migrate(url: str) -> Exit:
    async def open_and_close() -> None:
        database = await Database.open(url, clock=app.now_ms)
        await database.close()

    try:
        asyncio.run(open_and_close())
    except StorageError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.BOOKS
    return Exit.DONE


def _audit(url: str, guild_id: int | None) -> Exit:
    found = 0
    try:
        for finding in audit_database(url, guild_id):
            found += 1
            print(f"guild {finding.guild_id} row {finding.seq}: {finding.what}")
    except StorageError as error:
        print(f"rosette: {error}", file=sys.stderr)
        return Exit.BOOKS
    print("The books are in order." if not found else f"{found} findings.")
    return Exit.FAILED if found else Exit.DONE


if __name__ == "__main__":
    sys.exit(main())
