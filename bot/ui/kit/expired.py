"""Answers interactions that nothing in this process waits for: forms from before a restart, buttons of an older
version."""

import asyncio

import discord

from bot.ui import theme
from bot.ui.kit.caller import client_of
from bot.ui.kit.cards import Card
from bot.ui.kit.meter import HANDLED, Outcome
from bot.ui.kit.readers import reader_of
from bot.ui.kit.replies import UNREACHABLE, reply

GRACE_S = 0.5
"""Handlers mark the interactions that they handle as soon as they begin, which is at once."""


_answering: set[asyncio.Task[None]] = set()
"""Keeps the tasks alive, as the loop does not."""


def watch(interaction: discord.Interaction) -> None:
    """Answer a form or button that nobody has taken on after the grace, before Discord calls it failed."""
    if interaction.type in (discord.InteractionType.modal_submit, discord.InteractionType.component):
        asyncio.get_running_loop().call_later(GRACE_S, _check, interaction)


def _check(interaction: discord.Interaction) -> None:
    if HANDLED not in interaction.extras and not interaction.response.is_done():
        task = asyncio.create_task(_answer(interaction))
        _answering.add(task)
        task.add_done_callback(_answering.discard)


async def _answer(interaction: discord.Interaction) -> None:
    reader = reader_of(interaction)
    text = reader._("This message is from before I restarted. Please use the command again.")
    try:
        await interaction.response.send_message(**reply(Card.of(text, theme.AMBER)).sent(), ephemeral=True)
    except UNREACHABLE:
        return  # answered in the meantime, or too late
    client_of(interaction).meter.acknowledged(interaction)
    client_of(interaction).meter.ended(interaction, Outcome.OUTDATED)
