"""Recurring events: as in Discord, the end of an occurrence schedules the event again and never completes it."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sandbox.discord import recurrence
from sandbox.discord.ids import iso, parse_iso
from sandbox.discord.model import Channel, EventStatus
from sandbox.discord.recurrence import Frequency, next_start, rule
from tests.sandbox.test_events import allow_everything, outside
from tests.sandbox.wire import Place, Socket

DAY, WEEK = 86_400, 7 * 86_400


@pytest.fixture
def events(place: Place) -> str:
    return allow_everything(place)


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def dates(of: dict[str, Any], start: str, count: int) -> list[str]:
    moment, days = at(start), list[str]()
    for _ in range(count):
        moment = next_start(of, moment, moment)
        days.append(datetime.fromtimestamp(moment, UTC).date().isoformat())
    return days


def test_rules_say_when_an_event_happens_next() -> None:
    start = "2026-11-27T20:00"  # the fourth Friday of the month
    days = rule(Frequency.DAILY, at(start), by_weekday=[0, 1, 2, 3, 4])
    weeks = recurrence.weekly(at(start)) | {"interval": 2}
    months = rule(Frequency.MONTHLY, at(start), by_n_weekday=[{"n": 4, "day": 4}])
    years = rule(Frequency.YEARLY, at(start), by_month=[11], by_month_day=[27])

    assert dates(days, start, 2) == ["2026-11-30", "2026-12-01"]
    assert dates(weeks, start, 2) == ["2026-12-11", "2026-12-25"]
    assert dates(months, start, 2) == ["2026-12-25", "2027-01-22"]
    assert dates(years, start, 1) == ["2027-11-27"]


def test_times_that_went_by_in_the_meantime_are_left_out() -> None:
    start = at("2026-11-27T20:00")

    assert next_start(recurrence.daily(start), start, start + 3 * DAY + 60) == start + 4 * DAY


async def test_an_occurrence_that_ends_is_told_of_as_scheduled_for_the_next_time(place: Place, events: str) -> None:
    start = place.clock() + 60
    creation = await place.ask("POST", events, outside(place, recurrence_rule=wished(start)))
    event_path = f"{events}/{creation.body['id']}"
    async with Socket(place) as socket:
        await socket.identify("guilds", "events")
        await place.ask("PATCH", event_path, {"status": 2})
        end = await place.ask("PATCH", event_path, {"status": 3})
        statuses = [(await socket.frame())["d"]["status"] for _ in range(2)]

    assert creation.body["recurrence_rule"]["frequency"] == 2
    assert (statuses, end.body["status"]) == ([2, 1], 1)
    assert parse_iso(end.body["scheduled_start_time"]) == start + WEEK
    assert parse_iso(end.body["scheduled_end_time"]) == start + 60 + WEEK


async def test_a_stage_closes_with_the_occurrence(place: Place) -> None:
    stage: Channel = place.world.add_channel(place.guild, "Show", kind="stage")
    owner = place.person(place.owner)
    event = owner.announce("Show", starts_at=place.clock() + 60, channel=stage, repeats="daily")
    owner.start_event(event)
    open_stages = len(place.guild.stages)
    owner.end_event(event)

    assert (open_stages, len(place.guild.stages)) == (1, 0)
    assert (event.status, event.starts_at) == (EventStatus.SCHEDULED, place.clock() + 60 + DAY)


async def test_an_occurrence_that_nobody_starts_makes_room_for_the_next(place: Place) -> None:
    stage: Channel = place.world.add_channel(place.guild, "Show", kind="stage")
    event = place.person(place.owner).announce("Show", starts_at=place.clock() + 60, channel=stage, repeats="weekly")
    place.clock.pass_by(DAY)
    place.world.keep_time()

    assert (event.status, event.starts_at) == (EventStatus.SCHEDULED, place.clock() - DAY + 60 + WEEK)


def wished(starts_at: float, **changes: Any) -> dict[str, Any]:
    day = datetime.fromtimestamp(starts_at, UTC).weekday()
    return {"start": iso(starts_at), "frequency": 2, "interval": 1, "by_weekday": [day]} | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"frequency": 7},
        {"interval": 3},
        {"by_weekday": None},
        {"by_weekday": [0, 1]},
        {"by_month": [1]},
        {"frequency": 1},
        {"frequency": 0},
        {"frequency": 3, "by_weekday": [0, 2]},
        {"start": None},
    ],
)
async def test_rules_that_discord_does_not_take_are_refused(place: Place, events: str, changes: dict[str, Any]) -> None:
    answer = await place.ask("POST", events, outside(place, recurrence_rule=wished(place.clock() + 60, **changes)))

    assert answer.code == 50035
