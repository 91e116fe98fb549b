"""The buttons of the thank queue."""

from typing import NamedTuple

import discord

from bot.domain.thanks import HIDDEN
from bot.services.thanks import Queue
from bot.ui.answers import Mode, answer
from bot.ui.caller import guild_of, services_of
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from bot.ui.views import Control
from cogs.creator import render

BUTTONS = 5
"""Entries that have a button of their own; everybody else is thanked with all."""


class ThankIds(NamedTuple):
    """What one member gave: `sender` is a holder id. Or, where `hidden` is 1, all that was given without a name."""

    owner: int
    sender: int
    hidden: int


class AllIds(NamedTuple):
    """The whole queue."""

    owner: int


class Thank(Control[ThankIds], action="thank", ids=ThankIds):
    """Thanks one member."""

    command = "creator thanks"

    async def press(self, interaction: discord.Interaction) -> None:
        """Thank, and show who still waits."""
        await _thank(interaction, self.ids.sender, hidden=self.ids.hidden > 0)


class ThankAll(Control[AllIds], action="thank-all", ids=AllIds):
    """Thanks everybody."""

    command = "creator thanks"

    async def press(self, interaction: discord.Interaction) -> None:
        """Thank, and show that nobody waits."""
        await _thank(interaction, None)


async def _thank(interaction: discord.Interaction, sender: int | None, *, hidden: bool = False) -> None:
    reader, thanks = Reader.of(interaction), services_of(interaction).thanks
    guild_id, creator_id = guild_of(interaction), interaction.user.id

    async def thank() -> Reply:
        await thanks.thank(guild_id, creator_id, thanks_id=interaction.id, sender=sender, hidden=hidden)
        return queue(await thanks.queue(guild_id, creator_id), creator_id, reader)

    await answer(interaction, thank, Mode.UPDATE)


def queue(waiting: Queue, owner: int, reader: Reader) -> Reply:
    """Return the panel of the thank queue."""
    if not waiting.entries:
        return reply(render.queue(waiting, reader))
    everybody = ThankAll.button(
        AllIds(owner), reader._("Thank everyone"), discord.ButtonStyle.success, emoji="💐", row=1
    )
    if len(waiting.entries) == 1:
        return reply(render.queue(waiting, reader), [everybody])
    single = [
        Thank.button(
            ThankIds(owner, entry.sender or HIDDEN, int(entry.sender is None)),
            reader._("Thank {n}", n=reader.number(place)),
        )
        for place, entry in enumerate(waiting.entries[:BUTTONS], start=1)
    ]
    return reply(render.queue(waiting, reader), [*single, everybody])
