"""The panel of `/gifts`: one shelf at a time, with a menu of tiers."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from bot.domain.catalogue import GiftItem, Tier
from bot.ui.kit.answers import Mode, pictured
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Picture
from bot.ui.kit.controls import Control, OwnerIds, picked_one
from bot.ui.kit.pages import turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.tiers import TIER_STYLES, tier_numbered
from bot.ui.text.reader import Reader
from cogs.gift.picker.opening import opens_picker
from cogs.gift.picker.views import open_picker
from cogs.gift.render import nothing_to_send
from cogs.gift.shelf import render


class ShelfIds(NamedTuple):
    """The next page to show of a tier, which is given by its number, on the member's own panel."""

    owner: int
    tier: int
    page: int


class PickTier(Control[OwnerIds], action="gifts-tier", ids=OwnerIds):
    """Goes to the shelf of a tier."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await shelf(caller, tier_numbered(picked_one(caller, "gift")))


class TurnShelf(Control[ShelfIds], action="gifts-page", ids=ShelfIds):
    """Turns the pages of a tier that has more gifts than a shelf holds."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await shelf(caller, tier_numbered(self.ids.tier), self.ids.page)


class SendOne(Control[OwnerIds], action="gifts-send", ids=OwnerIds):
    """The menu below the picture: opens the picker with this gift, in a reply of its own."""

    @opens_picker
    async def press(self, caller: Caller) -> Reply:
        return await open_picker(caller, picked_one(caller, "gift"))


async def shelf(caller: Caller, tier: Tier | None = None, page: int = 0) -> Reply:
    """Return a shelf of gifts that can be sent, the cheapest shelf if no tier is named."""
    reader, services = caller.reader, caller.services
    items = await services.catalogue.items(caller.guild_id)
    if not items:
        return reply(nothing_to_send(reader))
    shelf_page = render.shelf_page(items, tier, page, await services.packages.first(caller.guild_id))
    picture = await pictured(caller, partial(_picture, caller, shelf_page))
    return panel(shelf_page, items, caller.member_id, picture, reader)


def panel(
    page: render.ShelfPage, items: Sequence[GiftItem], owner: int, picture: Picture | None, reader: Reader
) -> Reply:
    """Return a shelf with the menu that leads to the others; `items` are the gifts of all shelves."""
    options = render.tiers(items, page.tier, reader)
    menu = PickTier.select(OwnerIds(owner), options, reader._(TIER_STYLES[page.tier].name), row=0)
    send = SendOne.select(OwnerIds(owner), render.gifts(page, reader), reader._("Send one of these gifts"), row=1)
    ids = ShelfIds(owner, tier=page.tier.number, page=page.page)
    card = render.shelf_panel(page, reader, picture)
    return reply(card, [menu, send, *turns(TurnShelf, ids, page.pages, reader, row=2)])


async def _picture(caller: Caller, page: render.ShelfPage) -> Picture | None:
    card = render.shelf_card(page, caller.reader)
    png = await caller.services.pictures.shelf(card)
    return Picture("shelf.png", png, render.alt_text(card, caller.reader)) if png else None
