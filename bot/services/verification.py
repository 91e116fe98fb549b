"""Whether a receipt is real: what the books say of a number that somebody shows around."""

from collections.abc import Mapping
from typing import NamedTuple

from bot.domain.anonymity import in_public
from bot.domain.errors import UnknownGuild
from bot.domain.ids import HIGHEST
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.receipts import Receipt
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import guilds, reversals


class Verification(NamedTuple):
    """A receipt as everybody may see it, and how many pieces of a gift, or coins, were taken back.

    `is_own` says that the reader acted or received. Only then are coins of a purchase or a grant for them to see.
    """

    receipt: Receipt
    taken_back: int
    is_own: bool

    @property
    def is_gone(self) -> bool:
        """Whether nothing is left of it."""
        facts = self.receipt.facts
        return self.taken_back >= (gift_facts(self.receipt)["count"] if self.is_gift else facts.get("coins", 1))

    @property
    def is_gift(self) -> bool:
        """Whether it is a gift, which is public."""
        return self.receipt.kind == SendGift.kind


class Verifications:
    """The use-case of looking a receipt up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def verify(self, guild_id: int, seq: int, viewer_id: int) -> Verification | None:
        """Return what is public of a receipt, None if there is none with this number. Raise UnknownGuild."""
        return await self._database.read(_verification, guild_id, seq, viewer_id)


def _verification(c: Connection, guild_id: int, seq: int, viewer_id: int) -> Verification | None:
    if guilds.rules(c, guild_id) is None:
        raise UnknownGuild
    receipt = journal.receipt(c, guild_id, seq) if seq <= HIGHEST else None
    if receipt is None:
        return None
    parts: Mapping[tuple[int, int], int] = reversals.parts_of(c, [(guild_id, seq)])
    is_own = viewer_id in {receipt.actor_id, receipt.other_id}
    return Verification(in_public(receipt), parts.get((guild_id, seq), 0), is_own)
