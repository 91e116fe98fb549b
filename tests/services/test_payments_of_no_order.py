"""Payments that name no order of a guild: staff are told of those to their own account, the operator of the others."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.noted_payments import NO_ORDER
from bot.domain.orders import Observation, Order, PaymentStatus, Reference
from bot.domain.payment_cases import CaseKind, Report
from bot.domain.prompts import Checkout
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.stores import payment_events
from tests.services.paying import GUILD, Till, order, paid_coins
from tests.services.test_payment_events import attempted, tell
from tests.storage.town import DAY, Clock

OTHER_GUILD = 8
ACCOUNT, OTHER_ACCOUNT = "acct_7", "acct_8"


class Branches(Till):
    """A provider at which each guild sets up an account of its own, which is part of a purchase's id."""

    async def start(self, order: Order, account: str) -> Checkout:
        checkout = await super().start(order, account)
        external_id = f"{account}/{checkout.external_id}"
        self.purchases[external_id] = replace(self.purchases.pop(checkout.external_id), external_id=external_id)
        return Checkout(external_id, checkout.url)

    async def onboard(self, guild_id: int, account: str) -> tuple[str, str]:
        return account or f"acct_{guild_id}", "https://branches.example/setup"

    async def is_ready(self, account: str) -> bool:
        return True

    def is_paid(self, external_id: str, reference: Reference | None) -> None:
        """Have somebody pay the price of a package."""
        self.purchases[external_id] = Observation(
            self.name, external_id, reference, PaymentStatus.PAID, 99, "USD", live=False
        )


@pytest.fixture
def branches() -> Branches:
    return Branches(name="branches", needs_account=True, is_default=False)


@pytest.fixture
async def shops(database: Database, clock: Clock, till: Till, branches: Branches) -> AsyncIterator[Services]:
    """Two guilds: both sell at one till, and each at its own branch."""
    services = build(database, [till, branches], clock)
    for guild_id, account in ((GUILD, ACCOUNT), (OTHER_GUILD, OTHER_ACCOUNT)):
        await services.guilds.welcome(guild_id)
        await services.guild_providers.connect(guild_id, "branches", account)
    yield services
    await services.payment_events.stop()


async def reports(services: Services, guild_id: int = GUILD) -> list[Report]:
    return await services.payment_cases.undecided(guild_id)


async def cases(services: Services, guild_id: int = GUILD) -> list[tuple[CaseKind, str, int]]:
    """Return the open cases of a guild: what they are, about which payment, and about which order."""
    open_cases = [report.case for report in await reports(services, guild_id)]
    return [(case.kind, case.external_id, case.order_id) for case in open_cases]


async def given_up(services: Services, database: Database, clock: Clock, external_id: str) -> None:
    """Have the queue try an event until it is set aside."""
    clock.now_ms += 4 * DAY
    attempts = 1
    while (event := await attempted(services, database, clock, external_id, attempts)).next_ms is not None:
        attempts += 1
        clock.now_ms = event.next_ms


async def unsettled(database: Database) -> tuple[int, list[tuple[str, str]]]:
    """Return the purchases that the operator is told to look up."""
    return await database.read(payment_events.without_case, 0, 3)


async def test_events_that_name_only_the_payment_are_one_case_of_its_order(
    shops: Services, till: Till, database: Database, clock: Clock
) -> None:
    await order(shops)
    till.becomes("till-500", "paid", other_ids=("pi_1", "ch_1"))
    await shops.payment_events.reconcile(0)
    till.faulty.update({"pi_1", "ch_1"})
    for name in ("pi_1", "ch_1"):
        await shops.payment_events.receive("till", {}, name.encode())
        await given_up(shops, database, clock, name)

    assert await paid_coins(shops) == 70
    assert await cases(shops) == [(CaseKind.UNREADABLE, "till-500", 500)]
    assert await cases(shops, OTHER_GUILD) == []
    assert await unsettled(database) == (0, [])


async def test_what_names_nothing_that_anybody_knows_is_the_operators(
    shops: Services, till: Till, database: Database, clock: Clock
) -> None:
    await order(shops)
    till.becomes("till-500", "paid", other_ids=("pi_1",))
    await shops.payment_events.reconcile(0)
    till.faulty.add("pi_2")
    await tell(shops, b"pi_2")
    await given_up(shops, database, clock, "pi_2")

    assert await cases(shops) == await cases(shops, OTHER_GUILD) == []
    assert await unsettled(database) == (1, [("till", "pi_2")])


async def test_what_came_to_a_guilds_own_account_is_its_case_also_if_no_order_is_known(
    shops: Services, branches: Branches, database: Database, clock: Clock
) -> None:
    branches.faulty.add("acct_8/pi_2")
    await shops.payment_events.receive("branches", {}, b"acct_8/pi_2")
    await given_up(shops, database, clock, "acct_8/pi_2")

    assert await cases(shops) == []
    assert await cases(shops, OTHER_GUILD) == [(CaseKind.UNREADABLE, "acct_8/pi_2", NO_ORDER)]
    assert await unsettled(database) == (0, [])


@pytest.mark.parametrize("reference", [Reference(OTHER_GUILD, 4711), Reference(12_345, 4711), None], ids=str)
async def test_a_payment_at_a_guilds_account_for_no_order_of_its_own_is_told_to_its_staff_alone(
    shops: Services, branches: Branches, database: Database, reference: Reference | None
) -> None:
    branches.is_paid("acct_7/cs_1", reference)
    for _ in range(2):
        await shops.payment_events.reconcile(0)
    (report,) = await reports(shops)

    assert await cases(shops) == [(CaseKind.ELSEWHERE, "acct_7/cs_1", NO_ORDER)]
    assert (report.case.amount_minor, report.case.currency) == (99, "USD")
    assert not report.is_creditable
    assert shops.payment_cases.can_return(report)
    assert await cases(shops, OTHER_GUILD) == []
    assert await unsettled(database) == (0, [])


async def test_a_payment_at_a_guilds_account_for_an_order_that_it_does_not_have_names_the_order(
    shops: Services, branches: Branches
) -> None:
    branches.is_paid("acct_7/cs_1", Reference(GUILD, 4711))
    await shops.payment_events.reconcile(0)

    assert await cases(shops) == [(CaseKind.NO_ORDER, "acct_7/cs_1", 4711)]
    assert await cases(shops, OTHER_GUILD) == []


async def test_an_order_that_is_paid_at_its_guilds_account_is_credited(shops: Services, branches: Branches) -> None:
    await order(shops, provider="branches")
    branches.becomes("acct_7/till-500", "paid")
    await shops.payment_events.reconcile(0)

    assert await paid_coins(shops) == 70
    assert await cases(shops) == []
