"""What settling reads and writes of orders, each in one transaction."""

from collections.abc import Collection
from dataclasses import replace

from bot.domain.errors import Busy
from bot.domain.order_states import MONEY_CAME, OrderState
from bot.domain.orders import Contact, Observation, Order, paid_again
from bot.domain.payment_cases import PaymentCase
from bot.storage.connect.connection import Connection
from bot.storage.stores import guilds, order_refunds, orders, payment_cases, payment_ids, planned_gifts


def mark_seen(connection: Connection, order: Order) -> None:
    """Note that the buyer knows the state of an order. The message of its gift is no longer needed."""
    orders.mark_seen(connection, order.guild_id, order.order_id, order.state)
    if order.state in MONEY_CAME:
        planned_gifts.erase_note(connection, order)


def matching(connection: Connection, observation: Observation) -> list[tuple[Order, Contact]]:
    """Return the orders that a payment may be for; only one if its checkout or its reference identifies it."""
    matches = orders.at_checkout(connection, observation.provider, observation.external_id)
    reference = observation.reference
    if reference is not None:
        ids = [(guild_id, reference.order_id) for guild_id in orders.guilds_of(connection, reference)]
        named = [*orders.orders_of(connection, ids).values()]
        # The second payment of an order makes a second order with the same reference. The checkout tells the two apart.
        candidates = {*ids, *((order.guild_id, paid_again(order, observation).order_id) for order in named)}
        exact = [order for order in matches if (order.guild_id, order.order_id) in candidates]
        matches = exact if len(exact) == 1 else named
    return [(order, orders.contact(connection, order.guild_id, order.order_id)) for order in matches]


def save(connection: Connection, before: Order, order: Order, now_ms: int, other_ids: Collection[str] = ()) -> Order:
    """Save an order unless it was settled since `before` was read, and return the version that was in the books until
    now.

    `other_ids` are further ids that its provider uses for its payment.
    """
    guilds.lock(connection, order.guild_id)
    current = orders.order(connection, order.guild_id, order.order_id)
    assert current is not None, order
    if current.state is OrderState.WITHDRAWN and before.state is not OrderState.WITHDRAWN:
        # Its buyer withdrew meanwhile. The report is settled anew, for that state.
        raise Busy
    if current.report == before.report:
        orders.update(connection, order)
        payment_ids.note(connection, order, other_ids)
        order_refunds.note(connection, current, order, now_ms)
        if order.state is OrderState.ACKNOWLEDGED:
            # Its buyer already knows about the coins, so this is not news.
            orders.mark_seen(connection, order.guild_id, order.order_id, order.state)
    elif current.report != order.report:
        # Either of the two reports may be the older one. With neither stored, the next one is settled whatever it says.
        orders.update(connection, replace(current, report=""))
    return current


def add_again(connection: Connection, order: Order, case: PaymentCase) -> bool:
    """Insert the order of a second payment, unless it is there, and its case."""
    guilds.lock(connection, order.guild_id)
    if orders.order(connection, order.guild_id, order.order_id) is None:
        first = orders.contact(connection, order.guild_id, case.order_id)
        orders.insert(connection, order, Contact(first.locale, None))
    return payment_cases.open_case(connection, case)
