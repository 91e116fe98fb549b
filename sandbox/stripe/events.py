"""Events in Stripe's two forms: a snapshot with the object as it was, and a thin one that only names it."""

import copy
from datetime import UTC, datetime
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe.account import Account, Kind, new_id
from sandbox.stripe.shapes import API_VERSION

LISTED_S: Final = 30 * 24 * 60 * 60
"""How long events can be listed and read."""
FOLDERS: Final[dict[str, str]] = {
    "checkout.session": "/v1/checkout/sessions",
    "payment_intent": "/v1/payment_intents",
    "charge": "/v1/charges",
    "refund": "/v1/refunds",
    "dispute": "/v1/disputes",
    "transfer": "/v1/transfers",
    "balance_transaction": "/v1/balance_transactions",
    "account": "/v1/accounts",
    "event": "/v1/events",
    "v2.core.event": "/v2/core/events",
}
"""Where the API has the objects of each kind."""
PURCHASES: Final = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "charge.dispute.closed",
    "account.updated",
)
"""The events that a shop like Rosette listens to."""


def record(
    account: Account, event_type: str, thing: JSON, previous: JSON | None, cause: JSON | None
) -> tuple[JSON, JSON]:
    """Record what has happened to an object; return the snapshot and the thin event.

    `cause` has the `id` and `idempotency_key` of the API request behind it, if there is one.
    """
    created = account.now_s()
    snapshot: JSON = {
        "id": new_id("evt_1"),
        "object": "event",
        "api_version": API_VERSION,
        "context": None,
        "created": created,
        "data": {"object": copy.deepcopy(thing)} | ({} if previous is None else {"previous_attributes": previous}),
        "livemode": False,
        "pending_webhooks": 0,
        "request": cause or {"id": None, "idempotency_key": None},
        "type": event_type,
    }
    if not account.is_platform:
        snapshot |= {"account": account.id, "context": account.id}
    thin: JSON = {
        "id": new_id("evt_test_65", 20),
        "object": "v2.core.event",
        "context": None if account.is_platform else account.id,
        "created": datetime.fromtimestamp(created, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "livemode": False,
        "reason": None if cause is None else {"type": "request", "request": cause},
        "related_object": {
            "id": thing["id"],
            "type": thing["object"],
            "url": f"{FOLDERS[thing['object']]}/{thing['id']}",
        },
        "snapshot_event": snapshot["id"],
        "type": f"v1.{event_type}",
    }
    return account.keep(snapshot), account.keep(thin)


def is_listed(account: Account, event: JSON) -> bool:
    """Return whether an event is still young enough to be listed."""
    created = event["created"]
    if isinstance(created, str):
        created = int(datetime.fromisoformat(created).timestamp())
    return bool(created > account.now_s() - LISTED_S)


def find(account: Account, event_id: str) -> JSON | None:
    """Return an event of either form, or None."""
    kinds: tuple[Kind, ...] = ("event", "v2.core.event")
    return next((account.tables[kind][event_id] for kind in kinds if event_id in account.tables[kind]), None)
