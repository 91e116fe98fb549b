"""Coins follow the money of their order: a refund or a dispute takes them back, and a dispute that is won returns them.

Each movement has a key that names its cause: the order and all that was refunded so far, or the dispute. So the same
report never moves coins twice, and reports in any order end in the same books.
"""

from typing import NamedTuple

from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.orders import Cause, Dispute, DisputeStatus, Observation, Order, coins_for, price_of
from bot.domain.reversal_errors import AlreadyReversed
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import reversals


class Sale(NamedTuple):
    """The row that credited an order, its buyer's holder, and how many of its coins are taken back at present."""

    seq: int
    holder_id: int
    taken: int


class Clawbacks:
    """The use-case of following the money."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def adjust(self, order: Order, observation: Observation) -> None:
        """Bring the coins of an order in line with the money that its seller still has. May be repeated."""
        for dispute in observation.disputes:
            if dispute.status is DisputeStatus.WON:
                await self._reinstate(order, dispute)
        gone_minor = observation.refunded_minor
        if gone_minor:
            await self._take(order, f"refund:{order.order_id}:{gone_minor}", gone_minor, Cause.REFUND)
        for dispute in observation.disputes:
            if dispute.status is not DisputeStatus.WON:
                gone_minor += dispute.amount_minor
                await self._take(order, _withdrawal_key(order, dispute), gone_minor, Cause.DISPUTE)

    async def _take(self, order: Order, key: str, gone_minor: int, cause: Cause) -> None:
        """Take back coins until they are worth `gone_minor`, all that went back so far."""
        sale = await self._database.read(_sale, order)
        # Coins that were paid back to the nearest minor unit may be worth a fraction less than that.
        if sale is None or price_of(order, sale.taken) >= min(gone_minor, order.price_minor):
            return
        command = Reverse(
            guild_id=order.guild_id,
            key=key,
            actor_id=order.member_id,
            member_id=order.member_id,
            seq=sale.seq,
            reason="",
            holder_ids=(sale.holder_id,),
            total=coins_for(order, gone_minor),
            cause=cause,
        )
        try:
            await self._database.writer.submit(command)
        except AlreadyReversed:
            # Another process was faster, or the sum is worth less than a coin.
            return

    async def _reinstate(self, order: Order, dispute: Dispute) -> None:
        """Give back what a dispute took, once."""
        reversal = await self._database.read(journal.find, order.guild_id, _withdrawal_key(order, dispute))
        sale = await self._database.read(_sale, order)
        if reversal is None or sale is None:
            return
        command = Reinstate(
            guild_id=order.guild_id,
            key=f"dispute:{order.order_id}:{dispute.dispute_id}:reinstated",
            member_id=order.member_id,
            seq=reversal.seq,
            of_seq=sale.seq,
            holder_ids=(sale.holder_id,),
        )
        await self._database.writer.submit(command)


def _withdrawal_key(order: Order, dispute: Dispute) -> str:
    return f"dispute:{order.order_id}:{dispute.dispute_id}:withdrawn"


def _sale(connection: Connection, order: Order) -> Sale | None:
    """Return the sale of an order, None if it was never credited."""
    credit = journal.find(connection, order.guild_id, order.key)
    if credit is None:
        return None
    (row,) = journal.rows_with(connection, [(order.guild_id, credit.seq)])
    taken = reversals.parts_of(connection, [(order.guild_id, credit.seq)])
    return Sale(credit.seq, row.actor, taken.get((order.guild_id, credit.seq), 0))
