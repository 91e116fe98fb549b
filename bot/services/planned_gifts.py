"""Sending the gifts that were planned with an order, once the order has its coins."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from bot.domain.errors import BooksClosed, Busy, GiftLapsed, Refusal
from bot.domain.orders import Order
from bot.domain.planned_gifts import Lapse, PlannedGift, lapse_of
from bot.domain.receipts import Receipt
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import guilds, planned_gifts

KEPT_MS = 30 * 24 * 3600 * 1000
"""How long a plan is kept whose gift stayed here, to tell its buyer why: with the next reply, if nothing else reached
them, or once they pay."""

Check = Callable[[PlannedGift], Awaitable[Lapse | None]]


@dataclass(frozen=True, slots=True)
class GiftOutcome:
    """The outcome of a planned gift: its receipt, or None if it lapsed."""

    gift: PlannedGift
    receipt: Receipt | None


class PlannedGifts:
    """The use-cases of planned gifts."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._check: Check | None = None

    def check_with(self, check: Check) -> None:
        """Ask `check` before a gift goes out: only Discord knows whether its creator and message are still there."""
        self._check = check

    async def send(self, order: Order) -> GiftOutcome | None:
        """Send the gift that was planned with a credited order, once however often this is called.

        Return the outcome, None if there was no gift. Raises Busy or BooksClosed: then call it again.
        """
        gift = await self.of_order(order.guild_id, order.order_id)
        if gift is None:
            return None
        receipt = await self._database.read(journal.find, gift.guild_id, gift.key)
        if receipt is not None or gift.lapse is not None:
            return GiftOutcome(gift, receipt)
        lapse = await self._lapse(gift)
        if lapse is None:
            try:
                return GiftOutcome(gift, await self._database.writer.submit(gift.command(order.member_id)))
            except (Busy, BooksClosed):
                raise
            except GiftLapsed:
                # Somebody else has just let it lapse, and says so.
                return GiftOutcome(await self.of_order(order.guild_id, order.order_id) or gift, None)
            except Refusal as refusal:
                lapse = lapse_of(refusal)
        return await self._database.writer.perform(_let_lapse, gift, lapse)

    async def of_order(self, guild_id: int, order_id: int) -> PlannedGift | None:
        """Return the gift that was planned with an order, None if there is none."""
        return await self._database.read(planned_gifts.of_order, guild_id, order_id)

    async def forget(self) -> None:
        """Erase the messages of gifts that are too late to go out, and what nobody has paid for in a long time."""
        now_ms = self._clock()
        await self._database.writer.perform(planned_gifts.forget, now_ms, now_ms - KEPT_MS)

    async def _lapse(self, gift: PlannedGift) -> Lapse | None:
        """Return what keeps a gift from being sent before the rules are asked."""
        if self._clock() > gift.until_ms:
            return Lapse.LATE
        return None if self._check is None else await self._check(gift)


def _let_lapse(connection: Connection, gift: PlannedGift, lapse: Lapse) -> GiftOutcome:
    """Let a gift lapse, unless another process has sent it, or has let it lapse for another reason."""
    guilds.lock(connection, gift.guild_id)
    current = planned_gifts.of_order(connection, gift.guild_id, gift.order_id) or gift
    receipt = journal.find(connection, gift.guild_id, gift.key)
    if receipt is None and current.lapse is None:
        planned_gifts.let_lapse(connection, gift, lapse)
        current = replace(gift, lapse=lapse, note="")
    return GiftOutcome(current, receipt)
