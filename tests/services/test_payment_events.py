"""Payment events: none waits for another, each has its attempts and its end, and no payment is ever written off."""

import logging
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, select

from bot.domain.orders import Reference
from bot.domain.payment_cases import CaseKind
from bot.domain.payment_events import FEWEST_ATTEMPTS
from bot.services import Services
from bot.services.assembly import build
from bot.services.payment_events import LEASE_MS, RETRIES_AT_ONCE
from bot.storage.database import Database
from bot.storage.sql.tables import webhook_events as table
from tests.services.paying import GUILD, Till, order, paid_coins, worked_off
from tests.storage.town import DAY, HOUR, MINUTE, Clock

PAID = b"till-500"


class Event(NamedTuple):
    """Where an event stands; `next_ms` is None once it has its end."""

    attempts: int
    next_ms: int | None
    handled_ms: int | None
    aside_ms: int | None


def _events(c: Connection) -> dict[str, Event]:
    columns = (table.c.external_id, table.c.attempts, table.c.next_ms, table.c.handled_ms, table.c.aside_ms)
    return {external_id: Event(*fields) for external_id, *fields in c.execute(select(*columns))}


async def attempted(services: Services, database: Database, clock: Clock, external_id: str, attempts: int) -> Event:
    """Let the queue run until an event has had so many attempts and waits, or has its end."""

    async def look() -> bool:
        event = (await database.read(_events))[external_id]
        return event.attempts >= attempts and event.next_ms != clock.now_ms + LEASE_MS

    await worked_off(services, look)
    return (await database.read(_events))[external_id]


async def order_paid(services: Services, till: Till) -> None:
    """Have Mia order, and pay at the till; nobody is told yet."""
    await order(services)
    till.becomes("till-500", "paid")


async def tell(services: Services, *external_ids: bytes) -> None:
    """Have the till send an event about each purchase."""
    for external_id in external_ids:
        await services.payment_events.receive("till", {}, external_id)


async def credited(services: Services) -> None:
    """Let the queue run until Mia has her coins."""

    async def look() -> bool:
        return await paid_coins(services) == 70

    await worked_off(services, look)


async def test_a_hundred_events_that_cannot_be_read_delay_no_payment(services: Services, till: Till) -> None:
    strangers = [f"never heard of {number}" for number in range(100)]
    # Half of them are never answered at all.
    till.silent.update(strangers[:30])
    await tell(services, *(stranger.encode() for stranger in strangers))
    await order_paid(services, till)
    await tell(services, PAID)

    await credited(services)


async def test_retries_take_no_place_of_new_events(
    services: Services, till: Till, database: Database, clock: Clock
) -> None:
    strangers = [f"broken {number}" for number in range(40)]
    till.faulty.update(strangers)
    await tell(services, *(stranger.encode() for stranger in strangers))
    for stranger in strangers:
        await attempted(services, database, clock, stranger, 1)
    # From now on they are never answered.
    till.silent.update(strangers)
    clock.now_ms += MINUTE

    await order_paid(services, till)
    await tell(services, PAID)
    count_before = len(till.reads)

    await credited(services)

    assert till.reads.index(PAID.decode(), count_before) - count_before <= RETRIES_AT_ONCE


async def test_an_event_about_an_unknown_purchase_is_tried_with_growing_pauses_and_set_aside(
    services: Services, till: Till, database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await tell(services, b"nobody's")
    pauses: list[int] = []
    event = await attempted(services, database, clock, "nobody's", 1)
    while event.next_ms is not None and len(pauses) < FEWEST_ATTEMPTS:
        pauses.append(event.next_ms - clock.now_ms)
        clock.now_ms = event.next_ms
        event = await attempted(services, database, clock, "nobody's", len(pauses) + 1)

    assert pauses == [2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, 512_000]
    assert event == Event(10, None, None, clock.now_ms)
    assert till.reads == ["nobody's"] * 10
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert "purchase nobody's failed 10 times" in errors[0]


async def test_what_is_set_aside_is_not_tried_after_a_restart_either(
    services: Services, till: Till, database: Database, clock: Clock
) -> None:
    await tell(services, b"nobody's")
    for attempt in range(1, 11):
        await attempted(services, database, clock, "nobody's", attempt)
        clock.now_ms += 10 * MINUTE
    restarted = build(database, [till], clock)
    await tell(restarted, b"nobody's")  # the provider repeats itself
    await order_paid(restarted, till)
    await tell(restarted, PAID)
    await credited(restarted)
    await restarted.payment_events.stop()

    assert till.reads.count("nobody's") == 10


async def test_attempts_are_counted_over_restarts(
    services: Services, till: Till, database: Database, clock: Clock
) -> None:
    await tell(services, b"nobody's")
    await attempted(services, database, clock, "nobody's", 1)
    restarted = build(database, [till], clock)
    clock.now_ms += MINUTE
    event = await attempted(restarted, database, clock, "nobody's", 2)
    await restarted.payment_events.stop()

    assert event.attempts == 2
    assert event.next_ms == clock.now_ms + 4_000


async def test_a_provider_that_is_away_for_two_days_settles_then(
    services: Services, till: Till, database: Database, clock: Clock
) -> None:
    await order_paid(services, till)
    till.faulty.add("till-500")
    await tell(services, PAID)
    attempts = 0
    start_ms = clock.now_ms
    while clock.now_ms < start_ms + 2 * DAY:
        attempts += 1
        event = await attempted(services, database, clock, "till-500", attempts)
        assert event.next_ms is not None
        # Some hours at a time: attempts may come later than they are due.
        clock.now_ms = max(event.next_ms, clock.now_ms + 3 * HOUR)
    till.faulty.clear()

    await credited(services)


async def test_a_provider_that_fails_for_three_days_has_its_event_set_aside(
    services: Services, till: Till, database: Database, clock: Clock
) -> None:
    till.faulty.add("till-500")
    await tell(services, PAID)
    clock.now_ms += 4 * DAY
    attempts = 1
    # The bot was off: an old event has all its attempts, too.
    while (event := await attempted(services, database, clock, "till-500", attempts)).next_ms is not None:
        attempts += 1
        clock.now_ms = event.next_ms

    assert attempts == 10
    assert event.aside_ms == clock.now_ms


async def test_a_payment_that_nobody_could_read_is_one_case_for_staff_and_still_credited_once_it_can_be_read(
    services: Services, till: Till, database: Database, clock: Clock
) -> None:
    await order_paid(services, till)
    till.faulty.add("till-500")
    await tell(services, PAID)
    clock.now_ms += 4 * DAY
    for attempts in range(1, 10):
        event = await attempted(services, database, clock, "till-500", attempts)
        assert event.next_ms is not None
        clock.now_ms = event.next_ms
    before = await services.payment_cases.undecided(GUILD)
    await attempted(services, database, clock, "till-500", 10)
    (report,) = await services.payment_cases.undecided(GUILD)
    till.faulty.clear()
    await services.payment_events.reconcile(0)

    assert before == []
    assert (report.case.kind, report.case.order_id, report.case.amount_minor) == (CaseKind.UNREADABLE, 500, 0)
    assert not report.is_creditable
    assert not services.payment_cases.can_return(report)
    assert await paid_coins(services) == 70


async def test_a_payment_told_while_the_books_are_closed_is_credited_once_they_open(
    address: str, till: Till, clock: Clock
) -> None:
    database = await Database.open(address, clock=clock)
    services = build(database, [till], clock)
    await services.guilds.welcome(GUILD)
    await order_paid(services, till)
    database.writer.stop_money()
    await tell(services, PAID)
    event = await attempted(services, database, clock, "till-500", 1)
    await services.payment_events.stop()
    await database.close()
    assert event.next_ms is not None
    clock.now_ms = event.next_ms

    database = await Database.open(address, clock=clock)
    services = build(database, [till], clock)
    await credited(services)
    await services.payment_events.stop()
    await database.close()


async def test_a_payment_that_no_webhook_told_is_found_and_credited_once(services: Services, till: Till) -> None:
    await order_paid(services, till)

    for _ in range(2):
        await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 70


async def test_a_purchase_that_cannot_be_read_hides_no_other_from_a_look_at_all(
    services: Services, till: Till, database: Database
) -> None:
    await order(services, order_id=400, member_id=12)
    till.becomes("till-400", "paid")
    till.faulty.add("till-400")
    await order_paid(services, till)

    for _ in range(3):
        await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 70
    assert [*await database.read(_events)] == ["till-400"]


async def test_money_for_no_order_of_ours_is_told_once(
    services: Services, till: Till, database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await order_paid(services, till)
    till.becomes("till-500", "paid", reference=Reference(8, 4711))
    for _ in range(3):
        await services.payment_events.reconcile(0)
        await attempted(services, database, clock, "till-500", 1)
        clock.now_ms += 10 * MINUTE

    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(errors) == 1
    assert "8-4711" in errors[0]
