"""A process dies anywhere in a settlement, or another is faster: the books are the same, and buyers are told once.

What a death within a single command or statement leaves is the matter of tests/faults.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, NamedTuple

import pytest

from bot.domain.errors import Busy
from bot.domain.order_states import OrderState
from bot.domain.orders import Dispute, DisputeStatus, Observation, PaymentStatus, Reference
from bot.domain.payment_cases import CaseKind, Outcome
from bot.domain.staff_errors import CaseDecided
from bot.services import Services
from bot.services.notices import Notices
from bot.services.payment_cases import PaymentCases
from bot.services.planned_gifts import PlannedGifts
from bot.services.settlements import Settlement, Settlements
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import orders
from tests.services.interrupting import Death, InterruptedTill, Places, die, interrupted
from tests.services.paying import GUILD, order, paid_coins
from tests.services.planning import KAI, STAFF, plan
from tests.storage.town import Clock
from tests.thoroughness import by_thoroughness

MOST_PLACES = 60
on_enough_databases = pytest.mark.databases(
    *by_thoroughness(quick=("sqlite",), full=("sqlite",), long=("sqlite", "postgresql"))
)
"""It happens between calls of the writer. That each call is all or nothing, on both, is tried in tests/faults."""
WHILE_TELLING = {"after save", "before the buyer is told", "before mark_seen"}
OPEN, WON = ((Dispute("dp_1", DisputeStatus(status), 66),) for status in ("open", "won"))


class Scene(NamedTuple):
    """What was settled before, and what is settled when it happens: changes to a payment of the right amount."""

    before: Sequence[dict[str, Any]]
    changes: dict[str, Any]
    has_gift: bool = False


SCENES = {
    "credit": Scene([], {}),
    "credit and gift": Scene([], {}, has_gift=True),
    "refunded before": Scene([], {"refunded_minor": 33}),
    "refund": Scene([{}], {"refunded_minor": 33}),
    "dispute": Scene([{}], {"disputes": OPEN}),
    "dispute beside a refund": Scene([{}, {"disputes": OPEN}], {"disputes": OPEN, "refunded_minor": 33}),
    "won": Scene([{}, {"disputes": OPEN}], {"disputes": WON, "refunded_minor": 33}),
    "second payment": Scene([{"refunded_minor": 33}], {"external_id": "again"}),
    "another amount": Scene([], {"amount_minor": 50}),
    "failed refund": Scene([{"refunded_minor": 33}], {}),
}


class Books(NamedTuple):
    """What a settlement leaves behind."""

    coins: int
    rows: int
    states: list[OrderState]
    cases: list[CaseKind]


@dataclass
class Process:
    """A process that settles, and notes what the buyer is told."""

    database: Database
    clock: Clock
    places: Places = field(default_factory=Places)
    news: list[tuple[int, OrderState]] = field(default_factory=list[tuple[int, OrderState]])

    async def settle(self, observation: Observation) -> None:
        books, till = interrupted(self.database, self.places), InterruptedTill(places=self.places)
        gifts = PlannedGifts(books, self.clock)
        cases = PaymentCases(books, self.clock, [till], gifts)
        settlements = Settlements(books, self.clock, [till], cases, gifts, Notices(books, self.clock).expect)
        settlements.on_settled(self.hear)
        await settlements.settle(observation)

    async def hear(self, settlement: Settlement) -> None:
        await self.places.pass_by("before the buyer is told")
        self.news.append((settlement.order.order_id, settlement.order.state))


def observation(number: int, changes: dict[str, Any]) -> Observation:
    external_id = f"till-{number}"
    if "external_id" in changes:
        changes = changes | {"external_id": f"{changes['external_id']}-{number}"}
    payment = Observation("till", external_id, Reference(GUILD, number), PaymentStatus.PAID, 99, "USD", live=False)
    return replace(payment, **changes)


def _states(connection: Connection, external_ids: Sequence[str]) -> list[OrderState]:
    return [
        order.state for external_id in external_ids for order in orders.at_checkout(connection, "till", external_id)
    ]


async def left_behind(services: Services, database: Database, number: int, rows_before: int) -> Books:
    """Return what the settlement of one order has left behind."""
    wallet = (await services.wallets.overview(GUILD, number)).wallet
    head = await database.read(journal.head, GUILD)
    cases = [report.case for report in await services.payment_cases.undecided(GUILD)]
    return Books(
        wallet.paid + wallet.test,
        head.seq - rows_before,
        await database.read(_states, [f"till-{number}", f"again-{number}"]),
        [case.kind for case in cases if case.order_id == number],
    )


async def prepared(process: Process, services: Services, number: int, scene: Scene) -> int:
    """Open an order of a buyer of its own, settle what came before, and return the journal's last row."""
    if scene.has_gift:
        await plan(services, number, sender_id=number, note="for you")
    else:
        await order(services, number, member_id=number)
    for changes in scene.before:
        await process.settle(observation(number, changes))
    process.news.clear()
    process.places.count = 0
    return (await process.database.read(journal.head, GUILD)).seq


@on_enough_databases
@pytest.mark.parametrize("name", SCENES)
async def test_a_settlement_that_died_anywhere_is_completed_by_the_next_process(
    services: Services, database: Database, clock: Clock, name: str
) -> None:
    scene, baseline, at = SCENES[name], None, 0
    await services.creators.approve(GUILD, KAI, STAFF, is_bot=False)
    for at in range(MOST_PLACES):
        process, number = Process(database, clock), 1_000 + at
        rows = await prepared(process, services, number, scene)
        process.places.at, process.places.happen = at, die
        last = observation(number, scene.changes)
        if at:
            try:
                await process.settle(last)
            except Death:
                pass
            else:
                break
        await Process(database, clock, news=process.news).settle(last)

        books = await left_behind(services, database, number, rows)
        told_states = [state for _, state in process.news]
        baseline = baseline or (books, told_states)
        assert books == baseline[0], process.places.struck
        # Only who dies after telling, and before noting that, tells once more.
        is_repeated = process.places.struck == "before mark_seen" and len(told_states) > len(baseline[1])
        assert told_states[is_repeated:] == baseline[1], process.places.struck
    assert 3 < at < MOST_PLACES - 1


@on_enough_databases
@pytest.mark.parametrize("name", SCENES)
@pytest.mark.parametrize("fresh", [None, {"refunded_minor": 66}], ids=["same report", "newer report"])
async def test_a_process_that_is_overtaken_anywhere_leaves_what_the_newest_report_says(
    services: Services, database: Database, clock: Clock, name: str, fresh: dict[str, Any] | None
) -> None:
    scene, baseline, at = SCENES[name], None, 0
    await services.creators.approve(GUILD, KAI, STAFF, is_bot=False)
    for at in range(MOST_PLACES):
        process, rival, number = Process(database, clock), Process(database, clock), 1_000 + at
        rows = await prepared(process, services, number, scene)
        newest = observation(number, scene.changes | (fresh or {}))
        process.places.at, process.places.happen = at, partial(rival.settle, newest)
        if at:
            try:
                await process.settle(observation(number, scene.changes))
            except Busy:
                # The provider is asked anew.
                await Process(database, clock).settle(newest)
            if not process.places.struck:
                break
        else:
            await rival.settle(newest)

        books = await left_behind(services, database, number, rows)
        news = [*process.news, *rival.news]
        states = {state for _, state in news}
        baseline = baseline or (books, states)
        # A newer report may find coins that the older one has credited, and take them in a row more. The older one may
        # have opened a case.
        newest_books = baseline[0]._replace(rows=books.rows, cases=books.cases)
        if scene.has_gift and fresh is not None:
            # A gift that went out before its payment was refunded stays out.
            newest_books = newest_books._replace(coins=books.coins)
        assert books == newest_books, process.places.struck
        assert {*books.cases} >= {*baseline[0].cases}, process.places.struck
        if fresh is None:
            assert (books, states) == baseline, process.places.struck
            # Both tell only if the first was overtaken while it told.
            assert len(news) == len(states) or process.places.struck in WHILE_TELLING, process.places.struck
    assert 3 < at < MOST_PLACES - 1


async def decide(cases: PaymentCases, deed: str, case_id: int, who: int, decisions: list[int]) -> None:
    """Decide about a case, unless somebody has, and note who did."""
    with suppress(CaseDecided):
        await getattr(cases, deed)(GUILD, case_id, who)
        decisions.append(who)


@on_enough_databases
@pytest.mark.parametrize("deed", ["credit", "close", "send_back"])
@pytest.mark.parametrize("rival_deed", ["credit", "close", "send_back"])
async def test_of_two_treasurers_one_decides_and_nothing_is_done_twice(
    services: Services, database: Database, clock: Clock, deed: str, rival_deed: str
) -> None:
    at = 0
    for at in range(1, MOST_PLACES):
        number, places, till = 1_000 + at, Places(at), InterruptedTill()
        await order(services, number, member_id=number)
        payment = observation(number, {"amount_minor": 50})
        till.purchases[payment.external_id] = payment
        await Process(database, clock).settle(payment)
        (report,) = [
            report for report in await services.payment_cases.undecided(GUILD) if report.case.order_id == number
        ]
        decisions: list[int] = []
        case_id = report.case.case_id

        gifts = PlannedGifts(database, clock)
        rival_cases = PaymentCases(database, clock, [till], gifts)
        places.happen = partial(decide, rival_cases, rival_deed, case_id, 14, decisions)
        cases = PaymentCases(interrupted(database, places), clock, [till], gifts)
        await decide(cases, deed, case_id, 13, decisions)
        if not places.struck:
            break

        case = (await services.payment_cases.find(GUILD, case_id)).case
        coins = await paid_coins(services, number)
        assert case.decided_by in decisions
        # Only a case that was closed while something was done about it is decided twice: what was done counts.
        assert len(decisions) == 1 or ("close" in {deed, rival_deed} and case.outcome is not Outcome.CLOSED)
        assert coins in ({0, 70} if "credit" in {deed, rival_deed} else {0})
        assert sum(till.refunds.values()) in {0, 50}
        assert case.outcome is not Outcome.CREDITED or coins == 70
        assert case.outcome is not Outcome.RETURNED or till.refunds
        assert case.outcome is not Outcome.CLOSED or (coins, till.refunds) == (0, {})
    assert at > 2
