"""The list of packages and its pages."""

import discord

from bot.ui.answers import Mode, answer
from bot.ui.caller import guild_of, services_of
from bot.ui.pages import PageIds, page_of, turns
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from bot.ui.views import Control
from cogs.packages import render

PAGE = 15


class Turn(Control[PageIds], action="packages-page", ids=PageIds):
    """Turns the list's pages."""

    command = "packages list"

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the page."""
        await answer(interaction, lambda: packages(interaction, self.ids.page), Mode.UPDATE)


async def packages(interaction: discord.Interaction, page: int) -> Reply:
    """Return a page of the guild's packages."""
    reader, services, owner = Reader.of(interaction), services_of(interaction), interaction.user.id
    everything = await services.packages.packages(guild_of(interaction), archived=True)
    shown, page, pages = page_of(everything, page, PAGE)
    buttons = turns(lambda number: Turn.id_for(PageIds(owner, number)), reader, page, pages)
    return reply(render.packages(shown, services.packages.providers, page, pages, reader), buttons)
