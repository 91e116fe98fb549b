"""Withdrawals: a buyer gives back the unspent coins of a purchase, and gets the money for them."""

from typing import NamedTuple

from bot.domain.order_states import OrderState

WITHDRAWAL_MS = 14 * 24 * 3600 * 1000
"""For how long after the purchase a buyer may withdraw."""

GIVE_UP_MS = 3 * 24 * 3600 * 1000
"""For how long a provider is asked to send the money back. After that, staff do."""

_SHORTEST_REST_MS, _LONGEST_REST_MS = 30_000, 3_600_000

WITHDRAWABLE = (
    OrderState.CREDITED,
    OrderState.ACKNOWLEDGED,
    OrderState.PARTIALLY_REFUNDED,
    OrderState.WON,
)
"""States of orders whose money is with the seller."""


class Withdrawal(NamedTuple):
    """The `coins` of an order that are given back, and what goes back for them, in minor units of `currency`."""

    order_id: int
    coins: int
    amount_minor: int
    currency: str

    @property
    def key(self) -> str:
        """The idempotency key, both in the journal and at the provider. An order has one withdrawal."""
        return f"withdrawal:{self.order_id}"


def next_try(withdrawn_ms: int, now_ms: int) -> int | None:
    """Return when a provider that did not send the money is asked again, None if staff have to send it."""
    age_ms = max(now_ms - withdrawn_ms, 0)
    if age_ms >= GIVE_UP_MS:
        return None
    return now_ms + min(max(age_ms // 4, _SHORTEST_REST_MS), _LONGEST_REST_MS)
