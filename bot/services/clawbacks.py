"""Coins follow the money of their order: a refund or a dispute takes them back, and a dispute that is won returns them.

Each movement names its cause in its key, the order and all that was refunded so far, or the dispute, and is numbered,
because one cause can take coins again: a refund that a dispute covered has to take its own once that dispute is won.
What keeps coins from being taken twice is that each command says how many are to be gone in all. So reports in any
order end in the same books.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import count

from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.won_dispute import WinDispute
from bot.domain.order_states import OrderState
from bot.domain.orders import Cause, Dispute, DisputeStatus, Observation, Order, coins_for, price_of
from bot.domain.reversal_errors import AlreadyReversed
from bot.services.creator_notices import expect_creators
from bot.services.perk_paybacks import Sale, purchases_again, take_perks
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import reversals

_PLACES = 22
"""Bits of an id of Discord's behind its time."""

_PERKS = 64
"""Perks that come back with one reversal, at most, before their numbers may be those of another."""


class Clawbacks:
    """The use-case of following the money. `expect` is told who has something new to read."""

    def __init__(self, database: Database, clock: Callable[[], int], expect: Callable[[int, int], None]) -> None:
        self._database = database
        self._clock = clock
        self._expect = expect

    async def adjust(self, order: Order, observation: Observation) -> None:
        """Bring the coins of an order in line with the money that its seller still has. May be repeated."""
        # Staff may have added the coins for another amount. They are worth what was paid.
        order = replace(order, price_minor=max(observation.amount_minor, 1))
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
        # A withdrawal after a refund rounds a second time.
        fraction_minor = int(order.state is OrderState.WITHDRAWN)
        if sale is None or price_of(order, sale.taken) + fraction_minor >= min(gone_minor, order.price_minor):
            return
        total = coins_for(order, gone_minor)
        command = Reverse(
            guild_id=order.guild_id,
            key=await self._database.read(_free_key, order, key),
            actor_id=order.member_id,
            member_id=order.member_id,
            seq=sale.seq,
            reason="",
            holder_ids=(sale.holder_id,),
            total=total,
            cause=cause,
        )
        await take_perks(self._database, sale, total - sale.taken, command.key, self._expect)
        try:
            receipt = await self._database.writer.submit(command)
        except AlreadyReversed:
            # Another process was faster, or the sum is worth less than a coin.
            return
        await expect_creators(self._database, receipt, self._expect)

    async def _reinstate(self, order: Order, dispute: Dispute) -> None:
        """Give back all that a dispute took, once: the coins, and the perks that went with them."""
        for seq, lost_key, key in await self._database.read(_unreturned, order, dispute):
            sale = await self._database.read(_sale, order)
            assert sale is not None, order
            command = Reinstate(
                guild_id=order.guild_id,
                key=key,
                member_id=order.member_id,
                seq=seq,
                of_seq=sale.seq,
                holder_ids=(sale.holder_id,),
            )
            purchases = await self._database.read(purchases_again, sale, lost_key, self._number(seq))
            receipt = await self._database.writer.submit(
                WinDispute(order.guild_id, key, command, purchases) if purchases else command
            )
            await expect_creators(self._database, receipt, self._expect)
            if purchases:
                self._expect(order.guild_id, order.member_id)

    def _number(self, seq: int) -> int:
        """Return a number for what comes back with the reversal in row `seq`, as long as those of interactions."""
        return (self._clock() - DISCORD_EPOCH_MS << _PLACES) + seq * _PERKS % (1 << _PLACES)


def _withdrawal_key(order: Order, dispute: Dispute) -> str:
    return f"dispute:{order.order_id}:{dispute.dispute_id}:withdrawn"


def _sale(connection: Connection, order: Order) -> Sale | None:
    """Return the sale of an order, None if it was never credited."""
    credit = journal.find(connection, order.guild_id, order.key)
    if credit is None:
        return None
    (row,) = journal.rows_with(connection, [(order.guild_id, credit.seq)])
    taken = reversals.parts_of(connection, [(order.guild_id, credit.seq)])
    gone = taken.get((order.guild_id, credit.seq), 0)
    return Sale(order.guild_id, order.member_id, credit.seq, row.actor, order.test, gone)


def _keys(base: str) -> Iterator[str]:
    """Return the keys of one cause. The first has no number, as when each cause had only one."""
    yield base
    yield from (f"{base}:{number}" for number in count(2))


def _free_key(connection: Connection, order: Order, base: str) -> str:
    """Return the first key of a cause that the journal does not have."""
    return next(key for key in _keys(base) if journal.find(connection, order.guild_id, key) is None)


def _unreturned(connection: Connection, order: Order, dispute: Dispute) -> list[tuple[int, str, str]]:
    """Return the reversals of a dispute that were not undone: their rows and keys, and the keys to undo them under."""
    reversals_to_undo: list[tuple[int, str, str]] = []
    undoing_keys = _keys(f"dispute:{order.order_id}:{dispute.dispute_id}:reinstated")
    for key, undoing_key in zip(_keys(_withdrawal_key(order, dispute)), undoing_keys, strict=True):
        reversal = journal.find(connection, order.guild_id, key)
        if reversal is None:
            break
        if journal.find(connection, order.guild_id, undoing_key) is None:
            reversals_to_undo.append((reversal.seq, key, undoing_key))
    return reversals_to_undo
