"""What the API can do: one row for each endpoint."""

from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, Literal

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import accounts, checkout_sessions, disputes, events, forms, listing, refunds, transfers
from sandbox.stripe.account import Account, Kind
from sandbox.stripe.errors import StripeError, missing_resource
from sandbox.stripe.forms import Reader
from sandbox.stripe.platform import Platform


@dataclass(frozen=True, slots=True)
class Call:
    """One request: whose data it is about, its checked parameters, the id in its path, the hosted pages' address."""

    platform: Platform
    account: Account
    params: JSON
    id: str
    root: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An endpoint. `run` returns the object to show, before anything in it is expanded."""

    method: Literal["GET", "POST"]
    path: str
    read: Reader
    run: Callable[[Call], JSON]


_READ: Final = forms.shape({"expand": forms.many(forms.text)})


def _list(kind: Kind, filters: dict[str, Reader] | None = None) -> Operation:
    names = tuple(filters or ())

    def run(call: Call) -> JSON:
        def fits(thing: JSON) -> bool:
            return all(thing[name] == call.params[name] for name in names if name in call.params)

        return listing.page(call.account, kind, call.params, events.FOLDERS[kind], fits)

    return Operation("GET", events.FOLDERS[kind], listing.reader(filters), run)


def _read(kind: Kind) -> Operation:
    return Operation("GET", f"{events.FOLDERS[kind]}/{{id}}", _READ, lambda call: call.account.get(kind, call.id))


def _list_items(call: Call) -> JSON:
    session = call.account.get("checkout.session", call.id)
    items = checkout_sessions.listed_items(call.account, session)
    return listing.cut(items, call.params, f"/v1/checkout/sessions/{call.id}/line_items", "line_item")


def _list_events(call: Call) -> JSON:
    types = [*call.params.get("types", []), *([call.params["type"]] if "type" in call.params else [])]

    def fits(event: JSON) -> bool:
        is_of_type = not types or any(fnmatchcase(event["type"], pattern) for pattern in types)
        is_delivered = call.platform.destination.outcomes.get(event["id"], "delivered") == "delivered"
        wanted_success = call.params.get("delivery_success", is_delivered)
        return is_of_type and wanted_success == is_delivered and events.is_listed(call.account, event)

    return listing.page(call.account, "event", call.params, events.FOLDERS["event"], fits)


def _read_event(call: Call) -> JSON:
    event = call.account.get("event", call.id)
    if not events.is_listed(call.account, event):
        raise missing_resource("event", call.id)
    return event


def _list_thin_events(call: Call) -> JSON:
    """Return a page in the form of version 2 of the API, which links to the next one."""
    young = [event for event in reversed(call.account.all("v2.core.event")) if events.is_listed(call.account, event)]
    object_id = call.params.get("object_id")
    fitting = [event for event in young if object_id in {None, event["related_object"]["id"]}]
    params = {key: value for key, value in call.params.items() if key == "limit"}
    if "page" in call.params:
        params["starting_after"] = call.params["page"]
    page = listing.cut(fitting, params, "", "event")
    link = f"/v2/core/events?limit={params.get('limit', listing.DEFAULT_LIMIT)}"
    link += f"&object_id={object_id}" if object_id else ""
    next_url = f"{link}&page={page['data'][-1]['id']}" if page["has_more"] else None
    return {"data": page["data"], "next_page_url": next_url, "previous_page_url": None}


def _list_accounts(call: Call) -> JSON:
    _refuse_connected(call)
    records = [account.record for account in reversed(call.platform.connected.values())]
    return listing.cut(records, call.params, "/v1/accounts", "account")


def _create_account(call: Call) -> JSON:
    _refuse_connected(call)
    return call.platform.connect(call.params).record


def _refuse_connected(call: Call) -> None:
    if not call.account.is_platform:
        message = "Only a platform can create accounts and links, or list them."
        raise StripeError(message, status=403, code="platform_account_required")


def _create_link(call: Call) -> JSON:
    _refuse_connected(call)
    return call.platform.create_link(call.params, call.root)


def _create_refund(call: Call) -> JSON:
    return refunds.create(call.account, call.params, is_slow=call.platform.are_refunds_slow)


_PAYMENT: Final[dict[str, Reader]] = {"charge": forms.text, "payment_intent": forms.text}
OPERATIONS: Final = (
    Operation(
        "POST",
        "/v1/checkout/sessions",
        checkout_sessions.CREATE,
        lambda call: checkout_sessions.create(call.account, call.params, call.root),
    ),
    _list(
        "checkout.session",
        {"payment_intent": forms.text, "status": forms.one_of("open", "complete", "expired")},
    ),
    _read("checkout.session"),
    Operation(
        "POST",
        "/v1/checkout/sessions/{id}",
        checkout_sessions.UPDATE,
        lambda call: checkout_sessions.update(call.account.get("checkout.session", call.id), call.params),
    ),
    Operation(
        "POST",
        "/v1/checkout/sessions/{id}/expire",
        _READ,
        lambda call: checkout_sessions.expire(call.account, call.account.get("checkout.session", call.id)),
    ),
    Operation("GET", "/v1/checkout/sessions/{id}/line_items", listing.reader(), _list_items),
    _list("payment_intent"),
    _read("payment_intent"),
    _list("charge", {"payment_intent": forms.text}),
    _read("charge"),
    Operation("POST", "/v1/refunds", refunds.CREATE, _create_refund),
    _list("refund", _PAYMENT),
    _read("refund"),
    _list("dispute", _PAYMENT),
    _read("dispute"),
    Operation(
        "POST",
        "/v1/disputes/{id}",
        disputes.UPDATE,
        lambda call: disputes.update(call.account, call.account.get("dispute", call.id), call.params),
    ),
    Operation(
        "POST",
        "/v1/disputes/{id}/close",
        _READ,
        lambda call: disputes.close(call.account, call.account.get("dispute", call.id)),
    ),
    Operation(
        "POST",
        "/v1/transfers",
        transfers.CREATE,
        lambda call: transfers.create(call.platform, call.account, call.params),
    ),
    _list("transfer", {"destination": forms.text, "transfer_group": forms.text}),
    _read("transfer"),
    Operation(
        "POST",
        "/v1/transfers/{id}/reversals",
        transfers.REVERSE,
        lambda call: transfers.reverse(call.account, call.account.get("transfer", call.id), call.params),
    ),
    _list("balance_transaction", {"source": forms.text, "type": forms.text}),
    _read("balance_transaction"),
    Operation(
        "GET",
        "/v1/events",
        listing.reader({"delivery_success": forms.flag, "type": forms.text, "types": forms.many(forms.text, 20)}),
        _list_events,
    ),
    Operation("GET", "/v1/events/{id}", _READ, _read_event),
    Operation(
        "GET",
        "/v2/core/events",
        forms.shape({"limit": listing.limit, "object_id": forms.text, "page": forms.text}),
        _list_thin_events,
    ),
    _read("v2.core.event"),
    Operation("POST", "/v1/accounts", accounts.CREATE, _create_account),
    Operation("GET", "/v1/accounts", listing.reader(), _list_accounts),
    Operation("GET", "/v1/accounts/{id}", _READ, lambda call: call.platform.account(call.id).record),
    Operation("GET", "/v1/account", _READ, lambda call: call.account.record),
    Operation("POST", "/v1/account_links", accounts.CREATE_LINK, _create_link),
)
