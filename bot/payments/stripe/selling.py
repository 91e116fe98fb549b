"""What the bot asks of Stripe for an order, and what a session means for that order."""

import hashlib
import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stripe.params.checkout import (
    SessionCreateParams,
    SessionCreateParamsLineItemPriceData,
    SessionCreateParamsLineItemPriceDataProductData,
)

from bot.domain.orders import Dispute, Observation, Order, Reference
from bot.payments.provider import ForeignPurchase, ProviderError
from bot.payments.stripe import amounts, wording
from bot.payments.stripe.places import Place, is_object
from bot.payments.stripe.sessions import Session

NAME: Final = "stripe"

_REFERENCE = "rosette_order"
_SEAL = "rosette_seal"


class Mode(StrEnum):
    """Who sells."""

    PLAIN = "plain"
    """The operator, for the guilds that they name."""
    MANAGED = "managed"
    """Stripe, as merchant of record, for the guilds that the operator names."""
    CONNECT = "connect"
    """Each guild, on an account of its own."""


@dataclass(frozen=True, slots=True)
class Shop:
    """How the bot sells at Stripe. `line` is what the buyer reads at the checkout, with `{coins}` for their number.
    `{server}` stands for the name of the guild, there and in `statement`.

    `statement` follows the account's prefix on a bank statement, and `tax_code` is only for `managed`.
    """

    mode: Mode
    line: str
    statement: str
    tax_code: str = ""


def session_params(order: Order, shop: Shop, server: str, expires_s: int, seal: str) -> SessionCreateParams:
    """Return the request that opens a checkout in `server`. The same order, time, shop and name give the same
    request."""
    line = wording.line_of(shop.line.replace("{coins}", f"{order.coins:,}"), server)
    product: SessionCreateParamsLineItemPriceDataProductData = {"name": line}
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
        params["payment_intent_data"] = {"statement_descriptor_suffix": wording.statement_of(shop.statement, server)}
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


def observation_of(session: Session, account: str, secret: str, disputes: Iterable[Dispute] = ()) -> Observation:
    """Return what a session means. Raise ForeignPurchase if the bot did not open it.

    `disputes` are in units of the charge. In the observation, all that went back is its share of the price.
    """
    charge = session.charge

    def share(part: int) -> int:
        scaled = amounts.scale_up(part, charge.amount, session.price) if charge else 0
        return amounts.from_stripe(scaled, session.currency)

    presented_minor, presented_currency = _presented(session)
    return Observation(
        provider=NAME,
        external_id=str(Place(account, session.id)),
        reference=_reference(session, account, secret),
        status=session.status,
        amount_minor=amounts.from_stripe(session.price, session.currency),
        currency=session.currency,
        live=session.is_live,
        refunded_minor=share(charge.refunded) if charge else 0,
        disputes=tuple(dispute._replace(amount_minor=share(dispute.amount_minor)) for dispute in disputes),
        presented_minor=presented_minor,
        presented_currency=presented_currency,
        other_ids=tuple(_other_ids(session, account)),
    )


def _other_ids(session: Session, account: str) -> Iterator[str]:
    """Yield the ids that events may name instead of the session's: those of its payment and its charge."""
    for object_id in (session.payment_id, session.charge and session.charge.id):
        if object_id is not None and is_object(object_id):
            yield str(Place(account, object_id))


def _presented(session: Session) -> tuple[int, str] | tuple[None, None]:
    """Return what the buyer saw and paid, in minor units, if its currency was not that of the price."""
    amount, currency = session.presented_amount, session.presented_currency
    if amount is None or currency is None or currency == session.currency:
        return None, None
    try:
        return amounts.from_stripe(amount, currency), currency
    except ValueError:
        # It is only shown, so an unknown currency stops no payment.
        return None, None


def charged_part(session: Session, minor: int) -> int:
    """Return how much of a session's charge `minor` units of its price are, in the charge's own units.

    The same `minor` always gives the same result, so that a refund can be requested twice.
    """
    if session.charge is None:
        raise ProviderError("nothing was charged, so nothing can be paid back")
    return amounts.scale(amounts.to_stripe(minor, session.currency), session.price, session.charge.amount)


def _reference(session: Session, account: str, secret: str) -> Reference | None:
    text = session.marks.get(_REFERENCE) or session.reference
    reference = Reference.parse(text)
    if _REFERENCE not in session.marks and (reference is None or account):
        raise ForeignPurchase("the bot did not open it")
    seal = session.marks.get(_SEAL, "")
    is_sealed = hmac.compare_digest(seal.encode(errors="replace"), seal_of(secret, account, text).encode())
    return reference if is_sealed or not account else None
