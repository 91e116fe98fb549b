"""What a buyer, a card or a bank does to a checkout session. These are the buttons of the hosted page."""

from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import money, shapes
from sandbox.stripe.account import Account, new_id

Action: TypeAlias = Literal["pay", "pay-converted", "pay-half", "pay-later", "decline", "arrive", "bounce"]


class NotPossibleError(Exception):
    """The session's state does not allow this action, because of an earlier one."""


def act(account: Account, session: JSON, action: Action) -> None:
    """Carry out an action; raise NotPossibleError."""
    if state(account, session) != _WHEN[action]:
        raise NotPossibleError(action)
    _DEEDS[action](account, session)


def state(account: Account, session: JSON) -> Literal["open", "expired", "pending", "bounced", "paid"]:
    """Return where a session is on the way from its page to the money."""
    if session["status"] != "complete":
        return session["status"]
    if session["payment_status"] == "paid":
        return "paid"
    intent = account.get("payment_intent", session["payment_intent"])
    return "pending" if intent["status"] == "processing" else "bounced"


def _pay(account: Account, session: JSON) -> None:
    charge = _attempt(account, session, "card")
    _complete(session)
    _collect(account, session, charge)
    account.announce("checkout.session.completed", session)


def _pay_converted(account: Account, session: JSON) -> None:
    """Pay in the buyer's own currency: the shop's amounts stay, and the details say what the buyer saw."""
    _settle_total(account, session)
    currency = money.buyer_currency(session["currency"])
    session["presentment_details"] = {
        "presentment_amount": money.converted(session["amount_total"], currency),
        "presentment_currency": currency,
    }
    _pay(account, session)


def _pay_half(account: Account, session: JSON) -> None:
    """Pay half of the price, as if the shop had opened the session with it. Stripe itself never takes less."""
    for item in account.drafts[session["id"]]["items"]:
        item["amount_total"] = item["amount_subtotal"] = max(item["amount_subtotal"] // 2, 1)
    session["amount_subtotal"] = sum(item["amount_subtotal"] for item in account.drafts[session["id"]]["items"])
    session["amount_total"] = session["amount_subtotal"]
    _pay(account, session)


def _pay_later(account: Account, session: JSON) -> None:
    """Order a bank transfer: the session is complete, and the money takes days."""
    charge = _attempt(account, session, session["payment_method_types"][-1])
    _complete(session)
    account.get("payment_intent", session["payment_intent"])["status"] = "processing"
    account.announce("charge.pending", charge)
    account.announce("checkout.session.completed", session)


def _arrive(account: Account, session: JSON) -> None:
    intent = account.get("payment_intent", session["payment_intent"])
    _collect(account, session, account.get("charge", intent["latest_charge"]))
    account.announce("checkout.session.async_payment_succeeded", session)


def _bounce(account: Account, session: JSON) -> None:
    _refuse(account, session, code="payment_intent_payment_attempt_failed", message="The bank returned the payment.")
    account.announce("checkout.session.async_payment_failed", session)


def _decline(account: Account, session: JSON) -> None:
    """Decline the card. The session stays open, and the buyer can try again."""
    _attempt(account, session, "card")
    _refuse(account, session, code="card_declined", message="Your card was declined.")


def _attempt(account: Account, session: JSON, method: str) -> JSON:
    """Start to collect a session's payment and return the charge."""
    _settle_total(account, session)
    intent = _intent(account, session)
    intent["payment_method"] = new_id("pm_1")
    charge = shapes.charge(created=account.now_s(), intent=intent, method=method)
    charge = account.keep(charge | account.charge_details)
    intent["latest_charge"] = charge["id"]
    return charge


def _settle_total(account: Account, session: JSON) -> None:
    """Add the tax, which is known once the buyer has said where they live."""
    if not (session["automatic_tax"]["enabled"] or session["managed_payments"]["enabled"]):
        return
    items = account.drafts[session["id"]]["items"]
    for item in items:
        is_inclusive = item["price"]["tax_behavior"] == "inclusive"
        item["amount_tax"] = money.tax_of(item["amount_subtotal"], inclusive=is_inclusive)
        item["amount_total"] = item["amount_subtotal"] + (0 if is_inclusive else item["amount_tax"])
    session["amount_total"] = sum(item["amount_total"] for item in items)
    session["total_details"]["amount_tax"] = sum(item["amount_tax"] for item in items)
    if session["automatic_tax"]["enabled"]:
        session["automatic_tax"]["status"] = "complete"


def _intent(account: Account, session: JSON) -> JSON:
    """Return a session's payment, which exists from the first attempt to pay on."""
    if session["payment_intent"] is not None:
        return account.get("payment_intent", session["payment_intent"])
    intent = shapes.payment_intent(
        created=account.now_s(), amount=session["amount_total"], currency=session["currency"]
    )
    draft = {key: value for key, value in account.drafts[session["id"]].items() if key in intent}
    intent |= {**draft, "presentment_details": session["presentment_details"]}
    session["payment_intent"] = account.keep(intent)["id"]
    account.announce("payment_intent.created", intent)
    return intent


def _complete(session: JSON) -> None:
    session |= {"status": "complete", "url": None, "customer_details": shapes.customer_details()}


def _collect(account: Account, session: JSON, charge: JSON) -> None:
    """Book the money of a charge."""
    amount, currency = charge["amount"], charge["currency"]
    movement = money.book(account, "charge", amount, currency, source=charge["id"], fee_minor=money.fee_of(amount))
    charge |= {
        "status": "succeeded",
        "paid": True,
        "captured": True,
        "amount_captured": amount,
        "balance_transaction": movement["id"],
    }
    intent = account.get("payment_intent", session["payment_intent"])
    charge["presentment_details"] = intent["presentment_details"] = session["presentment_details"]
    intent |= {"status": "succeeded", "amount_received": amount, "last_payment_error": None}
    session["payment_status"] = "paid"
    account.announce("charge.succeeded", charge)
    account.announce("payment_intent.succeeded", intent)


def _refuse(account: Account, session: JSON, *, code: str, message: str) -> None:
    """Let the latest attempt of a session fail."""
    intent = account.get("payment_intent", session["payment_intent"])
    charge = account.get("charge", intent["latest_charge"])
    charge |= {"status": "failed", "failure_code": code, "failure_message": message}
    error = {"type": "card_error", "code": code, "message": message, "charge": charge["id"]}
    intent |= {"status": "requires_payment_method", "last_payment_error": error, "payment_method": None}
    account.announce("charge.failed", charge)
    account.announce("payment_intent.payment_failed", intent)


_DEEDS: Final[dict[Action, Callable[[Account, JSON], None]]] = {
    "pay": _pay,
    "pay-converted": _pay_converted,
    "pay-half": _pay_half,
    "pay-later": _pay_later,
    "decline": _decline,
    "arrive": _arrive,
    "bounce": _bounce,
}
_WHEN: Final[dict[Action, str]] = {
    "pay": "open",
    "pay-converted": "open",
    "pay-half": "open",
    "pay-later": "open",
    "decline": "open",
    "arrive": "pending",
    "bounce": "pending",
}
