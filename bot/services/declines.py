"""Declining gifts: within a day, a creator, or staff on their behalf, can give one back to its sender, who is told."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.anonymity import in_public
from bot.domain.errors import NotFound
from bot.domain.ids import HIGHEST
from bot.domain.ledger.reversal import DECLINE_MS
from bot.domain.orders import Cause
from bot.domain.receipts import Receipt
from bot.services.reversals import Reversal, ReversalPreview, Reversals
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import received_gifts, reversals

LATEST = 8
"""Gifts that a creator sees."""


@dataclass(frozen=True, slots=True)
class ReceivedGift:
    """A gift with what its creator may know, and how many pieces of it were given back."""

    receipt: Receipt
    given_back: int
    can_decline: bool


class Declines:
    """The use-cases of declining."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        reversals: Reversals,
        expect_notice: Callable[[int, int], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._reversals = reversals
        self._expect_notice = expect_notice

    async def latest(self, guild_id: int, creator_id: int) -> list[ReceivedGift]:
        """Return the last gifts to a creator, newest first, without the senders of anonymous ones."""
        return await self._database.read(_latest, guild_id, creator_id, self._clock())

    async def preview(self, guild_id: int, actor_id: int, seq: int, *, by_staff: bool = False) -> ReversalPreview:
        """Return what declining the gift in row `seq` would do. Raise as `decline` does."""
        if seq > HIGHEST:
            raise NotFound("gift")
        cause = _cause(by_staff=by_staff)
        preview = await self._reversals.preview(guild_id, actor_id=actor_id, seq=seq, part=None, reason="", cause=cause)
        return preview if by_staff else preview._replace(receipt=in_public(preview.receipt))

    async def decline(self, guild_id: int, actor_id: int, seq: int, *, key: str, by_staff: bool = False) -> Reversal:
        """Give the gift in row `seq` back, once per key, as its creator or as staff.

        Raises NotFound for no gift of theirs, DeclineOver, and every refusal of reversals.
        """
        cause = _cause(by_staff=by_staff)
        reversal = await self._reversals.reverse(
            guild_id, key=key, actor_id=actor_id, seq=seq, part=None, reason="", cause=cause
        )
        self._expect_notice(guild_id, reversal.original.actor_id)
        return reversal if by_staff else reversal._replace(original=in_public(reversal.original))


def _cause(*, by_staff: bool) -> Cause:
    return Cause.STAFF_DECLINED if by_staff else Cause.DECLINED


def _latest(c: Connection, guild_id: int, creator_id: int, now_ms: int) -> list[ReceivedGift]:
    receipts = journal.receipts_with(c, guild_id, received_gifts.latest(c, guild_id, creator_id, LATEST))
    parts = reversals.parts_of(c, [(guild_id, receipt.seq) for receipt in receipts])
    gifts: list[ReceivedGift] = []
    for receipt in sorted(receipts, key=lambda gift: -gift.seq):
        given_back = parts.get((guild_id, receipt.seq), 0)
        can_decline = now_ms - receipt.at_ms < DECLINE_MS and given_back < receipt.facts["count"]
        gifts.append(ReceivedGift(in_public(receipt), given_back, can_decline))
    return gifts
