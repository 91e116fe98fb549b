"""Answers of several messages: what has no room in the first one follows it."""

import contextlib
import logging
from collections.abc import AsyncGenerator, Callable
from typing import Final

import discord

from bot.logs import of_kind
from bot.ui.kit.replies import UNREACHABLE, Reply

log = logging.getLogger(__name__)

LAST_S: Final = 14 * 60.0
"""No message is begun for an interaction this old: Discord takes them for fifteen minutes, and one may be slow."""


async def show_more(
    interaction: discord.Interaction,
    messages: AsyncGenerator[Reply],
    age_s: Callable[[], float],
    *,
    is_private: bool,
) -> None:
    """Show the `more` messages of a reply, one after the other. If one fails, show what replaces the rest.

    Never raises Discord's errors. `age_s` counts the seconds since the interaction.
    """
    async for message in messages:
        try:
            if age_s() > LAST_S:
                raise TimeoutError("the interaction is too old")
            await interaction.followup.send(**message.sent(), ephemeral=is_private)
        except UNREACHABLE as error:
            log.warning(
                "Discord took only some messages of the answer to interaction %s: %s",
                interaction.id,
                error,
                extra=of_kind("lost messages"),
            )
            with contextlib.suppress(*UNREACHABLE):
                instead = await messages.athrow(error)
                await interaction.followup.send(**instead.sent(), ephemeral=is_private)
            return
