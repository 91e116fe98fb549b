"""The panel of `/gifts`: one shelf at a time, with a menu of the tiers."""

from collections.abc import Sequence
from typing import NamedTuple

import discord

from bot.domain.catalogue import GiftItem, Tier
from bot.ui.answers import Mode, answer, pictured
from bot.ui.caller import guild_of, services_of
from bot.ui.pages import turns
from bot.ui.reader import Reader
from bot.ui.replies import Picture, Reply, reply
from bot.ui.views import Control, picked_one
from cogs.gift import render
from cogs.gift.shelf import render as browsing
from cogs.gift.views import Owner

_TIERS = tuple(Tier)


class ShelfIds(NamedTuple):
    """The page to show next of a tier, a place in their enum, on the member's own panel."""

    owner: int
    tier: int
    page: int


class Browse(Control[Owner], action="gifts-tier", ids=Owner):
    """Goes to the shelf of a tier."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show it."""
        tier = _TIERS[picked_one(interaction, "gift") % len(_TIERS)]
        await answer(interaction, lambda: shelf(interaction, tier), Mode.UPDATE)


class Turn(Control[ShelfIds], action="gifts-page", ids=ShelfIds):
    """Turns the pages of a tier that has more gifts than a shelf holds."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the page."""
        ids = self.ids
        tier = _TIERS[ids.tier % len(_TIERS)]
        await answer(interaction, lambda: shelf(interaction, tier, ids.page), Mode.UPDATE)


async def shelf(interaction: discord.Interaction, tier: Tier | None = None, page: int = 0) -> Reply:
    """Return a shelf of what can be sent, the cheapest if none is named."""
    reader, services, guild_id = Reader.of(interaction), services_of(interaction), guild_of(interaction)
    items = await services.catalogue.items(guild_id)
    if not items:
        return reply(render.nothing_to_send(reader))
    packages = await services.packages.packages(guild_id)
    shown = browsing.shelf_page(items, tier, page, packages[0] if packages else None)
    picture = await pictured(interaction, lambda: _picture(interaction, shown, reader))
    return panel(shown, items, interaction.user.id, picture, reader)


def panel(
    shown: browsing.ShelfPage, items: Sequence[GiftItem], owner: int, picture: Picture | None, reader: Reader
) -> Reply:
    """Return a shelf with the menu that leads to the others; `items` are all there are."""
    options = browsing.tiers(items, shown.tier, reader)
    menu = Browse.select(Owner(owner), options, reader._(browsing.TIERS[shown.tier]), row=0)
    here = ShelfIds(owner, _TIERS.index(shown.tier), shown.page)
    pages = turns(lambda page: Turn.id_for(here._replace(page=page)), reader, shown.page, shown.pages, row=1)
    embed = browsing.shelf_embed(shown, reader, pictured=picture is not None)
    return reply(embed, [menu, *pages], picture)


async def _picture(interaction: discord.Interaction, shown: browsing.ShelfPage, reader: Reader) -> Picture | None:
    card = browsing.shelf_card(shown, reader)
    png = await services_of(interaction).pictures.shelf(card)
    return Picture("shelf.png", png, browsing.alt_text(card, reader)) if png else None
