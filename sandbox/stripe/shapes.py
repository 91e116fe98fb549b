"""What Stripe's objects look like. Each function returns a new object with all the fields of the API's version."""

from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe.account import new_id, nulls

API_VERSION: Final = "2026-10-28.endive"
BUYER_EMAIL: Final = "buyer.canary@example.com"
"""The e-mail address of every buyer. No shop should store it, so tests can look for it."""
BUYER_NAME: Final = "Billie Buyer"
_SLOW_METHODS: Final = {"eur": "sepa_debit", "usd": "us_bank_account", "gbp": "bacs_debit"}

_SESSION_NULLS: Final = nulls(
    "after_expiration allow_promotion_codes allowed_payment_method_types billing_address_collection branding_settings "
    "client_secret collected_information consent consent_collection customer customer_account customer_details "
    "discounts excluded_payment_method_types integration_identifier invoice locale name_collection optional_items "
    "origin_context payment_intent payment_link payment_method_configuration_details permissions presentment_details "
    "recovered_from redirect_on_completion return_url saved_payment_method_options setup_intent "
    "shipping_address_collection shipping_cost submit_type subscription tax_id_collection wallet_options"
)
_INTENT_NULLS: Final = nulls(
    "allowed_payment_method_types amount_details application application_fee_amount automatic_payment_methods "
    "canceled_at cancellation_reason customer customer_account description excluded_payment_method_types hooks "
    "last_payment_error latest_charge managed_payments next_action on_behalf_of payment_method "
    "payment_method_configuration_details presentment_details processing receipt_email review setup_future_usage "
    "shipping source statement_descriptor statement_descriptor_suffix transfer_data transfer_group"
)
_CHARGE_NULLS: Final = nulls(
    "application application_fee application_fee_amount authorization_code balance_transaction customer description "
    "failure_balance_transaction failure_code failure_message on_behalf_of outcome presentment_details radar_options "
    "receipt_email receipt_number review shipping source source_transfer statement_descriptor "
    "statement_descriptor_suffix transfer_data transfer_group"
)


def payment_methods(currency: str) -> list[str]:
    """Return what a buyer can pay with: a card at once, and a bank that takes days."""
    return ["card", _SLOW_METHODS.get(currency, "customer_balance")]


def session(*, created: int, expires_at: int, currency: str, subtotal: int, url: str, session_id: str) -> JSON:
    """Return an open checkout session. Amounts are in minor units."""
    return {
        **_SESSION_NULLS,
        "id": session_id,
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": True},
        "amount_subtotal": subtotal,
        "amount_total": subtotal,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "cancel_url": None,
        "client_reference_id": None,
        "created": created,
        "currency": currency,
        "currency_conversion": None,
        "custom_fields": [],
        "custom_text": {
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        "customer_creation": "if_required",
        "customer_email": None,
        "expires_at": expires_at,
        "invoice_creation": None,
        "livemode": False,
        "managed_payments": {"enabled": False},
        "metadata": {},
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {},
        "payment_method_types": payment_methods(currency),
        "payment_status": "unpaid",
        "phone_number_collection": {"enabled": False},
        "shipping_options": [],
        "status": "open",
        "success_url": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": url,
    }


def customer_details() -> JSON:
    """Return what a buyer typed at the checkout."""
    return {
        "address": {
            "city": None,
            "country": "US",
            "line1": None,
            "line2": None,
            "postal_code": "94107-2282",
            "state": None,
        },
        "business_name": None,
        "email": BUYER_EMAIL,
        "individual_name": None,
        "name": BUYER_NAME,
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def payment_intent(*, created: int, amount: int, currency: str) -> JSON:
    """Return a payment that nobody has paid yet."""
    intent_id = new_id("pi_3", 23)
    return {
        **_INTENT_NULLS,
        "id": intent_id,
        "object": "payment_intent",
        "amount": amount,
        "amount_capturable": 0,
        "amount_received": 0,
        "capture_method": "automatic_async",
        "client_secret": f"{intent_id}_secret_{new_id('', 24)}",
        "confirmation_method": "automatic",
        "created": created,
        "currency": currency,
        "livemode": False,
        "metadata": {},
        "payment_details": {"customer_reference": None, "order_reference": None},
        "payment_method_options": {},
        "payment_method_types": payment_methods(currency),
        "payment_record": None,
        "status": "requires_payment_method",
    }


def charge(*, created: int, intent: JSON, method: str) -> JSON:
    """Return an attempt to collect a payment with a `method` such as "card"."""
    copied = ("amount", "currency", "description", "statement_descriptor", "statement_descriptor_suffix")
    return {
        **_CHARGE_NULLS,
        **{name: intent[name] for name in copied},
        "id": new_id("ch_3", 23),
        "object": "charge",
        "amount_captured": 0,
        "amount_refunded": 0,
        "application_fee_amount": intent["application_fee_amount"],
        "billing_details": {
            "address": customer_details()["address"],
            "email": BUYER_EMAIL,
            "name": BUYER_NAME,
            "phone": None,
            "tax_id": None,
        },
        "calculated_statement_descriptor": "ROSETTE SANDBOX",
        "captured": False,
        "created": created,
        "disputed": False,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "paid": False,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": {"type": method, method: {}},
        "presentment_details": intent["presentment_details"],
        "receipt_url": None,
        "refunded": False,
        "status": "pending",
    }
