"""Values that no client sends, in every control, command and form, get an answer, raise no error and move no coins."""

import contextlib
import random
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from bot.domain.ids import HIGHEST
from bot.ui.kit.controls import Control
from sandbox.discord.exchange import Exchange
from sandbox.discord.model import Message, Modal
from sandbox.discord.people import Refused
from sandbox.discord.permissions import Permissions
from tests import books
from tests.bot.picking import part, pick_gift
from tests.controls import CONTROLS
from tests.faults import hostile
from tests.faults.fuzzing_reach import SLASH, leaves
from tests.rig import Rig, Town
from tests.thoroughness import by_thoroughness, sample

BUTTON, STRING_SELECT, CHANNEL_SELECT = 2, 3, 8
NUMBERS = sample((0, 2**31, HIGHEST, HIGHEST + 1, 36**13 - 1), 3)
EVERY_VALUE: tuple[list[Any], ...] = (
    [], [""], ["x"], ["-1"], ["\x00"], ["0"], ["1e3"], ["٣"], ["9" * 30], [str(HIGHEST)], [str(HIGHEST + 1)], [7],
    [None], ["1"] * 30,
)  # fmt: skip
VALUES = sample(EVERY_VALUE, 5)
TEXTS = sample(("", "\x00", "a\x00b", "9" * 19, "9" * 29, "-1", "1e3", "\u202e", "٣", "<#1>", "a" * 4000, "🇽🇽"), 5)
INTEGERS = sample((-(2**63), -1, 0, 2**31, 2**53, 2**63, 2**64 - 1), 3)
ROUNDS = by_thoroughness(quick=1, full=3, long=3)
"""Random combinations of hostile numbers per control, on top of each number in each place."""


def ids_of(control: type[Control[Any]], town: Town) -> Iterator[tuple[int, ...]]:
    """Yield numbers for a control's custom_id. Most of them make it Sam's own control in Sam's channel."""
    chance = random.Random(control.action)
    fields = control.ids_type._fields
    sam = town.sam.user.id
    own_ids = {"owner": sam, "viewer": sam, "channel": town.general.id}
    benign = tuple(own_ids.get(field, 1) for field in fields)
    yield benign
    for place in range(len(fields)):
        for number in NUMBERS:
            yield (*benign[:place], number, *benign[place + 1 :])
    for _round in range(ROUNDS):
        yield tuple(own_ids.get(field) or chance.choice(NUMBERS) for field in fields)


def control_of(message: Message, raw_id: str, kind: int) -> dict[str, Any]:
    """Put a control with this custom_id into `message`, where discord.py looks for it, and return it."""
    component = hostile.component(raw_id, kind)
    message.components[:] = [{"type": 1, "id": 2, "components": [component]}]
    return component


def forge(message: Message, control: type[Control[Any]], numbers: tuple[int, ...], kind: int) -> dict[str, Any]:
    """Put a control of class `control` into `message`, and return it."""
    return control_of(message, ":".join([control.action, *(hostile.base36(number) for number in numbers)]), kind)


async def answer_in_words(exchange: Exchange) -> Message | Modal:
    """Wait for an answer from our own code: neither an error nor the fallback for unclaimed interactions."""
    reply = await exchange.reply()
    # A picture on its own has its words in the description.
    descriptions = [file.description for file in reply.attachments] if isinstance(reply, Message) else []
    text = (reply.text or " ".join(filter(None, descriptions))) if isinstance(reply, Message) else reply.title
    data = exchange.interaction.data
    assert text, data
    assert str(exchange.interaction.id) not in text, data
    assert "before I restarted" not in text, data
    return reply


def journal_of(rig: Rig, town: Town) -> Any:
    return books.only_value(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id)


async def give_everything(town: Town) -> Message:
    """Give Sam every role and coins to lose, and return a panel of the bot that Sam sees."""
    await town.let_staff_create()
    await town.approve(town.sam, town.noor)
    await town.grant(town.sam, 50_000)
    return await (await town.sam.slash("balance")).message()


@pytest.mark.databases("sqlite")
async def test_a_control_with_any_numbers_answers_in_words(rig: Rig, town: Town) -> None:
    panel = await give_everything(town)
    count_before = journal_of(rig, town)

    for control in CONTROLS:
        presses = [
            town.sam.press(panel, forge(panel, control, numbers, BUTTON), []) for numbers in ids_of(control, town)
        ]
        for press in presses:
            await answer_in_words(press)

    assert journal_of(rig, town) == count_before


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", [STRING_SELECT, CHANNEL_SELECT])
async def test_a_menu_with_any_choices_answers_in_words(rig: Rig, town: Town, kind: int) -> None:
    panel = await give_everything(town)
    count_before = journal_of(rig, town)

    for control in CONTROLS:
        component = forge(panel, control, next(ids_of(control, town)), kind)
        for press in [town.sam.press(panel, component, values) for values in VALUES]:
            await answer_in_words(press)

    assert journal_of(rig, town) == count_before


def commands(rig: Rig) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield every slash command by its full name, with its options."""
    for command in rig.world.commands:
        if command["type"] == SLASH:
            for path, options in leaves(command):
                yield " ".join([command["name"], *path]), options


BENIGN = {3: "1", 4: 1, 5: True, 6: "1", 7: "1", 8: "1", 11: "1"}
IDS = ("0", "-1", "x", str(HIGHEST), str(HIGHEST + 1))
MEAN: dict[int, Sequence[Any]] = {3: TEXTS, 4: INTEGERS, 5: (), **dict.fromkeys((6, 7, 8, 11), IDS)}


async def test_a_command_with_any_options_answers_in_words(rig: Rig, town: Town) -> None:
    await give_everything(town)

    for name, options in commands(rig):
        usual = {option["name"]: BENIGN[option["type"]] for option in options if option.get("required")}
        for option in options:
            mean = [usual | {option["name"]: value} for value in MEAN[option["type"]]]
            for exchange in [await town.sam.slash(name, raw=True, **values) for values in mean]:
                await answer_in_words(exchange)


FORMS = ("settings-form:0", "settings-form:1", "settings-form:2", "settings-quiet", "pick-note", "pick-count")


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("door", FORMS)
async def test_a_form_with_any_text_answers_in_words(rig: Rig, town: Town, door: str) -> None:
    panel = await give_everything(town)
    pick = (town.sam.user.id, town.noor.user.id, 1, 1, 0, 0, 0, 7)
    raw_id = ":".join([door, *map(hostile.base36, pick)]) if door.startswith("pick") else door
    kind = STRING_SELECT if door == "pick-count" else BUTTON
    component = control_of(panel, raw_id, kind)

    for text in TEXTS:
        form = await town.sam.press(panel, component, ["0"]).modal()
        with contextlib.suppress(Refused):  # longer or shorter than Discord allows
            await answer_in_words(await town.sam.submit(form, **{field["custom_id"]: text for field in form.fields}))


@pytest.mark.parametrize("pieces", [0, HIGHEST])
async def test_a_picker_with_an_impossible_number_of_pieces_answers_in_words(town: Town, pieces: int) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    opened = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    panel = await pick_gift(town.mia, opened, "Petal")
    _, owner, creator, item, _, *others = part(panel, "pick-anonymous")["custom_id"].split(":")

    for action in ("pick-anonymous", "pick-send"):
        raw_id = ":".join([action, owner, creator, item, hostile.base36(pieces), *others])
        refusal = await answer_in_words(town.mia.press(panel, control_of(panel, raw_id, BUTTON)))
        assert isinstance(refusal, Message)
        assert "whole number" in refusal.text


@pytest.mark.parametrize("place", ["elsewhere", "hidden", "nowhere"])
async def test_a_gift_is_not_announced_where_its_sender_could_not_send_it(rig: Rig, town: Town, place: str) -> None:
    elsewhere = await rig.found_town()
    hidden = rig.world.add_channel(town.guild, "mods")
    rig.world.set_permissions(hidden, town.mia.user, deny=int(Permissions.VIEW_CHANNEL))
    channel_id = {"elsewhere": elsewhere.general.id, "hidden": hidden.id, "nowhere": 7}[place]
    await town.approve(town.noor)
    await town.grant(town.mia, 5_000)
    panel = await town.give(town.mia, "Northern Lights", town.noor)
    send = part(panel, "gift-send")
    send["custom_id"] = send["custom_id"].replace(hostile.base36(town.general.id), hostile.base36(channel_id))

    refusal = await town.mia.press(panel, send).message()

    assert "can't find that channel" in refusal.text
    assert books.gifts(rig.database, town.guild.id) == []


async def test_a_stage_that_is_over_or_of_another_guild_is_nobodys_show(rig: Rig, town: Town) -> None:
    elsewhere = await rig.found_town()
    channel = rig.world.add_channel(elsewhere.guild, "hall", kind="stage")
    foreign_stage = rig.world.open_stage(channel, "song")
    panel = await give_everything(town)

    refusal = await town.sam.press(
        panel, control_of(panel, f"stage-live:{hostile.base36(foreign_stage.id)}", BUTTON)
    ).message()

    assert "Nobody is live here" in refusal.text


@pytest.mark.parametrize("command", ["creators approve", "coins grant", "live start", "live match"])
async def test_who_is_not_here_is_named_to_no_command(rig: Rig, town: Town, command: str) -> None:
    stranger = rig.world.add_user("stranger")
    await give_everything(town)
    if command == "live match":
        await (await town.sam.slash("live start")).message()
    name = {"live start": "creator", "live match": "opponent"}.get(command, "member")
    options: dict[str, Any] = {"amount": 5, "reason": "x"} if command == "coins grant" else {}

    refusal = await (await town.sam.slash(command, **{name: stranger}, **options)).message()

    assert f"<@{stranger.id}> isn't in this server." in refusal.text
