"""Lists and expansions: how the API shows many objects, and one object within another."""

import copy
from collections.abc import Callable
from typing import Final

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import checkout_sessions, forms
from sandbox.stripe.account import Account, Kind
from sandbox.stripe.errors import StripeError, missing_resource, not_expandable
from sandbox.stripe.forms import Reader

DEFAULT_LIMIT: Final = 10
MOST: Final = 100
DEEPEST: Final = 4

_REFERENCES: Final[dict[tuple[str, str], Kind]] = {
    ("checkout.session", "payment_intent"): "payment_intent",
    ("payment_intent", "latest_charge"): "charge",
    ("charge", "payment_intent"): "payment_intent",
    ("charge", "balance_transaction"): "balance_transaction",
    ("refund", "charge"): "charge",
    ("refund", "payment_intent"): "payment_intent",
    ("refund", "balance_transaction"): "balance_transaction",
    ("dispute", "charge"): "charge",
    ("dispute", "payment_intent"): "payment_intent",
}


def limit(value: object, name: str) -> int:
    """Read how many objects a page holds."""
    number = forms.whole(value, name)
    if not 1 <= number <= MOST:
        message = f"This value must be between 1 and {MOST} (it currently is '{number}')."
        raise StripeError(message, code="parameter_invalid_integer", param=name)
    return number


def reader(filters: dict[str, Reader] | None = None) -> Reader:
    """Return a reader of the parameters of a list that can be narrowed by `filters`."""
    return forms.shape(
        {
            "created": forms.span,
            "ending_before": forms.text,
            "expand": forms.many(forms.text),
            "limit": limit,
            "starting_after": forms.text,
            **(filters or {}),
        }
    )


def page(account: Account, kind: Kind, params: JSON, url: str, fits: Callable[[JSON], bool]) -> JSON:
    """Return a page of the objects that fit, newest first."""
    things = [thing for thing in reversed(account.all(kind)) if fits(thing)]
    if "created" in params:
        things = [thing for thing in things if _is_within(thing["created"], params["created"])]
    return cut(things, params, url, kind)


def cut(things: list[JSON], params: JSON, url: str, kind: str) -> JSON:
    """Return the page of a list that a request asks for."""
    size = params.get("limit", DEFAULT_LIMIT)
    if "starting_after" in params and "ending_before" in params:
        raise StripeError("You can only use one of `starting_after` and `ending_before`.")
    if "ending_before" in params:
        newer = things[: _place(things, params, "ending_before", kind)]
        data, has_more = newer[-size:], len(newer) > size
    else:
        older = things
        if "starting_after" in params:
            older = things[_place(things, params, "starting_after", kind) + 1 :]
        data, has_more = older[:size], len(older) > size
    return {"object": "list", "data": data, "has_more": has_more, "url": url}


def _place(things: list[JSON], params: JSON, name: str, kind: str) -> int:
    for place, thing in enumerate(things):
        if thing["id"] == params[name]:
            return place
    raise missing_resource(kind, params[name], name, status=400)


def _is_within(created: int, bounds: JSON) -> bool:
    return bounds.get("gte", created) <= created <= bounds.get("lte", created) and bounds.get(
        "gt", created - 1
    ) < created < bounds.get("lt", created + 1)


def expand(account: Account, thing: JSON, paths: list[str]) -> JSON:
    """Return a copy of an object, or of a list, with the objects in place that `paths` name."""
    result = copy.deepcopy(thing)
    for path in paths:
        names = path.split(".")
        if len(names) > DEEPEST:
            raise StripeError(f"You cannot expand more than {DEEPEST} levels of a property.", param="expand")
        if result.get("object") == "list":
            if names[0] != "data" or len(names) == 1:
                raise not_expandable(path)
            for item in result["data"]:
                _fill(account, item, names[1:], path)
        else:
            _fill(account, result, names, path)
    return result


def _fill(account: Account, thing: JSON, names: list[str], path: str) -> None:
    """Put an object in place of each reference along a path."""
    for name in names:
        included = _included(account, thing, name)
        if included is not None:
            thing[name] = included
            return
        kind = _REFERENCES.get((thing["object"], name))
        if kind is None:
            raise not_expandable(path)
        if thing[name] is None:
            return
        if isinstance(thing[name], str):
            thing[name] = copy.deepcopy(account.get(kind, thing[name]))
        thing = thing[name]


def _included(account: Account, thing: JSON, name: str) -> JSON | None:
    """Return a list within an object that is shown on request only, or None."""
    if (thing["object"], name) == ("checkout.session", "line_items"):
        items, url = checkout_sessions.listed_items(account, thing), f"/v1/checkout/sessions/{thing['id']}/line_items"
    elif (thing["object"], name) == ("charge", "refunds"):
        items = [refund for refund in reversed(account.all("refund")) if refund["charge"] == thing["id"]]
        url = f"/v1/charges/{thing['id']}/refunds"
    else:
        return None
    return copy.deepcopy(cut(items, {}, url, name))
