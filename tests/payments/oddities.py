"""What can be odd about a payment at each provider, and what becomes of it: the state of its order, and its cases."""

from collections.abc import Iterator
from typing import Final

from bot.domain.order_states import OrderState
from bot.domain.payment_cases import CaseKind
from tests.payments.contract import ON_TRIAL
from tests.payments.wires import Oddity

Aftermath = tuple[OrderState, list[CaseKind]]

_SEEN: Final[Aftermath] = (OrderState.REVIEW, [CaseKind.DIFFERS])
_NOBODYS: Final[Aftermath] = (OrderState.OPEN, [])
"""It names an order of a guild that is not ours. What it was is in the log."""
_POSTED: Final[dict[Oddity, Aftermath | str]] = {
    "amount": _SEEN,
    "currency": _SEEN,
    "mode": _SEEN,
    "reference": _NOBODYS,
}
_BY_HAND: Final = "staff confirm the order itself, so there is nothing that could differ from it"
_UNPRICED: Final = "Discord charges the price of the SKU, and tells nobody which"

ODDITIES: Final[dict[str, dict[Oddity, Aftermath | str]]] = {
    "sandbox": _POSTED,
    "stripe": _POSTED,
    "stripe-managed": _POSTED,
    "stripe-connect": {
        "amount": _SEEN,
        "currency": _SEEN,
        "mode": _SEEN,
        "reference": "one that does not fit its seal counts as none, and the checkout is still the order's own",
    },
    "discord_sku": {
        "amount": _UNPRICED,
        "currency": _UNPRICED,
        "mode": (OrderState.OPEN, []),
        "reference": (OrderState.OPEN, []),
    },
    "kofi": {
        "amount": _SEEN,
        "currency": _SEEN,
        "mode": "Ko-fi has no test mode: its test button sends what looks like a payment",
        "reference": (OrderState.OPEN, [CaseKind.NO_ORDER]),
    },
    "manual": {"amount": _BY_HAND, "currency": _BY_HAND, "mode": _BY_HAND, "reference": _BY_HAND},
}
"""For each provider and oddity what follows, or why it cannot be."""


def possible() -> Iterator[tuple[str, Oddity, Aftermath]]:
    """Yield each provider with each oddity that can be there, and what follows."""
    for name in ON_TRIAL:
        for oddity, aftermath in ODDITIES[name].items():
            if not isinstance(aftermath, str):
                yield name, oddity, aftermath
