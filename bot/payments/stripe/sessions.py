"""Checkout sessions: what is asked of Stripe, and what its answer means."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import stripe
from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItemPriceData,
    SessionCreateParamsLineItemPriceDataProductData,
)

from bot.domain.orders import Dispute, DisputeStatus, Observation, Order, PaymentStatus, Reference
from bot.payments.provider import ForeignPurchase, ProviderError
from bot.payments.stripe import amounts
from bot.payments.stripe.places import Place

NAME: Final = "stripe"

_REFERENCE = "rosette_order"
_SEAL = "rosette_seal"


class Mode(StrEnum):
    """Who sells."""

    PLAIN = "plain"
    """The operator, for the guilds that they name."""
    MANAGED = "managed"
    """Stripe, as merchant of record, for the guilds that the operator names. It adds no tax to the price."""
    CONNECT = "connect"
    """Each guild, on an account of its own."""


@dataclass(frozen=True, slots=True)
class Shop:
    """How the bot sells at Stripe. `line` is what the buyer reads at the checkout, with `{coins}` for their number.

    `statement` follows the account's prefix on a bank statement, and `tax_code` is only for `managed`.
    """

    mode: Mode
    line: str
    statement: str
    tax_code: str = ""


def session_params(order: Order, shop: Shop, expires_s: int, seal: str) -> SessionCreateParams:
    """Return the request that opens a checkout. The same order, time and shop make the same request."""
    product: SessionCreateParamsLineItemPriceDataProductData = {
        "name": shop.line.replace("{coins}", f"{order.coins:,}")
    }
    price: SessionCreateParamsLineItemPriceData = {
        "currency": order.currency.lower(),
        "unit_amount": amounts.to_stripe(order.price_minor, order.currency),
        "product_data": product,
    }
    params: SessionCreateParams = {
        "mode": "payment",
        "client_reference_id": str(order.reference),
        "metadata": {_REFERENCE: str(order.reference)} | ({_SEAL: seal} if seal else {}),
        "line_items": [{"quantity": 1, "price_data": price}],
        "expires_at": expires_s,
        "success_url": page_of(order.guild_id),
        "cancel_url": page_of(order.guild_id),
        "submit_type": "pay",
    }
    if shop.mode is Mode.MANAGED:
        params["managed_payments"] = {"enabled": True}
        product["tax_code"] = shop.tax_code
        # The buyer agreed to one price. Without this, Stripe adds the tax to it.
        price["tax_behavior"] = "inclusive"
    else:
        # The buyer agreed to one price, in one currency.
        params["adaptive_pricing"] = {"enabled": False}
        params["payment_intent_data"] = {"statement_descriptor_suffix": shop.statement}
    if shop.mode is Mode.PLAIN:
        # New accounts have it switched on.
        params["managed_payments"] = {"enabled": False}
    return params


def page_of(guild_id: int) -> str:
    """Return the address that leads from Stripe back to a guild."""
    return f"https://discord.com/channels/{guild_id}"


def seal_of(secret: str, account: str, reference: str) -> str:
    """Return the mark of a session that only the bot can make, "" at the operator's own account.

    The staff of a guild can make sessions of their own at their account, and those must not pay for orders elsewhere.
    """
    if not account:
        return ""
    return hmac.new(secret.encode(), f"{account}/{reference}".encode(), hashlib.sha256).hexdigest()[:40]


def observation_of(
    session: stripe.checkout.Session, place: Place, secret: str, disputes: Iterable[stripe.Dispute] = ()
) -> Observation:
    """Return what a session says. Raise ForeignPurchase if the bot did not open it, ProviderError if it is malformed.

    What counts is the session: if the buyer pays in a currency of their own, the payment and the charge are in that.
    Tax and rounding are no part of the amounts, and what went back is its share of the price.
    """
    reference = _reference(session, place, secret)
    currency = str(session.currency).upper()
    amount = _price(session)
    charge = _charge(session)
    whole = _whole(charge.amount) if charge is not None else 0

    def share(part: int) -> int:
        return amounts.from_stripe(amounts.scale_up(part, whole, amount), currency)

    return Observation(
        provider=NAME,
        external_id=str(place),
        reference=reference,
        status=_status(session),
        amount_minor=amounts.from_stripe(amount, currency),
        currency=currency,
        live=session.livemode is not False,
        refunded_minor=share(_whole(charge.amount_refunded)) if charge is not None else 0,
        disputes=tuple(
            Dispute(dispute.id, status, share(_whole(dispute.amount)))
            for dispute in disputes
            if (status := _dispute_status(dispute)) is not None
        ),
    )


def is_disputed(session: stripe.checkout.Session) -> bool:
    """Whether a buyer's bank has ever disputed the payment of a session."""
    charge = _charge(session)
    return charge is not None and charge.disputed


def payment_of(session: stripe.checkout.Session) -> str | None:
    """Return the id of a session's payment, None before there is one."""
    payment = session.payment_intent
    return payment.id if isinstance(payment, stripe.PaymentIntent) else payment


def charged_part(session: stripe.checkout.Session, minor: int) -> int:
    """Return how much of a session's charge `minor` units of its price are, in the charge's own units.

    The same `minor` is always the same, so that a refund can be asked for twice.
    """
    charge = _charge(session)
    if charge is None:
        raise ProviderError("nothing was charged, so nothing can be paid back")
    part = amounts.to_stripe(minor, str(session.currency).upper())
    return amounts.scale(part, _price(session), _whole(charge.amount))


def _reference(session: stripe.checkout.Session, place: Place, secret: str) -> Reference | None:
    marks = session.metadata.to_dict() if session.metadata else {}
    text = str(marks.get(_REFERENCE) or session.client_reference_id or "")
    reference = Reference.parse(text)
    if _REFERENCE not in marks and (reference is None or place.account):
        raise ForeignPurchase("the bot did not open it")
    is_sealed = hmac.compare_digest(str(marks.get(_SEAL, "")).encode(), seal_of(secret, place.account, text).encode())
    return reference if is_sealed or not place.account else None


def _price(session: stripe.checkout.Session) -> int:
    """Return the price of what a session sells, without taxes that were added to it, in Stripe's units."""
    details = session.total_details
    discount = _whole(details.amount_discount) if details is not None else 0
    return _whole(session.amount_subtotal) - discount


def _status(session: stripe.checkout.Session) -> PaymentStatus:
    if session.status in {"open", "expired"}:
        return PaymentStatus.OPEN if session.status == "open" else PaymentStatus.EXPIRED
    if session.status != "complete":
        raise ProviderError("a session without a status")
    if session.payment_status in {"paid", "no_payment_required"}:
        return PaymentStatus.PAID
    payment = session.payment_intent
    is_over = isinstance(payment, stripe.PaymentIntent) and payment.status in {"requires_payment_method", "canceled"}
    return PaymentStatus.FAILED if is_over else PaymentStatus.PENDING


def _charge(session: stripe.checkout.Session) -> stripe.Charge | None:
    """Return the charge that a session led to, None if there is none. Raise ProviderError if it was not expanded."""
    payment = session.payment_intent
    if payment is None:
        return None
    charge = payment.latest_charge if isinstance(payment, stripe.PaymentIntent) else payment
    if isinstance(charge, str):
        raise ProviderError("a session without its charge")
    return charge


def _dispute_status(dispute: stripe.Dispute) -> DisputeStatus | None:
    """Return where a dispute stands, None for one that took no money."""
    match dispute.status:
        case "won":
            return DisputeStatus.WON
        case "lost":
            return DisputeStatus.LOST
        case "prevented":
            # Settled before it became one: by a refund, which is reported as such, or by taking the money.
            return DisputeStatus.LOST if dispute.balance_transactions else None
        case status if status.startswith("warning_"):
            # An inquiry. The bank has taken nothing.
            return None
        case _:
            return DisputeStatus.OPEN


def _whole(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ProviderError("an amount that is not a whole number")
    return value
