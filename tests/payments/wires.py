"""Providers over their own wires: each with the stand-in for what it talks to, and the verbs of buyers and banks there.

`contract.py` lists all of them. What a provider tells the bot is `news`: a webhook, an event of Discord's gateway, or
staff who confirm what they see.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Literal, TypeVar

from bot.domain.orders import Order
from bot.payments.provider import Provider
from bot.services import Services
from bot.storage.database import Database
from sandbox.signed_posts import SignedPosts, signature

GUILD = 7
SECRET, LIVE_SECRET = "sk_test_0123456789abcdef", "sk_live_0123456789abcdef"
WEBHOOK_SECRET = "whsec_0123456789abcdef"

Clock = Callable[[], int]
Oddity = Literal["amount", "currency", "mode", "reference"]
Outcome = Literal["won", "lost"]
Webhook = tuple[dict[str, str], bytes]
News = Callable[[Services], Awaitable[None]]
AbleWire = TypeVar("AbleWire", bound="Wire")


class Wire(ABC):
    """A provider and what happens at it. `account` is the guild's own account there, "" without one.

    What only some providers can do is in the classes below: a wire is of each that fits it.
    """

    account = ""
    secret = ""
    provider: Provider
    """The real provider, which talks to the stand-in."""

    def attach(self, database: Database) -> None:  # noqa: B027 - most wires need none
        """Note payments in these books, where nobody else keeps them."""

    def connect(self, services: Services) -> None:  # noqa: B027 - most wires need none
        """Lend the services a way to the provider, where it does not have its own."""

    async def set_up(self, services: Services) -> None:
        """Have staff sell the smallest package here."""
        await services.packages.edit(GUILD, 1, archived=False)
        if self.account:
            await services.guild_providers.connect(GUILD, self.provider.name, self.account, secret=self.secret)

    @abstractmethod
    async def pay(self, order: Order) -> str:
        """Let the buyer pay what is due, and return the external id of the payment."""

    @abstractmethod
    async def pay_again(self, order: Order) -> bool:
        """Let the buyer pay a second time, where the provider takes it. Return whether it has."""

    @abstractmethod
    async def refund(self, external_id: str, minor: int) -> None:
        """Send a part of the price back, as the shop's owner does at the provider itself."""

    @abstractmethod
    def news(self) -> list[News]:
        """Return what the bot is told so far, oldest first. Each may be told any number of times."""


class LooseWire(Wire):
    """A wire on which somebody can pay something else than an order says."""

    @abstractmethod
    async def pay_oddly(self, order: Order, oddity: Oddity) -> None:
        """Let somebody pay something else than the order."""


class DisputedWire(Wire):
    """A wire with banks, which take payments back."""

    @abstractmethod
    async def dispute(self, external_id: str) -> None:
        """Let the buyer's bank take the money."""

    @abstractmethod
    async def decide(self, external_id: str, outcome: Outcome) -> None:
        """Let the bank decide, for or against the shop."""


class AcknowledgedWire(Wire):
    """A wire whose provider wants to hear that coins were added."""

    @abstractmethod
    def refuse_use(self) -> None:
        """Have the provider answer with an error when it is told that coins were added."""

    @abstractmethod
    def allow_use(self) -> None:
        """End that."""


class WebhookWire(Wire):
    """A wire on which webhooks come."""

    @abstractmethod
    def webhooks(self) -> list[Webhook]:
        """Return what the provider has posted so far, signed now."""

    @abstractmethod
    def forge(self, chance: random.Random) -> Webhook:
        """Return a webhook of the provider with a change that nobody without its secret can make good."""

    def news(self) -> list[News]:
        return [partial(_post, self.provider.name, webhook) for webhook in self.webhooks()]


def able(wire: Wire, kind: type[AbleWire]) -> AbleWire:
    """Return a wire as one of a `kind`, of which its provider's capabilities say that it is."""
    assert isinstance(wire, kind), f"{type(wire).__name__} is no {kind.__name__}"
    return wire


async def _post(provider: str, webhook: Webhook, services: Services) -> None:
    await services.payment_events.receive(provider, *webhook)


class Recorder(SignedPosts):
    """Keeps what would be posted, for a test to deliver."""

    def __init__(self, header: str, clock: Clock) -> None:
        super().__init__("", WEBHOOK_SECRET, header, now_ms=clock)
        self._signed_with = header
        self._clock = clock
        self.bodies: list[bytes] = []

    def send(self, body: bytes, name: str, **options: Any) -> None:
        del name, options
        self.bodies.append(body)

    def webhooks(self) -> list[Webhook]:
        now_s = self._clock() // 1000
        return [({self._signed_with: signature(WEBHOOK_SECRET, body, now_s)}, body) for body in self.bodies]

    def forge(self, chance: random.Random) -> Webhook:
        """Return a webhook whose signature or body is changed."""
        headers, body = chance.choice(self.webhooks())
        ((name, signed),) = headers.items()
        while True:
            is_body = chance.random() < 0.5
            header = signed if is_body else mutated(chance, signed.encode()).decode(errors="surrogateescape")
            forgery = {name: header}, mutated(chance, body) if is_body else body
            if forgery != (headers, body):
                return forgery


def mutated(chance: random.Random, data: bytes) -> bytes:
    """Return `data` with one to three bytes changed, added or removed."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(changed))
        match chance.randrange(3):
            case 0:
                changed[place] ^= 1 << chance.randrange(7)
            case 1:
                changed.insert(place, chance.randrange(32, 127))
            case _:
                del changed[place]
    return bytes(changed)


class PostedWire(WebhookWire):
    """A wire on which signed webhooks come."""

    recorder: Recorder

    def webhooks(self) -> list[Webhook]:
        return self.recorder.webhooks()

    def forge(self, chance: random.Random) -> Webhook:
        return self.recorder.forge(chance)
