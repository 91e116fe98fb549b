"""A guild's books as files for its owner. A process of its own writes them, as `bot.storage.export.child` says."""

import asyncio
import contextlib
import logging
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import orjson

from bot.domain.errors import BooksClosed, Busy, UnknownGuild
from bot.domain.staff_errors import BooksTooLarge
from bot.storage.database import Database

log = logging.getLogger(__name__)

LIMIT_S: Final = 600.0
"""Seconds that writing may take. Discord takes answers for fifteen minutes, and the rest is for sending them."""

_ROOT: Final = Path(__file__).parents[2]
_COMMAND: Final = (sys.executable, "-m", "bot.storage.export.child")


class ExportedFile(NamedTuple):
    """A zip of `size` bytes on disk, and the months that it is about, "" for all that is not by month."""

    months: str
    path: Path
    size: int


class ExportedBooks(NamedTuple):
    """The books as one zip or, where that would be too large, in several, and up to which row of the journal they go.

    `agrees` if they add up to the books.
    """

    files: tuple[ExportedFile, ...]
    seq: int
    agrees: bool


class BooksExports:
    """The use-case of exporting. One guild's books are written at a time."""

    def __init__(self, database: Database, *, command: Sequence[str] = _COMMAND, limit_s: float = LIMIT_S) -> None:
        self._database = database
        self._command = command
        self._limit_s = limit_s
        self._is_writing = False
        self._lent: set[int] = set()

    @asynccontextmanager
    async def export(self, guild_id: int, most_bytes: int) -> AsyncGenerator[ExportedBooks]:
        """Lend a guild's books in zips of at most `most_bytes` each, as many as it takes. They are gone afterwards.

        Raises Busy while other books are written, or while those of this guild are lent, UnknownGuild, BooksTooLarge
        for a single row that is larger, or if writing takes too long, and BooksClosed if the books cannot be read.
        """
        if self._is_writing or guild_id in self._lent:
            raise Busy
        self._lent.add(guild_id)
        try:
            with tempfile.TemporaryDirectory(prefix="rosette-export-") as folder:
                self._is_writing = True
                try:
                    books = await self._write(guild_id, Path(folder) / "books.zip", most_bytes)
                finally:
                    self._is_writing = False
                yield books
        finally:
            self._lent.remove(guild_id)

    async def _write(self, guild_id: int, target: Path, most_bytes: int) -> ExportedBooks:
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
        if not answer["files"]:
            raise BooksTooLarge(guild_id)
        paths = [(months, target.with_name(name)) for months, name in answer["files"]]
        files = tuple(ExportedFile(months, path, path.stat().st_size) for months, path in paths)
        return ExportedBooks(files, answer["seq"], answer["agrees"])


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
