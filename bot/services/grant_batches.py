"""Grants to many members: prepared, confirmed and undone."""

from collections.abc import Callable

from bot.domain.deadlines import Deadline
from bot.domain.errors import NotFound
from bot.domain.grant_batches import GrantBatch, key_of, undo_key
from bot.domain.grant_errors import BatchOver
from bot.domain.ids import HIGHEST
from bot.domain.ledger.books import Decision
from bot.domain.ledger.grant_many import GrantMany, Shares
from bot.domain.ledger.grants_undo import UndoGrants
from bot.domain.receipts import Receipt
from bot.services.wallets import check_reason
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.ledger.batch import dry_run
from bot.storage.stores import grant_batches

MOST_LISTED = 25
"""The most batches that can be chosen from: as many as Discord lists."""


class GrantBatches:
    """The use-cases of grants to many."""

    def __init__(self, database: Database, clock: Callable[[], int], expect_notice: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect_notice = expect_notice

    async def prepare(self, guild_id: int, batch_id: int, *, actor_id: int, shares: Shares, reason: str) -> GrantBatch:
        """Store what will be granted, after checking that it could be granted now. Raise what the grant would raise."""
        clean_reason, now_ms = check_reason(reason), self._clock()
        command = GrantMany(guild_id, key_of(batch_id), actor_id, batch_id, shares, clean_reason)
        await self._database.read(dry_run, command, now_ms)
        coins = sum(share for _, share in shares)
        batch = GrantBatch(guild_id, batch_id, len(shares), coins, clean_reason, now_ms)
        await self._database.writer.perform(grant_batches.prepare, batch, shares)
        return batch

    async def book(self, guild_id: int, batch_id: int, actor_id: int) -> Receipt:
        """Grant a prepared batch as a whole, once. Raise BatchOver, and what grants raise."""
        prepared = await self._database.read(grant_batches.planned, guild_id, batch_id)
        if prepared is None:
            receipt = await self.find(guild_id, batch_id)
            if receipt is None:
                raise BatchOver
            return receipt
        batch, shares = prepared
        command = GrantMany(guild_id, key_of(batch_id), actor_id, batch_id, shares, batch.reason)
        receipt = await self._database.writer.submit(command)
        for member_id, _ in shares:
            self._expect_notice(guild_id, member_id)
        return receipt

    async def find(self, guild_id: int, batch_id: int) -> Receipt | None:
        """Return the receipt of a batch, None until it is booked."""
        return await self._database.read(journal.find, guild_id, key_of(batch_id))

    async def undoable(self, guild_id: int) -> list[GrantBatch]:
        """Return the newest batches that have not been undone."""
        return await self._database.read(grant_batches.undoable, guild_id, MOST_LISTED)

    async def preview_undo(self, guild_id: int, *, actor_id: int, seq: int, reason: str | None = None) -> Decision:
        """Return what undoing the batch in row `seq` would do now. Raise NotFound, and what undoing raises.

        `reason` is None as long as nobody has been asked for one.
        """
        clean_reason = "" if reason is None else check_reason(reason)
        return await self._database.read(_preview, guild_id, actor_id, seq, clean_reason, self._clock())

    async def undo(self, guild_id: int, *, actor_id: int, seq: int, reason: str) -> Receipt:
        """Take a batch back as a whole, once. Raise NotFound, AlreadyReversed or WalletFull."""
        command = await self._database.read(_undo, guild_id, actor_id, seq, check_reason(reason))
        return await self._database.writer.submit(command)

    async def find_undo(self, guild_id: int, seq: int) -> Receipt | None:
        """Return the receipt of the undoing of a batch, None if it was not undone."""
        return await self._database.read(journal.find, guild_id, undo_key(seq))

    async def lapse(self, deadline: Deadline) -> None:
        """Delete a batch that nobody confirmed in time."""
        await self._database.writer.perform(grant_batches.forget, deadline.guild_id, deadline.subject)


def _undo(c: Connection, guild_id: int, actor_id: int, seq: int, reason: str) -> UndoGrants:
    receipt = journal.receipt(c, guild_id, seq) if 0 < seq <= HIGHEST else None
    if receipt is None or receipt.kind != GrantMany.kind:
        raise NotFound("batch")
    shares = tuple((holder, coins) for holder, (coins, _) in grant_batches.shares_of(c, guild_id, seq).items())
    return UndoGrants(guild_id, undo_key(seq), actor_id, seq, shares, reason)


def _preview(c: Connection, guild_id: int, actor_id: int, seq: int, reason: str, now_ms: int) -> Decision:
    return dry_run(c, _undo(c, guild_id, actor_id, seq, reason), now_ms)
