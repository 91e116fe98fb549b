"""Webhooks that no longer arrive are noticed: payments that only asking found are counted, and told to operators."""

import logging

import pytest

from bot.domain.settlement_counts import SettlementCount
from bot.payments.provider import Capability
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.stores import settlement_counts
from tests.services.paying import Till, order, paid_coins, worked_off
from tests.storage.town import Clock

MEMBERS = range(20, 30)


async def pay(services: Services, till: Till, member_id: int) -> bytes:
    """Have a member buy a package and pay for it; return the id of the purchase. No webhook is sent."""
    opened = await order(services, order_id=400 + member_id, member_id=member_id)
    till.becomes(opened.order.external_id, "paid")
    return opened.order.external_id.encode()


async def find_by_asking(services: Services, till: Till, *member_ids: int) -> None:
    """Have members pay, and settle what the till says when it is asked."""
    for member_id in member_ids:
        await pay(services, till, member_id)
        await services.payment_events.reconcile(0)


async def settle_by_webhook(services: Services, till: Till, member_id: int) -> None:
    """Have a member pay, and the till tell of it."""
    await services.payment_events.receive("till", {}, await pay(services, till, member_id))

    async def has_coins() -> bool:
        return await paid_coins(services, member_id) == 70

    await worked_off(services, has_coins)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if "No webhook of provider" in record.getMessage()]


@pytest.fixture
async def awake(services: Services) -> Services:
    """Services that have asked providers once, for what had happened while nothing ran."""
    await services.payment_events.reconcile(0)
    return services


async def test_three_payments_in_a_row_without_a_webhook_are_told_to_operators_once(
    awake: Services, till: Till, caplog: pytest.LogCaptureFixture
) -> None:
    await find_by_asking(awake, till, *MEMBERS[:2])
    before = (awake.webhook_watch.silent, warnings(caplog))
    await find_by_asking(awake, till, *MEMBERS[2:5])

    assert before == ([], [])
    assert awake.webhook_watch.silent == ["till"]
    assert len(warnings(caplog)) == 1
    assert "No webhook of provider till told of its last 3 payments" in warnings(caplog)[0]


async def test_the_next_webhook_ends_the_silence_whatever_it_is_about(
    awake: Services, till: Till, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await find_by_asking(awake, till, *MEMBERS[:3])
    await awake.payment_events.receive("till", {}, b"nobody's")

    assert awake.webhook_watch.silent == []
    assert "Webhooks of provider till arrive again" in caplog.text
    assert await database.read(settlement_counts.counts) == [SettlementCount("till", by_reconcile=3)]


async def test_a_webhook_between_them_begins_the_row_anew(awake: Services, till: Till, database: Database) -> None:
    await find_by_asking(awake, till, *MEMBERS[:2])
    await settle_by_webhook(awake, till, MEMBERS[2])
    await find_by_asking(awake, till, *MEMBERS[3:5])

    assert awake.webhook_watch.silent == []
    assert await database.read(settlement_counts.counts) == [SettlementCount("till", 1, 4, 2)]


async def test_what_was_paid_while_the_bot_was_away_says_nothing_about_webhooks(services: Services, till: Till) -> None:
    for member_id in MEMBERS:
        await pay(services, till, member_id)
    await services.payment_events.reconcile(0)

    assert await paid_coins(services, MEMBERS[0]) == 70
    assert services.webhook_watch.silent == []


async def test_a_payment_that_is_asked_for_again_and_again_counts_once(awake: Services, till: Till) -> None:
    await find_by_asking(awake, till, MEMBERS[0])
    for _ in range(5):
        await awake.payment_events.reconcile(0)

    assert awake.webhook_watch.silent == []


async def test_a_payment_that_asking_found_and_a_retry_settled_counts_as_found_by_asking(
    awake: Services, till: Till, database: Database
) -> None:
    external_id = (await pay(awake, till, MEMBERS[0])).decode()
    till.faulty.add(external_id)
    await awake.payment_events.reconcile(0)
    till.faulty.clear()

    async def has_coins() -> bool:
        return await paid_coins(awake, MEMBERS[0]) == 70

    await worked_off(awake, has_coins)

    async def is_counted() -> bool:
        return await database.read(settlement_counts.counts) == [SettlementCount("till", 0, 1, 1)]

    await worked_off(awake, is_counted)


async def test_silence_outlives_the_process_and_is_known_to_all_of_them(
    awake: Services, till: Till, database: Database, clock: Clock
) -> None:
    await find_by_asking(awake, till, *MEMBERS[:3])
    other = build(database, [till], clock)
    await other.webhook_watch.load()
    in_the_other = other.webhook_watch.silent
    await other.payment_events.receive("till", {}, b"nobody's")
    await awake.webhook_watch.load()

    assert in_the_other == ["till"]
    assert awake.webhook_watch.silent == []


@pytest.mark.usefixtures("services")
async def test_a_provider_without_a_webhook_is_never_silent(database: Database, clock: Clock) -> None:
    till = Till(capabilities=frozenset(Till().capabilities - {Capability.WEBHOOK}))
    services = build(database, [till], clock)
    await services.payment_events.reconcile(0)
    await find_by_asking(services, till, *MEMBERS[:4])

    assert services.webhook_watch.silent == []
    assert await database.read(settlement_counts.counts) == []
