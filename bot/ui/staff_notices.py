"""Telling staff what waits for them: below the answer to a command of whoever manages the guild."""

import logging

import discord

from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card
from bot.ui.kit.replies import UNREACHABLE, reply
from bot.ui.kit.staff_commands import hidden_commands, unseeing_roles
from bot.ui.kit.staff_roles import unfit
from bot.ui.looks.notices import broken_notice, hidden_notice, reports_notice, unfit_notice

log = logging.getLogger(__name__)

MOST_REPORTS = 10
"""Payments that are shown at once; the next ones come with the next command."""


async def on_command(interaction: discord.Interaction, _command: object) -> None:
    """Listener: tell whoever manages the guild, below the answer to their command, what staff have not heard yet."""
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        return
    caller = Caller(interaction)
    await _show_channels(caller)
    await _show_payments(caller)
    await _free_roles(caller)
    await _show_hidden_commands(caller)


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
        await guilds.change(caller.guild_id, **{f"{staff.value}_role_id": 0 for staff in roles})


async def _show_hidden_commands(caller: Caller) -> None:
    """Say once which staff roles do not see their commands: earlier versions showed them to everybody."""
    mark, state = f"hidden-commands:{caller.guild_id}", caller.services.app_state
    rules = await caller.services.guilds.rules(caller.guild_id)
    if not unseeing_roles(rules, caller.guild) or await state.get(mark) is not None:
        return
    try:
        hidden = await hidden_commands(caller, rules)
    except UNREACHABLE as error:
        log.debug("It is unknown who sees the commands of guild %s: %s", caller.guild_id, error)
        return
    if not hidden or await _follow_up(caller, hidden_notice(rules, hidden, caller.reader)):
        await state.put(mark, "told")


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
