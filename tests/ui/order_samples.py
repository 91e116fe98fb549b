"""Everything that buyers and staff see of an order once it has gone somewhere."""

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.buying_errors import PackageChanged
from bot.domain.errors import NotEnoughCoins
from bot.domain.evidence import Evidence
from bot.domain.order_states import OrderState
from bot.domain.orders import Contact, Dispute, DisputeStatus, Observation, Order, PaymentStatus
from bot.domain.packages import Package
from bot.domain.payment_cases import CaseKind, PaymentCase, Report
from bot.domain.planned_gifts import Lapse, PlannedGift
from bot.domain.prompts import Checkout
from bot.domain.receipts import Receipt
from bot.domain.withdrawals import Withdrawal
from bot.services.orders import Offer as SaleOffer
from bot.services.planned_gifts import GiftOutcome
from bot.services.settlements import Settlement
from bot.services.top_ups import TopUp
from bot.services.withdrawals import Offer, Withdrawn
from bot.ui.kit.errors import failure
from bot.ui.kit.next_steps import Remedy
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.applications import applications_notice
from bot.ui.looks.notices import cases_notice, reports_notice
from bot.ui.staff_notices import MOST_REPORTS
from bot.ui.text.reader import Reader
from cogs.buy import orders, outcome_render, render
from cogs.buy import withdrawing as withdrawing_views
from cogs.cases import render as cases_render
from cogs.gift import top_ups
from tests.ui.facts import NOW_MS


def decided_orders(order: Order, package: Package, receipt: Receipt, count: int, r: Reader) -> Iterator[Reply]:
    """Yield what is shown of `order` in each of its states, and of cases about it."""
    panel, change = Contact("en-US", "token"), PackageChanged(order.terms, package.terms)
    payment = Observation(
        "sandbox", "cs_1", order.reference, PaymentStatus.PAID, order.coins + 1, order.currency, live=False
    )
    yield reply(render.changed(change, r))
    yield reply(render.changed(PackageChanged(order.terms, None), r))
    yield reply(render.outdated(r))
    for state in OrderState:
        decided = replace(order, state=state)
        yield reply(outcome_render.decided(decided, r))
        yield orders.settled(Settlement(decided, None, payment, panel), r)
    for can_withdraw in (True, False):
        yield orders.settled(Settlement(order, receipt, payment, panel), r, can_withdraw=can_withdraw)
    facts = ("sandbox", "cs_1" * 16)
    cases = [PaymentCase(1, *facts, kind, order.order_id, order.coins, order.currency, 0) for kind in CaseKind]
    nobodys = PaymentCase(1, *facts, CaseKind.NO_ORDER, 0, order.coins, order.currency, 0)
    reports = [Report(case, owner, count, "RO-7K4F") for case in cases for owner in (order, None)]
    reports += [Report(nobodys, None), Report(replace(nobodys, amount_minor=0, currency=""), None)]
    for start in range(0, len(reports), MOST_REPORTS):
        yield reply(reports_notice(reports[start : start + MOST_REPORTS], r))
    yield reply(cases_notice(count, r))
    yield reply(applications_notice(count, r))
    dispute = Dispute("dp_1", DisputeStatus.OPEN, order.coins, NOW_MS)
    observations = (
        None,
        Observation(*facts, order.reference, PaymentStatus.PAID, 1, "USD", live=True, disputes=(dispute,)),
    )
    for observation in observations:
        evidence = Evidence(cases[0], order, None, (), (), observation, NOW_MS)
        yield cases_render.evidence(evidence, None, r)


def planned_gift(order_id: int, name: str, note: str, coins: int = 10**9, *, is_anonymous: bool = True) -> PlannedGift:
    """Return a gift that goes out with an order."""
    return PlannedGift(1, order_id, 2, 3, name, "🏮", 99, coins, is_anonymous, channel_id=1, message_id=1, note=note)


def planned_gifts(order: Order, gift: Receipt, receipt: Receipt, name: str, note: str, r: Reader) -> Iterator[Reply]:
    """Yield what a buyer reads about a gift that goes out with `order`, in each way that may end."""
    for flag in (False, True):
        plan = planned_gift(order.order_id, name, note, order.coins, is_anonymous=flag)
        yield orders.waiting(order, Checkout("cs_1", "https://pay.example"), r, plan)
        yield reply(render.cancelled(plan, r))
        unpaid = Settlement(replace(order, state=OrderState.FAILED), None, None, Contact("en-US", "token"))
        yield orders.settled(unpaid, r, plan=plan)
        top_up = TopUp(SaleOffer(Package(1, 1, order.coins, order.price_minor), (), is_prepaid=flag), plan)
        remedy = Remedy((top_ups.button(top_up, r),), top_ups.sentence(top_up, r), note)
        yield failure(NotEnoughCoins(1, order.coins), r, 1, uncharged=True, remedy=remedy)
        for outcome in (GiftOutcome(plan, gift), *(GiftOutcome(replace(plan, lapse=lapse), None) for lapse in Lapse)):
            yield orders.settled(Settlement(order, receipt, None, Contact("en-US", "token"), outcome), r)


def withdrawing(order: Order, receipt: Receipt, r: Reader) -> Iterator[Reply]:
    """Yield what a buyer sees who withdraws from `order`."""
    withdrawal = Withdrawal(order.order_id, order.coins, order.price_minor, order.currency)
    offer = Offer(order, withdrawal, 1, 1, NOW_MS)
    for flag in (True, False):
        yield withdrawing_views.question(offer, r, is_changed=flag)
        yield reply(withdrawing_views.receipt(Withdrawn(order, withdrawal, receipt, is_automatic=flag), r))
