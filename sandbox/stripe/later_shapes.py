"""What the objects look like that come before a sale or after it: accounts, refunds, disputes."""

from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe.account import new_id, nulls

_REFUND_NULLS: Final = nulls(
    "balance_transaction customer customer_account description failure_balance_transaction failure_reason "
    "instructions_email next_action payment_method pending_reason presentment_details reason receipt_number "
    "source_transfer_reversal transfer_reversal"
)
EVIDENCE: Final = tuple(
    nulls(
        "access_activity_log billing_address cancellation_policy cancellation_policy_disclosure cancellation_rebuttal "
        "customer_communication customer_email_address customer_name customer_purchase_ip customer_signature "
        "duplicate_charge_documentation duplicate_charge_explanation duplicate_charge_id product_description receipt "
        "refund_policy refund_policy_disclosure refund_refusal_explanation service_date service_documentation "
        "shipping_address shipping_carrier shipping_date shipping_documentation shipping_tracking_number "
        "uncategorized_file uncategorized_text"
    )
)
"""What evidence for a dispute can consist of."""


def refund(*, created: int, charge: JSON, amount: int) -> JSON:
    """Return a refund of a part of a charge that has not arrived yet."""
    return {
        **_REFUND_NULLS,
        "id": new_id("re_3", 23),
        "object": "refund",
        "amount": amount,
        "charge": charge["id"],
        "created": created,
        "currency": charge["currency"],
        "destination_details": {"card": {"type": "refund", "reference_status": "pending"}, "type": "card"},
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "status": "pending",
    }


def dispute(*, created: int, charge: JSON, amount: int, reason: str, due_by: int) -> JSON:
    """Return a dispute that waits for the shop's evidence until `due_by`, in seconds since the epoch."""
    return {
        "id": new_id("dp_1"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": created,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {**dict.fromkeys(EVIDENCE), "enhanced_evidence": {}},
        "evidence_details": {
            "due_by": due_by,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": None,
        },
        "intended_submission_method": None,
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "network_reason_code": "10.4",
        "payment_intent": charge["payment_intent"],
        "payment_method_details": {"card": {"brand": "visa", "case_type": "chargeback"}, "type": "card"},
        "reason": reason,
        "status": "needs_response",
    }


def account(*, created: int, country: str, kind: str) -> JSON:
    """Return an account whose owner has not been through onboarding."""
    due = ["business_profile.url", "external_account", "tos_acceptance.date"]
    return {
        "id": new_id("acct_1", 16),
        "object": "account",
        "business_profile": {"mcc": None, "name": None, "support_email": None, "support_url": None, "url": None},
        "business_type": None,
        "capabilities": {},
        "charges_enabled": False,
        "controller": {"is_controller": True, "type": "application"},
        "country": country,
        "created": created,
        "default_currency": "usd",
        "details_submitted": False,
        "email": None,
        "external_accounts": {
            "object": "list",
            "data": [],
            "has_more": False,
            "total_count": 0,
            "url": "/v1/accounts/external_accounts",
        },
        "future_requirements": _requirements([]),
        "metadata": {},
        "payouts_enabled": False,
        "requirements": {**_requirements(due), "disabled_reason": "requirements.past_due"},
        "settings": {"dashboard": {"display_name": None, "timezone": "Etc/UTC"}, "payments": {}},
        "tos_acceptance": {"date": None},
        "type": kind,
    }


def _requirements(due: list[str]) -> JSON:
    return {
        "alternatives": [],
        "current_deadline": None,
        "currently_due": due,
        "disabled_reason": None,
        "errors": [],
        "eventually_due": due,
        "past_due": due,
        "pending_verification": [],
    }
