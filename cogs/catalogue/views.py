"""The list of gift items and its pages."""

from functools import partial

from bot.domain import policy
from bot.domain.catalogue import GiftItem
from bot.imaging.values import look_of
from bot.ui.kit.answers import Mode, pictured
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Picture
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


async def picture(caller: Caller, item: GiftItem) -> Picture | None:
    """Return what an item looks like, None where files can't be attached or it can't be drawn in time."""
    return await pictured(caller, partial(_picture, caller, item))


async def _picture(caller: Caller, item: GiftItem) -> Picture | None:
    png = await caller.services.pictures.gift(look_of(item))
    alt = caller.reader._("A picture of {gift}", gift=item.name)
    return Picture("gift.png", png, alt, beside=True) if png else None


async def catalogue(caller: Caller, page: int) -> Reply:
    """Return a page of the guild's items."""
    entries = await caller.services.catalogue.items(caller.guild_id, archived=True)
    # Within a tier, sorting leaves them by price.
    entries.sort(key=lambda item: item.tier.from_price)
    rows, page, pages = page_of(entries, page, PAGE)
    buttons = turns(TurnCatalogue, PageIds(caller.member_id, page), pages, caller.reader)
    may_change = (await caller.actor()).may(policy.POLICY["catalogue edit"])
    return reply(render.catalogue(rows, page, pages, caller.reader, may_change=may_change), buttons)
