"""Orders: the steps of a purchase, from the buyer's consent to the coins."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Self

from bot.domain.ids import id_in
from bot.domain.packages import Terms


class OrderState(StrEnum):
    """The state of an order. The values are stored. A late payment still credits an order that failed or expired.

    An order in review was paid but could not be credited. Staff decide about it.
    """

    OPEN = "open"
    PENDING = "pending"
    CREDITED = "credited"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVIEW = "review"


UNPAID_ENDS = frozenset({OrderState.FAILED, OrderState.EXPIRED, OrderState.CANCELLED})
"""Final states without payment. Orders in them do not count towards the limit of their package."""


class Reference(NamedTuple):
    """The name of an order at a payment provider. It has the guild, because order ids are unique only within one.

    `guild_id` is None in old references, which were the order's id alone.
    """

    guild_id: int | None
    order_id: int

    def __str__(self) -> str:
        return str(self.order_id) if self.guild_id is None else f"{self.guild_id}-{self.order_id}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the reference in `text`, None if it is not one of ours."""
        guild, dash, order = text.rpartition("-")
        guild_id, order_id = id_in(guild), id_in(order)
        if order_id is None or (guild_id is None and dash):
            return None
        return cls(guild_id, order_id)


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase: the package, the price and the time at which the buyer consented to them.

    `order_id` is the id of the interaction that made it. `coins` includes the bonus. `test` marks orders at a provider
    without real money. `consent_version` is the number of the text that the buyer consented to, 0 before texts had one.
    """

    guild_id: int
    order_id: int
    member_id: int
    package_id: int
    coins: int
    price_minor: int
    currency: str
    provider: str
    test: bool
    consented_ms: int
    state: OrderState = OrderState.OPEN
    external_id: str = ""
    consent_version: int = 0

    @property
    def key(self) -> str:
        """The idempotency key of the credit in the journal of the order's guild."""
        return f"order:{self.order_id}"

    @property
    def reference(self) -> Reference:
        """The name of this order at its provider, which opens one checkout for it."""
        return Reference(self.guild_id, self.order_id)

    @property
    def terms(self) -> Terms:
        """The terms that the buyer accepted."""
        return Terms(self.coins, self.price_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach a buyer: through the panel that `reply_token` can edit, None once Discord rejects it.

    `last_seen_state` is the last state of the order that the buyer saw, None before the first. `locale` is Discord's
    name of the buyer's language.
    """

    locale: str
    reply_token: str | None
    last_seen_state: OrderState | None = None


@dataclass(frozen=True, slots=True)
class PaymentState:
    """What a payment provider reports about one purchase. It is read anew for every settlement.

    The amount, in minor units, is what was paid or is still to be paid.
    """

    provider: str
    external_id: str
    reference: Reference | None
    status: str
    amount_minor: int
    currency: str
    live: bool


def is_paid_by(order: Order, purchase: PaymentState) -> bool:
    """Whether `purchase` is a payment for exactly this order, amount and currency."""
    return (
        purchase.status == "paid"
        and purchase.provider == order.provider
        and purchase.reference in {order.reference, Reference(None, order.order_id)}
        and purchase.amount_minor == order.price_minor
        and purchase.currency == order.currency
        and purchase.live != order.test
    )


_UNPAID_TRANSITIONS: Mapping[tuple[OrderState, str], OrderState] = {
    (OrderState.OPEN, "pending"): OrderState.PENDING,
    (OrderState.FAILED, "pending"): OrderState.PENDING,
    (OrderState.EXPIRED, "pending"): OrderState.PENDING,
    (OrderState.CANCELLED, "pending"): OrderState.PENDING,
    (OrderState.OPEN, "failed"): OrderState.FAILED,
    (OrderState.PENDING, "failed"): OrderState.FAILED,
    (OrderState.OPEN, "expired"): OrderState.EXPIRED,
    (OrderState.PENDING, "expired"): OrderState.EXPIRED,
}


def after(order: Order, purchase: PaymentState) -> OrderState:
    """Return the state of `order` after its provider has reported `purchase`."""
    if order.state is OrderState.CREDITED:
        return order.state
    if purchase.status == "paid":
        return OrderState.CREDITED if is_paid_by(order, purchase) else OrderState.REVIEW
    if order.external_id not in {"", purchase.external_id}:
        # The report is about a checkout that another one has replaced.
        return order.state
    return _UNPAID_TRANSITIONS.get((order.state, purchase.status), order.state)
