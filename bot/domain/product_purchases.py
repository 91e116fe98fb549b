"""Purchases of a product. Their provider says who has which product, but names no order, no guild and no price."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.orders import Observation, Order, PaymentStatus


class Worth(StrEnum):
    """What a purchase of a product is worth. The values are stored."""

    PAID = "paid"
    GIFT = "gift"
    """Paid by somebody whom the provider does not name. It may be taken back for longer."""
    TEST = "test"
    """Paid with play money: test coins."""
    FREE = "free"
    """Nobody paid: promo coins."""
    UNCLEAR = "unclear"
    """Of a kind that nobody knew when this was written. Staff decide."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ProductPurchase:
    """All that a provider says about one purchase of a `product` for a member. It is read anew for every settlement.

    One that `is_revoked` went back as a whole. One that `is_used` was acknowledged after its coins were added.
    """

    provider: str
    external_id: str
    product: str
    member_id: int
    worth: Worth
    is_revoked: bool = False
    is_used: bool = False

    @property
    def event_id(self) -> str:
        """An id for the event that has led to this report, where the provider has named none."""
        return f"{'revoked' if self.is_revoked else 'bought'}:{self.external_id}"

    @property
    def grant_key(self) -> str:
        """The idempotency key of the promo coins for a product that nobody paid for."""
        return f"{self.provider}:{self.external_id}"

    def as_ordered(self, order: Order) -> Observation:
        """Return the payment of `order`: the provider charges what the product costs, and does not say how much."""
        return Observation(
            provider=self.provider,
            external_id=self.external_id,
            reference=order.reference,
            status=PaymentStatus.PAID,
            amount_minor=order.price_minor,
            currency=order.currency,
            live=self.worth is not Worth.TEST,
            refunded_minor=order.price_minor if self.is_revoked else 0,
            is_unclear=self.worth is Worth.UNCLEAR,
        )


@dataclass(frozen=True, slots=True)
class PurchaseRecord:
    """A purchase in the books, and the order that it has paid: None of both until there is one.

    `arrived_ms` is when it was first heard of.
    """

    provider: str
    external_id: str
    product: str
    member_id: int
    worth: Worth
    arrived_ms: int
    is_revoked: bool = False
    guild_id: int | None = None
    order_id: int | None = None
