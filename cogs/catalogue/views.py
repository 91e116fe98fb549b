"""The list of gift items and its pages."""

from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control
from bot.ui.kit.pages import PageIds, page_of, turns
from bot.ui.kit.replies import Reply, reply
from cogs.catalogue import render

PAGE = 20


class TurnCatalogue(Control[PageIds], action="catalogue-page", ids=PageIds):
    """Turns the list's pages."""

    command = "catalogue list"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await catalogue(caller, self.ids.page)


async def catalogue(caller: Caller, page: int) -> Reply:
    """Return a page of the guild's items."""
    entries = await caller.services.catalogue.items(caller.guild_id, archived=True)
    # Within a tier, sorting leaves them by price.
    entries.sort(key=lambda item: item.tier.from_price)
    rows, page, pages = page_of(entries, page, PAGE)
    buttons = turns(TurnCatalogue, PageIds(caller.member_id, page), pages, caller.reader)
    return reply(render.catalogue(rows, page, pages, caller.reader), buttons)
