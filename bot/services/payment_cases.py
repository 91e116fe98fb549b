"""Payments that staff have to decide about, and whether they know of them."""

import contextlib
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from bot.domain.buying_errors import ProviderDown
from bot.domain.errors import BooksClosed, Busy, NotFound
from bot.domain.ledger.order import CreditOrder
from bot.domain.order_states import CREDITED
from bot.domain.orders import Observation, Order
from bot.domain.payment_cases import Outcome, PaymentCase, Report
from bot.domain.receipts import Receipt
from bot.domain.staff_errors import CaseDecided, OwnCase
from bot.payments.provider import Capability, Provider, ProviderError
from bot.services.planned_gifts import PlannedGifts
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import claim_codes, orders, packages, payment_cases

log = logging.getLogger(__name__)

OpenCase = Callable[[Connection, Order, PaymentCase], bool]


class PaymentCases:
    """The use-cases of payments that wait for staff."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        providers: Sequence[Provider],
        planned_gifts: PlannedGifts,
    ) -> None:
        self._database = database
        self._clock = clock
        self._planned_gifts = planned_gifts
        self._refunding = {
            provider.name: provider for provider in providers if Capability.REFUND in provider.capabilities
        }

    async def open(self, case: PaymentCase) -> None:
        """Record a case. The same one again changes nothing."""
        if await self._database.writer.perform(payment_cases.open_case, case):
            _log(case)

    async def open_again(self, case: PaymentCase) -> None:
        """Record a case, or reopen it if it was decided. An open case stays as it is."""
        if await self._database.writer.perform(payment_cases.open_again, case):
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

    async def undecided(self, guild_id: int) -> list[Report]:
        """Return the cases that staff have not decided about, oldest first."""
        return await self._database.read(_undecided, guild_id)

    async def find(self, guild_id: int, case_id: int) -> Report:
        """Return one case; raise NotFound."""
        return await self._database.read(_report, guild_id, case_id)

    def can_return(self, report: Report) -> bool:
        """Whether the payment of a case can be sent back from here."""
        return report.is_returnable and report.case.provider in self._refunding

    async def credit(self, guild_id: int, case_id: int, by: int) -> tuple[Report, Receipt]:
        """Add the coins of the order of a case, send the gift that was planned with it, and close the case.

        Return the case and the receipt of the coins. May be repeated. Raises NotFound, CaseDecided, OwnCase, and what
        crediting an order raises.
        """
        report = await self._open_report(guild_id, case_id, by)
        order = report.order
        external_id = report.case.external_id
        # A process may have died, or another may be at it, after the coins were added and before the case was closed.
        if order is None or not (
            report.is_creditable or (order.state in CREDITED and order.external_id == external_id)
        ):
            raise NotFound("order")
        command = CreditOrder(guild_id, order.key, order.order_id, order.member_id, external_id)
        receipt = await self._database.writer.submit(command)
        if not receipt.replayed:
            # The buyer hears of it with the next report of the payment. Where that is late, the gift is not.
            with contextlib.suppress(Busy, BooksClosed):
                await self._planned_gifts.send(order)
        return await self._decide(report, Outcome.CREDITED, by), receipt

    async def send_back(self, guild_id: int, case_id: int, by: int) -> Report:
        """Send back what is left of the payment of a case, and close the case. Coins follow once that is reported.

        May be repeated. Raises NotFound, CaseDecided, OwnCase, ProviderDown.
        """
        report = await self._open_report(guild_id, case_id, by)
        if not self.can_return(report):
            raise NotFound("payment")
        case = report.case
        try:
            await self._refund_rest(case)
        except ProviderError as error:
            log.warning("The payment of case %s of guild %s could not be sent back: %s", case_id, guild_id, error)
            raise ProviderDown(case.provider) from error
        return await self._decide(report, Outcome.RETURNED, by)

    async def _refund_rest(self, case: PaymentCase) -> None:
        """Send back what has not gone back yet, as the provider says: the books may not know of a refund yet."""
        provider = self._refunding[case.provider]
        payment = await provider.read(case.external_id)
        refunded_minor = payment.refunded_minor if isinstance(payment, Observation) else 0
        left_minor = case.amount_minor - refunded_minor
        if left_minor > 0:
            # A provider refuses the same key with another amount, and never sends more back than was paid.
            key = f"case:{case.guild_id}:{case.case_id}:{left_minor}"
            await provider.refund(case.external_id, left_minor, key)

    async def close(self, guild_id: int, case_id: int, by: int) -> Report:
        """Close a case that needs nothing more. Raises NotFound, CaseDecided or OwnCase."""
        return await self._decide(await self._open_report(guild_id, case_id, by), Outcome.CLOSED, by)

    async def resolve(self, case: PaymentCase) -> None:
        """Close a case of a dispute that the bank has decided about, if it is still open."""
        resolved_case = replace(case, outcome=Outcome.RESOLVED, decided_ms=self._clock())
        if await self._database.writer.perform(payment_cases.decide, resolved_case):
            log.info("The dispute of payment %s in guild %s is over", case.external_id, case.guild_id)

    async def _open_report(self, guild_id: int, case_id: int, by: int) -> Report:
        report = await self.find(guild_id, case_id)
        if report.concerns(by):
            raise OwnCase
        if report.case.outcome is not Outcome.NONE:
            raise CaseDecided(case_id)
        return report

    async def _decide(self, report: Report, outcome: Outcome, by: int) -> Report:
        case = replace(report.case, outcome=outcome, decided_ms=self._clock(), decided_by=by)
        if not await self._database.writer.perform(payment_cases.decide, case):
            raise CaseDecided(case.case_id)
        log.info("Case %s of guild %s was decided by member %s: %s", case.case_id, case.guild_id, by, outcome)
        return replace(report, case=case)


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
    return _reports(connection, guild_id, payment_cases.unreported(connection, guild_id))


def _undecided(connection: Connection, guild_id: int) -> list[Report]:
    return _reports(connection, guild_id, payment_cases.undecided(connection, guild_id))


def _report(connection: Connection, guild_id: int, case_id: int) -> Report:
    case = payment_cases.case(connection, guild_id, case_id)
    if case is None:
        raise NotFound("case")
    return _reports(connection, guild_id, [case])[0]


def _reports(connection: Connection, guild_id: int, cases: Sequence[PaymentCase]) -> list[Report]:
    order_by_key = orders.orders_of(connection, {(guild_id, case.order_id) for case in cases})
    reports: list[Report] = []
    for case in cases:
        order = order_by_key.get((guild_id, case.order_id))
        package = packages.package(connection, guild_id, order.package_id) if order else None
        code = claim_codes.code_of(connection, guild_id, case.order_id) or ""
        reports.append(Report(case, order, package.limit if package else None, code))
    return reports
