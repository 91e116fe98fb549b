"""The list of gift items and its pages."""

import discord

from bot.ui.answers import Mode, answer
from bot.ui.caller import guild_of, services_of
from bot.ui.pages import PageIds, page_of, turns
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from bot.ui.views import Control
from cogs.catalogue import render

PAGE = 20


class Turn(Control[PageIds], action="catalogue-page", ids=PageIds):
    """Turns the list's pages."""

    command = "catalogue list"

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the page."""
        await answer(interaction, lambda: catalogue(interaction, self.ids.page), Mode.UPDATE)


async def catalogue(interaction: discord.Interaction, page: int) -> Reply:
    """Return a page of the guild's items."""
    reader, owner = Reader.of(interaction), interaction.user.id
    everything = await services_of(interaction).catalogue.items(guild_of(interaction), archived=True)
    shown, page, pages = page_of(everything, page, PAGE)
    buttons = turns(lambda number: Turn.id_for(PageIds(owner, number)), reader, page, pages)
    return reply(render.catalogue(shown, page, pages, reader), buttons)
