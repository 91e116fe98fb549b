"""The panel of buying: packages, consent, waiting. Each step carries ids and what the buyer saw."""

from typing import NamedTuple

import discord
from discord import ui

from bot.domain.buying_errors import PackageChanged
from bot.domain.errors import NotFound
from bot.domain.orders import UNPAID_ENDS, OrderState
from bot.domain.packages import Terms
from bot.services.orders import Opened
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control, NoIds, Owner, option, picked_one
from bot.ui.kit.cross_links import OPEN_SHOP
from bot.ui.kit.deferred_reply import contact_of, replace
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader, reader_for
from cogs.buy import render


class Offer(NamedTuple):
    """What the buyer saw and may accept; `currency` as `custom_id.number_of` has it.

    `order` is the id of the call that showed it, so that one yes is one order.
    """

    owner: int
    package: int
    price_minor: int
    coins: int
    currency: int
    order: int


class OrderIds(NamedTuple):
    """An open order of a member."""

    owner: int
    order: int


class OpenShop(Control[NoIds], action=OPEN_SHOP, ids=NoIds):
    """Opens the packages in a reply of their own, wherever the button stands."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await shop(caller)


class Back(Control[Owner], action="buy-back", ids=Owner):
    """Leads from the consent back to the packages."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await shop(caller)


class Pick(Control[Owner], action="buy-pick", ids=Owner):
    """Picks a package, and asks for consent."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await consent(caller, picked_one(caller, "package"))


class Accept(Control[Offer], action="buy-accept", ids=Offer):
    """The buyer's yes to the price, and to no refunds: opens the order and shows where to pay it."""

    async def _paid(self, caller: Caller) -> Reply | None:
        order = await caller.services.orders.find(caller.guild_id, self.ids.order)
        if order is None or order.state is OrderState.OPEN or order.state in UNPAID_ENDS:
            return None
        return reply(render.decided(order, caller.reader))

    @replies(Mode.UPDATE, recorded=_paid)
    async def press(self, caller: Caller) -> Reply:
        ids, reader = self.ids, caller.reader
        try:
            opened = await caller.services.orders.open(
                caller.guild_id,
                order_id=ids.order,
                member_id=caller.member_id,
                package_id=ids.package,
                accepted=Terms(ids.coins, ids.price_minor, custom_id.word_of(ids.currency)),
                contact=contact_of(caller.interaction),
            )
        except PackageChanged as change:
            if change.now is None:
                return reply(render.archived(change, reader), [_back(ids.owner, reader)])
            return await consent(caller, ids.package, change)
        await _close_outdated(caller, opened)
        return waiting(opened, reader) if opened.url else reply(render.decided(opened.order, reader))


class CancelOrder(Control[OrderIds], action="buy-cancel", ids=OrderIds):
    """Gives up an order that waits for its payment; one that comes all the same still credits the coins."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids, reader = self.ids, caller.reader
        order = await caller.services.orders.cancel(caller.guild_id, ids.order, ids.owner)
        if order.state not in UNPAID_ENDS:
            return reply(render.decided(order, reader))
        return reply(render.cancelled(reader), [_back(ids.owner, reader)])


async def _close_outdated(caller: Caller, opened: Opened) -> None:
    for contact in opened.outdated:
        panel = reply(render.outdated(reader_for(contact.locale)))
        await replace(caller.interaction.client, contact, panel)


async def shop(caller: Caller) -> Reply:
    """Return the packages with a menu to pick one."""
    reader, services = caller.reader, caller.services
    packages = await services.orders.offer(caller.guild_id)
    menu = Pick.select(
        Owner(caller.member_id),
        [
            option(render.label(package, reader), package.package_id, description=render.detail(package, reader))
            for package in packages
        ],
        reader._("Pick a package"),
    )
    return reply(render.shop(packages, services.packages.providers, reader), [menu])


async def consent(caller: Caller, package_id: int, change: PackageChanged | None = None) -> Reply:
    """Return the question before a purchase: price, coins, and that there are no refunds; also what has changed."""
    reader, services, owner = caller.reader, caller.services, caller.member_id
    packages = await services.orders.offer(caller.guild_id)
    package = next((package for package in packages if package.package_id == package_id), None)
    if package is None:
        raise NotFound("package")
    ids = Offer(
        owner,
        package=package.package_id,
        price_minor=package.price_minor,
        coins=package.total,
        currency=custom_id.number_of(package.currency),
        order=caller.call_id,
    )
    label = reader._("Accept and pay {price}", price=reader.money(package.price_minor, package.currency))
    accept = Accept.button(ids, label, discord.ButtonStyle.success)
    return reply(render.consent(package, services.packages.providers, reader, change), [accept, _back(owner, reader)])


def waiting(opened: Opened, reader: Reader) -> Reply:
    """Return the panel that waits for a payment; it is edited once the payment is decided."""
    order = opened.order
    link = ui.Button[ui.View](label=reader._("Open the checkout"), url=opened.url, emoji="💳")
    cancel = CancelOrder.button(OrderIds(owner=order.member_id, order=order.order_id), reader._("Cancel"))
    return reply(render.waiting(order, reader), [link, cancel])


def _back(owner: int, reader: Reader) -> ui.Button[ui.View]:
    return Back.button(Owner(owner), reader._("See all packages"))
