"""What the states of an order are called, and what was paid for it."""

from collections.abc import Mapping

from bot.domain.ledger.order import facts_of
from bot.domain.order_states import OrderState
from bot.domain.orders import Order
from bot.domain.wallets import WalletLine
from bot.ui.looks.payment_methods import DISCORD_SKU
from bot.ui.text.reader import N_, Reader

ORDER_STATES: Mapping[OrderState, str] = {
    OrderState.CREATED: N_("not paid yet"),
    OrderState.OPEN: N_("not paid yet"),
    OrderState.PENDING: N_("payment on its way"),
    OrderState.FAILED: N_("payment failed"),
    OrderState.EXPIRED: N_("never paid"),
    OrderState.CANCELLED: N_("cancelled"),
    OrderState.REVIEW: N_("waiting for staff"),
    OrderState.CREDITED: N_("coins added"),
    OrderState.ACKNOWLEDGED: N_("coins added"),
    OrderState.PARTIALLY_REFUNDED: N_("partly refunded"),
    OrderState.REFUNDED: N_("refunded"),
    OrderState.WITHDRAWN: N_("withdrawn"),
    OrderState.DISPUTED: N_("disputed"),
    OrderState.WON: N_("dispute won"),
    OrderState.LOST: N_("dispute lost"),
}


_NOT_KEPT = frozenset({OrderState.DISPUTED, OrderState.LOST, OrderState.WITHDRAWN})
"""States in which the seller may not have the money, though nothing was refunded."""


def price_of(order: Order, reader: Reader) -> str:
    """Return what was paid for an order, also in the currency that its buyer saw. Discord does not say: it charges in
    the buyer's own currency, and may discount what it sells."""
    price = reader.money(order.price_minor, order.currency)
    if order.presented_minor is not None and order.presented_currency is not None:
        amount = reader.money(order.presented_minor, order.presented_currency)
        return reader._("{price} (at checkout: {amount})", price=price, amount=amount)
    return reader._("{price} (listed price)", price=price) if order.provider == DISCORD_SKU else price


def bought(line: WalletLine, reader: Reader) -> str:
    """Return what was paid for the coins of a line, and whether that money went back."""
    facts, order = facts_of(line.receipt), line.order
    if order is None:
        # The order was erased with its buyer.
        return reader._("Bought for {price}", price=reader.money(facts["price_minor"], facts["currency"]))
    parts = [reader._("Bought for {price}", price=price_of(order, reader))]
    if order.refunded_minor:
        parts.append(reader._("Paid back: {money}", money=reader.money(order.refunded_minor, order.currency)))
    if order.state in _NOT_KEPT:
        parts.append(reader._(ORDER_STATES[order.state]))
    return " · ".join(parts)
