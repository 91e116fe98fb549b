"""Application commands: what may be registered, what is returned, and what people see."""

from typing import Any

import pytest

from tests.sandbox.wire import Place


def command(**changes: Any) -> dict[str, Any]:
    return {"name": "gift", "description": "Send a gift"} | changes


def option(**changes: Any) -> dict[str, Any]:
    return {"type": 3, "name": "item", "description": "Which one"} | changes


def choices(count: int) -> list[dict[str, Any]]:
    return [{"name": str(number), "value": str(number)} for number in range(count)]


LONG_CHOICES = [{"name": f"{number:0>100}", "value": f"{number:0>100}"} for number in range(25)]


def path(place: Place) -> str:
    return f"/applications/{place.app}/commands"


BAD: list[tuple[dict[str, Any], str]] = [
    (command(name="Gift"), "0.name=APPLICATION_COMMAND_INVALID_NAME"),
    (command(name="my gift"), "0.name=APPLICATION_COMMAND_INVALID_NAME"),
    (command(name="x" * 33), "0.name=BASE_TYPE_BAD_LENGTH"),
    (command(description=""), "0.description=BASE_TYPE_BAD_LENGTH"),
    (command(description="x" * 101), "0.description=BASE_TYPE_BAD_LENGTH"),
    (command(type=4), "0.type=BASE_TYPE_CHOICES"),
    (command(type=2), "0.description=APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION"),
    (command(contexts=[3]), "0.contexts.0=BASE_TYPE_CHOICES"),
    (command(integration_types=[2]), "0.integration_types.0=BASE_TYPE_CHOICES"),
    (command(name_localizations={"xx": "a"}), "0.name_localizations.xx=BASE_TYPE_CHOICES"),
    (command(name_localizations={"de": "Geschenk"}), "0.name_localizations.de=APPLICATION_COMMAND_INVALID_NAME"),
    (command(options=[option(name=f"o{n}") for n in range(26)]), "0.options=BASE_TYPE_MAX_LENGTH"),
    (command(options=[option(name="Item")]), "0.options.0.name=APPLICATION_COMMAND_INVALID_NAME"),
    (command(options=[option(description=None)]), "0.options.0.description=BASE_TYPE_REQUIRED"),
    (command(options=[option(type=12)]), "0.options.0.type=BASE_TYPE_CHOICES"),
    (command(options=[option(), option()]), "0.options.1.name=APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE"),
    (
        command(options=[option(), option(name="to", required=True)]),
        "0.options.1=APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
    ),
    (command(options=[option(choices=choices(26))]), "0.options.0.choices=BASE_TYPE_MAX_LENGTH"),
    (
        command(options=[option(type=6, choices=choices(1))]),
        "0.options.0.choices=APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID",
    ),
    (
        command(options=[option(choices=choices(1), autocomplete=True)]),
        "0.options.0.autocomplete=APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
    ),
    (command(options=[option(max_length=6001)]), "0.options.0.max_length=NUMBER_TYPE_MAX"),
    (
        command(options=[option(type=1, name="a"), option()]),
        "0.options=APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    (
        command(options=[option(type=1, name="a", options=[option(type=1, name="b")])]),
        "0.options.0.options.0.type=APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
    ),
    (
        command(options=[option(name=f"o{number}", choices=LONG_CHOICES) for number in range(2)]),
        "0=APPLICATION_COMMAND_TOO_LARGE",
    ),
]


@pytest.mark.parametrize(("body", "mistake"), BAD, ids=[mistake for _, mistake in BAD])
async def test_a_bad_command_is_refused_with_the_place_of_the_mistake(
    place: Place, body: dict[str, Any], mistake: str
) -> None:
    answer = await place.ask("PUT", path(place), [body])

    assert mistake in answer.mistakes
    assert place.world.commands == []


async def test_two_commands_of_a_name_are_refused(place: Place) -> None:
    answer = await place.ask("PUT", path(place), [command(), command()])

    assert answer.mistakes == {"1.name=APPLICATION_COMMANDS_DUPLICATE_NAME"}


async def test_a_command_keeps_its_id_when_it_is_registered_again(place: Place) -> None:
    first = await place.ask("PUT", path(place), [command(), command(name="buy")])

    second = await place.ask("PUT", path(place), [command(description="Send one")])

    assert second.body[0]["id"] == first.body[0]["id"]
    assert [command_json["name"] for command_json in place.world.commands] == ["gift"]


async def test_single_commands_are_made_changed_and_deleted(place: Place) -> None:
    creation = await place.ask("POST", path(place), command())
    command_path = f"{path(place)}/{creation.body['id']}"

    change = await place.ask("PATCH", command_path, {"description": "Send one"})
    read = await place.ask("GET", command_path)
    deletion = await place.ask("DELETE", command_path)

    assert (creation.status, change.body["id"], deletion.status) == (201, creation.body["id"], 204)
    assert read.body["description"] == "Send one"
    assert place.world.commands == []


async def test_a_guild_sees_the_global_commands_and_its_own(place: Place) -> None:
    await place.ask("PUT", path(place), [command()])
    await place.ask("PUT", f"/applications/{place.app}/guilds/{place.guild.id}/commands", [command(name="vip")])

    in_guild = place.world.commands_in(place.guild.id)
    elsewhere = place.world.commands_in(place.world.add_guild("Bar", owner=place.owner).id)

    assert [command_json["name"] for command_json in in_guild] == ["gift", "vip"]
    assert [command_json["name"] for command_json in elsewhere] == ["gift"]


async def test_only_commands_for_direct_messages_show_there(place: Place) -> None:
    await place.ask("PUT", path(place), [command(contexts=[0]), command(name="help", contexts=[0, 1])])

    assert [command_json["name"] for command_json in place.world.commands_in(None)] == ["help"]


async def test_the_application_of_somebody_else_is_closed(place: Place) -> None:
    answer = await place.ask("PUT", "/applications/1/commands", [])

    assert (answer.status, answer.code) == (403, 20012)


async def test_the_two_hundred_and_first_new_command_of_a_day_is_30034(place: Place) -> None:
    for day in range(2):
        batch = [command(name=f"d{day}n{number}") for number in range(100)]
        await place.ask("PUT", path(place), batch)

    full = await place.ask("PUT", path(place), [command(name="more")])
    place.clock.pass_by(86_401)
    tomorrow = await place.ask("PUT", path(place), [command(name="more")])

    assert (full.status, full.code, tomorrow.status) == (429, 30034, 200)


@pytest.mark.parametrize(
    ("count", "name", "mistake"),
    [
        (26, "rose", "data.choices=BASE_TYPE_MAX_LENGTH"),
        (1, "", "data.choices.0.name=BASE_TYPE_BAD_LENGTH"),
        (1, "x" * 101, "data.choices.0.name=BASE_TYPE_BAD_LENGTH"),
    ],
)
async def test_bad_choices_are_refused(place: Place, count: int, name: str, mistake: str) -> None:
    interaction = place.typing()

    answer = await place.answer(interaction, 8, choices=[{"name": name, "value": "rose"}] * count)

    assert mistake in answer.mistakes


async def test_a_number_is_no_choice_for_a_text_option(place: Place) -> None:
    interaction = place.typing()

    answer = await place.answer(interaction, 8, choices=[{"name": "Rose", "value": 1}])

    assert answer.mistakes == {"data.choices.0.value=STRING_TYPE_CONVERT"}
