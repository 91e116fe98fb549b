"""Everything that buyers and staff see of payments by hand and through Ko-fi."""

from collections.abc import Iterator
from dataclasses import replace

from discord import ui

from bot.domain.confirmations import Confirmation
from bot.domain.guild_providers import PaymentMethod
from bot.domain.holds import HoldRules
from bot.domain.noted_payments import NotedPayment
from bot.domain.order_states import OrderState
from bot.domain.orders import Contact, Order, PaymentStatus
from bot.domain.packages import Package
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.policy import Actor, Staff
from bot.domain.prompts import Quote
from bot.services.assignments import Assignable
from bot.services.manual_payments import HandledOrder
from bot.services.settlements import Settlement
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.buy import orders as buy_orders
from cogs.buy import render
from cogs.cases import assigning, handled
from cogs.cases.assigning import AssignIds, AssignMemberIds
from cogs.cases.handled import ConfirmForm, FindForm, RefundForm
from cogs.settings.payment_forms import HoldsForm, KofiForm, ManualForm

CODE = "RO-7K4F7K4F"
STAFF = 21


def noted_payments(order: Order, package: Package, name: str, r: Reader) -> Iterator[Reply]:
    """Yield what is shown of an order that is paid by hand, and of a payment that names none."""
    order = replace(order, provider="manual", test=False)
    yield buy_orders.waiting(order, Quote("1-2", CODE, instructions="8" * 500), r)
    yield reply(render.claimed(order, r))
    yield buy_orders.settled(Settlement(replace(order, state=OrderState.FAILED), None, None, Contact("de", None)), r)
    for handled_order in _handled_orders(order, name):
        for viewer, role, manages in (
            (STAFF, Staff.TREASURER, False),
            (STAFF, Staff.AUDITOR, False),
            (order.member_id, Staff.TREASURER, False),
            (order.member_id, Staff.TREASURER, True),
        ):
            actor = Actor(viewer, frozenset({role}), manages_guild=manages, is_creator=False)
            yield handled.panel_of(handled_order, actor, r)
    for orders in ((), ((CODE, order),) * 10):
        assignable = _assignable(order, orders, package)
        items = assigning.menus(assignable, AssignIds(STAFF, 1), r)
        yield reply(render.claimed(order, r), items)
        yield assigning.package_panel(assignable, AssignMemberIds(STAFF, 1, order.member_id), r)


def noted_forms(order: Order, name: str, r: Reader) -> Iterator[ui.Modal]:
    """Yield every form about these payments."""
    yield FindForm(r)
    yield ConfirmForm(order.order_id, r)
    for handled_order in _handled_orders(order, name):
        yield RefundForm(handled_order, r)
    for has_secret in (False, True):
        yield KofiForm(PaymentMethod("kofi", False, True, True, "p" * 50, has_secret), r, _page)
    yield HoldsForm(("stripe", "kofi", "discord_sku", "manual"), HoldRules(), r, _page)
    for people in (None, 1, 2):
        yield ManualForm(PaymentMethod("manual", False, True, True, "8" * 500, False, people), r, _page)


async def _page(_: Caller) -> Reply:
    return reply(Card.of("·", 0))


def _handled_orders(order: Order, name: str) -> Iterator[HandledOrder]:
    confirmations = tuple(Confirmation(1, order.order_id, STAFF + number, name[:60], 0) for number in range(2))
    payment = NotedPayment(
        "manual", "1-2", 1, order.order_id, PaymentStatus.PENDING, order.price_minor, order.currency, 0
    )
    yield HandledOrder(order, CODE, None, (), 2)
    yield HandledOrder(order, CODE, payment, (), 2)
    yield HandledOrder(order, CODE, payment, confirmations[:1], 2)
    yield HandledOrder(order, CODE, replace(payment, status=PaymentStatus.FAILED), (), 2)
    for refunded_minor in (0, 1, order.price_minor):
        paid = replace(payment, status=PaymentStatus.PAID, refunded_minor=refunded_minor)
        yield HandledOrder(order, CODE, paid, confirmations, 2)


def _assignable(order: Order, orders: tuple[tuple[str, Order], ...], package: Package) -> Assignable:
    facts = ("kofi", "1/message", 1, 0)
    payment = NotedPayment(*facts, PaymentStatus.PAID, order.price_minor, order.currency, 0)
    case = PaymentCase(1, "kofi", "1/message", CaseKind.NO_ORDER, 0, order.price_minor, order.currency, 0)
    return Assignable(case, payment, orders, (package,) * 25)
