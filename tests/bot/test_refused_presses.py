"""Buttons and menus refuse over the wire: on somebody else's panel, without permission, and for things that do not
exist."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.domain.policy import POLICY
from bot.ui.kit.controls import Control
from sandbox.discord.people import Person
from tests.bot.presses import presses
from tests.bot.test_hostile import BUTTON, forge, give_everything
from tests.controls import CONTROLS
from tests.rig import Rig, Town

pytestmark = pytest.mark.databases("sqlite")

NOTHING = 7
"""A number that does not occur in a new guild."""


async def refusals_of(
    rig: Rig, town: Town, person: Person, owner: Person, which: Callable[[type[Control[Any]]], bool]
) -> Mapping[str, str]:
    """Have a person press the controls for which `which` is true, in a panel of `owner`; return how each is refused."""
    panel = await give_everything(town)
    own_ids = {"owner": owner.user.id, "viewer": owner.user.id, "channel": town.general.id}
    first_request = len(rig.world.requests)
    for control in filter(which, CONTROLS):
        numbers = tuple(own_ids.get(field, NOTHING) for field in control.ids_type._fields)
        await person.press(panel, forge(panel, control, numbers, BUTTON), []).reply()
    return dict(presses(rig.world, list(rig.world.requests)[first_request:]))


def is_owned(control: type[Control[Any]]) -> bool:
    return "owner" in control.ids_type._fields


def is_for_some(control: type[Control[Any]]) -> bool:
    return control.command is not None and bool(POLICY[control.command])


async def test_a_panel_of_another_member_is_not_mine_to_press(rig: Rig, town: Town) -> None:
    refusals = await refusals_of(rig, town, town.sam, town.mia, is_owned)

    assert refusals == {control.action: "NotYours" for control in CONTROLS if is_owned(control)}


async def test_what_staff_or_creators_press_is_refused_to_members(rig: Rig, town: Town) -> None:
    refusals = await refusals_of(rig, town, town.mia, town.mia, is_for_some)

    assert refusals == {control.action: "NotAllowed" for control in CONTROLS if is_for_some(control)}


ABOUT_NOTHING: Mapping[str, str] = {
    "board-around": "Unreadable",
    "board-board": "NothingPicked",
    "board-page": "Unreadable",
    "board-period": "NothingPicked",
    "buy-gift": "NotACreator",
    "challenge-open": "NotFound",
    "challenge-shown": "NothingPicked",
    "chest-take": "ChestOver",
    "chip": "NotFound",
    "chip-back": "ChipInOver",
    "chip-other": "NotFound",
    "claim": "NotFound",
    "gift-send": "NotACreator",
    "gift-to": "CreatorLeft",
    "hop-on": "NotLive",
    "live-gift": "NotLive",
    "match-decline": "InvitationOver",
    "match-join": "InvitationOver",
    "match-leave": "NoMatch",
    "shop": "NothingForSale",
    "team": "TeamTooSmall",
}
"""How each control for everybody is refused if the numbers in it do not exist, and nothing is for sale."""

NEVER_REFUSED = {"board-open", "budget-open", "creator-week", "gift-open", "history-open", "notes", "perks"}
"""Controls for everybody that show a list, and say so if it is empty."""


async def test_what_everybody_may_press_is_refused_about_nothing(rig: Rig, town: Town) -> None:
    def is_free(control: type[Control[Any]]) -> bool:
        return not is_owned(control) and not is_for_some(control)

    for choice in await town.sam.autocomplete("packages archive", "package"):
        await (await town.sam.slash("packages archive", package=choice["value"])).message()
    refusals = await refusals_of(rig, town, town.sam, town.sam, is_free)

    assert refusals == {**ABOUT_NOTHING, **dict.fromkeys(NEVER_REFUSED, "")}
