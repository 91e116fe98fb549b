"""Payments that staff must know about, because no rule can settle them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.order_states import OrderState
from bot.domain.orders import Order
from bot.domain.staff_errors import OwnCase


class CaseKind(StrEnum):
    """What is unusual about a payment. The values are stored."""

    DIFFERS = "differs"
    """Its amount or currency differs from its order, or it is a test payment for a real one. Nothing was credited."""
    UNKNOWN_ORIGIN = "unknown_origin"
    """Its provider does not say whether it was paid. Nothing was credited."""
    NOT_CREDITED = "not_credited"
    """It pays its order, but the coins do not fit into the wallet."""
    OVER_LIMIT = "over_limit"
    """It was credited, although the buyer now has the package more often than the guild allows."""
    OVER_AMOUNT = "over_amount"
    """It was credited, although the buyer has now bought or holds more than the guild allows."""
    PAID_TWICE = "paid_twice"
    """Its order had already been credited for another payment. It was credited as an order of its own."""
    NO_ORDER = "no_order"
    """It names an order that this guild does not have."""
    ELSEWHERE = "elsewhere"
    """It came to the guild's own account, but names an order of another guild, or none that the bot knows."""
    DISPUTED = "disputed"
    """The buyer's bank disputes it. The coins were taken back."""
    REFUND_FAILED = "refund_failed"
    """Less of it is refunded than before, so a refund did not arrive. The coins stay taken back."""
    UNCLEAR = "unclear"
    """It names an order by its id alone, and several guilds have an order with that id."""
    WITHDRAWN = "withdrawn"
    """Its buyer withdrew and gave the coins back. Staff have to send the amount back by hand."""
    UNREADABLE = "unreadable"
    """Its state could not be read, however often its provider was asked. Nothing was decided about it. It has no order
    if nobody knows which order it is about."""
    AWAITING = "awaiting"
    """Its buyer says that the money is on its way, and only staff can see whether it arrives."""


UNCREDITED = frozenset(
    {
        CaseKind.DIFFERS,
        CaseKind.UNKNOWN_ORIGIN,
        CaseKind.NOT_CREDITED,
        CaseKind.NO_ORDER,
        CaseKind.ELSEWHERE,
        CaseKind.UNCLEAR,
    }
)
"""Kinds of cases whose payment arrived but brought no coins."""


_NOT_RETURNABLE = frozenset(
    {CaseKind.DISPUTED, CaseKind.REFUND_FAILED, CaseKind.AWAITING, CaseKind.WITHDRAWN, CaseKind.UNREADABLE}
)


class Outcome(StrEnum):
    """How a case ended. The values are stored."""

    NONE = ""
    CREDITED = "credited"
    """The coins of the order were added all the same."""
    RETURNED = "returned"
    """The payment was sent back."""
    CLOSED = "closed"
    """There was nothing left to do."""
    RESOLVED = "resolved"
    """The buyer's bank decided about its dispute, and nobody else had to."""
    CONFIRMED = "confirmed"
    """Staff saw that the payment arrived."""
    NOT_PAID = "not_paid"
    """Staff saw no payment arrive."""
    ASSIGNED = "assigned"
    """The payment was assigned to an order."""


REVISABLE = frozenset({Outcome.NONE, Outcome.CLOSED, Outcome.RESOLVED, Outcome.NOT_PAID})
"""Outcomes in which nothing was done about the payment, so that something can still be done."""


@dataclass(frozen=True, slots=True)
class PaymentCase:
    """One payment that staff must know about: `amount_minor` of `currency` was paid, 0 if nobody knows how much.

    `announced` says that staff know that there is a case, `reported` that one of them has seen its details. `case_id`
    is counted in each guild from 1 on, and 0 before the case is stored. A decided case has an `outcome`, the time in
    milliseconds UTC, and the member who decided, 0 for nobody.
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
    case_id: int = 0
    outcome: Outcome = Outcome.NONE
    decided_ms: int = 0
    decided_by: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """A case with its order, None if there is none, and the `limit` of that order's package.

    `code` is the claim code that the order's buyer quotes, "" if it has none.
    """

    case: PaymentCase
    order: Order | None
    limit: int | None = None
    code: str = ""

    def concerns(self, member_id: int) -> bool:
        """Whether a member may not decide it, because it is about a payment of their own."""
        return self.order is not None and self.order.member_id == member_id

    @property
    def is_creditable(self) -> bool:
        """Whether the coins of its order can still be added."""
        order = self.order
        return (
            order is not None
            and order.state is OrderState.REVIEW
            and order.external_id == self.case.external_id
            and order.refunded_minor < self.case.amount_minor
        )

    @property
    def left_minor(self) -> int:
        """How much of the payment has not gone back, as far as the books know."""
        order, case = self.order, self.case
        if order is None or order.external_id != case.external_id:
            return case.amount_minor
        return case.amount_minor - order.refunded_minor

    @property
    def is_returnable(self) -> bool:
        """Whether it is about money that can be sent back, as far as the books know."""
        return self.case.kind not in _NOT_RETURNABLE


def check_not_own(order: Order, by: int) -> None:
    """Raise OwnCase if the member of staff who handles a payment is its buyer."""
    if order.member_id == by:
        raise OwnCase
