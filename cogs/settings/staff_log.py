"""The settings page with the staff log: who changed what, and the channel that shows it."""

from typing import Final, NamedTuple

import discord

from bot.domain import policy
from bot.services.staff_log import PAGE, LogPage
from bot.ui import theme
from bot.ui.kit import custom_id, pages
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button, Menu
from bot.ui.kit.controls import Control, NoIds
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.staff_acts import act_entry
from bot.ui.text.reader import Reader
from cogs.settings.announcing import TURN
from cogs.settings.channels import picked_channel

SEE: Final = "settings log"
"""The row of the policy table: auditors only read it."""


class LogPageIds(NamedTuple):
    """A page of the log, counted from 0."""

    page: int = 0


class OpenStaffLog(Control[LogPageIds], action="settings-log", ids=LogPageIds):
    """Turns to a page of what staff did."""

    command = SEE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller, self.ids.page)


class PickLogChannel(Control[NoIds], action="settings-log-channel", ids=NoIds):
    """Picks the channel that shows the staff log; none means that only this page does."""

    # The log watches managers, so only those who appoint managers may choose its channel.
    command = "settings staff"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        channel_id = await picked_channel(caller)
        await caller.services.desk.logs.choose(caller.guild_id, channel_id, by=caller.member_id)
        return await page(caller, 0)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenStaffLog.button(LogPageIds(), reader._("Staff log"), emoji="📜")


async def page(caller: Caller, number: int) -> Reply:
    """Return a page of the log, with the channel that shows it."""
    log = await caller.services.desk.logs.page(caller.guild_id, number)
    changes_settings = (await caller.actor()).may(policy.POLICY["settings"])
    return page_of(
        log, caller.reader, caller.guild, sets_channel=caller.manages_guild, changes_settings=changes_settings
    )


def page_of(
    log: LogPage,
    reader: Reader,
    guild: discord.Guild | None,
    *,
    sets_channel: bool = True,
    changes_settings: bool = True,
) -> Reply:
    """Return a page of the log, with a way back for those who may change settings.

    `guild` tells whether its channel still exists.
    """
    channel = f"<#{log.channel_id}>" if log.channel_id else reader._("No channel")
    opening = [
        reader._("Everything that staff change, with who did it. Nobody can edit or delete this."),
        f"**{reader._('Staff log channel')}**: {channel}",
        "-# " + reader._("It gets each of these acts, and a summary of everything else once an hour. It pings nobody."),
    ]
    entries = "\n\n".join(act_entry(logged, reader) for logged in log.acts)
    parts = [Part("\n".join(opening)), Part(entries or reader._("Nothing yet."))]
    count = max(1, -(-log.count // PAGE))
    card = Card(
        theme.ROSE, tuple(parts), title="📜 " + reader._("Staff log"), footer=pages.footer(reader, log.page, count)
    )
    turns = pages.turns(OpenStaffLog, LogPageIds(log.page), count, reader, row=1)
    # Built by its id, because its control is in a module that imports this one.
    back = [Button(reader._("All settings"), custom_id.build(TURN, (0,)), emoji="⚙️", row=2)] if changes_settings else []
    selects = [_channel_select(log, reader, guild)] if sets_channel else []
    return reply(card, [*selects, *turns, *back])


def _channel_select(log: LogPage, reader: Reader, guild: discord.Guild | None) -> Menu:
    exists = guild is not None and guild.get_channel(log.channel_id) is not None
    return Menu(
        PickLogChannel.id_for(NoIds()),
        reader._("Staff log channel"),
        discord.ComponentType.channel_select,
        channel_types=(discord.ChannelType.text,),
        chosen=[log.channel_id] if exists else [],
        fewest=0,
        row=0,
    )
