"""Payments that staff must know about, because no rule can settle them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.orders import Order


class CaseKind(StrEnum):
    """What is unusual about a payment. The values are stored."""

    DIFFERS = "differs"
    """Its amount or currency differs from its order, or it is a test payment for a real one. Nothing was credited."""
    NOT_CREDITED = "not_credited"
    """It pays its order, but the coins do not fit into the wallet."""
    OVER_LIMIT = "over_limit"
    """It was credited, although the buyer now has the package more often than the guild allows."""
    PAID_TWICE = "paid_twice"
    """Its order had already been credited for another payment. It was credited as an order of its own."""
    NO_ORDER = "no_order"
    """It names an order that this guild does not have."""
    DISPUTED = "disputed"
    """The buyer's bank disputes it. The coins were taken back."""
    REFUND_FAILED = "refund_failed"
    """Less of it is refunded than before, so a refund did not arrive. The coins stay taken back."""
    UNCLEAR = "unclear"
    """It names an order by its id alone, and several guilds have an order with that id."""


@dataclass(frozen=True, slots=True)
class PaymentCase:
    """One payment that staff must know about: `amount_minor` of `currency` was paid.

    `announced` says that staff know of a case, `reported` that one of them has seen its details.
    """

    guild_id: int
    provider: str
    external_id: str
    kind: CaseKind
    order_id: int
    amount_minor: int
    currency: str
    opened_ms: int
    announced: bool = False
    reported: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A case, its order, None if there is none, and the `limit` of that order's package."""

    case: PaymentCase
    order: Order | None
    limit: int | None = None
