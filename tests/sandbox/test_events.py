"""Scheduled events and stages: created, started and ended by the bot, people and the clock, and reported to both."""

from typing import Any

import pytest

from sandbox.discord.ids import iso
from sandbox.discord.model import Channel, EventStatus
from sandbox.discord.people import Refused
from sandbox.discord.permissions import MODERATE_STAGE, Permissions
from tests.sandbox.wire import Answer, Place, Socket

ELSEWHERE = {"entity_metadata": {"location": "Town"}}


def show(place: Place, **changes: Any) -> dict[str, Any]:
    start = iso(place.clock() + 60)
    return {"name": "Show", "privacy_level": 2, "scheduled_start_time": start, "entity_type": 3} | changes


def outside(place: Place, **changes: Any) -> dict[str, Any]:
    return show(place, **ELSEWHERE, scheduled_end_time=iso(place.clock() + 120)) | changes


def allow_everything(place: Place) -> str:
    """Make the bot an administrator and return the path of the scheduled events."""
    place.world.update_role(next(role for role in place.guild.roles.values() if role.managed_by), permissions=8)
    return f"/guilds/{place.guild.id}/scheduled-events"


@pytest.fixture
def events(place: Place) -> str:
    return allow_everything(place)


@pytest.fixture
def stage(place: Place) -> Channel:
    return place.world.add_channel(place.guild, "Show", kind="stage")


async def on_stage(place: Place, events: str, stage: Channel) -> Answer:
    return await place.ask("POST", events, show(place, entity_type=1, channel_id=str(stage.id)))


async def test_a_scheduled_event_runs_and_cannot_run_again(place: Place, events: str) -> None:
    creation = await place.ask("POST", events, outside(place))
    event_path = f"{events}/{creation.body['id']}"

    statuses = [(await place.ask("PATCH", event_path, {"status": status})).status for status in (2, 3)]
    after = await place.ask("PATCH", event_path, {"status": 2})

    assert (creation.body["status"], statuses, after.code) == (1, [200, 200], 10070)


async def test_an_event_cannot_skip_its_start(place: Place, events: str) -> None:
    creation = await place.ask("POST", events, outside(place))

    answer = await place.ask("PATCH", f"{events}/{creation.body['id']}", {"status": 3})

    assert answer.code == 180000


@pytest.mark.parametrize(
    ("changes", "mistake"),
    [
        ({"name": None}, "name=BASE_TYPE_REQUIRED"),
        ({"name": "x" * 101}, "name=BASE_TYPE_BAD_LENGTH"),
        ({"entity_type": 4}, "entity_type=BASE_TYPE_CHOICES"),
        ({"privacy_level": 1}, "privacy_level=BASE_TYPE_CHOICES"),
        ({"entity_metadata": None}, "entity_metadata=BASE_TYPE_REQUIRED"),
        ({"scheduled_end_time": None}, "scheduled_end_time=BASE_TYPE_REQUIRED"),
        ({"channel_id": "1"}, "channel_id=BASE_TYPE_CHOICES"),
        ({"entity_type": 2}, "channel_id=BASE_TYPE_REQUIRED"),
        (
            {"scheduled_start_time": "2020-01-01T00:00:00+00:00"},
            "scheduled_start_time=GUILD_SCHEDULED_EVENT_SCHEDULE_PAST",
        ),
        ({"scheduled_start_time": "soon"}, "scheduled_start_time=DATE_TIME_TYPE_PARSE"),
    ],
)
async def test_a_bad_scheduled_event_is_refused(
    place: Place, events: str, changes: dict[str, Any], mistake: str
) -> None:
    answer = await place.ask("POST", events, outside(place, **changes))

    assert mistake in answer.mistakes


async def test_an_event_fits_its_channel(place: Place, events: str, stage: Channel) -> None:
    text = await place.ask("POST", events, show(place, entity_type=1, channel_id=str(place.channel.id)))
    voice = await place.ask("POST", events, show(place, entity_type=2, channel_id=str(stage.id)))
    nowhere = await place.ask("POST", events, show(place, entity_type=1, channel_id="1"))

    assert (text.code, voice.code, nowhere.code) == (50024, 50024, 10003)


async def test_without_its_rights_the_bot_holds_no_events(place: Place, stage: Channel) -> None:
    path = f"/guilds/{place.guild.id}/scheduled-events"

    answers = [await place.ask("POST", path, outside(place)), await on_stage(place, path, stage)]

    assert [answer.code for answer in answers] == [50013, 50013]


async def test_a_guild_holds_a_hundred_events_at_once(place: Place, events: str) -> None:
    for _ in range(100):
        await place.ask("POST", events, outside(place))

    assert (await place.ask("POST", events, outside(place))).code == 30038


async def test_an_event_moves_elsewhere(place: Place, events: str, stage: Channel) -> None:
    creation = await on_stage(place, events, stage)
    path = f"{events}/{creation.body['id']}"
    half = await place.ask("PATCH", path, {"entity_type": 3, "channel_id": None})

    move = await place.ask("PATCH", path, outside(place, channel_id=None))

    assert half.mistakes == {"entity_metadata=BASE_TYPE_REQUIRED", "scheduled_end_time=BASE_TYPE_REQUIRED"}
    assert (move.body["channel_id"], move.body["entity_metadata"]) == (None, {"location": "Town"})


async def test_a_stage_event_opens_its_stage_and_the_stage_ends_the_event(
    place: Place, events: str, stage: Channel
) -> None:
    async with Socket(place) as socket:
        await socket.identify("guilds", "events")
        creation = await on_stage(place, events, stage)
        await place.ask("PATCH", f"{events}/{creation.body['id']}", {"status": 2})
        await place.ask("DELETE", f"/stage-instances/{stage.id}")
        frames = [await socket.frame() for _ in range(5)]

    assert [frame["t"] for frame in frames] == [
        "GUILD_SCHEDULED_EVENT_CREATE",
        "STAGE_INSTANCE_CREATE",
        "GUILD_SCHEDULED_EVENT_UPDATE",
        "STAGE_INSTANCE_DELETE",
        "GUILD_SCHEDULED_EVENT_UPDATE",
    ]
    stage_json, active_event, finished_event = frames[1]["d"], frames[2]["d"], frames[4]["d"]
    assert (stage_json["guild_scheduled_event_id"], active_event["entity_id"]) == (
        creation.body["id"],
        stage_json["id"],
    )
    assert (active_event["status"], finished_event["status"]) == (2, 3)


async def test_ending_a_stage_event_closes_its_stage(place: Place, events: str, stage: Channel) -> None:
    creation = await on_stage(place, events, stage)
    for status in (2, 3):
        await place.ask("PATCH", f"{events}/{creation.body['id']}", {"status": status})

    assert (await place.ask("GET", f"/stage-instances/{stage.id}")).code == 10067


async def test_a_stage_event_cannot_start_on_a_stage_in_use(place: Place, events: str, stage: Channel) -> None:
    creation = await on_stage(place, events, stage)
    place.world.open_stage(stage, "Rehearsal")

    answer = await place.ask("PATCH", f"{events}/{creation.body['id']}", {"status": 2})

    assert answer.code == 180002
    assert place.guild.scheduled_events[int(creation.body["id"])].status is EventStatus.SCHEDULED


async def test_a_stage_opens_once(place: Place, events: str, stage: Channel) -> None:
    body = {"channel_id": str(stage.id), "topic": "Hello"}

    first, second = [await place.ask("POST", "/stage-instances", body) for _ in range(2)]
    text = await place.ask("POST", "/stage-instances", {**body, "channel_id": str(place.channel.id)})
    change = await place.ask("PATCH", f"/stage-instances/{stage.id}", {"topic": "Encore"})
    closing = await place.ask("DELETE", f"/stage-instances/{stage.id}")
    missing = await place.ask("GET", f"/stage-instances/{stage.id}")

    assert (first.body["topic"], second.code, text.code) == ("Hello", 150006, 50024)
    assert (change.body["topic"], closing.status, missing.code) == ("Encore", 204, 10067)


async def test_a_stage_may_be_opened_for_an_event_of_its_channel(place: Place, events: str, stage: Channel) -> None:
    creation = await on_stage(place, events, stage)
    body = {"channel_id": str(stage.id), "topic": "Hello", "guild_scheduled_event_id": creation.body["id"]}

    refusal = await place.ask("POST", "/stage-instances", {**body, "guild_scheduled_event_id": "1"})
    right = await place.ask("POST", "/stage-instances", body)

    assert (refusal.code, right.body["guild_scheduled_event_id"]) == (10070, creation.body["id"])


async def test_only_moderators_of_a_stage_open_it(place: Place, stage: Channel) -> None:
    answer = await place.ask("POST", "/stage-instances", {"channel_id": str(stage.id), "topic": "Hello"})

    assert answer.code == 50013


async def test_a_new_connection_hears_of_events_and_stages_in_its_guilds(place: Place, stage: Channel) -> None:
    event = place.world.add_scheduled_event(
        place.guild, "Show", creator=place.owner, starts_at=place.clock() + 60, channel=stage
    )
    place.world.update_scheduled_event(event, status=EventStatus.ACTIVE)
    async with Socket(place) as socket:
        await socket.op(2, {"token": place.world.application.token, "intents": 1})
        await socket.event("READY")
        guild = await socket.event("GUILD_CREATE")

    assert [event["id"] for event in guild["guild_scheduled_events"]] == [str(event.id)]
    assert [instance["guild_scheduled_event_id"] for instance in guild["stage_instances"]] == [str(event.id)]


async def test_events_are_told_to_who_asked_for_them(place: Place, stage: Channel) -> None:
    async with Socket(place) as socket:
        await socket.identify("guilds")
        place.world.add_scheduled_event(
            place.guild, "Show", creator=place.owner, starts_at=place.clock() + 60, channel=stage
        )
        place.world.open_stage(stage, "Hello")

        await socket.event("STAGE_INSTANCE_CREATE")


async def test_an_event_elsewhere_keeps_its_own_time(place: Place) -> None:
    owner = place.person(place.owner)
    event = owner.announce(
        "Market", starts_at=place.clock() + 60, ends_at=place.clock() + 120, location="The market square"
    )
    statuses = []
    for seconds in (59, 1, 59, 1):
        place.clock.pass_by(seconds)
        place.world.keep_time()
        statuses.append(event.status)

    assert statuses == [EventStatus.SCHEDULED, EventStatus.ACTIVE, EventStatus.ACTIVE, EventStatus.COMPLETED]


async def test_an_event_that_nobody_starts_is_called_off(place: Place, stage: Channel) -> None:
    event = place.person(place.owner).announce("Show", starts_at=place.clock() + 60, channel=stage)
    place.clock.pass_by(24 * 3600)

    place.world.keep_time()

    assert event.status is EventStatus.CANCELLED


async def test_a_deleted_channel_ends_what_happens_there(place: Place, stage: Channel) -> None:
    owner = place.person(place.owner)
    soon, now = [owner.announce(name, starts_at=place.clock() + 60, channel=stage) for name in ("Soon", "Now")]
    owner.start_event(now)

    place.world.delete_channel(stage)

    assert (soon.status, now.status) == (EventStatus.CANCELLED, EventStatus.COMPLETED)
    assert place.guild.stages == {}


async def test_people_hold_events_by_their_rights(place: Place, stage: Channel) -> None:
    mia = place.person(place.mia)
    with pytest.raises(Refused, match="may not create events"):
        mia.announce("Show", starts_at=place.clock() + 60, channel=stage)
    place.world.set_permissions(stage, place.mia, allow=MODERATE_STAGE | Permissions.CREATE_EVENTS)
    event = mia.announce("Show", starts_at=place.clock() + 60, channel=stage)
    with pytest.raises(Refused, match="may not change"):
        place.person(place.noah).start_event(event)

    mia.start_event(event)
    mia.at(stage).close_stage()

    assert event.status is EventStatus.COMPLETED


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "1 to 100 characters"),
        ({"starts_at": 0.0}, "in the past"),
        ({"channel": None}, "location and an end"),
        ({"ends_at": 1.0}, "ends after it starts"),
    ],
)
async def test_people_are_told_what_an_event_lacks(
    place: Place, stage: Channel, change: dict[str, Any], words: str
) -> None:
    event: dict[str, Any] = {"name": "Show", "starts_at": place.clock() + 60, "channel": stage, **change}

    with pytest.raises(Refused, match=words):
        place.person(place.owner).announce(**event)


async def test_who_is_interested_is_counted_and_listed(place: Place, events: str, stage: Channel) -> None:
    creation = await on_stage(place, events, stage)
    event = place.guild.scheduled_events[int(creation.body["id"])]
    async with Socket(place) as socket:
        await socket.identify("guilds", "events")
        place.person(place.mia).follow(event)
        place.person(place.noah).follow(event)
        place.person(place.noah).follow(event, False)
        names = [(await socket.frame())["t"] for _ in range(3)]
    counts = await place.ask("GET", f"{events}?with_user_count=true")
    listed = await place.ask("GET", f"{events}/{event.id}/users?with_member=true")

    assert names == [*["GUILD_SCHEDULED_EVENT_USER_ADD"] * 2, "GUILD_SCHEDULED_EVENT_USER_REMOVE"]
    assert [event_json["user_count"] for event_json in counts.body] == [1]
    assert [(subscriber["user"]["id"], "member" in subscriber) for subscriber in listed.body] == [
        (str(place.mia.id), True)
    ]


async def test_an_event_in_a_hidden_channel_is_hidden(place: Place, events: str, stage: Channel) -> None:
    creation = await on_stage(place, events, stage)
    role = next(candidate for candidate in place.guild.roles.values() if candidate.managed_by)
    place.world.update_role(role, permissions=0)
    place.world.set_permissions(stage, place.guild.everyone, deny=Permissions.VIEW_CHANNEL)

    listed = await place.ask("GET", events)
    single = await place.ask("GET", f"{events}/{creation.body['id']}")

    assert (listed.body, single.code) == ([], 50001)


async def test_a_deleted_event_is_gone(place: Place, events: str, stage: Channel) -> None:
    creation = await on_stage(place, events, stage)

    deletion = await place.ask("DELETE", f"{events}/{creation.body['id']}")
    again = await place.ask("DELETE", f"{events}/{creation.body['id']}")

    assert (deletion.status, again.code) == (204, 10070)
