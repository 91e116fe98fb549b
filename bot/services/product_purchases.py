"""Purchases of products: each pays the one order for it, or waits until its member says for which guild it is."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.errors import Busy
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.reversal import Reverse
from bot.domain.order_states import OrderState
from bot.domain.orders import Cause, Contact, Order
from bot.domain.product_purchases import ProductPurchase, PurchaseRecord, Worth
from bot.domain.receipts import Receipt
from bot.domain.reversal_errors import AlreadyReversed
from bot.payments.provider import Capability, PaymentReport, Provider
from bot.services.planned_gifts import GiftOutcome, PlannedGifts
from bot.services.settlements import Settlements
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import guilds, orders, packages, product_purchases


@dataclass(frozen=True, slots=True)
class FreeCoins:
    """Promo coins for a product that nobody paid for: the order that asked for it, and how to reach its member.

    `gift` is the outcome of the gift that was planned with the order, None if there is none.
    """

    order: Order
    receipt: Receipt
    contact: Contact
    gift: GiftOutcome | None = None


@dataclass(frozen=True, slots=True)
class WaitingPurchase:
    """A purchase whose member has to choose a guild. `locale` is Discord's name of the language of their last order."""

    record: PurchaseRecord
    locale: str


WaitingListener = Callable[[WaitingPurchase], Awaitable[None]]
FreeListener = Callable[[FreeCoins], Awaitable[None]]


class ProductPurchases:
    """Brings purchases of products together with orders. What those have to pay is settled like any other payment."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        providers: Sequence[Provider],
        settlements: Settlements,
        planned_gifts: PlannedGifts,
    ) -> None:
        self._database = database
        self._clock = clock
        self._settlements = settlements
        self._planned_gifts = planned_gifts
        self._acknowledging = {
            provider.name: provider for provider in providers if Capability.ACKNOWLEDGE in provider.capabilities
        }
        self._waiting_listeners: list[WaitingListener] = []
        self._free_listeners: list[FreeListener] = []
        self._untold: set[int] = set()

    def on_waiting(self, listener: WaitingListener) -> None:
        """Call `listener` when a purchase of a known product waits for its member to choose a guild."""
        self._waiting_listeners.append(listener)

    def on_free_coins(self, listener: FreeListener) -> None:
        """Call `listener` when promo coins were added for a product that nobody paid for."""
        self._free_listeners.append(listener)

    async def load(self) -> None:
        """Count every member with a waiting purchase as untold: an earlier process may not have told them."""
        self._untold |= await self._database.read(product_purchases.waiting_members)

    def miss(self, member_id: int) -> None:
        """Note that a member could not be asked for which guild their purchase is."""
        self._untold.add(member_id)

    def has_untold(self, member_id: int) -> bool:
        """Whether a member has yet to be asked. Needs no access to the books."""
        return member_id in self._untold

    async def take_untold(self, member_id: int) -> bool:
        """Return whether a purchase of a member still waits, and take it that they are asked now. If they cannot be,
        call `miss`."""
        self._untold.discard(member_id)
        return await self._database.read(_waits, member_id)

    async def settle_report(self, report: PaymentReport, *, acknowledges: bool = True) -> bool:
        """Settle whatever a provider says about a payment, and tell it about the coins if it `acknowledges`.

        Return whether that was news of a payment.
        """
        if isinstance(report, ProductPurchase):
            return await self.settle(report, acknowledges=acknowledges)
        return await self._settlements.settle(report, acknowledges=acknowledges)

    async def settle(self, purchase: ProductPurchase, *, acknowledges: bool = True) -> bool:
        """Bring the books in line with what a provider says about a purchase. However often it is called, coins are
        added once. If it `acknowledges`, the purchase is used up after that. Return what `settle_report` does."""
        if purchase.worth is Worth.NOTHING:
            return False
        record = await self._database.read(_assigned, purchase)
        if record is None:
            record, is_new = await self._database.writer.perform(_assign, purchase, self._clock())
            if record is not None and record.guild_id is None and is_new:
                await self._tell_waiting(record)
        if record is None or record.guild_id is None:
            return False
        return await self._settle(purchase, record, acknowledges=acknowledges)

    async def waiting(self, member_id: int) -> list[PurchaseRecord]:
        """Return a member's purchases that wait for a guild, oldest first."""
        return await self._database.read(product_purchases.unassigned, member_id)

    async def has_paid(self, member_id: int, provider: str) -> bool:
        """Whether a purchase of a member at a provider waits for a guild."""
        return any(record.provider == provider for record in await self.waiting(member_id))

    async def assign(self, order: Order) -> PurchaseRecord | None:
        """Let an open order be paid by a purchase that waits for one, and return that; None if none does."""
        if not order.product or not await self.has_paid(order.member_id, order.provider):
            return None
        return await self._database.writer.perform(_assign_to, order)

    async def _settle(self, purchase: ProductPurchase, record: PurchaseRecord, *, acknowledges: bool) -> bool:
        assert record.guild_id is not None, record
        assert record.order_id is not None, record
        order = await self._database.read(orders.order, record.guild_id, record.order_id)
        assert order is not None, record
        if record.worth is Worth.FREE:
            await self._settle_free(purchase, order, acknowledges=acknowledges)
            return False
        return await self._settlements.settle(purchase.as_ordered(order), acknowledges=acknowledges)

    async def _settle_free(self, purchase: ProductPurchase, order: Order, *, acknowledges: bool) -> None:
        """Add promo coins, send the gift that was planned with them, and use the purchase up.

        Once the purchase went back, take the coins back.
        """
        grant = await self._database.read(journal.find, order.guild_id, purchase.grant_key)
        if purchase.is_revoked:
            if grant is not None:
                await self._take_back(purchase, order, grant.seq)
            return
        member_id = order.member_id
        command = Grant(
            order.guild_id, purchase.grant_key, member_id, member_id, order.coins, "Discord", is_automatic=True
        )
        receipt = await self._database.writer.submit(command)
        gift = await self._planned_gifts.send(order)
        if grant is None:
            contact = await self._database.read(orders.contact, order.guild_id, order.order_id)
            for listener in self._free_listeners:
                await listener(FreeCoins(order, receipt, contact, gift))
        if acknowledges and not purchase.is_used:
            await self._acknowledging[purchase.provider].acknowledge(purchase.external_id)

    async def _take_back(self, purchase: ProductPurchase, order: Order, seq: int) -> None:
        (row,) = await self._database.read(journal.rows_with, [(order.guild_id, seq)])
        command = Reverse(
            guild_id=order.guild_id,
            key=f"refund:{purchase.grant_key}",
            actor_id=order.member_id,
            member_id=order.member_id,
            seq=seq,
            reason="",
            holder_ids=(row.actor,),
            cause=Cause.REFUND,
        )
        try:
            await self._database.writer.submit(command)
        except AlreadyReversed:
            # Staff were faster.
            return

    async def _tell_waiting(self, record: PurchaseRecord) -> None:
        # Of a product that is no package of ours, its member has nothing to expect here.
        if record.is_revoked or not await self._database.read(packages.is_sold, record.product):
            return
        locale = await self._database.read(orders.last_locale, record.member_id)
        for listener in self._waiting_listeners:
            await listener(WaitingPurchase(record, locale))


def _waits(connection: Connection, member_id: int) -> bool:
    """Whether a purchase of a product that some guild sells waits for a guild."""
    records = product_purchases.unassigned(connection, member_id)
    return any(packages.is_sold(connection, record.product) for record in records)


def _assigned(connection: Connection, purchase: ProductPurchase) -> PurchaseRecord | None:
    """Return the record of a purchase that has an order."""
    record = product_purchases.find(connection, purchase.provider, purchase.external_id)
    return record if record is not None and record.guild_id is not None else None


def _assign(connection: Connection, purchase: ProductPurchase, now_ms: int) -> tuple[PurchaseRecord | None, bool]:
    """Record a purchase, and which order it pays if there is exactly one. Return its record, and whether it is new.

    There is no record of a purchase that was used up before the books had heard of it: its coins are elsewhere.
    """
    record = product_purchases.find(connection, purchase.provider, purchase.external_id)
    is_new = record is None
    if record is None:
        if purchase.is_used:
            return None, False
        record = PurchaseRecord(
            purchase.provider,
            purchase.external_id,
            purchase.product,
            purchase.member_id,
            purchase.worth,
            now_ms,
            purchase.is_revoked,
        )
        if not product_purchases.insert(connection, record):
            raise Busy
    if record.guild_id is not None:
        return record, is_new
    if purchase.is_revoked:
        product_purchases.mark_revoked(connection, record)
        return replace(record, is_revoked=True), is_new
    candidates = orders.open_of_product(connection, record.provider, record.product, record.member_id)
    if len(candidates) != 1:
        return record, is_new
    return _bind(connection, record, candidates[0]) or record, is_new


def _assign_to(connection: Connection, order: Order) -> PurchaseRecord | None:
    """Let the oldest purchase that waits for such an order pay `order`."""
    record = product_purchases.first_for(connection, order)
    return None if record is None else _bind(connection, record, order)


def _bind(connection: Connection, record: PurchaseRecord, order: Order) -> PurchaseRecord | None:
    """Make `order` the one that a purchase pays; None if it is no longer open. Raise Busy if the purchase has one."""
    guilds.lock(connection, order.guild_id)
    if not orders.bind(connection, order, record.external_id, test=record.worth is Worth.TEST):
        return None
    if not product_purchases.assign(connection, record, order):
        # Another process was faster. The order is not bound either: the transaction ends here.
        raise Busy
    if record.worth is Worth.FREE:
        # Nothing will be paid for this order.
        orders.update(connection, replace(order, state=OrderState.CANCELLED, external_id=record.external_id))
        orders.mark_seen(connection, order.guild_id, order.order_id, OrderState.CANCELLED)
    return replace(record, guild_id=order.guild_id, order_id=order.order_id)
