"""The panel of packages, each with a button that opens the buying form."""

from collections.abc import Sequence

import discord

from bot.domain.packages import best_value
from bot.services.orders import Offer
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, Form, NoIds, OwnerIds, picked_one
from bot.ui.kit.cross_links import OPEN_SHOP
from bot.ui.kit.pages import PageIds, footer, page_of, turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.budgets import coins_left
from bot.ui.text.reader import Reader
from cogs.buy import render
from cogs.buy.consents import consent_form
from cogs.buy.links import BACK_TO_SHOP, PICK_PACKAGE, PackageIds, package_button
from cogs.buy.places import check_place

PAGE = 10
"""Packages on a page. Each takes three of the forty components that a message may have."""


class OpenShop(Control[NoIds], action=OPEN_SHOP, ids=NoIds):
    """Opens the packages in a reply of their own, wherever the button is."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await shop(caller)


class BackToShop(Control[OwnerIds], action=BACK_TO_SHOP, ids=OwnerIds):
    """Leads back to the packages."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await shop(caller)


class TurnShop(Control[PageIds], action="buy-page", ids=PageIds):
    """Turns the pages of a shop with many packages."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await shop(caller, self.ids.page)


class PickPackage(Control[PackageIds], action=PICK_PACKAGE, ids=PackageIds):
    """The button beside a package: opens the form that asks for both consents."""

    @opens
    async def press(self, caller: Caller) -> Form:
        return await consent_form(caller, self.ids.package or picked_one(caller, "package"))


async def shop(caller: Caller, page: int = 0) -> Reply:
    """Return a page of the packages, each with a button beside it; raise NothingForSale or AdultsOnly."""
    await check_place(caller)
    offers = await caller.services.orders.offer(caller.guild_id, caller.member_id)
    budget = await caller.services.budgets.to_buy(caller.guild_id, caller.member_id)
    return shop_panel(offers, PageIds(caller.member_id, page), caller.reader, coins_left(budget, caller.reader))


def shop_panel(offers: Sequence[Offer], ids: PageIds, reader: Reader, budget: str = "") -> Reply:
    """Return a page of the packages as a member's panel; `budget` says how much of it is left."""
    page_offers, page, pages = page_of(offers, ids.page, PAGE)
    best, shelf = best_value([offer.package for offer in offers]), list[tuple[Offer, Button]]()
    for offer in page_offers:
        is_prominent = offer.is_prepaid or offer.package == best
        style = discord.ButtonStyle.success if is_prominent else discord.ButtonStyle.secondary
        label = render.button_label(offer, reader)
        shelf.append((offer, package_button(ids.owner, offer.package.package_id, label, style)))
    card = render.shop(shelf, best, footer(reader, page, pages), reader, budget)
    return reply(card, turns(TurnShop, ids._replace(page=page), pages, reader), asks=True)
