"""The panel of settings. Each change is one call of the service, and shown at once."""

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.domain.errors import NotFound
from bot.domain.guilds import GuildRules
from bot.domain.policy import Staff
from bot.ui.answers import Mode, answer
from bot.ui.caller import guild_of, manages_guild, services_of
from bot.ui.channels import check_writable
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from bot.ui.staff_roles import check_fit, unfit
from bot.ui.views import Control, picked
from cogs.settings import announcing, render
from cogs.settings.forms import FORMS

GIFTING = 0
STAFF = 1
"""The two pages of the panel."""

ROLES = tuple(Staff)


class Page(NamedTuple):
    """A page of the panel."""

    page: int


class RoleIds(NamedTuple):
    """A staff role, by its place in the enum."""

    staff: int


class FormIds(NamedTuple):
    """A form, by its place in the list."""

    form: int


class Nothing(NamedTuple):
    """No ids at all."""


class Turn(Control[Page], action=announcing.TURN, ids=Page):
    """Turns to the other page."""

    command = "settings"

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the page."""
        await answer(interaction, lambda: panel(interaction, self.ids.page), Mode.UPDATE)


class GiftChannel(Control[Nothing], action="settings-channel", ids=Nothing):
    """Picks the channel that gifts are announced in; none means where they were sent."""

    command = "settings"

    async def press(self, interaction: discord.Interaction) -> None:
        """Keep the choice."""
        channel_id, guild = _one(interaction, "channel"), interaction.guild
        if channel_id:
            channel = guild.get_channel(channel_id) if guild else None
            if guild is None or channel is None:
                raise NotFound("channel")
            check_writable(channel_id, channel.permissions_for(guild.me))
            await services_of(interaction).channels.retry(guild.id, channel_id)
        await answer(interaction, _change(interaction, GIFTING, gift_channel_id=channel_id), Mode.UPDATE)


class StaffRole(Control[RoleIds], action="settings-role", ids=RoleIds):
    """Picks the role that carries one of the staff roles; none means only those with Manage Server."""

    command = "settings staff"

    async def press(self, interaction: discord.Interaction) -> None:
        """Keep the choice."""
        role_id, staff = _one(interaction, "role"), ROLES[self.ids.staff % len(ROLES)]
        change = _change(interaction, STAFF, **{f"{staff.value}_role_id": role_id})

        async def choose() -> Reply:
            if role_id:
                await check_fit(interaction, role_id)
            return await change()

        await answer(interaction, choose, Mode.UPDATE)


class OpenForm(Control[FormIds], action="settings-form", ids=FormIds):
    """Opens a form to type into."""

    command = "settings"

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the form, filled with what is set now."""
        rules = await services_of(interaction).guilds.rules(guild_of(interaction))
        form = FORMS[self.ids.form % len(FORMS)]
        await interaction.response.send_modal(form(rules, Reader.of(interaction), _changed))


async def panel(interaction: discord.Interaction, page: int) -> Reply:
    """Return a page of the panel as the settings are now."""
    rules = await services_of(interaction).guilds.rules(guild_of(interaction))
    return panel_of(rules, page, Reader.of(interaction), interaction.guild, sets_staff=manages_guild(interaction))


async def _changed(interaction: discord.Interaction, values: dict[str, int | str]) -> None:
    await answer(interaction, _change(interaction, GIFTING, **values), Mode.UPDATE)


def _change(interaction: discord.Interaction, page: int, **values: int | str) -> Callable[[], Awaitable[Reply]]:
    async def change() -> Reply:
        rules = await services_of(interaction).guilds.change(guild_of(interaction), **values)
        return panel_of(rules, page, Reader.of(interaction), interaction.guild, sets_staff=manages_guild(interaction))

    return change


def panel_of(
    rules: GuildRules, page: int, reader: Reader, guild: discord.Guild | None, *, sets_staff: bool = True
) -> Reply:
    """Return a page of the panel for `rules`. `guild` tells which of the channels and roles still exist; who does not
    set the staff roles only reads them."""
    if page == STAFF:
        items = [_role_select(rules, staff, reader, guild) for staff in ROLES] if sets_staff else []
        back = Turn.button(Page(GIFTING), reader._("Back"), emoji="◀️", row=4)
        return reply(render.staff(rules, reader, unfit(rules, guild)), [*items, back])
    forms = [
        OpenForm.button(FormIds(number), reader._(form.button), emoji=form.emoji, row=1)
        for number, form in enumerate(FORMS)
    ]
    on = Turn.button(Page(STAFF), reader._("Staff roles"), emoji="🛡️", row=2)
    items = [_channel_select(rules, reader, guild), *forms, announcing.button(reader), on]
    return reply(render.gifting(rules, reader), items)


def _channel_select(rules: GuildRules, reader: Reader, guild: discord.Guild | None) -> ui.Item[Any]:
    known = guild is not None and guild.get_channel(rules.gift_channel_id) is not None
    return ui.ChannelSelect[Any](
        custom_id=GiftChannel.id_for(Nothing()),
        channel_types=[discord.ChannelType.text, discord.ChannelType.news],
        placeholder=reader._("Gift channel"),
        min_values=0,
        default_values=[_default(rules.gift_channel_id, discord.SelectDefaultValueType.channel)] if known else [],
        row=0,
    )


def _role_select(rules: GuildRules, staff: Staff, reader: Reader, guild: discord.Guild | None) -> ui.Item[Any]:
    role_id = rules.role_of(staff)
    known = guild is not None and guild.get_role(role_id) is not None
    return ui.RoleSelect[Any](
        custom_id=StaffRole.id_for(RoleIds(ROLES.index(staff))),
        placeholder=render.role_name(staff, reader),
        min_values=0,
        default_values=[_default(role_id, discord.SelectDefaultValueType.role)] if known else [],
        row=ROLES.index(staff),
    )


def _default(of_id: int, of_type: discord.SelectDefaultValueType) -> discord.SelectDefaultValue:
    return discord.SelectDefaultValue(id=of_id, type=of_type)


def _one(interaction: discord.Interaction, noun: str) -> int:
    chosen = picked(interaction, noun)
    return chosen[0] if chosen else 0
