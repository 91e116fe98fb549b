"""Payments that staff have to know of, because no rule can decide them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.orders import Order


class CaseKind(StrEnum):
    """What is unusual about a payment. The values are stored."""

    DIFFERS = "differs"
    """It is of another amount or currency than its order, or pretended where that is real. Nothing was credited."""
    NOT_CREDITED = "not_credited"
    """It pays its order, whose coins the wallet cannot take."""
    OVER_LIMIT = "over_limit"
    """It was credited, and its buyer has had the package more often than the guild allows."""
    PAID_TWICE = "paid_twice"
    """Its order had been credited for another payment."""
    NO_ORDER = "no_order"
    """It names an order that this guild does not have."""
    UNCLEAR = "unclear"
    """It names an order by its id alone, and several guilds have one of this id."""


@dataclass(frozen=True, slots=True)
class PaymentCase:
    """One payment that staff have to know of: `amount_minor` of `currency` was paid.

    `announced` says that staff know there is one, `reported` that one of them has seen what it is.
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
    """A case with the order it is about, None where there is none, and the `limit` of that order's package."""

    case: PaymentCase
    order: Order | None
    limit: int | None = None
