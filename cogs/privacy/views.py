"""The switches of a member's own choices."""

from typing import NamedTuple

import discord

from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.privacy import render


class PingIds(NamedTuple):
    """What the switch turns pings to: 1 for none."""

    owner: int
    no_pings: int


class SwitchPings(Control[PingIds], action="privacy-pings", ids=PingIds):
    """Turns pings off, or on again."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        no_pings = self.ids.no_pings > 0
        await caller.services.announcements.set_no_pings(caller.guild_id, caller.member_id, no_pings=no_pings)
        return settings(caller.member_id, caller.reader, no_pings=no_pings)


def settings(owner: int, reader: Reader, *, no_pings: bool) -> Reply:
    """Return a member's choices, each with its switch."""
    label = reader._("Turn pings on") if no_pings else reader._("Turn pings off")
    # Green is where a press would turn something on.
    style = discord.ButtonStyle.success if no_pings else discord.ButtonStyle.secondary
    switch = SwitchPings.button(PingIds(owner, int(not no_pings)), label, style)
    return reply(render.settings(switch, reader, no_pings=no_pings))
