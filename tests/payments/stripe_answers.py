"""What Stripe says about a purchase, as JSON, and a shop that hears it."""

from collections.abc import Iterable
from typing import Any

from bot.domain.orders import Order
from bot.payments.stripe.provider import StripeProvider
from bot.payments.stripe.selling import Mode, Shop

KEY = "sk_test_CANARYcanary0123456789"
LIVE_KEY = "sk_live_CANARYcanary0123456789"
WEBHOOK_SECRET = "whsec_CANARYcanary0123456789"
EMAIL = "canary@buyer.example"
NOW_MS = 1_770_000_000_000
GUILD = 7
ORDER = Order(GUILD, 500, 11, 2, 350, 499, "USD", "stripe", test=True, consented_ms=NOW_MS)
LINE = "{coins} gift credits"


def shop(mode: Mode = Mode.PLAIN) -> Shop:
    return Shop(mode, LINE, "GIFT CREDITS", "txcd_10201000" if mode is Mode.MANAGED else "")


def provider_at(root: str, mode: Mode = Mode.PLAIN, key: str = KEY) -> StripeProvider:
    guild_ids = frozenset({GUILD}) if mode is not Mode.CONNECT else frozenset[int]()
    return StripeProvider(key, WEBHOOK_SECRET, shop(mode), guild_ids, lambda: NOW_MS, root)


def charge(**changes: Any) -> dict[str, Any]:
    return {
        "id": "ch_1", "object": "charge", "amount": 499, "amount_refunded": 0, "currency": "usd", "disputed": False,
        "billing_details": {"email": EMAIL},
    } | changes  # fmt: skip


def payment(**changes: Any) -> dict[str, Any]:
    """A payment with its charge; what is not a payment's own changes the charge."""
    own = {name: changes.pop(name) for name in ("status", "latest_charge") if name in changes}
    return {"id": "pi_1", "object": "payment_intent", "status": "succeeded", "latest_charge": charge(**changes)} | own


def session(**changes: Any) -> dict[str, Any]:
    """A session that was paid."""
    return {
        "id": "cs_test_1", "object": "checkout.session", "url": None, "status": "complete", "payment_status": "paid",
        "amount_subtotal": 499, "amount_total": 499, "currency": "usd", "livemode": False,
        "client_reference_id": "7-500", "metadata": {"rosette_order": "7-500"}, "payment_intent": payment(),
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "customer_details": {"email": EMAIL},
    } | changes  # fmt: skip


def open_session(**changes: Any) -> dict[str, Any]:
    """A session that waits to be paid."""
    page = {"url": "https://checkout.stripe.com/c/pay/cs_test_1", "status": "open", "payment_status": "unpaid"}
    return session(**page, payment_intent=None) | changes


def dispute(status: str, **changes: Any) -> dict[str, Any]:
    return {"id": "dp_1", "object": "dispute", "status": status, "amount": 499, "balance_transactions": []} | changes


def listing(things: Iterable[Any], *, has_more: bool = False, url: str = "/v1/things") -> dict[str, Any]:
    return {"object": "list", "url": url, "has_more": has_more, "data": [*things]}


def snapshot(kind: str, thing: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An event that brings its object along."""
    return {
        "id": "evt_1", "object": "event", "type": kind, "livemode": False, "created": NOW_MS // 1000,
        "data": {"object": thing},
    } | changes  # fmt: skip


def thin(kind: str, object_id: str, **changes: Any) -> dict[str, Any]:
    """An event that names its object only."""
    return {
        "id": "evt_test_1", "object": "v2.core.event", "type": f"v1.{kind}", "livemode": False, "context": None,
        "related_object": {"id": object_id, "type": "checkout.session", "url": f"/v1/checkout/sessions/{object_id}"},
    } | changes  # fmt: skip
