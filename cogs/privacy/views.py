"""The switches of a member's own choices."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import discord

from bot.domain.member_choices import Choice, MemberChoices
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import N_, Reader
from cogs.privacy import render
from cogs.privacy.own_data import delete_button, export_button

CHOICES: Final = Numbers({choice.value: choice for choice in Choice})

LABELS: Final[Mapping[Choice, tuple[str, str]]] = {
    Choice.NO_PINGS: (N_("Turn pings off"), N_("Turn pings on")),
    Choice.HIDDEN: (N_("Hide me"), N_("Show me")),
    Choice.AMOUNTS_HIDDEN: (N_("Hide amounts"), N_("Show amounts")),
    Choice.ANONYMOUS: (N_("Gift anonymously"), N_("Show my name")),
    Choice.QUIET: (N_("Quiet, please"), N_("Join in")),
}
"""What the button of a choice says that is off, and of one that is on."""


class SwitchIds(NamedTuple):
    """A choice, and what the switch turns it to: 1 for on."""

    owner: int
    choice: int
    is_on: int


class Switch(Control[SwitchIds], action="privacy-switch", ids=SwitchIds):
    """Switches one of a member's choices on, or off again."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        switches = {CHOICES.thing(self.ids.choice): self.ids.is_on > 0}
        choices = await caller.services.own_choices.choose(caller.guild_id, caller.member_id, switches)
        return settings(caller.member_id, choices, caller.reader)


def settings(owner: int, choices: MemberChoices, reader: Reader) -> Reply:
    """Return a member's choices, each with its switch."""
    switches = {choice: _switch(owner, choice, choices, reader) for choice in Choice}
    items = [export_button(owner, reader), delete_button(owner, reader)]
    return reply(render.settings(choices, switches, reader), items)


def _switch(owner: int, choice: Choice, choices: MemberChoices, reader: Reader) -> Button:
    is_on = choices.has(choice)
    label = reader._(LABELS[choice][is_on])
    # Green is where a press would show the member again.
    style = discord.ButtonStyle.success if is_on else discord.ButtonStyle.secondary
    return Switch.button(SwitchIds(owner, CHOICES.of(choice), int(not is_on)), label, style)
