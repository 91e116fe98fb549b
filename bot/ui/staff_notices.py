"""Tells staff what waits for them, mostly below the answer to a command of somebody who manages the guild."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import discord

from bot.services import Services
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.cards import Card
from bot.ui.kit.replies import UNREACHABLE, reply
from bot.ui.kit.staff_commands import CommandOwner, hidden_commands, unseeing_roles
from bot.ui.kit.staff_roles import unfit
from bot.ui.looks.notices import broken_notice, hidden_notice, reports_notice, unfit_notice
from bot.ui.text.reader import Reader

log = logging.getLogger(__name__)

MOST_REPORTS = 10
"""Payments that are shown at once; the next ones come with the next command."""


Show = Callable[[Callable[[Reader], Card]], Awaitable[bool]]
"""Shows staff a notice, and returns whether Discord accepted it."""


class StaffNotices:
    """Tells staff what they have not heard yet."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._guild_ids: set[int] = set()
        """Guilds whose staff are being told of hidden commands."""
        self._asking = asyncio.Lock()

    def are_for(self, interaction: discord.Interaction) -> bool:
        """Whether notices are for the user of a command: they are for those who manage the guild."""
        return interaction.guild_id is not None and interaction.permissions.manage_guild

    async def on_command(self, interaction: discord.Interaction, _command: object) -> None:
        """Listener: tell staff, below the answer to their command."""
        caller = Caller(interaction)
        await _show_channels(caller)
        await _show_payments(caller)
        await _free_roles(caller)

        async def show(write: Callable[[Reader], Card]) -> bool:
            return await _follow_up(caller, write(caller.reader))

        if caller.guild is not None:
            await self.tell_hidden_commands(client_of(interaction), caller.guild, show)

    async def tell_hidden_commands(self, client: CommandOwner, guild: discord.Guild, show: Show) -> None:
        """Say once which staff roles do not see their commands: earlier versions showed them to everybody."""
        # Of a start and a command at once, only one tells.
        if guild.id in self._guild_ids:
            return
        self._guild_ids.add(guild.id)
        try:
            await self._tell_hidden_commands(client, guild, show)
        finally:
            self._guild_ids.discard(guild.id)

    async def _tell_hidden_commands(self, client: CommandOwner, guild: discord.Guild, show: Show) -> None:
        mark, state = f"hidden-commands:{guild.id}", self._services.app_state
        rules = await self._services.guilds.rules(guild.id)
        if not unseeing_roles(rules, guild) or await state.get(mark) is not None:
            return
        try:
            # At a start all guilds come at once, and answers to members must not wait for them.
            async with self._asking:
                hidden = await hidden_commands(client, guild, rules)
        except UNREACHABLE as error:
            log.debug("It is unknown who sees the commands of guild %s: %s", guild.id, error)
            return
        if not hidden or await show(lambda r: hidden_notice(rules, hidden, r)):
            await state.put(mark, "told")


async def _show_channels(caller: Caller) -> None:
    channels = caller.services.channels
    # Claimed first, so that of two commands at once only one tells. What could not be shown is given back.
    untold = await channels.claim_unreported(caller.guild_id)
    if untold and not await _follow_up(caller, broken_notice(untold, caller.reader)):
        await channels.mark_unreported(caller.guild_id, untold)


async def _show_payments(caller: Caller) -> None:
    cases = caller.services.payment_cases
    reports = (await cases.unreported(caller.guild_id))[:MOST_REPORTS]
    if reports and await _follow_up(caller, reports_notice(reports, caller.reader)):
        await cases.mark_reported(reports)


async def _free_roles(caller: Caller) -> None:
    """Free staff roles that were set before it was known which roles are unfit, and say so."""
    guilds = caller.services.guilds
    rules = await guilds.rules(caller.guild_id)
    roles = unfit(rules, caller.guild)
    if roles and await _follow_up(caller, unfit_notice(rules, roles, caller.reader)):
        await guilds.change(caller.guild_id, by=caller.member_id, **{f"{staff.value}_role_id": 0 for staff in roles})


async def _follow_up(caller: Caller, notice: Card) -> bool:
    """Show a notice below an answer; return whether Discord took it."""
    try:
        await caller.interaction.followup.send(**reply(notice).sent(), ephemeral=True)
    except UNREACHABLE as error:
        log.debug(
            "The staff of guild %s could not be shown a notice; it comes with another reply: %s", caller.guild_id, error
        )
        return False
    return True
