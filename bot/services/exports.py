"""A guild's books as a file for its owner. A process of its own writes it, as `bot.storage.export.child` says."""

import asyncio
import contextlib
import logging
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from bot.domain.errors import BooksClosed, Busy, UnknownGuild
from bot.domain.staff_errors import BooksTooLarge
from bot.storage.database import Database

log = logging.getLogger(__name__)

LIMIT_S: Final = 600.0
"""Seconds that an export may take. Discord takes the answer to a command for fifteen minutes."""

_ROOT: Final = Path(__file__).parents[2]
_COMMAND: Final = (sys.executable, "-m", "bot.storage.export.child")


MOST_FILES: Final = 10
"""Files that Discord takes with one message."""
MOST_BYTES: Final = 100 << 20
"""What an export may take of the bot's memory. Nearly all books are a hundredth of that."""


class ExportedFile(NamedTuple):
    """A zip, and the months that it is about, "" for all that is not by month."""

    months: str
    content: bytes


class ExportedBooks(NamedTuple):
    """The books as one zip or, where that would be too large, in several, and up to which row of the journal they go.

    `agrees` if they add up to the books.
    """

    files: tuple[ExportedFile, ...]
    seq: int
    agrees: bool


class BooksExports:
    """The use-case of exporting, for one guild at a time."""

    def __init__(self, database: Database, *, command: Sequence[str] = _COMMAND, limit_s: float = LIMIT_S) -> None:
        self._database = database
        self._command = command
        self._limit_s = limit_s
        self._is_busy = False

    async def export(self, guild_id: int, most_bytes: int) -> ExportedBooks:
        """Return a guild's books in zips of at most `most_bytes` each.

        Raises Busy while another export is made, UnknownGuild, BooksTooLarge for more than ten of them, for a month
        that is larger, or if it takes too long, and BooksClosed if the books cannot be read.
        """
        if self._is_busy:
            raise Busy
        self._is_busy = True
        try:
            with tempfile.TemporaryDirectory(prefix="rosette-export-") as folder:
                return await self._export(guild_id, Path(folder) / "books.zip", most_bytes)
        finally:
            self._is_busy = False

    async def _export(self, guild_id: int, target: Path, most_bytes: int) -> ExportedBooks:
        request = {"address": self._database.address, "guild": guild_id, "target": str(target), "most": most_bytes}
        # In a session of its own, no Ctrl-C reaches it: it ends with its input.
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, cwd=_ROOT, start_new_session=True
        )
        try:
            async with asyncio.timeout(self._limit_s):
                answer = await _ask(process, request)
        except TimeoutError:
            log.warning("The export of guild %s took longer than %.0f s", guild_id, self._limit_s)
            raise BooksTooLarge(guild_id) from None
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.shield(process.wait())
        if answer.get("unknown"):
            raise UnknownGuild
        if "error" in answer:
            log.error("The books of guild %s could not be exported: %s", guild_id, answer["error"])
            raise BooksClosed
        if not answer["agrees"]:
            log.error("The export of guild %s does not add up. Run: python -m bot audit --guild %s", guild_id, guild_id)
        paths = [(months, target.with_name(name)) for months, name in answer["files"]]
        size = sum(path.stat().st_size for _, path in paths)
        if not 0 < len(paths) <= MOST_FILES or size > max(most_bytes, MOST_BYTES):
            raise BooksTooLarge(guild_id)
        files = [ExportedFile(months, await asyncio.to_thread(path.read_bytes)) for months, path in paths]
        return ExportedBooks(tuple(files), answer["seq"], answer["agrees"])


async def _ask(process: Process, request: dict[str, Any]) -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(orjson.dumps(request) + b"\n")
        await process.stdin.drain()
        answer = await process.stdout.read()
    except ConnectionError:
        answer = b""
    return orjson.loads(answer) if answer else {"error": "The process has died"}
