"""Orders: the way of a purchase from the buyer's yes to the coins."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.errors import PaymentMismatch


class OrderState(StrEnum):
    """Where an order stands. The values are stored. A late payment still credits an order that failed or expired."""

    OPEN = "open"
    PENDING = "pending"
    CREDITED = "credited"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Order:
    """One purchase: the package, price and consent as they were when the buyer said yes.

    `order_id` is the id of the interaction that made it, which also makes it unique. `coins` includes the bonus.
    `test` marks coins from a provider without real money.
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
        """The idempotency key of the credit."""
        return f"order:{self.order_id}"


@dataclass(frozen=True, slots=True)
class Observation:
    """What a payment provider says about one purchase: its own truth, read again for every settlement."""

    provider: str
    external_id: str
    order_id: int | None
    status: str
    amount_minor: int
    currency: str
    live: bool


def check_paid(order: Order, seen: Observation) -> None:
    """Raise PaymentMismatch unless `seen` pays exactly `order`."""
    same = (
        seen.status == "paid"
        and seen.provider == order.provider
        and seen.order_id == order.order_id
        and seen.amount_minor == order.price_minor
        and seen.currency == order.currency
        and seen.live != order.test
    )
    if not same:
        raise PaymentMismatch(order.order_id)
