"""Bad input from the gateway: an unreadable event is skipped, and a broken stream is reconnected."""

import zlib

import orjson
import pytest

from tests.faults.fuzzing_reach import leaves
from tests.faults.fuzzing_wire import events, interactions
from tests.rig import Rig, Town, until

MALFORMED: list[tuple[str, object]] = [
    ("GUILD_CREATE", None),
    ("GUILD_CREATE", {}),
    ("GUILD_CREATE", []),
    ("GUILD_UPDATE", {"id": "not a number"}),
    ("GUILD_DELETE", {}),
    ("GUILD_ROLE_CREATE", {"guild_id": "GUILD"}),
    ("GUILD_ROLE_UPDATE", {"guild_id": "GUILD", "role": None}),
    ("GUILD_ROLE_DELETE", {"guild_id": "GUILD"}),
    ("CHANNEL_CREATE", {"guild_id": "GUILD", "id": "1"}),
    ("CHANNEL_UPDATE", {"type": "text"}),
    ("CHANNEL_DELETE", None),
    ("THREAD_CREATE", {"guild_id": "GUILD"}),
    ("GUILD_SCHEDULED_EVENT_CREATE", {"guild_id": "GUILD"}),
    ("GUILD_SCHEDULED_EVENT_UPDATE", {"guild_id": "GUILD", "id": "1", "status": 2}),
    ("GUILD_SCHEDULED_EVENT_DELETE", "gone"),
    ("STAGE_INSTANCE_CREATE", {"guild_id": "GUILD", "id": "1"}),
    ("STAGE_INSTANCE_UPDATE", {"guild_id": "GUILD"}),
    ("STAGE_INSTANCE_DELETE", {"id": "1"}),
    ("GUILD_MEMBER_UPDATE", {"guild_id": "GUILD", "user": {}}),
    ("INTERACTION_CREATE", None),
    ("INTERACTION_CREATE", {}),
    ("INTERACTION_CREATE", {"id": "1", "type": 2, "token": "t", "application_id": "1", "data": []}),
    ("INTERACTION_CREATE", {"id": "1", "type": 99}),
    ("NO_SUCH_EVENT", [1, 2, 3]),
]
GARBAGE = [
    (b"{", False),
    (b"", False),
    (b"[1, 2]", False),
    (b"null", False),
    (b'"text"', False),
    (b'{"op": 0, "t": ["a"], "d": {}}', False),
    (b'{"op": 0, "t": "READY", "s": 1, "d": {}}', False),
    (b'{"op": 0, "t": "RESUMED", "s": null, "d": null}', False),
    (b'{"op": 10, "d": null}', False),
    (b'{"op": 10, "d": {"heartbeat_interval": 0}}', False),
    (b'{"op": 10, "d": {"heartbeat_interval": 1e15}}', False),
    (b'{"op": 10, "d": {"heartbeat_interval": "soon"}}', False),
    (b"no zlib at all\x00\x00\xff\xff", True),
    (zlib.compress(b"\xff\xfe") + b"\x00\x00\xff\xff", True),
]
"""Messages that no session can have sent, each with whether it is binary."""


async def is_well(town: Town, pid: int | None) -> None:
    """Check that the bot still answers and is the same process."""
    answer = await town.balance(town.mia)
    assert "coins" in answer
    assert town.rig.bot.pid == pid


def lines(rig: Rig, words: str) -> list[str]:
    return [line for line in rig.bot.lines if words in line]


@pytest.mark.databases("sqlite")
async def test_an_event_that_cannot_be_read_is_left_out_and_named_once(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    pid, gateway = own_rig.bot.pid, own_rig.server.gateway
    for event, data in MALFORMED:
        frame = orjson.dumps(data).replace(b"GUILD", str(town.guild.id).encode())
        for _ in range(3):
            gateway.send_malformed(event, frame)
        await is_well(town, pid)
    code = await own_rig.stop_bot()

    assert code == 0
    assert (gateway.identifies, gateway.resumes) == (1, 0)
    assert len(lines(own_rig, "Ignored a malformed GUILD_ROLE_DELETE event from Discord: KeyError")) == 1
    assert not lines(own_rig, "Traceback")


@pytest.mark.databases("sqlite")
async def test_what_would_only_fail_later_in_a_task_leaves_no_error(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    show = dict(events(town))["GUILD_SCHEDULED_EVENT_CREATE"]
    command, press, typed, _ = interactions(town)
    option, (row,) = {"name": "gift", "type": 3}, press["message"]["components"]
    nested = press["message"] | {"components": [row | {"components": [row, *row["components"]]}]}
    broken = [
        ("GUILD_SCHEDULED_EVENT_CREATE", show | {"scheduled_start_time": ""}),
        ("GUILD_SCHEDULED_EVENT_DELETE", show | {"scheduled_start_time": None}),
        ("GUILD_SCHEDULED_EVENT_UPDATE", show | {"name": 5}),
        ("INTERACTION_CREATE", command | {"member": {}}),
        ("INTERACTION_CREATE", command | {"guild_id": None}),
        *(
            ("INTERACTION_CREATE", command | {key: str(number)})
            for key in ("id", "application_id", "guild_id", "channel_id")
            for number in (-1, 2**64)
        ),
        (
            "INTERACTION_CREATE",
            command | {"member": command["member"] | {"user": town.mia.user.to_json() | {"id": "-1"}}},
        ),
        ("INTERACTION_CREATE", press | {"message": press["message"] | {"components": None}}),
        ("INTERACTION_CREATE", press | {"message": press["message"] | {"components": [{"type": 2, "custom_id": {}}]}}),
        ("INTERACTION_CREATE", press | {"message": nested}),
        (
            "INTERACTION_CREATE",
            command | {"data": command["data"] | {"options": [option | {"name": {}, "value": "Pe"}]}},
        ),
        ("INTERACTION_CREATE", typed | {"data": typed["data"] | {"options": [option | {"value": "Pe"}]}}),
        ("INTERACTION_CREATE", typed | {"data": typed["data"] | {"options": [option | {"focused": True}]}}),
        *(
            ("INTERACTION_CREATE", typed | {"data": typed["data"] | {"options": [option | {"focused": True} | change]}})
            for change in ({"type": 99, "value": "Pe"}, {"type": 4, "value": 1}, {"value": {}}, {"value": None})
        ),
        # Nothing is wrong with this one, but nobody waits for its suggestions any more.
        ("INTERACTION_CREATE", typed),
    ]

    for event, data in broken:
        own_rig.server.gateway.send_malformed(event, orjson.dumps(data))
        await is_well(town, own_rig.bot.pid)
    await own_rig.stop_bot()

    options = [option for command in own_rig.world.commands for _, options in leaves(command) for option in options]
    # What is typed is only understood as a text.
    assert {option["type"] for option in options if option.get("autocomplete")} == {3}
    assert [line for line in own_rig.bot.lines if " ERROR " in line or "Traceback" in line] == []
    # Each kind is named once: three of scheduled events, three of interactions.
    assert len({line.partition("malformed")[2] for line in lines(own_rig, "Ignored a malformed")}) == 6


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("messages", [GARBAGE[begin : begin + 3] for begin in range(0, len(GARBAGE), 3)])
async def test_a_broken_stream_is_connected_again(own_rig: Rig, messages: list[tuple[bytes, bool]]) -> None:
    # Only a few per bot, because the library waits longer after every break.
    await own_rig.start_bot()
    town = await own_rig.found_town()
    pid, gateway = own_rig.bot.pid, own_rig.server.gateway
    for message, binary in messages:
        connections = gateway.identifies + gateway.resumes
        gateway.send_raw(message, binary=binary)

        async def has_connected_again(connections: int = connections) -> bool:
            return gateway.identifies + gateway.resumes > connections

        await until(has_connected_again, 40)
        await is_well(town, pid)


@pytest.mark.databases("sqlite")
async def test_a_stream_that_breaks_again_and_again_ends_nothing(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    pid, gateway = own_rig.bot.pid, own_rig.server.gateway
    for turn in range(1, 4):
        gateway.send_raw(b"{")

        async def has_connected_again(turn: int = turn) -> bool:
            return gateway.identifies - 1 + gateway.resumes == turn

        await until(has_connected_again, 40)
        await is_well(town, pid)

    assert gateway.resumes == 1
    assert gateway.identifies == 3
    assert len(lines(own_rig, "Discord sent an unreadable gateway frame")) == 1


@pytest.mark.databases("sqlite")
async def test_a_frame_that_a_resumption_repeats_does_not_break_it_for_ever(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    pid, gateway = own_rig.bot.pid, own_rig.server.gateway
    gateway.send_malformed("GUILD_UPDATE", b"{ not JSON")

    async def has_begun_anew() -> bool:
        return gateway.identifies == 2

    await until(has_begun_anew, 40)
    await is_well(town, pid)


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("heartbeat_ms", [0, 10**12])
async def test_a_session_that_begins_with_an_absurd_heartbeat_is_tried_again(own_rig: Rig, heartbeat_ms: int) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    pid, gateway = own_rig.bot.pid, own_rig.server.gateway
    usual_ms, gateway.heartbeat_ms = gateway.heartbeat_ms, heartbeat_ms
    connections = gateway.identifies + gateway.resumes
    await gateway.drop()

    async def has_refused() -> bool:
        return bool(lines(own_rig, "Discord sent an unreadable gateway frame (ValueError)"))

    await until(has_refused, 40)
    gateway.heartbeat_ms = usual_ms

    async def has_connected_again() -> bool:
        return gateway.identifies + gateway.resumes > connections

    await until(has_connected_again, 40)
    await is_well(town, pid)
