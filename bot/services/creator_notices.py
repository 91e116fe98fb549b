"""Creators are told with their next reply how a payment that went back, or stands again, changed their held
earnings."""

from collections.abc import Callable

from bot.domain.ledger.undoing import noticed
from bot.domain.receipts import Receipt
from bot.storage.database import Database
from bot.storage.ledger import holders


async def expect_creators(database: Database, receipt: Receipt, expect: Callable[[int, int], None]) -> None:
    """Tell `expect` of the creators whose held earnings the row of a receipt has changed."""
    creators = {notice.holder for notice in noticed(receipt.facts, "")}
    if not creators:
        return
    members = await database.read(holders.member_ids, receipt.guild_id, creators)
    for member_id in filter(None, members.values()):
        expect(receipt.guild_id, member_id)
