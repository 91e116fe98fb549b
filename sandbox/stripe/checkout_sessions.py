"""Checkout sessions: how a shop opens, changes and expires them."""

from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import forms, money, shapes
from sandbox.stripe.account import Account, new_id
from sandbox.stripe.errors import StripeError, missing_parameter

LEAST_S: Final = 30 * 60
MOST_S: Final = 24 * 60 * 60
LONGEST_REFERENCE: Final = 200

_switch: Final = forms.shape({"enabled": forms.flag}, required=("enabled",))
_price: Final = forms.shape(
    {
        "currency": forms.text,
        "unit_amount": forms.positive,
        "tax_behavior": forms.one_of("exclusive", "inclusive", "unspecified"),
        "product_data": forms.shape(
            {
                "name": forms.text,
                "description": forms.text,
                "images": forms.many(forms.address, 8),
                "metadata": forms.labels,
                "tax_code": forms.text,
                "unit_label": forms.text,
            },
            required=("name",),
        ),
    },
    required=("currency", "product_data", "unit_amount"),
)
_draft: Final = forms.shape(
    {
        "application_fee_amount": forms.positive,
        "capture_method": forms.one_of("automatic", "automatic_async"),
        "description": forms.text_up_to(1000),
        "metadata": forms.labels,
        "receipt_email": forms.text,
        "statement_descriptor": forms.text_up_to(22),
        "statement_descriptor_suffix": forms.text_up_to(22),
        "transfer_group": forms.text,
    }
)
_message: Final = forms.shape({"message": forms.text_up_to(1200)}, required=("message",))
CREATE: Final = forms.shape(
    {
        "adaptive_pricing": forms.shape({"enabled": forms.flag}),
        "automatic_tax": _switch,
        "billing_address_collection": forms.one_of("auto", "required"),
        "cancel_url": forms.address,
        "client_reference_id": forms.text_up_to(LONGEST_REFERENCE),
        "consent_collection": forms.shape({"terms_of_service": forms.one_of("none", "required")}),
        "custom_text": forms.shape(
            dict.fromkeys(("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"), _message)
        ),
        "customer_creation": forms.one_of("always", "if_required"),
        "customer_email": forms.text_up_to(800),
        "expand": forms.many(forms.text),
        "expires_at": forms.whole,
        "integration_identifier": forms.text_up_to(200),
        "invoice_creation": _switch,
        "line_items": forms.many(
            forms.shape({"price_data": _price, "quantity": forms.positive}, required=("price_data", "quantity"))
        ),
        "locale": forms.text_up_to(10),
        "managed_payments": forms.shape({"enabled": forms.flag}),
        "metadata": forms.labels,
        "mode": forms.one_of("payment"),
        "origin_context": forms.one_of("mobile_app", "web"),
        "payment_intent_data": _draft,
        "payment_method_types": forms.many(forms.text),
        "phone_number_collection": _switch,
        "submit_type": forms.one_of("auto", "book", "donate", "pay"),
        "success_url": forms.address,
        "ui_mode": forms.one_of("hosted_page"),
    },
    required=("line_items", "mode"),
)
UPDATE: Final = forms.shape({"metadata": forms.labels, "expand": forms.many(forms.text)})
_ECHOED: Final = (
    "adaptive_pricing",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer_creation",
    "customer_email",
    "integration_identifier",
    "locale",
    "metadata",
    "origin_context",
    "payment_method_types",
    "phone_number_collection",
    "submit_type",
    "success_url",
)


def create(account: Account, fields: JSON, root: str) -> JSON:
    """Open a session for parameters that CREATE has read. `root` is the address of the hosted pages."""
    if not account.is_platform and not account.record["charges_enabled"]:
        raise StripeError("Your account cannot currently make charges.", status=403, code="account_invalid")
    if "success_url" not in fields:
        raise missing_parameter("success_url")
    is_managed = fields.get("managed_payments", {}).get("enabled", False)
    if is_managed:
        _refuse_unmanaged(account, fields)
    currency = _currency(fields["line_items"])
    items = [_line_item(item, currency) for item in fields["line_items"]]
    subtotal = sum(item["amount_subtotal"] for item in items)
    _check_total(subtotal, currency)
    created = account.now_s()
    session_id = new_id("cs_test_a1", 56)
    session = shapes.session(
        session_id=session_id,
        created=created,
        expires_at=_end(fields.get("expires_at", created + MOST_S), created),
        currency=currency,
        subtotal=subtotal,
        url=f"{root}/stripe/pay/{session_id}",
    )
    session |= {name: fields[name] for name in _ECHOED if name in fields}
    session["custom_text"] |= fields.get("custom_text", {})
    if fields.get("automatic_tax", {}).get("enabled"):
        session["automatic_tax"] |= {"enabled": True, "provider": "stripe", "status": "requires_location_inputs"}
    session["managed_payments"]["enabled"] = is_managed
    account.drafts[session_id] = {"items": items, **fields.get("payment_intent_data", {})}
    return account.keep(session)


def _refuse_unmanaged(account: Account, fields: JSON) -> None:
    """Refuse what does not go together with Stripe as the merchant of record."""
    if not account.is_platform or "application_fee_amount" in fields.get("payment_intent_data", {}):
        raise StripeError("Managed Payments is not supported with Connect.", param="managed_payments[enabled]")
    if "automatic_tax" in fields:
        raise StripeError("You cannot set `automatic_tax` with Managed Payments.", param="automatic_tax")
    for number, item in enumerate(fields["line_items"]):
        if "tax_code" not in item["price_data"]["product_data"]:
            raise missing_parameter(f"line_items[{number}][price_data][product_data][tax_code]")


def _currency(items: list[JSON]) -> str:
    if not items:
        raise missing_parameter("line_items")
    currencies = {item["price_data"]["currency"].lower() for item in items}
    currency, *further = sorted(currencies)
    if further:
        raise StripeError("All prices on a Checkout Session must use the same currency.", param="line_items")
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        raise StripeError(f"Invalid currency: {currency[:20]}", param="line_items[0][price_data][currency]")
    return currency


def _line_item(item: JSON, currency: str) -> JSON:
    price, product = item["price_data"], item["price_data"]["product_data"]
    amount = price["unit_amount"] * item["quantity"]
    return {
        "id": new_id("li_1"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": currency,
        "description": product["name"],
        "metadata": {},
        "price": {
            "id": new_id("price_1"),
            "object": "price",
            "active": False,
            "currency": currency,
            "product": new_id("prod_", 14),
            "tax_behavior": price.get("tax_behavior", "unspecified"),
            "type": "one_time",
            "unit_amount": price["unit_amount"],
        },
        "quantity": item["quantity"],
    }


def _check_total(subtotal: int, currency: str) -> None:
    if subtotal < money.LEAST_MINOR:
        message = f"The Checkout Session's total amount due must add up to at least {money.LEAST_MINOR} in {currency}"
        raise StripeError(message, code="amount_too_small")
    if subtotal > money.MOST_MINOR:
        message = f"The Checkout Session's total amount must be no more than {money.MOST_MINOR} in {currency}"
        raise StripeError(message, code="amount_too_large")


def _end(expires_at: int, created: int) -> int:
    if expires_at < created + LEAST_S:
        message = "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation."
        raise StripeError(message, param="expires_at")
    if expires_at > created + MOST_S:
        message = "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation."
        raise StripeError(message, param="expires_at")
    return expires_at


def update(session: JSON, fields: JSON) -> JSON:
    """Change a session's metadata: an empty value removes a key."""
    merged = {**session["metadata"], **fields.get("metadata", {})}
    session["metadata"] = {key: value for key, value in merged.items() if value}
    return session


def expire(account: Account, session: JSON) -> JSON:
    """End an open session, so that nobody can pay it any more."""
    if session["status"] != "open":
        raise StripeError(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of {session['status']}."
        )
    session |= {"status": "expired", "url": None}
    account.announce("checkout.session.expired", session)
    return session


def expire_due(account: Account) -> None:
    """End the sessions whose time is over."""
    for session in account.all("checkout.session"):
        if session["status"] == "open" and session["expires_at"] <= account.now_s():
            expire(account, session)


def listed_items(account: Account, session: JSON) -> list[JSON]:
    """Return what is sold in a session."""
    items: list[JSON] = account.drafts[session["id"]]["items"]
    return items
