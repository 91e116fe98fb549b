"""Payments that staff have to know of: kept until there is a decision, and told of once."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, select, update

from bot.domain.orders import Order
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.storage.rows import columns_of, insert_new, values_of
from bot.storage.tables import UNANNOUNCED, UNREPORTED, orders
from bot.storage.tables import payment_cases as table

_SELECT = select(*columns_of(table, PaymentCase))


def open_case(c: Connection, case: PaymentCase) -> bool:
    """Keep a case; return False if it is there already."""
    values = values_of(case) | {"announced": int(case.announced), "reported": int(case.reported)}
    return insert_new(c, table, values)


def over_limit(c: Connection, of: Order) -> int:
    """Return how many orders of the same member and package are known to be more than the guild allows."""
    same = (
        orders.c.guild_id == table.c.guild_id,
        orders.c.order_id == table.c.order_id,
        orders.c.member_id == of.member_id,
        orders.c.package_id == of.package_id,
    )
    cases = (table.c.guild_id == of.guild_id, table.c.kind == CaseKind.OVER_LIMIT.value)
    return c.execute(select(func.count()).select_from(table).join(orders, and_(*same)).where(*cases)).scalar_one()


def unannounced(c: Connection) -> dict[int, list[PaymentCase]]:
    """Return the cases that staff do not know of, by guild."""
    cases: dict[int, list[PaymentCase]] = {}
    for row in c.execute(_SELECT.where(UNANNOUNCED).order_by(table.c.guild_id, table.c.opened_ms)):
        case = _case(row)
        cases.setdefault(case.guild_id, []).append(case)
    return cases


def unreported(c: Connection, guild_id: int) -> list[PaymentCase]:
    """Return the cases of a guild that nobody has seen yet, the oldest first."""
    query = _SELECT.where(table.c.guild_id == guild_id, UNREPORTED).order_by(table.c.opened_ms, table.c.external_id)
    return [_case(row) for row in c.execute(query)]


def mark_announced(c: Connection, cases: Collection[PaymentCase]) -> None:
    """Note that staff know there are these."""
    for case in cases:
        c.execute(update(table).where(*_same(case)).values(announced=1))


def mark_reported(c: Connection, cases: Collection[PaymentCase]) -> None:
    """Note that somebody has seen what these are."""
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
    *facts, announced, reported = row
    case = PaymentCase(*facts)
    return replace(case, kind=CaseKind(case.kind), announced=bool(announced), reported=bool(reported))
