"""What buying reads and writes of orders until they are paid, each in one transaction."""

from dataclasses import replace

from bot.domain.buying_errors import PackageChanged, PackageLimit, PaymentUndecided
from bot.domain.errors import NotFound
from bot.domain.freezes import check_frozen
from bot.domain.order_states import UNPAID, OrderState
from bot.domain.orders import Contact, Order
from bot.domain.packages import Package
from bot.domain.planned_gifts import GOOD_FOR_MS, PlannedGift
from bot.services import budgets, limits
from bot.storage.connect.connection import Connection
from bot.storage.stores import freezes, guilds, orders, packages, planned_gifts, product_purchases


def place(
    connection: Connection, draft: Order, contact: Contact, gift: PlannedGift | None
) -> tuple[Order, tuple[Contact, ...]]:
    """Return the order that `draft` becomes, or already is, and the panels that it outdates."""
    guilds.lock(connection, draft.guild_id)
    existing = orders.order(connection, draft.guild_id, draft.order_id)
    if existing is not None:
        if existing.member_id != draft.member_id:
            raise NotFound("order")
        return existing, ()
    package = packages.package(connection, draft.guild_id, draft.package_id)
    if package is None:
        raise NotFound("package")
    draft = replace(draft, product=package.reference)
    is_prepaid = product_purchases.first_for(connection, draft) is not None
    if (package.archived and not is_prepaid) or package.terms != draft.terms:
        raise PackageChanged(draft.terms, None if package.archived else package.terms)
    open_orders = orders.open_orders(connection, draft.guild_id, draft.member_id, draft.package_id)
    outdated = tuple(orders.contact(connection, order.guild_id, order.order_id) for order in open_orders)
    current = next((order for order in open_orders if _is_same_offer(order, draft)), None)
    for order in open_orders:
        if order is not current:
            end(connection, order)
    if not is_prepaid:
        _check(connection, draft, package, current)
    if current is not None:
        orders.renew(connection, current, draft.consented_ms, draft.consent_version, contact)
    else:
        orders.insert(connection, draft, contact)
    planned_gifts.put(connection, current or draft, gift and replace(gift, until_ms=draft.consented_ms + GOOD_FOR_MS))
    return current or draft, outdated


def _check(connection: Connection, draft: Order, package: Package, current: Order | None) -> None:
    """Raise what stands against a purchase, with a new order or the `current` one, which is open and continues."""
    check_frozen(freezes.of_member(connection, draft.guild_id, draft.member_id))
    if current is None:
        _check_new(connection, draft, package)
    budgets.check_purchase(connection, current or draft, draft.consented_ms)


def _check_new(connection: Connection, draft: Order, package: Package) -> None:
    """Raise what stands against a new order. One that continues counts already, and what is paid is credited."""
    purchase_key = (draft.guild_id, draft.member_id, draft.package_id)
    if package.limit is not None and orders.count_towards_limit(connection, *purchase_key) >= package.limit:
        is_undecided = orders.count(connection, *purchase_key, {OrderState.PENDING, OrderState.REVIEW}) > 0
        raise (PaymentUndecided if is_undecided else PackageLimit)(package.limit)
    limits.check(connection, draft, draft.consented_ms)


def check_limits(connection: Connection, draft: Order, package: Package) -> None:
    """Raise what stands against a purchase, before anything of it is in the books."""
    open_orders = orders.open_orders(connection, draft.guild_id, draft.member_id, draft.package_id)
    _check(connection, draft, package, next(iter(open_orders), None))


def _is_same_offer(order: Order, draft: Order) -> bool:
    return len({(side.terms, side.provider, side.test, side.product) for side in (order, draft)}) == 1


def started(connection: Connection, order: Order, external_id: str) -> Order:
    """Note the checkout at which an order is paid, and return the order. Raise NotFound."""
    guilds.lock(connection, order.guild_id)
    current = orders.order(connection, order.guild_id, order.order_id)
    if current is None:
        raise NotFound("order")
    # A payment may have changed the order meanwhile.
    state = OrderState.OPEN if current.state is OrderState.CREATED else current.state
    current = replace(current, state=state, external_id=current.external_id or external_id)
    orders.update(connection, current)
    return current


def cancel(connection: Connection, guild_id: int, order_id: int, member_id: int) -> Order:
    """End an order that is not paid, for its buyer, and return it. Raise NotFound for one that is not theirs."""
    guilds.lock(connection, guild_id)
    order = orders.order(connection, guild_id, order_id)
    if order is None or order.member_id != member_id:
        raise NotFound("order")
    return end(connection, order) if order.state in UNPAID else order


def end(connection: Connection, order: Order, state: OrderState = OrderState.CANCELLED) -> Order:
    """End an unpaid order, and the gift planned with it. Its buyer sees that in the reply, so it counts as told."""
    order = replace(order, state=state)
    orders.update(connection, order)
    planned_gifts.put(connection, order, None)
    orders.mark_seen(connection, order.guild_id, order.order_id, order.state)
    return order
