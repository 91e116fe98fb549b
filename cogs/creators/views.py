"""The list of creators and its pages."""

import discord

from bot.ui.answers import Mode, answer
from bot.ui.caller import guild_of, services_of
from bot.ui.pages import PageIds, page_of, turns
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from bot.ui.views import Control
from cogs.creators import render

PAGE = 20


class Turn(Control[PageIds], action="creators-page", ids=PageIds):
    """Turns the list's pages."""

    command = "creators list"

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the page."""
        await answer(interaction, lambda: creators(interaction, self.ids.page), Mode.UPDATE)


async def creators(interaction: discord.Interaction, page: int) -> Reply:
    """Return a page of the guild's creators."""
    reader, owner = Reader.of(interaction), interaction.user.id
    everybody = await services_of(interaction).creators.creators(guild_of(interaction))
    shown, page, pages = page_of(everybody, page, PAGE)
    buttons = turns(lambda number: Turn.id_for(PageIds(owner, number)), reader, page, pages)
    return reply(render.creators(shown, page, pages, reader), buttons)
