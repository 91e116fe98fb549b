"""Payments that no provider can be asked about: the codes by which they find orders, and what is noted of them."""

from bot.domain.noted_payments import NO_ORDER, NotedPayment, PaidNotice
from bot.domain.orders import Observation, Order, PaymentStatus, Reference
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import claim_codes, noted_payments, orders, payment_events


class PaymentNotes:
    """What providers without an API know."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim_code(self, order: Order) -> str:
        """Return the code by which a payment finds `order`."""
        return await self._database.writer.perform(claim_codes.issue, order.guild_id, order.order_id)

    async def read(self, provider: str, external_id: str) -> Observation | None:
        """Return what is noted of a purchase, None if it is unknown. One that nobody has paid is open."""
        return await self._database.read(_observation, provider, external_id)


def note_notice(connection: Connection, provider: str, guild_id: int, notice: PaidNotice, now_ms: int) -> bool:
    """Note a payment that a notice tells of, and record the event that settles it. Return False if it was noted before.

    The payment belongs to an order only if the notice quotes the code of exactly one at this provider, and its amount
    can be read.
    """
    order_by_code = claim_codes.orders_with(connection, guild_id, notice.codes)
    ids = {(guild_id, order_id) for order_id in order_by_code.values()}
    quoted = [order for order in orders.orders_of(connection, ids).values() if order.provider == provider]
    is_clear = len(quoted) == len(ids) == 1 and notice.amount_minor > 0
    order_id = quoted[0].order_id if is_clear else NO_ORDER
    payment = NotedPayment(
        provider=provider,
        # Ids of messages are unique at the provider. To reuse one of another guild, a forger would have to know a
        # token.
        external_id=f"{guild_id}/{notice.message_id}",
        guild_id=guild_id,
        order_id=order_id,
        status=PaymentStatus.PAID,
        amount_minor=notice.amount_minor,
        currency=notice.currency,
        noted_ms=now_ms,
        kind=notice.kind,
        code=next(iter(order_by_code), ""),
        product=notice.product,
    )
    if not noted_payments.note(connection, payment):
        return False
    return payment_events.record(connection, provider, payment.external_id, payment.external_id, now_ms)


def _observation(connection: Connection, provider: str, external_id: str) -> Observation | None:
    payment = noted_payments.payment(connection, provider, external_id)
    if payment is not None:
        return payment.observation
    reference = Reference.parse(external_id)
    if reference is None or reference.guild_id is None:
        return None
    order = orders.order(connection, reference.guild_id, reference.order_id)
    if order is None or order.provider != provider:
        return None
    return Observation(
        provider, external_id, reference, PaymentStatus.OPEN, order.price_minor, order.currency, live=True
    )
