"""The wires of payments that no provider can be asked about: notices that Ko-fi posts, and staff who confirm."""

import random
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from decimal import Decimal
from functools import partial

from bot.domain.confirmation_errors import (
    AlreadyConfirmed,
    InvalidPaymentReference,
    PaymentDecided,
    RefundChanged,
)
from bot.domain.errors import NotFound
from bot.domain.orders import Order
from bot.payments.noted import KofiProvider, ManualProvider
from bot.services import Services
from bot.services.payment_notes import PaymentNotes
from bot.storage.database import Database
from bot.storage.stores import claim_codes
from tests.payments.kofi_bodies import TOKEN, encoded, notice
from tests.payments.wires import GUILD, Clock, LooseWire, News, Oddity, Webhook, WebhookWire, Wire

SAM, OLIVE = 21, 22
"""Staff who confirm payments."""


class NotedWire(Wire):
    """Money that staff send back by hand, and record."""

    def __init__(self) -> None:
        self._refunded: dict[str, int] = {}
        self._steps: list[News] = []

    async def refund(self, external_id: str, minor: int) -> None:
        before = self._refunded.get(external_id, 0)
        self._refunded[external_id] = before + minor
        self._steps.append(partial(_record_refund, self.provider.name, external_id, minor, before))

    def news(self) -> list[News]:
        return [*self._steps]


async def _record_refund(provider: str, external_id: str, minor: int, before: int, services: Services) -> None:
    handled = await services.manual_payments.find_by_payment(GUILD, provider, external_id)
    assert handled is not None, "nobody records a refund of a payment that is not known"
    with suppress(RefundChanged, NotFound):
        await services.manual_payments.record_refund(
            GUILD, handled.order.order_id, SAM, amount_minor=minor, refunded_minor=before
        )


class KofiWire(WebhookWire, NotedWire, LooseWire):
    """A page at Ko-fi. What it tells is noted in the books, so those are attached once they are open."""

    account = "garden"
    secret = TOKEN
    words = ""
    """What buyers write below the code."""

    def __init__(self) -> None:
        super().__init__()
        self.bodies: list[bytes] = []

    def webhooks(self) -> list[Webhook]:
        return [({}, body) for body in self.bodies]

    def news(self) -> list[News]:
        return [*super().news(), *self._steps]

    def attach(self, database: Database) -> None:
        self._database = database
        self.provider = KofiProvider(PaymentNotes(database), "https://ko-fi.test")

    async def pay(self, order: Order) -> str:
        """Pay what is due, and quote the code."""
        return await self._send(order, order.price_minor, order.currency)

    async def pay_again(self, order: Order) -> bool:
        """Quote the same code with another payment."""
        await self.pay(order)
        return True

    async def pay_oddly(self, order: Order, oddity: Oddity) -> None:
        """Pay half, or in another currency, or without the code."""
        minor = order.price_minor // 2 if oddity == "amount" else order.price_minor
        currency = "EUR" if oddity == "currency" else order.currency
        await self._send(order, minor, currency, quotes=oddity != "reference")

    def forge(self, chance: random.Random) -> Webhook:
        """Return a notice whose token differs in one to three characters: the token is all that proves a notice."""
        letters = list(TOKEN)
        for place in chance.sample(range(len(TOKEN)), chance.randint(1, 3)):
            letters[place] = chance.choice([letter for letter in "0123456789abcdef-XYZ" if letter != letters[place]])
        return {}, encoded(notice(verification_token="".join(letters), message_id=f"forged-{chance.random()}"))

    async def _send(self, order: Order, minor: int, currency: str, *, quotes: bool = True) -> str:
        code = await self._database.read(claim_codes.code_of, order.guild_id, order.order_id)
        message_id = f"payment-{len(self.bodies)}"
        message = f"for the coins: {code} {self.words}" if quotes else f"for the coins {self.words}"
        fields = {"amount": f"{Decimal(minor).scaleb(-2):f}", "currency": currency, "message": message}
        self.bodies.append(encoded(notice(message_id=message_id, **fields)))
        return f"{GUILD}/{message_id}"


class ManualWire(NotedWire):
    """An account that staff look into. Two of them confirm what they see there."""

    account = "IBAN DE00 1234"

    def attach(self, database: Database) -> None:
        self.provider = ManualProvider(PaymentNotes(database))

    async def pay(self, order: Order) -> str:
        self._steps += [
            partial(_confirm, order.order_id, SAM, f"transfer {order.order_id}"),
            partial(_confirm, order.order_id, OLIVE, ""),
        ]
        return str(order.reference)

    async def pay_again(self, order: Order) -> bool:
        """Send the money twice: staff can confirm an order once, so the other transfer needs an order of its own."""
        self._steps.append(partial(_confirm, order.order_id, SAM, f"second transfer {order.order_id}"))
        return False


async def _confirm(order_id: int, by: int, reference: str, services: Services) -> None:
    with suppress(AlreadyConfirmed, InvalidPaymentReference, PaymentDecided):
        await services.manual_payments.confirm(GUILD, order_id, by, reference)


@asynccontextmanager
async def kofi(_: Clock) -> AsyncGenerator[KofiWire]:
    """Open a page at Ko-fi."""
    yield KofiWire()


@asynccontextmanager
async def manual(_: Clock) -> AsyncGenerator[ManualWire]:
    """Open an account."""
    yield ManualWire()
