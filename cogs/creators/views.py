"""The list of creators and its pages."""

from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control
from bot.ui.kit.cross_links import review_button
from bot.ui.kit.pages import PageIds, page_of, turns
from bot.ui.kit.replies import Reply, reply
from cogs.creators import render
from cogs.creators.applications import LIST

PAGE = 20


class TurnCreators(Control[PageIds], action=LIST, ids=PageIds):
    """Turns the list's pages."""

    command = "creators list"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await creators(caller, self.ids.page)


async def creators(caller: Caller, page: int) -> Reply:
    """Return a page of the guild's creators."""
    entries = await caller.services.creators.creators(caller.guild_id)
    rows, page, pages = page_of(entries, page, PAGE)
    waiting = await caller.services.applications.waiting(caller.guild_id)
    await caller.services.applications.mark_announced(caller.guild_id, waiting)
    shares = None
    if page == 0:
        services = caller.services
        rules, changes = await services.guilds.rules(caller.guild_id), await services.shares.history(caller.guild_id)
        shares = (rules, changes)
    buttons = turns(TurnCreators, PageIds(caller.member_id, page), pages, caller.reader)
    if waiting:
        buttons.append(review_button(caller.reader))
    return reply(render.creators(rows, page, pages, caller.reader, waiting=len(waiting), shares=shares), buttons)
