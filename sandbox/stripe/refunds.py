"""Refunds: whole, partial, at once or after days, and those that fail."""

from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import forms, later_shapes, money
from sandbox.stripe.account import Account
from sandbox.stripe.errors import StripeError, missing_resource

CREATE: Final = forms.shape(
    {
        "amount": forms.positive,
        "charge": forms.text,
        "expand": forms.many(forms.text),
        "instructions_email": forms.text,
        "metadata": forms.labels,
        "payment_intent": forms.text,
        "reason": forms.one_of("duplicate", "fraudulent", "requested_by_customer"),
        "refund_application_fee": forms.flag,
    }
)


def create(account: Account, fields: JSON, *, is_slow: bool = False) -> JSON:
    """Send money back. A slow refund stays pending until `finish`; it counts as refunded all the same."""
    charge = _charge(account, fields)
    rest = charge["amount"] - charge["amount_refunded"]
    _check(account, charge, fields.get("amount", rest), rest)
    refund = later_shapes.refund(created=account.now_s(), charge=charge, amount=fields.get("amount", rest))
    refund |= {name: fields[name] for name in ("metadata", "reason") if name in fields}
    account.keep(refund)
    charge["amount_refunded"] += refund["amount"]
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    movement = money.book(account, "refund", -refund["amount"], refund["currency"], source=refund["id"])
    refund["balance_transaction"] = movement["id"]
    if is_slow:
        refund["pending_reason"] = "processing"
    else:
        _succeed(refund)
    account.announce("refund.created", refund)
    account.announce("charge.refunded", charge)
    if not is_slow:
        _announce_update(account, refund, "pending")
    return refund


def finish(account: Account, refund: JSON, *, is_paid: bool) -> None:
    """End a pending refund. One that fails gives the money back to the shop, and it no longer counts as refunded."""
    if refund["status"] != "pending":
        return
    if is_paid:
        _succeed(refund)
        _announce_update(account, refund, "pending")
        return
    charge = account.get("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    movement = money.book(account, "refund_failure", refund["amount"], refund["currency"], source=refund["id"])
    refund |= {
        "status": "failed",
        "failure_reason": "lost_or_stolen_card",
        "failure_balance_transaction": movement["id"],
        "pending_reason": None,
    }
    account.announce("refund.failed", refund)
    _announce_update(account, refund, "pending")


def _succeed(refund: JSON) -> None:
    refund |= {"status": "succeeded", "pending_reason": None}
    refund["destination_details"]["card"]["reference_status"] = "available"


def _announce_update(account: Account, refund: JSON, earlier: str) -> None:
    for event_type in ("refund.updated", "charge.refund.updated"):
        account.announce(event_type, refund, {"status": earlier})


def _charge(account: Account, fields: JSON) -> JSON:
    if "charge" in fields:
        return account.get("charge", fields["charge"], "charge")
    if "payment_intent" not in fields:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise StripeError(message)
    intent = account.get("payment_intent", fields["payment_intent"], "payment_intent")
    if intent["latest_charge"] is None:
        raise missing_resource("charge", fields["payment_intent"], "payment_intent", status=400)
    return account.get("charge", intent["latest_charge"])


def _check(account: Account, charge: JSON, amount: int, rest: int) -> None:
    if not charge["captured"]:
        message = f"This PaymentIntent ({charge['payment_intent']}) does not have a successful charge to refund."
        raise StripeError(message, code="payment_intent_unexpected_state")
    if rest == 0:
        message = f"Charge {charge['id']} has already been refunded."
        raise StripeError(message, code="charge_already_refunded")
    if any(dispute["charge"] == charge["id"] and dispute["status"] != "won" for dispute in account.all("dispute")):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise StripeError(message, code="charge_disputed")
    if amount > rest:
        message = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({rest})"
        raise StripeError(message, param="amount")
