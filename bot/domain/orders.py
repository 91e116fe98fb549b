"""Orders: the way of a purchase from the buyer's yes to the coins."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple, Self

from bot.domain.ids import id_in
from bot.domain.packages import Terms


class OrderState(StrEnum):
    """Where an order stands. The values are stored. A late payment still credits an order that failed or expired.

    One in review was paid, but could not be credited: staff decide.
    """

    OPEN = "open"
    PENDING = "pending"
    CREDITED = "credited"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REVIEW = "review"


UNPAID_ENDS = frozenset({OrderState.FAILED, OrderState.EXPIRED, OrderState.CANCELLED})
"""States of orders that do not count towards the limit of their package."""


class Reference(NamedTuple):
    """What a provider knows an order by. Ids of orders are unique within a guild only.

    Before guilds were in it, a reference was the order's id alone: `guild_id` is None there.
    """

    guild_id: int | None
    order_id: int

    def __str__(self) -> str:
        return str(self.order_id) if self.guild_id is None else f"{self.guild_id}-{self.order_id}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the reference in `text`, None if it is none of ours."""
        guild, dash, order = text.rpartition("-")
        guild_id, order_id = id_in(guild), id_in(order)
        if order_id is None or (guild_id is None and dash):
            return None
        return cls(guild_id, order_id)


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase: the package, price and consent as they were when the buyer said yes.

    `order_id` is the id of the interaction that made it. `coins` includes the bonus. `test` marks coins from a provider
    without real money.
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

    @property
    def key(self) -> str:
        """The idempotency key of the credit, in the journal of the order's guild."""
        return f"order:{self.order_id}"

    @property
    def reference(self) -> Reference:
        """What a provider is given to know the order by, and to open one checkout for it."""
        return Reference(self.guild_id, self.order_id)

    @property
    def terms(self) -> Terms:
        """What the buyer accepted."""
        return Terms(self.coins, self.price_minor, self.currency)


@dataclass(frozen=True, slots=True)
class Contact:
    """How a buyer is reached: in the panel that `reply_token` edits, None once Discord no longer takes it.

    `told` is the state of the order that the buyer knows of, None before there was any news. `locale` is Discord's.
    """

    locale: str
    reply_token: str | None
    told: OrderState | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What a payment provider says about one purchase: its own truth, read again for every settlement.

    The amount is what was paid, or is to be paid, in minor units.
    """

    provider: str
    external_id: str
    reference: Reference | None
    status: str
    amount_minor: int
    currency: str
    live: bool


def is_paid_by(order: Order, purchase: Observation) -> bool:
    """Whether `purchase` pays exactly `order`."""
    return (
        purchase.status == "paid"
        and purchase.provider == order.provider
        and purchase.reference in {order.reference, Reference(None, order.order_id)}
        and purchase.amount_minor == order.price_minor
        and purchase.currency == order.currency
        and purchase.live != order.test
    )


_UNPAID: Mapping[tuple[OrderState, str], OrderState] = {
    (OrderState.OPEN, "pending"): OrderState.PENDING,
    (OrderState.FAILED, "pending"): OrderState.PENDING,
    (OrderState.EXPIRED, "pending"): OrderState.PENDING,
    (OrderState.CANCELLED, "pending"): OrderState.PENDING,
    (OrderState.OPEN, "failed"): OrderState.FAILED,
    (OrderState.PENDING, "failed"): OrderState.FAILED,
    (OrderState.OPEN, "expired"): OrderState.EXPIRED,
    (OrderState.PENDING, "expired"): OrderState.EXPIRED,
}


def after(order: Order, purchase: Observation) -> OrderState:
    """Return where `order` stands once its provider has said `purchase` of it."""
    if order.state is OrderState.CREDITED:
        return order.state
    if purchase.status == "paid":
        return OrderState.CREDITED if is_paid_by(order, purchase) else OrderState.REVIEW
    if order.external_id not in {"", purchase.external_id}:
        # Of a checkout that another one took the place of.
        return order.state
    return _UNPAID.get((order.state, purchase.status), order.state)
