"""The panel of settings. Each change is one call of a service, and shown at once."""

import logging
from dataclasses import replace
from typing import NamedTuple

import discord

from bot.domain import guilds
from bot.domain.guilds import GuildRules, Setting
from bot.domain.policy import Staff
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.components import Menu, Option
from bot.ui.kit.controls import Control, Form, NoIds, picked, picked_one
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.replies import UNREACHABLE, Reply, reply
from bot.ui.kit.staff_commands import HiddenCommands, hidden_commands, unseeing_roles
from bot.ui.kit.staff_roles import check_fit, unfit
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import UnfitRole
from cogs.settings import (
    announcing,
    chests,
    creators,
    export,
    grants,
    levels,
    overlays,
    payments,
    proofs,
    render,
    results,
    staff_log,
)
from cogs.settings.channels import picked_channel
from cogs.settings.forms import FORMS

log = logging.getLogger(__name__)

ACROSS = 3
"""The buttons of other pages in one row: as many as fit on a desktop without wrapping."""

GIFTING = 0
STAFF = 1
"""The two pages of the panel."""

ROLES = Numbers({0: Staff.MANAGER, 1: Staff.HOST, 2: Staff.TREASURER, 3: Staff.AUDITOR})

LANGUAGES: Numbers[str | None] = Numbers({0: None, **dict(enumerate(guilds.LANGUAGES, start=1))})


class SettingsPageIds(NamedTuple):
    """A page of the panel."""

    page: int


class RoleIds(NamedTuple):
    """A staff role, by its number in ROLES."""

    staff: int


class FormIds(NamedTuple):
    """A form, by its number in FORMS."""

    form: int


class OpenPage(Control[SettingsPageIds], action=announcing.TURN, ids=SettingsPageIds):
    """Turns to the other page."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await panel(caller, self.ids.page)


class PickGiftChannel(Control[NoIds], action="settings-channel", ids=NoIds):
    """Picks the channel in which gifts are announced; none means the channel where they were sent."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await _change(caller, GIFTING, gift_channel_id=await picked_channel(caller))


class PickLanguage(Control[NoIds], action="settings-language", ids=NoIds):
    """Picks the language of what everybody sees."""

    command = "settings"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await _change(caller, GIFTING, language=LANGUAGES.thing(picked_one(caller, "language")))


class PickStaffRole(Control[RoleIds], action="settings-role", ids=RoleIds):
    """Picks the Discord role for one of the staff roles; none leaves it to those with Manage Server."""

    # A row of its own: managers may change settings, but not make anybody staff.
    command = "settings staff"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        role_ids, staff = picked(caller, "role"), ROLES.thing(self.ids.staff)
        role_id = role_ids[0] if role_ids else 0
        if role_id:
            await check_fit(caller.interaction, role_id)
            # Otherwise a member could become staff by gifting enough.
            if role_id in await caller.services.member_roles.earned(caller.guild_id):
                raise UnfitRole(role_id, "earned")
        return await _change(caller, STAFF, **{f"{staff.value}_role_id": role_id})


class OpenForm(Control[FormIds], action="settings-form", ids=FormIds):
    """Opens a form to type into."""

    command = "settings"

    @opens
    async def press(self, caller: Caller) -> Form:
        rules = await caller.services.guilds.rules(caller.guild_id)
        return FORMS.thing(self.ids.form)(rules, caller.reader, _gifting_page)


async def panel(caller: Caller, page: int) -> Reply:
    """Return a page of the panel with the current settings."""
    return await _page(caller, await caller.services.guilds.rules(caller.guild_id), page)


async def _change(caller: Caller, page: int, **values: Setting) -> Reply:
    return await _page(
        caller, await caller.services.guilds.change(caller.guild_id, by=caller.member_id, **values), page
    )


def _gifting_page(caller: Caller, rules: GuildRules) -> Reply:
    return panel_of(rules, GIFTING, caller.reader, caller.guild, sets_staff=caller.manages_guild)


async def _page(caller: Caller, rules: GuildRules, page: int) -> Reply:
    hidden = await _hidden_commands(caller, rules) if page == STAFF else None
    return panel_of(
        rules,
        page,
        caller.reader,
        caller.guild,
        sets_staff=caller.manages_guild,
        hidden=hidden,
        exports=caller.owns_guild,
    )


async def _hidden_commands(caller: Caller, rules: GuildRules) -> HiddenCommands | None:
    """Return the staff roles that do not see their commands, None if Discord does not say."""
    try:
        return await hidden_commands(client_of(caller.interaction), caller.guild, rules)
    except UNREACHABLE as error:
        log.warning("Discord does not say who sees the commands of guild %s: %s", caller.guild_id, error)
        return None


def panel_of(
    rules: GuildRules,
    page: int,
    reader: Reader,
    guild: discord.Guild | None,
    *,
    sets_staff: bool = True,
    hidden: HiddenCommands | None = None,
    exports: bool = False,
) -> Reply:
    """Return a page of the panel for `rules`. `guild` knows which of the channels and roles still exist. A reader who
    does not set the staff roles only sees them. `hidden` are the commands that staff roles do not see. A reader who
    `exports` is offered the books as a file."""
    if page == STAFF:
        menus = {staff: _role_select(rules, number, reader, guild) for number, staff in ROLES} if sets_staff else {}
        back = OpenPage.button(SettingsPageIds(GIFTING), reader._("Back"), emoji="◀️")
        card = render.staff(rules, reader, menus, unfit(rules, guild), unseeing_roles(rules, guild), hidden)
        owners = [export.button(reader)] if exports else []
        return reply(card, [back, grants.button(reader), chests.button(reader), *owners])
    to_staff = OpenPage.button(SettingsPageIds(STAFF), reader._("Staff roles"), emoji="🛡️")
    card = render.gifting(rules, gifting_items(rules, reader, guild), reader)
    others = [announcing, payments, creators, levels, overlays, staff_log, proofs, results]
    pages = [*(other.button(reader) for other in others), to_staff]
    return reply(card, [replace(button, row=number // ACROSS) for number, button in enumerate(pages)])


def gifting_items(rules: GuildRules, reader: Reader, guild: discord.Guild | None) -> render.GiftingItems:
    """Return the controls of the page about gifts."""
    forms = {
        form.emoji: OpenForm.button(FormIds(number), reader._("Change"), emoji=form.emoji) for number, form in FORMS
    }
    return render.GiftingItems(forms, _channel_select(rules, reader, guild), _language_select(rules, reader))


def _channel_select(rules: GuildRules, reader: Reader, guild: discord.Guild | None) -> Menu:
    exists = guild is not None and guild.get_channel(rules.gift_channel_id) is not None
    return Menu(
        PickGiftChannel.id_for(NoIds()),
        reader._("Gift channel"),
        discord.ComponentType.channel_select,
        channel_types=(discord.ChannelType.text, discord.ChannelType.news),
        chosen=[rules.gift_channel_id] if exists else [],
        fewest=0,
    )


def _language_select(rules: GuildRules, reader: Reader) -> Menu:
    options = [
        Option(render.language(language, reader), number, emoji="🌐", default=language == rules.language)
        for number, language in LANGUAGES
    ]
    return PickLanguage.select(NoIds(), options, reader._("Language of public messages"))


def _role_select(rules: GuildRules, number: int, reader: Reader, guild: discord.Guild | None) -> Menu:
    staff = ROLES.thing(number)
    role_id = rules.role_of(staff)
    exists = guild is not None and guild.get_role(role_id) is not None
    return Menu(
        PickStaffRole.id_for(RoleIds(number)),
        render.role_name(staff, reader),
        discord.ComponentType.role_select,
        chosen=[role_id] if exists else [],
        fewest=0,
    )
