"""The store of payment cases: payments that staff have to decide about. Each is announced and reported once."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select, update

from bot.domain.deadlines import cases_of
from bot.domain.freezes import CaseRef, CaseType
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.orders import Order
from bot.domain.payment_cases import REVISABLE, CaseKind, Outcome, PaymentCase
from bot.domain.receipts import Receipt
from bot.domain.staff_acts import ActKind, StaffAct
from bot.storage.sql.rows import columns_of, insert_new, values_of
from bot.storage.sql.tables import UNANNOUNCED, UNDECIDED, UNREPORTED, orders
from bot.storage.sql.tables import payment_cases as table
from bot.storage.stores import deadlines, freezes, guilds, staff_acts
from bot.storage.stores import orders as order_store

_SELECT = select(*columns_of(table, PaymentCase))


def open_case(c: Connection, case: PaymentCase) -> bool:
    """Insert a case under the next number of its guild; return False if it exists already."""
    guilds.lock(c, case.guild_id)
    last_id = select(func.coalesce(func.max(table.c.case_id), 0)).where(table.c.guild_id == case.guild_id)
    flags = {"announced": int(case.announced), "reported": int(case.reported)}
    values = values_of(case) | flags | {"case_id": c.execute(last_id).scalar_one() + 1}
    is_new = insert_new(c, table, values)
    if is_new:
        deadlines.put(c, cases_of(case.guild_id))
    return is_new


def open_again(c: Connection, case: PaymentCase) -> bool:
    """Insert a case, or reopen one that is decided; return False if it is already open."""
    if open_case(c, case):
        return True
    anew = {"outcome": Outcome.NONE.value, "decided_ms": 0, "decided_by": 0, "announced": 0, "reported": 0}
    anew |= {"opened_ms": case.opened_ms, "amount_minor": case.amount_minor}
    is_decided = table.c.outcome != Outcome.NONE.value
    if c.execute(update(table).where(*_same(case), is_decided).values(anew)).rowcount == 0:
        return False
    deadlines.put(c, cases_of(case.guild_id))
    return True


def undecided(c: Connection, guild_id: int) -> list[PaymentCase]:
    """Return the cases of a guild that staff have not decided about, oldest first."""
    query = _SELECT.where(table.c.guild_id == guild_id, UNDECIDED).order_by(table.c.case_id)
    return [_case(row) for row in c.execute(query)]


def undecided_at(c: Connection, guild_id: int, at_ms: int) -> list[PaymentCase]:
    """Return the cases of a guild that were open at a time, as far as that can be told: one that was decided and opened
    again since counts from then on."""
    was_open = and_(table.c.opened_ms < at_ms, or_(UNDECIDED, table.c.decided_ms >= at_ms))
    query = _SELECT.where(table.c.guild_id == guild_id, was_open).order_by(table.c.case_id)
    return [_case(row) for row in c.execute(query)]


def case(c: Connection, guild_id: int, case_id: int) -> PaymentCase | None:
    """Return one case of a guild, None if there is none."""
    query = _SELECT.where(table.c.guild_id == guild_id, table.c.case_id == case_id)
    return next((_case(row) for row in c.execute(query)), None)


def as_paid(c: Connection, guild_id: int, orders_of_guild: Collection[Order]) -> list[Order]:
    """Return orders with what was paid for each, where staff have added its coins for another amount."""
    query = select(
        table.c.order_id, table.c.provider, table.c.external_id, table.c.amount_minor, table.c.currency
    ).where(
        table.c.guild_id == guild_id,
        table.c.order_id.in_([order.order_id for order in orders_of_guild]),
        table.c.outcome == Outcome.CREDITED.value,
        table.c.amount_minor > 0,
    )
    paid = {tuple(row)[:3]: row for row in c.execute(query)} if orders_of_guild else {}
    keys = ((order, (order.order_id, order.provider, order.external_id)) for order in orders_of_guild)
    return [
        replace(order, price_minor=paid[key].amount_minor, currency=paid[key].currency) if key in paid else order
        for order, key in keys
    ]


def orders_credited_by(c: Connection, guild_id: int, receipts: Collection[Receipt]) -> dict[int, Order]:
    """Return the orders that receipts are about, each with what was paid for it, by the number of the receipt."""
    seqs = {order_facts(receipt)["order"]: receipt.seq for receipt in receipts if receipt.kind == CreditOrder.kind}
    credited = order_store.orders_of(c, {(guild_id, order_id) for order_id in seqs}).values()
    return {seqs[order.order_id]: order for order in as_paid(c, guild_id, credited)}


def decide(c: Connection, case: PaymentCase) -> bool:
    """Record the outcome of a case, who decided, and when; return False if somebody was faster."""
    guilds.lock(c, case.guild_id)
    decision: dict[str, Any] = {
        "outcome": case.outcome.value,
        "decided_ms": case.decided_ms,
        "decided_by": case.decided_by,
    }
    # A member who decides a case knows it.
    decision |= {"announced": 1, "reported": 1}
    # What staff did about a case counts more than that it was closed meanwhile.
    has_done_nothing = case.outcome in {Outcome.CLOSED, Outcome.RESOLVED}
    overruled = {Outcome.NONE} if has_done_nothing else REVISABLE
    is_revisable = table.c.outcome.in_([outcome.value for outcome in overruled])
    same = (*_same(case), is_revisable)
    before = c.execute(select(table.c.case_id, table.c.outcome).where(*same)).one_or_none()
    if before is None:
        return False
    c.execute(update(table).where(*same).values(decision))
    # Some cases are over without anybody's doing.
    if case.decided_by:
        was, now = ({"outcome": outcome} for outcome in (before.outcome, case.outcome.value))
        by, at_ms = case.decided_by, case.decided_ms
        act = StaffAct(by, ActKind.CASE, at_ms, str(before.case_id), before=was, after=now)
        staff_acts.add(c, case.guild_id, act)
    ref = CaseRef(CaseType.PAYMENT, before.case_id)
    freezes.end(c, case.guild_id, ref, by=case.decided_by, now_ms=case.decided_ms)
    return True


def over_limit(c: Connection, order: Order) -> int:
    """Return how many orders of the same member and package are recorded as exceeding the purchase limit."""
    same = (
        orders.c.guild_id == table.c.guild_id,
        orders.c.order_id == table.c.order_id,
        orders.c.member_id == order.member_id,
        orders.c.package_id == order.package_id,
    )
    cases = (table.c.guild_id == order.guild_id, table.c.kind == CaseKind.OVER_LIMIT.value)
    return c.execute(select(func.count()).select_from(table).join(orders, and_(*same)).where(*cases)).scalar_one()


def orders_with(c: Connection, guild_id: int, kind: CaseKind, order_ids: Collection[int]) -> set[int]:
    """Return those of the orders that have a case of this kind."""
    same = (table.c.guild_id == guild_id, table.c.kind == kind.value, table.c.order_id.in_(order_ids))
    return {*c.execute(select(table.c.order_id).where(*same)).scalars()}


def unannounced(c: Connection, guild_id: int) -> list[PaymentCase]:
    """Return the cases of a guild that have not been announced to staff, oldest first."""
    query = _SELECT.where(table.c.guild_id == guild_id, UNANNOUNCED).order_by(table.c.opened_ms)
    return [_case(row) for row in c.execute(query)]


def unreported(c: Connection, guild_id: int) -> list[PaymentCase]:
    """Return the cases of a guild that no member of staff has seen yet, oldest first."""
    query = _SELECT.where(table.c.guild_id == guild_id, UNREPORTED).order_by(table.c.opened_ms, table.c.external_id)
    return [_case(row) for row in c.execute(query)]


def mark_announced(c: Connection, cases: Collection[PaymentCase]) -> None:
    """Record that staff know that these cases exist."""
    for case in cases:
        c.execute(update(table).where(*_same(case)).values(announced=1))


def mark_reported(c: Connection, cases: Collection[PaymentCase]) -> None:
    """Record that a member of staff has seen the details of these cases."""
    # Staff who have seen the details need no announcement any more.
    for case in cases:
        c.execute(update(table).where(*_same(case)).values(announced=1, reported=1))


def _same(case: PaymentCase) -> tuple[ColumnElement[bool], ...]:
    return (
        table.c.guild_id == case.guild_id,
        table.c.provider == case.provider,
        table.c.external_id == case.external_id,
        table.c.kind == case.kind.value,
    )


def _case(row: Row[*tuple[Any, ...]]) -> PaymentCase:
    case = PaymentCase(*row)
    return replace(
        case,
        kind=CaseKind(case.kind),
        announced=bool(case.announced),
        reported=bool(case.reported),
        outcome=Outcome(case.outcome),
    )
