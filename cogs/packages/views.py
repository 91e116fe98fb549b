"""The list of packages and its pages."""

from bot.domain import policy
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control
from bot.ui.kit.cross_links import guide_button
from bot.ui.kit.pages import PageIds, page_of, turns
from bot.ui.kit.replies import Reply, reply
from cogs.packages import render

PAGE = 15


class TurnPackages(Control[PageIds], action="packages-page", ids=PageIds):
    """Turns the list's pages."""

    command = "packages list"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await packages(caller, self.ids.page)


async def packages(caller: Caller, page: int) -> Reply:
    """Return a page of the guild's packages."""
    entries = await caller.services.packages.packages(caller.guild_id, archived=True)
    rows, page, pages = page_of(entries, page, PAGE)
    buttons = turns(TurnPackages, PageIds(caller.member_id, page), pages, caller.reader)
    methods = await caller.services.guild_providers.offered(caller.guild_id)
    items = [*buttons, guide_button(caller.reader, row=1)]
    unrated = await caller.services.limits.unrated(caller.guild_id)
    may_change = (await caller.actor()).may(policy.POLICY["packages edit"])
    card = render.packages(
        rows, page, pages, caller.reader, can_pay=bool(methods), may_change=may_change, unrated=unrated
    )
    return reply(card, items)
