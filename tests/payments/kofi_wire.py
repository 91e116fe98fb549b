"""Ko-fi over its own wire: supporters who pay, and the notices that its page sends of it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from decimal import Decimal

from bot.domain.orders import Order, Reference
from bot.payments.noted import KofiProvider
from bot.services.payment_notes import PaymentNotes
from bot.storage.database import Database
from bot.storage.stores import claim_codes, orders
from tests.payments.kofi_bodies import TOKEN, encoded, notice
from tests.payments.wires import Clock, Oddity, Webhook


class KofiWire:
    """A page at Ko-fi. What it tells is noted in the books, so those are attached once they are open."""

    account = "garden"
    secret = TOKEN

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def attach(self, database: Database) -> None:
        """Note payments in these books."""
        self._database = database
        self.provider = KofiProvider(PaymentNotes(database), "https://ko-fi.test")

    async def pay(self, external_id: str) -> None:
        """Pay what is due, and quote the code."""
        reference = Reference.parse(external_id)
        assert reference is not None
        assert reference.guild_id is not None
        order = await self._database.read(orders.order, reference.guild_id, reference.order_id)
        assert order is not None
        await self._send(order, order.price_minor, order.currency)

    async def pay_oddly(self, order: Order, oddity: Oddity) -> str:
        """Pay half, or in another currency."""
        is_half = oddity == "amount"
        await self._send(order, order.price_minor // 2 if is_half else order.price_minor, "USD" if is_half else "EUR")
        return order.external_id

    def webhooks(self) -> list[Webhook]:
        """Return the notices so far."""
        return [({}, body) for body in self.bodies]

    async def _send(self, order: Order, minor: int, currency: str) -> None:
        code = await self._database.read(claim_codes.code_of, order.guild_id, order.order_id)
        fields = {"amount": f"{Decimal(minor).scaleb(-2):f}", "currency": currency, "message": f"for the coins: {code}"}
        self.bodies.append(encoded(notice(message_id=f"payment-{len(self.bodies)}", **fields)))


@asynccontextmanager
async def kofi(_: Clock) -> AsyncGenerator[KofiWire]:
    """Open a page at Ko-fi."""
    yield KofiWire()
