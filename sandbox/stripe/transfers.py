"""Transfers: money of the platform's own balance that goes to a connected account, and back if it is reversed.

Refusals: Stripe's documentation, "Transfers", "Separate charges and transfers", "Error codes" and "Account
capabilities".
"""

from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import forms, money
from sandbox.stripe.account import Account, new_id
from sandbox.stripe.errors import StripeError, missing_resource
from sandbox.stripe.platform import Platform

CREATE: Final = forms.shape(
    {
        "amount": forms.positive,
        "currency": forms.text,
        "description": forms.text,
        "destination": forms.text,
        "expand": forms.many(forms.text),
        "metadata": forms.labels,
        "source_transaction": forms.text,
        "source_type": forms.one_of("bank_account", "card", "fpx"),
        "transfer_group": forms.text,
    },
    required=("amount", "currency", "destination"),
)
REVERSE: Final = forms.shape(
    {
        "amount": forms.positive,
        "description": forms.text,
        "expand": forms.many(forms.text),
        "metadata": forms.labels,
        "refund_application_fee": forms.flag,
    }
)


def create(platform: Platform, account: Account, fields: JSON) -> JSON:
    """Send money to a connected account."""
    if not account.is_platform:
        raise StripeError("Only a platform can send transfers.", status=403, code="platform_account_required")
    payee = platform.connected.get(fields["destination"])
    if payee is None:
        raise missing_resource("destination", fields["destination"], "destination", status=400)
    if payee.record["capabilities"].get("transfers") != "active":
        message = (
            "Your destination account needs to have at least one of the following capabilities enabled: transfers, "
            "crypto_transfers, legacy_payments"
        )
        raise StripeError(message, code="insufficient_capabilities_for_transfer", param="destination")
    currency = fields["currency"].lower()
    if fields["amount"] > available(account, currency):
        message = (
            "You have insufficient available funds in your Stripe account. Try adding funds directly to your "
            "available balance by creating Charges using the 4000000000000077 test card."
        )
        raise StripeError(message, code="balance_insufficient")
    transfer = _transfer(account, fields, currency)
    account.keep(transfer)
    movement = money.book(account, "transfer", -transfer["amount"], currency, source=transfer["id"])
    transfer["balance_transaction"] = movement["id"]
    money.book(payee, "payment", transfer["amount"], currency, source=transfer["destination_payment"])
    account.announce("transfer.created", transfer)
    return transfer


def reverse(account: Account, transfer: JSON, fields: JSON) -> JSON:
    """Take money of a transfer back, all that is left of it by default."""
    rest = transfer["amount"] - transfer["amount_reversed"]
    amount = fields.get("amount", rest)
    if not rest:
        raise StripeError(f"Transfer {transfer['id']} has already been fully reversed.", code="transfer_reversed")
    if amount > rest:
        message = f"Reversal amount ({amount}) is greater than unreversed amount on transfer ({rest})"
        raise StripeError(message, param="amount")
    reversal: JSON = {
        "id": new_id("trr_1"),
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": None,
        "created": account.now_s(),
        "currency": transfer["currency"],
        "destination_payment_refund": None,
        "metadata": fields.get("metadata", {}),
        "source_refund": None,
        "transfer": transfer["id"],
    }
    movement = money.book(account, "transfer_refund", amount, transfer["currency"], source=reversal["id"])
    reversal["balance_transaction"] = movement["id"]
    earlier = {name: transfer[name] for name in ("amount_reversed", "reversed")}
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"].insert(0, reversal)
    transfer["reversals"]["total_count"] += 1
    account.announce("transfer.reversed", transfer, earlier)
    return reversal


def available(account: Account, currency: str) -> int:
    """Return what is on an account's balance in a currency."""
    movements = account.all("balance_transaction")
    return sum(movement["net"] for movement in movements if movement["currency"] == currency)


def _transfer(account: Account, fields: JSON, currency: str) -> JSON:
    transfer_id = new_id("tr_1")
    return {
        "id": transfer_id,
        "object": "transfer",
        "amount": fields["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": account.now_s(),
        "currency": currency,
        "description": fields.get("description"),
        "destination": fields["destination"],
        "destination_payment": new_id("py_1"),
        "livemode": False,
        "metadata": fields.get("metadata", {}),
        "reversals": {
            "object": "list",
            "data": [],
            "has_more": False,
            "total_count": 0,
            "url": f"/v1/transfers/{transfer_id}/reversals",
        },
        "reversed": False,
        "source_transaction": None,
        "source_type": fields.get("source_type", "card"),
        "transfer_group": fields.get("transfer_group"),
    }
