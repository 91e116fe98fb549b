"""Regularly signs where the journals end, and checks at the start that the books still hold what was signed.

This finds what audits cannot: rows that are missing at the end, and books that were set back while the bot was off.
"""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy import Connection

from bot.domain.checkpoints import Checkpoint, Heads
from bot.domain.errors import Refusal
from bot.storage.audit.auditor import Finding
from bot.storage.connect.address import StorageError
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.maintenance import checkpoints
from bot.storage.maintenance.checkpoints import SIGN, BadCheckpoint, CheckpointFile
from bot.storage.sql import row_notes

log = logging.getLogger(__name__)

SIGN_EVERY_S = 30.0
"""Seconds between two looks. Rows booked since the last one could be cut off unnoticed."""

_WHAT_TO_DO = (
    "Put the right books back, or restore the newest backup: python -m bot restore BACKUP --force. Only if these are "
    f"the books that you want, sign them: {SIGN}"
)


class CheckpointKeeper:
    """Keeps the checkpoint of open books. `clock` returns milliseconds since the epoch."""

    def __init__(self, database: Database, file: CheckpointFile, *, clock: Callable[[], int]) -> None:
        self._database = database
        self._file = file
        self._clock = clock
        self._signed: Checkpoint | None = None

    async def check(self, *, new_books: bool) -> None:
        """Compare the books with their checkpoint; raise StorageError if they lack anything.

        With `new_books`, empty books need not be those that were there before.
        """
        if not self._file.key:
            if self._file.path.exists():
                log.warning("CHECKPOINT_KEY is not set, so nobody compares the books with %s", self._file.path)
            return
        try:
            signed = await asyncio.to_thread(self._file.read)
        except BadCheckpoint as error:
            raise StorageError(f"{error}. If you know why, sign the books: {SIGN}") from None
        heads, losses = await self._database.read(_compare_all, signed)
        if new_books and not heads:
            return
        if losses:
            raise StorageError(f"{checkpoints.lacking(losses)}. {_WHAT_TO_DO}")
        if signed is None and heads:
            log.warning("There is no checkpoint at %s, so these books are signed as they are", self._file.path)
        self._signed = signed

    async def look(self) -> None:
        """Sign the books if they have grown. If they have shrunk or changed instead, refuse money."""
        if not self._file.key or not self._database.writer.takes_money:
            return
        heads, losses = await self._database.read(_compare, self._signed)
        if losses:
            self._database.writer.stop_money()
            log.critical("%s. Money is refused. Stop the bot. %s", checkpoints.lacking(losses), _WHAT_TO_DO)
            return
        if self._signed is not None and heads == self._signed.heads:
            return
        checkpoint = Checkpoint(self._clock(), heads)
        try:
            await asyncio.to_thread(self._file.write, checkpoint)
        except OSError as error:
            log.warning("The checkpoint %s cannot be written: %s", self._file.path, error.strerror)
            return
        self._signed = checkpoint

    async def look_last(self) -> None:
        """Sign what was booked until the stop. An error must not hold up the stop."""
        try:
            await self.look()
        except (Refusal, StorageError) as error:
            log.warning("The books could not be signed at the stop: %r", error)


def _compare_all(c: Connection, signed: Checkpoint | None) -> tuple[Heads, list[Finding]]:
    """Return where the journals end, and what the books lack."""
    return journal.all_heads(c), [*checkpoints.gaps(c, signed)] if signed else []


def _compare(c: Connection, signed: Checkpoint | None) -> tuple[Heads, list[Finding]]:
    """Return where the journals end, and what the books lack of those that have moved since they were signed."""
    heads = journal.all_heads(c)
    # What is signed has to be there after the primary is lost.
    row_notes.note_read(c, ((guild_id, seq) for guild_id, seq, _ in heads))
    if signed is None:
        return heads, []
    moved = tuple(set(signed.heads) - set(heads))
    return heads, [*checkpoints.gaps(c, Checkpoint(signed.at_ms, moved))]
