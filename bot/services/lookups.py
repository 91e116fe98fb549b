"""Looking members up: what staff need to answer "what happened to my coins?"."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.reversal import DECLINE_MS
from bot.domain.lookups import Lookup, LookupFilter
from bot.domain.receipts import Receipt
from bot.services.earnings import overview_of
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import lookups

PAGE = 5
"""Rows on a page."""

BESIDE = 3
"""Orders, cases and unspent purchases that stand beside the journal."""


class Lookups:
    """The use-case of looking a member up."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def look_up(self, guild_id: int, member_id: int, *, reader_id: int, wanted: LookupFilter) -> Lookup:
        """Return a page of what `reader_id`, who is staff, may read of a member."""
        now_ms = self._clock()
        return await self._database.read_folded(guild_id, _look_up, guild_id, member_id, reader_id, wanted, now_ms)

    def can_decline(self, receipt: Receipt) -> bool:
        """Whether a gift is young enough to be declined."""
        return receipt.kind == SendGift.kind and self._clock() - receipt.at_ms < DECLINE_MS


def _look_up(c: Connection, guild_id: int, member_id: int, reader_id: int, wanted: LookupFilter, now_ms: int) -> Lookup:
    lookup = lookups.look_up(c, guild_id, member_id, reader_id, wanted, PAGE, BESIDE)
    return replace(lookup, available=overview_of(c, guild_id, member_id, now_ms).available)
