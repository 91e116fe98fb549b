"""Checkout sessions as Stripe shows them, reduced to what the bot has to know."""

from dataclasses import dataclass
from typing import Any

import stripe

from bot.domain.orders import DisputeStatus, PaymentStatus
from bot.payments.stripe.places import is_object


@dataclass(frozen=True, slots=True)
class Charge:
    """What a buyer was charged and how much of it went back so far, in units of the charge's own currency."""

    id: str
    amount: int
    refunded: int
    is_disputed: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A checkout session. `price` is what it sells for in Stripe's units of `currency`, before tax is added to it.

    `url` is where it is paid, "" once it is over. `reference` is what the shop calls it, and `marks` its metadata.
    `charge` is the latest attempt to take the money. A buyer whom Stripe showed another currency paid
    `presented_amount` of `presented_currency`.
    """

    id: str
    url: str
    status: PaymentStatus
    price: int
    currency: str
    is_live: bool
    reference: str
    marks: dict[str, str]
    payment_id: str | None
    charge: Charge | None
    presented_amount: int | None = None
    presented_currency: str | None = None


def session_of(session: stripe.checkout.Session) -> Session:
    """Return what a session says. Raise ValueError or AttributeError if it is malformed.

    The session counts, and not its payment, which is in the buyer's currency where Stripe has converted the price.
    """
    if not is_object(session.id):
        raise ValueError("a session without an id")
    payment = session.payment_intent
    if isinstance(payment, str):
        raise ValueError("a session without its payment")
    details = session.total_details
    discount = _whole(details.amount_discount) if details is not None else 0
    # It is only shown, so an answer without it is complete.
    presented: stripe.checkout.Session.PresentmentDetails | None = getattr(session, "presentment_details", None)
    return Session(
        id=session.id,
        url=session.url or "",
        status=_status(session, payment),
        price=_whole(session.amount_subtotal) - discount,
        currency=str(session.currency).upper(),
        is_live=session.livemode is not False,
        reference=session.client_reference_id or "",
        marks=session.metadata.to_dict() if session.metadata else {},
        payment_id=payment.id if payment else None,
        charge=_charge(payment) if payment else None,
        presented_amount=_whole(presented.presentment_amount) if presented else None,
        presented_currency=str(presented.presentment_currency).upper() if presented else None,
    )


def dispute_status(dispute: stripe.Dispute) -> DisputeStatus | None:
    """Return the state of a dispute, None for one that took no money."""
    match dispute.status:
        case "won":
            return DisputeStatus.WON
        case "lost":
            return DisputeStatus.LOST
        case "prevented":
            # Settled before it became a dispute: by a refund, which is reported as such, or by taking the money.
            return DisputeStatus.LOST if dispute.balance_transactions else None
        case status if status.startswith("warning_"):
            # An inquiry. The bank has taken nothing.
            return None
        case _:
            return DisputeStatus.OPEN


def dispute_amount(dispute: stripe.Dispute) -> int:
    """Return what a dispute is about, in units of the charge's currency. Raise ValueError if it is malformed."""
    return _whole(dispute.amount)


def dispute_due_ms(dispute: stripe.Dispute) -> int | None:
    """Return until when Stripe takes evidence, in milliseconds, None if it does not say, as it need not."""
    details: dict[str, Any] = dispute.to_dict().get("evidence_details") or {}
    return None if details.get("due_by") is None else _whole(details["due_by"]) * 1000


def _charge(payment: stripe.PaymentIntent) -> Charge | None:
    charge = payment.latest_charge
    if isinstance(charge, str):
        raise ValueError("a payment without its charge")
    if charge is None:
        return None
    return Charge(charge.id, _whole(charge.amount), _whole(charge.amount_refunded), charge.disputed)


def _status(session: stripe.checkout.Session, payment: stripe.PaymentIntent | None) -> PaymentStatus:
    match session.status, session.payment_status:
        case "open", _:
            return PaymentStatus.OPEN
        case "expired", _:
            return PaymentStatus.EXPIRED
        case "complete", "paid" | "no_payment_required":
            return PaymentStatus.PAID
        case "complete", "unpaid":
            is_over = payment is not None and payment.status in {"requires_payment_method", "canceled"}
            return PaymentStatus.FAILED if is_over else PaymentStatus.PENDING
        case _:
            raise ValueError("a session without a status")


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("an amount that is not a whole number")
    return value
