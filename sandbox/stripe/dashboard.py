"""What the operator of the pretend Stripe can do on its dashboard."""

from collections.abc import Callable
from typing import Final, cast

from sandbox.discord.jsontypes import JSON
from sandbox.stripe import checkout_sessions, disputes, payments, refunds
from sandbox.stripe.account import Account, Kind
from sandbox.stripe.destination import Payload
from sandbox.stripe.errors import StripeError
from sandbox.stripe.platform import Platform


def act(platform: Platform, action: str, object_id: str) -> None:
    """Carry out the action of a button. Raise LookupError if there is no such action or object.

    What is no longer possible, because of a second click or a second tab, changes nothing.
    """
    if action in _ON_PLATFORM:
        _ON_PLATFORM[action](platform)
    elif action == "redeliver":
        event = platform.find_event(object_id)
        if event is None:
            raise LookupError(object_id)
        platform.destination.redeliver(event)
    elif action == "disconnect":
        platform.disconnect(platform.connected[object_id])
    else:
        kind, deed = _ON_OBJECTS[action]
        account, thing = _find(platform, kind, object_id)
        try:
            deed(account, thing)
        except (StripeError, payments.NotPossibleError):
            return


def _find(platform: Platform, kind: Kind, object_id: str) -> tuple[Account, JSON]:
    for account in platform.all_accounts():
        if object_id in account.tables[kind]:
            return account, account.tables[kind][object_id]
    raise LookupError(object_id)


def _refund(account: Account, charge: JSON) -> None:
    refunds.create(account, {"charge": charge["id"]})


def _refund_half(account: Account, charge: JSON) -> None:
    refunds.create(account, {"charge": charge["id"], "amount": half(charge)})


def half(charge: JSON) -> int:
    """Return half of what is left of a charge, in minor units."""
    return max((charge["amount"] - charge["amount_refunded"]) // 2, 1)


def _refund_slowly(account: Account, charge: JSON) -> None:
    refunds.create(account, {"charge": charge["id"]}, is_slow=True)


def _dispute(account: Account, charge: JSON) -> None:
    if disputes.can_open(account, charge):
        disputes.open_dispute(account, charge)


_ON_OBJECTS: Final[dict[str, tuple[Kind, Callable[[Account, JSON], None]]]] = {
    "arrive": ("checkout.session", lambda account, session: payments.act(account, session, "arrive")),
    "bounce": ("checkout.session", lambda account, session: payments.act(account, session, "bounce")),
    "refund": ("charge", _refund),
    "refund-half": ("charge", _refund_half),
    "refund-slowly": ("charge", _refund_slowly),
    "refund-arrives": ("refund", lambda account, refund: refunds.finish(account, refund, is_paid=True)),
    "refund-fails": ("refund", lambda account, refund: refunds.finish(account, refund, is_paid=False)),
    "dispute": ("charge", _dispute),
    "win": ("dispute", lambda account, dispute: disputes.decide(account, dispute, "won")),
    "lose": ("dispute", lambda account, dispute: disputes.decide(account, dispute, "lost")),
}


def _choose(payload: str) -> Callable[[Platform], None]:
    def choose(platform: Platform) -> None:
        platform.destination.payload = cast("Payload", payload)

    return choose


def _add(fault: str) -> Callable[[Platform], None]:
    def add(platform: Platform) -> None:
        faults = platform.destination.faults
        setattr(faults, fault, getattr(faults, fault) + 1)

    return add


def _switch(platform: Platform) -> None:
    platform.destination.is_on = not platform.destination.is_on


def _change_pace(platform: Platform) -> None:
    platform.are_refunds_slow = not platform.are_refunds_slow


def _hold(platform: Platform) -> None:
    platform.destination.faults.is_holding = True


def _sell_unasked(platform: Platform) -> None:
    """Let somebody pay in a checkout that the shop knows nothing of."""
    price = {"currency": "usd", "unit_amount": 499, "product_data": {"name": "A payment from nowhere"}}
    fields: JSON = {
        "line_items": [{"price_data": price, "quantity": 1}],
        "success_url": "https://shop.example/",
        "adaptive_pricing": {"enabled": False},
    }
    session = checkout_sessions.create(platform.own, fields, "")
    payments.act(platform.own, session, "pay")


_ON_PLATFORM: Final[dict[str, Callable[[Platform], None]]] = {
    "snapshot": _choose("snapshot"),
    "thin": _choose("thin"),
    "both": _choose("both"),
    "lose-next": _add("lose"),
    "duplicate-next": _add("duplicate"),
    "delay-next": _add("delay"),
    "forge-next": _add("forge"),
    "switch": _switch,
    "hold": _hold,
    "release": lambda platform: platform.destination.release(),
    "stray": _sell_unasked,
    "slow-refunds": _change_pace,
}
