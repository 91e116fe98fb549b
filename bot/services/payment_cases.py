"""Payments that staff have to decide about, and whether they know of them."""

import logging
from collections.abc import Callable, Collection

from bot.domain.orders import Order
from bot.domain.payment_cases import PaymentCase, Report
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import orders, packages, payment_cases

log = logging.getLogger(__name__)

OpenCase = Callable[[Connection, Order, PaymentCase], bool]


class PaymentCases:
    """The use-cases of payments that wait for staff."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, case: PaymentCase) -> None:
        """Record a case. The same one again changes nothing."""
        if await self._database.writer.perform(payment_cases.open_case, case):
            _log(case)

    async def open_if(self, open_case: OpenCase, order: Order, case: PaymentCase) -> None:
        """Call `open_case` in a transaction of its own. It returns whether it opened `case`."""
        if await self._database.writer.perform(open_case, order, case):
            _log(case)

    async def unannounced(self, guild_id: int) -> list[PaymentCase]:
        """Return the cases of a guild that its staff do not know of, oldest first."""
        return await self._database.read(payment_cases.unannounced, guild_id)

    async def mark_announced(self, cases: Collection[PaymentCase]) -> None:
        """Note that staff know of these cases, or that no channel of theirs accepts the message."""
        await self._database.writer.perform(payment_cases.mark_announced, cases)

    async def unreported(self, guild_id: int) -> list[Report]:
        """Return the cases that nobody of a guild's staff has looked at."""
        return await self._database.read(_unreported, guild_id)

    async def mark_reported(self, reports: Collection[Report]) -> None:
        """Note that somebody has looked at these."""
        await self._database.writer.perform(payment_cases.mark_reported, [report.case for report in reports])


def _log(case: PaymentCase) -> None:
    log.warning(
        "Payment %s of provider %s needs a review by the staff of guild %s: %s, order %s",
        case.external_id,
        case.provider,
        case.guild_id,
        case.kind,
        case.order_id,
    )


def _unreported(connection: Connection, guild_id: int) -> list[Report]:
    cases = payment_cases.unreported(connection, guild_id)
    order_by_key = orders.orders_of(connection, {(guild_id, case.order_id) for case in cases})
    reports: list[Report] = []
    for case in cases:
        order = order_by_key.get((guild_id, case.order_id))
        package = packages.package(connection, guild_id, order.package_id) if order else None
        reports.append(Report(case, order, package.limit if package else None))
    return reports
