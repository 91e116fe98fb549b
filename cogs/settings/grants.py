"""The settings page about how much staff may grant."""

from typing import Any, NamedTuple

from discord import ui

from bot.domain.grant_limits import GrantLimits
from bot.domain.money import MAX_AMOUNT
from bot.domain.money import amount as checked_amount
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part, named
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, Form, NoIds, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.settings.announcing import TURN

_STAFF_PAGE = 1
_DIGITS = len(str(MAX_AMOUNT))


class SettingsIds(NamedTuple):
    """A page of the panel."""

    page: int


class OpenGrantLimits(Control[NoIds], action="settings-grants", ids=NoIds):
    """Turns to the page."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class EditGrantLimits(Control[NoIds], action="settings-grants-edit", ids=NoIds):
    """Opens the form for the limits."""

    # A row of its own in the policy table: everybody but the owner is among those who are limited.
    command = "settings grants"

    @opens
    async def press(self, caller: Caller) -> Form:
        return GrantLimitsForm(await caller.services.granting.limits.limits(caller.guild_id), caller.reader)


class GrantLimitsForm(Form):
    """Asks for both limits."""

    command = "settings grants"

    def __init__(self, limits: GrantLimits, reader: Reader) -> None:
        super().__init__(reader._("Limits on grants"))
        none = reader._("Leave it empty for no limit.")
        self.per_grant, self.per_day = (
            text_input("" if coins is None else str(coins), longest=_DIGITS, required=False) for coins in limits
        )
        self._add(reader._("Most coins in one grant"), none, self.per_grant)
        self._add(reader._("Most coins that one manager grants in a day"), none, self.per_day)

    def _add(self, text: str, description: str, box: ui.TextInput[Any]) -> None:
        self.add_item(ui.Label(text=text, description=description, component=box))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        limits = GrantLimits(*map(_coins, (self.per_grant, self.per_day)))
        await caller.services.granting.limits.change(caller.guild_id, limits, by=caller.member_id)
        return await page(caller)


def _coins(box: ui.TextInput[Any]) -> int | None:
    return checked_amount(parse_whole(box.value, MAX_AMOUNT)) if box.value.strip() else None


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenGrantLimits.button(NoIds(), reader._("Limits on grants"), emoji="🎁")


async def page(caller: Caller) -> Reply:
    """Return the page with the current limits."""
    limits = await caller.services.granting.limits.limits(caller.guild_id)
    return page_of(limits, caller.reader, sets_limits=caller.owns_guild)


def page_of(limits: GrantLimits, reader: Reader, *, sets_limits: bool) -> Reply:
    """Return the page for these limits. A reader who does not set them only sees them."""
    per_grant, per_day = (
        reader._("No limit") if coins is None else reader.coins(coins) for coins in (limits.per_grant, limits.per_day)
    )
    day = reader._("A day begins at midnight UTC.")
    parts = [
        Part(
            reader._("They apply to everyone who grants coins, you included.")
            + " "
            + reader._("Only the owner of this server can change them.")
        ),
        Part(named("✋", reader._("Most coins in one grant"), per_grant)),
        Part(named("📅", reader._("Most coins that one manager grants in a day"), f"{per_day}\n-# {day}")),
        Part(named("👥", reader._("Grants to yourself"), reader._("Someone else has to confirm them within a day."))),
    ]
    edit = EditGrantLimits.button(NoIds(), reader._("Change limits"), emoji="✏️")
    back = Button(reader._("Back"), custom_id.build(TURN, SettingsIds(_STAFF_PAGE)), emoji="◀️")
    return reply(
        Card(theme.ROSE, tuple(parts), title="🎁 " + reader._("Limits on grants")),
        [*([edit] if sets_limits else []), back],
    )
