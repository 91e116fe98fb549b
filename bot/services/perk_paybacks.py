"""Perks go when the money that paid for them goes back: a buyer who gets their money back keeps nothing it has bought.

A refund, a dispute and a reversal by staff all come here first. The coins of a perk go back to the wallet, from which
the following reversal takes them.
"""

import logging
from collections.abc import Callable
from typing import NamedTuple

from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.perk_return import ReturnCause, ReturnPerk, facts_of
from bot.domain.perks import Unlock
from bot.domain.reversal_errors import AlreadyReversed, HouseShort
from bot.services.perks import return_key, return_of
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import perks, wallets

log = logging.getLogger(__name__)


class Sale(NamedTuple):
    """The row that credited an order, its buyer, their holder, and how many of its coins are taken back at present."""

    guild_id: int
    buyer_id: int
    seq: int
    holder_id: int
    is_test: bool
    taken: int = 0


async def take_perks(
    database: Database, sale: Sale, coins: int, reversal: str, expect: Callable[[int, int], None]
) -> None:
    """Take perks that a sale has paid for, and put their coins back, until its buyer has `coins` to take back.

    `reversal` is the key of what takes the coins then. `expect` is told who has something new to read.
    """
    while entries := await database.read(perks_to_take, sale, coins):
        try:
            await database.writer.submit(taking(sale, entries[0], reversal))
        except AlreadyReversed:
            continue
        except HouseShort as refusal:
            where = entries[0].row, sale.guild_id
            log.warning("The perk of row %s in guild %s stays: its money went back, but %r", *where, refusal)
            return
        expect(sale.guild_id, sale.buyer_id)


def taking(sale: Sale, entry: Unlock, reversal: str) -> ReturnPerk:
    """Return the command that takes a perk of a sale."""
    command = return_of(entry, sale.buyer_id, sale.buyer_id, ReturnCause.MONEY_BACK)
    return command._replace(reversal=reversal)


def perks_to_take(c: Connection, sale: Sale, coins: int) -> list[Unlock]:
    """Return the newest perks that a sale has paid for, as many as its buyer is short of `coins`."""
    if not sale.buyer_id:
        # An erased member has nothing any more.
        return []
    wallet = wallets.wallet(c, sale.guild_id, sale.buyer_id)
    missing = coins - (wallet.test if sale.is_test else wallet.total)
    entries = perks.takeable(c, sale.guild_id, sale.holder_id) if missing > 0 else []
    rows = journal.rows_with(c, [(sale.guild_id, entry.row) for entry in entries])
    paid_with = {row.seq for row in rows if any(lot == sale.seq for lot, _ in row.facts.get("lots", ()))}
    to_take: list[Unlock] = []
    for entry in entries:
        if missing > 0 and entry.row in paid_with:
            to_take.append(entry)
            missing -= entry.coins
    return to_take


def purchases_again(c: Connection, sale: Sale, reversal: str, first_id: int) -> tuple[BuyPerk, ...]:
    """Return the commands that buy what was taken for the reversal under a key again, for no more than it had cost.

    The oldest comes first. What is unlocked is numbered from `first_id` on.
    """
    entries = perks.lost(c, sale.guild_id, sale.holder_id)
    returns = {row.key: row for row in journal.recorded(c, [(entry.guild_id, _key(entry)) for entry in entries])}
    taken = [entry for entry in entries if facts_of(returns[_key(entry)]).get("reversal") == reversal]
    by_id = perks.perks_of(c, {(entry.guild_id, entry.perk_id) for entry in taken})
    creators = holders.member_ids(c, sale.guild_id, {perk.creator for perk in by_id.values() if perk.creator})
    return tuple(
        BuyPerk(
            guild_id=entry.guild_id,
            key="",
            member_id=sale.buyer_id,
            perk_id=entry.perk_id,
            unlock_id=first_id + place,
            ceiling=entry.coins,
            creator_id=creators.get(by_id[entry.guild_id, entry.perk_id].creator, 0),
            note=entry.note,
        )
        for place, entry in enumerate(taken)
    )


def _key(entry: Unlock) -> str:
    return return_key(entry.unlock_id)
