"""People can do what Discord's client allows, and get a reason for what it does not."""

from typing import Any

import pytest

from sandbox.discord.people import NoAnswer, Refused
from sandbox.discord.permissions import Permissions
from tests.sandbox.wire import Place

OPTIONS = [
    {"type": 3, "name": "item", "description": "Which", "required": True, "autocomplete": True},
    {"type": 6, "name": "creator", "description": "To whom"},
    {"type": 4, "name": "count", "description": "How many", "min_value": 1, "max_value": 99},
    {"type": 3, "name": "board", "description": "Board", "choices": [{"name": "All time", "value": "all"}]},
    {"type": 3, "name": "note", "description": "Words", "max_length": 5},
    {"type": 5, "name": "hidden", "description": "Hide me"},
    {"type": 7, "name": "where", "description": "Where", "channel_types": [13]},
]
START = {"type": 1, "name": "start", "description": "Start", "options": []}
COMMANDS = [
    {"name": "gift", "description": "Send a gift", "options": OPTIONS},
    {"name": "live", "description": "Live", "options": [START]},
    {"name": "settings", "description": "Settings", "default_member_permissions": str(1 << 5)},
    {"name": "Gift this message", "type": 3},
    {"name": "Send a gift", "type": 2},
]
GO = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
OFF = {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": True}
LINK = {"type": 2, "style": 5, "label": "Pay", "url": "https://pay.example"}
PICK = {"type": 3, "custom_id": "pick", "placeholder": "Pick", "options": [{"label": "Rose", "value": "rose"}]}
WHO = {"type": 5, "custom_id": "who", "placeholder": "Who"}


@pytest.fixture
async def shop(place: Place) -> Place:
    answer = await place.ask("PUT", f"/applications/{place.app}/commands", COMMANDS)
    assert answer.status == 200, answer.body
    return place


async def test_options_travel_with_types_ids_and_resolved(shop: Place) -> None:
    mia = shop.person(shop.mia)

    exchange = await mia.slash("gift", creator=shop.noah, count=3, item="rose", board="All time")

    data = exchange.interaction.data
    assert [(option["name"], option["value"]) for option in data["options"]] == [
        ("item", "rose"),
        ("creator", str(shop.noah.id)),
        ("count", 3),
        ("board", "all"),
    ]
    assert data["resolved"]["users"][str(shop.noah.id)]["username"] == "noah"
    assert "permissions" in data["resolved"]["members"][str(shop.noah.id)]


async def test_a_subcommand_travels_as_an_option(shop: Place) -> None:
    exchange = await shop.person(shop.mia).slash("live start")

    assert exchange.interaction.data["options"] == [{"name": "start", "type": 1, "options": []}]


@pytest.mark.parametrize(
    ("command", "options", "why"),
    [
        ("coins", {}, "no command 'coins'"),
        ("live", {}, "needs one of its subcommands"),
        ("live stop", {}, "no subcommand 'stop'"),
        ("gift", {}, "missing: item"),
        ("gift", {"item": "rose", "to": 1}, "no option 'to'"),
        ("gift", {"item": 1}, "takes str"),
        ("gift", {"item": "rose", "count": True}, "takes int"),
        ("gift", {"item": "rose", "count": 0}, "takes 1 to 99"),
        ("gift", {"item": "rose", "count": 100}, "takes 1 to 99"),
        ("gift", {"item": "rose", "board": "week"}, "offers All time"),
        ("gift", {"item": "rose", "note": "longer"}, "takes None to 5"),
        ("gift", {"item": "x" * 6001}, "takes None to 6000"),
        ("settings", {}, "hidden from mia"),
    ],
)
async def test_what_the_client_would_not_send_is_refused(
    shop: Place, command: str, options: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        await shop.person(shop.mia).slash(command, **options)


async def test_a_forged_client_sends_anything(shop: Place) -> None:
    exchange = await shop.person(shop.mia).slash("gift", raw=True, count=-5)

    assert exchange.interaction.data["options"] == [{"name": "count", "type": 4, "value": -5}]


async def test_a_channel_option_takes_its_kinds_only(shop: Place) -> None:
    stage = shop.world.add_channel(shop.guild, "Show", kind="stage")
    mia = shop.person(shop.mia)

    exchange = await mia.slash("gift", item="rose", where=stage)
    with pytest.raises(Refused, match="channels of types"):
        await mia.slash("gift", item="rose", where=shop.channel)

    assert exchange.interaction.data["resolved"]["channels"][str(stage.id)]["type"] == 13


async def test_hidden_commands_show_to_those_with_the_rights(shop: Place) -> None:
    staff = shop.world.add_role(shop.guild, "staff", permissions=Permissions.MANAGE_GUILD)
    shop.world.set_roles(shop.guild.members[shop.mia.id], [staff])

    for user in (shop.owner, shop.mia):
        await shop.person(user).slash("settings")

    assert len(shop.world.requests) == 1


async def test_without_the_right_to_use_commands_none_can_be_used(shop: Place) -> None:
    shop.world.set_permissions(shop.channel, shop.guild.everyone, deny=Permissions.USE_APPLICATION_COMMANDS)

    with pytest.raises(Refused, match="may not use"):
        await shop.person(shop.mia).slash("live start")


async def test_somebody_who_left_can_do_nothing(shop: Place) -> None:
    shop.world.leave(shop.guild, shop.mia)

    with pytest.raises(Refused):
        await shop.person(shop.mia).slash("live start")


async def test_a_bot_that_was_removed_has_no_commands(shop: Place) -> None:
    shop.world.remove_bot(shop.guild)

    with pytest.raises(Refused, match="no command"):
        await shop.person(shop.mia).slash("live start")


async def test_buttons_are_pressed_by_label_or_id(shop: Place) -> None:
    message = await shop.posted(content="x", components=[{"type": 1, "components": [GO, OFF, LINK]}])
    mia = shop.person(shop.mia)

    ids = [(await mia.click(message, name)).interaction.data["custom_id"] for name in ("Go", "go")]
    for name, why in (("Off", "disabled"), ("Pay", "opens https"), ("Stop", "no button")):
        with pytest.raises(Refused, match=why):
            await mia.click(message, name)

    assert ids == ["go", "go"]


async def test_selects_take_what_they_offer(shop: Place) -> None:
    rows = [{"type": 1, "components": [component]} for component in (PICK, WHO)]
    message = await shop.posted(content="x", components=rows)
    mia = shop.person(shop.mia)

    from_strings = await mia.select(message, "Pick", "Rose")
    from_users = await mia.select(message, "who", shop.noah)
    refusals: list[tuple[str, tuple[Any, ...]]] = [("pick", ("Tulip",)), ("pick", ()), ("who", ("noah",)), ("x", ())]
    for name, values in refusals:
        with pytest.raises(Refused):
            await mia.select(message, name, *values)

    assert from_strings.interaction.data["values"] == ["rose"]
    assert from_users.interaction.data["resolved"]["users"].keys() == {str(shop.noah.id)}


async def test_somebody_elses_ephemeral_message_is_out_of_reach(shop: Place) -> None:
    interaction = shop.command(shop.mia)
    await shop.answer(interaction, 4, content="x", flags=64, components=[{"type": 1, "components": [GO]}])
    message = interaction.original
    assert message is not None

    with pytest.raises(Refused, match="somebody else"):
        await shop.person(shop.noah).click(message, "Go")
    assert (await shop.person(shop.mia).click(message, "Go")).interaction.message is message


async def test_a_deleted_message_cannot_be_pressed(shop: Place) -> None:
    message = await shop.posted(content="x", components=[{"type": 1, "components": [GO]}])
    shop.world.delete_message(message)

    with pytest.raises(Refused, match="gone"):
        await shop.person(shop.mia).click(message, "Go")


@pytest.mark.parametrize(
    ("fields", "why"),
    [({}, "wants a text"), ({"why": "x"}, "takes 2 to 5"), ({"why": "abc", "no": "x"}, "no field no")],
)
async def test_a_modal_holds_its_fields_to_their_limits(shop: Place, fields: dict[str, Any], why: str) -> None:
    interaction = shop.command(shop.mia)
    text = {"type": 4, "custom_id": "why", "style": 1, "min_length": 2, "max_length": 5}
    await shop.answer(
        interaction, 9, custom_id="m", title="M", components=[{"type": 18, "label": "Why", "component": text}]
    )
    assert interaction.modal is not None

    with pytest.raises(Refused, match=why):
        await shop.person(shop.mia).submit(interaction.modal, **fields)


async def test_a_modal_belongs_to_its_member(shop: Place) -> None:
    interaction = shop.command(shop.mia)
    text = {"type": 4, "custom_id": "why", "style": 1, "label": "Why"}
    await shop.answer(interaction, 9, custom_id="m", title="M", components=[{"type": 1, "components": [text]}])
    assert interaction.modal is not None

    with pytest.raises(Refused, match="somebody else"):
        await shop.person(shop.noah).submit(interaction.modal, Why="x")
    exchange = await shop.person(shop.mia).submit(interaction.modal, Why="x")

    assert exchange.interaction.data["components"][0]["components"][0]["value"] == "x"


async def test_menus_carry_their_target(shop: Place) -> None:
    message = await shop.person(shop.noah).say("What a show!")
    mia = shop.person(shop.mia)

    on_message = await mia.message_menu("Gift this message", message)
    on_user = await mia.user_menu("Send a gift", shop.noah)

    assert on_message.interaction.data["resolved"]["messages"][str(message.id)]["content"] == "What a show!"
    assert on_message.interaction.metadata["target_message_id"] == str(message.id)
    assert on_user.interaction.data["target_id"] == str(shop.noah.id)


async def test_slow_mode_slows_members_but_not_moderators(shop: Place) -> None:
    shop.world.update_channel(shop.channel, slowmode=10)
    mia = shop.person(shop.mia)
    await mia.say("one")

    with pytest.raises(Refused, match="slow mode"):
        await mia.say("two")
    for _ in range(2):
        await shop.person(shop.owner).say("order!")
    shop.clock.pass_by(10)

    assert (await mia.say("two")).text == "two"


async def test_a_silent_bot_did_not_respond(shop: Place) -> None:
    exchange = await shop.person(shop.mia).slash("live start")

    with pytest.raises(NoAnswer, match="did not respond"):
        await exchange.reply(timeout=0.05)


async def test_the_member_sees_the_failure_after_three_seconds(shop: Place) -> None:
    states: list[str] = []
    shop.world.watch(lambda event: states.append(event.payload.get("state", event.name)))

    exchange = await shop.person(shop.mia).slash("live start")
    with pytest.raises(NoAnswer):
        await exchange.reply(timeout=10)

    assert states == ["begun", "failed"]
