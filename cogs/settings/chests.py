"""The settings page about chests: who may share promo coins out, and who can take a share."""

from collections.abc import Sequence
from typing import NamedTuple

import discord
from discord import ui

from bot.domain.chests import minimums_of
from bot.domain.errors import NotFound
from bot.domain.guilds import GuildRules
from bot.services.chests import ChestView
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part, named
from bot.ui.kit.components import Button, Menu
from bot.ui.kit.controls import Control, Form, NoIds, picked, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.settings.announcing import TURN

COMMAND = "settings"
_STAFF_PAGE = 1
MOST_OPEN = 5
"""Open chests that the page names, the newest."""
_MOST_DAYS, _MOST_HOURS = 365, 30 * 24


class OpenChests(Control[NoIds], action="settings-chests", ids=NoIds):
    """Turns to the page."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await page(caller)


class PickSponsors(Control[NoIds], action="settings-sponsors", ids=NoIds):
    """Picks the role of those who may share coins out; none means only staff."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids, guild = picked(caller, "role"), caller.guild
        if ids and (guild is None or guild.get_role(ids[0]) is None):
            raise NotFound("role")
        await caller.services.guilds.change(
            caller.guild_id, by=caller.member_id, sponsor_role_id=ids[0] if ids else None
        )
        return await page(caller)


class ChestIds(NamedTuple):
    """A chest."""

    chest: int


class CloseChest(Control[ChestIds], action="settings-chest-close", ids=ChestIds):
    """Closes a chest before its time is up. What is left goes back to its sponsor."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        await caller.services.chests.close(caller.guild_id, self.ids.chest, caller.member_id)
        return await page(caller)


class EditMinimums(Control[NoIds], action="settings-chests-edit", ids=NoIds):
    """Opens the form for who can take a share."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return MinimumsForm(await caller.services.guilds.rules(caller.guild_id), caller.reader)


class MinimumsForm(Form):
    """Asks for both minimums."""

    command = COMMAND

    def __init__(self, rules: GuildRules, reader: Reader) -> None:
        super().__init__(reader._("Who can take a share"))
        days, hours = minimums_of(rules.chest_account_days, rules.chest_joined_hours)
        self.days, self.hours = text_input(str(days), longest=3), text_input(str(hours), longest=3)
        hint = reader._("0 for no limit. More keeps out those who make accounts only for this.")
        self.add_item(ui.Label(text=reader._("Youngest account in days"), description=hint, component=self.days))
        self.add_item(ui.Label(text=reader._("Hours in this server"), description=hint, component=self.hours))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        await caller.services.guilds.change(
            caller.guild_id,
            by=caller.member_id,
            chest_account_days=parse_whole(self.days.value, _MOST_DAYS),
            chest_joined_hours=parse_whole(self.hours.value, _MOST_HOURS),
        )
        return await page(caller)


def button(reader: Reader) -> Button:
    """Return the button that leads here."""
    return OpenChests.button(NoIds(), reader._("Chests"), emoji="🧰")


async def page(caller: Caller) -> Reply:
    """Return the page with what is chosen now."""
    opened = await caller.services.chests.open_ones(caller.guild_id, MOST_OPEN)
    return page_of(await caller.services.guilds.rules(caller.guild_id), caller.reader, caller.guild, opened)


def page_of(rules: GuildRules, reader: Reader, guild: discord.Guild | None, opened: Sequence[ChestView] = ()) -> Reply:
    """Return the page for these choices. `guild` tells whether the role still exists. `opened` chests can be closed."""
    role_id = rules.sponsor_role_id or 0
    exists = guild is not None and guild.get_role(role_id) is not None
    staff = reader._("Only your managers and hosts")
    days, hours = minimums_of(rules.chest_account_days, rules.chest_joined_hours)
    age, stay = (
        reader.n_("{n} day", "{n} days", days) if days else reader._("No limit"),
        reader.n_("{n} hour", "{n} hours", hours) if hours else reader._("No limit"),
    )
    parts = (
        Part(
            reader._(
                "With `/chest`, sponsors share their own promo coins out in a channel. Everyone who takes a share gets "
                "the same, and what nobody takes goes back."
            )
        ),
        Part(named("🎖️", reader._("Who can sponsor"), f"<@&{role_id}>" if role_id else staff)),
        Part(named("🐣", reader._("Youngest account"), age)),
        Part(named("🚪", reader._("Time in this server"), stay)),
        *(_open_part(view, reader) for view in opened),
    )
    menu = Menu(
        PickSponsors.id_for(NoIds()),
        reader._("Role of sponsors"),
        discord.ComponentType.role_select,
        chosen=[role_id] if exists else [],
        fewest=0,
        row=0,
    )
    edit = EditMinimums.button(NoIds(), reader._("Change who can take a share"), emoji="🐣", row=1)
    # Without its control, which is in a module that imports this one.
    back = Button(reader._("Back"), custom_id.build(TURN, (_STAFF_PAGE,)), emoji="◀️", row=1)
    return reply(Card(theme.ROSE, parts, title="🧰 " + reader._("Chests")), [menu, edit, back])


def _open_part(view: ChestView, reader: Reader) -> Part:
    """Return a chest that is open, with the button that closes it."""
    chest = view.chest
    text = reader._(
        "Open in {channel}, from {sponsor}. Left: {coins}. Ends {when}",
        channel=f"<#{chest.channel_id}>",
        sponsor=mentions.member(view.sponsor_id, reader),
        coins=reader.coin(chest.reserved),
        when=reader.when(chest.until_ms),
    )
    label = reader._("Close it now")
    return Part(f"🧰 {text}", row=(CloseChest.button(ChestIds(chest.chest_id), label, discord.ButtonStyle.danger),))
