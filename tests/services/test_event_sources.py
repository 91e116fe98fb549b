"""Which Discord event is part of which show: by its id while it is on, whatever becomes of its start."""

import pytest

from bot.domain.live import MOST_MINUTES, LiveEvent, Origin, Source
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from tests.storage.town import GUILD, HOUR, LIVE_CHANNEL, MIA, MINUTE, NOON, Clock, settle_in

START_S = NOON // 1000
LENGTH_S = MOST_MINUTES * 60


@pytest.fixture
async def services(database: Database, clock: Clock) -> Services:
    """The services over books in which Mia is a creator."""
    await database.writer.perform(settle_in)
    return build(database, [], clock)


async def on(services: Services, *, start_s: int = START_S, number: int = 5) -> LiveEvent:
    """Have a Discord event of Mia's be on that starts at `start_s`."""
    source = Source(f"event:{number}:{start_s}", Origin.SCHEDULED, LIVE_CHANNEL, MIA, "Friday")
    return await services.discord_events.opened(GUILD, source)


async def running(services: Services) -> list[LiveEvent]:
    return await services.live.running(GUILD)


@pytest.mark.parametrize("end", ["closed", "cancelled"])
async def test_an_event_ends_under_whatever_start_it_has_had(services: Services, end: str) -> None:
    first = await on(services)
    edited = await on(services, start_s=START_S + 1_800)
    await getattr(services.discord_events, end)(GUILD, "event:5")
    event = (await services.live.of_event(GUILD, first.event_id)).event

    assert edited.event_id == first.event_id
    assert event.closing_ms == NOON if end == "closed" else event.ended_ms == NOON


async def test_another_event_whose_id_begins_alike_ends_nothing(services: Services) -> None:
    await on(services, number=55)
    await services.discord_events.closed(GUILD, "event:5")
    (event,) = await running(services)

    assert event.closing_ms is None


async def test_a_show_that_its_host_ended_does_not_begin_anew_because_the_start_is_edited(
    services: Services, clock: Clock
) -> None:
    first = await on(services)
    clock.now_ms += 2 * LENGTH_S * 1000
    await services.live.end_due(GUILD, first.event_id)
    again = await on(services, start_s=START_S + 1_800)

    assert again.event_id == first.event_id
    assert await running(services) == []


async def test_the_next_time_of_an_event_whose_end_was_never_heard_of_is_another_show(
    services: Services, clock: Clock
) -> None:
    first = await on(services)
    clock.now_ms += 7 * 24 * HOUR
    await services.live.end_due(GUILD, first.event_id)
    following = await on(services, start_s=START_S + 7 * 24 * 3_600)
    await services.discord_events.closed(GUILD, "event:5")
    (event,) = await running(services)

    assert following.event_id != first.event_id
    assert (event.event_id, event.closing_ms) == (following.event_id, clock.now_ms)


async def test_what_is_scheduled_again_is_reconciled_and_what_goes_on_under_another_start_is_not(
    services: Services, clock: Clock
) -> None:
    await on(services)
    await services.discord_events.reconcile(GUILD, [f"event:5:{START_S + 1_800}"])
    (going_on,) = await running(services)
    clock.now_ms += MINUTE
    await services.discord_events.reconcile(GUILD, [])
    (closing,) = await running(services)

    assert going_on.closing_ms is None
    assert closing.closing_ms == clock.now_ms
