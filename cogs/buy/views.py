"""The panel of buying: packages, consent, waiting. Each step carries ids and what the buyer saw."""

from typing import NamedTuple

import discord
from discord import ui

from bot.domain.errors import NotFound
from bot.domain.orders import OrderState
from bot.services.orders import Opened
from bot.ui import custom_id
from bot.ui.answers import Mode, answer
from bot.ui.guild_only import guild_of, services_of
from bot.ui.later import Handle
from bot.ui.replies import Reply, reply
from bot.ui.shortcuts import OPEN_SHOP
from bot.ui.texts import Reader
from bot.ui.views import Control, option, picked_one
from cogs.buy import render


class Nothing(NamedTuple):
    """No ids at all."""


class Owner(NamedTuple):
    """The member whose panel it is."""

    owner: int


class Offer(NamedTuple):
    """What the buyer saw and may accept; `currency` as `custom_id.number_of` has it.

    `order` is the id of the interaction that showed it: one yes, one order.
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


class OpenShop(Control[Nothing], action=OPEN_SHOP, ids=Nothing):
    """Opens the packages, wherever the button stands."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the packages in a reply of their own."""
        await answer(interaction, lambda: shop(interaction))


class Back(Control[Owner], action="buy-back", ids=Owner):
    """Leads from the consent back to the packages."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show the packages again."""
        await answer(interaction, lambda: shop(interaction), Mode.UPDATE)


class Pick(Control[Owner], action="buy-pick", ids=Owner):
    """Picks a package."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Ask for consent."""
        package_id = picked_one(interaction, "package")
        await answer(interaction, lambda: consent(interaction, package_id), Mode.UPDATE)


class Accept(Control[Offer], action="buy-accept", ids=Offer):
    """The buyer's yes: price, and no refunds."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Open the order and show where to pay it."""
        await answer(
            interaction, lambda: self._open(interaction), Mode.UPDATE, recorded=lambda: self._paid(interaction)
        )

    async def _paid(self, interaction: discord.Interaction) -> Reply | None:
        order = await services_of(interaction).orders.find(guild_of(interaction), self.ids.order)
        if order is None or order.state is not OrderState.CREDITED:
            return None
        return reply(render.paid_already(order, Reader.of(interaction)))

    async def _open(self, interaction: discord.Interaction) -> Reply:
        ids, reader, services = self.ids, Reader.of(interaction), services_of(interaction)
        opened = await services.orders.open(
            guild_of(interaction),
            order_id=ids.order,
            member_id=interaction.user.id,
            package_id=ids.package,
            seen_price_minor=ids.price_minor,
            seen_coins=ids.coins,
            seen_currency=custom_id.word_of(ids.currency),
            reply_token=Handle.of(interaction).packed(),
        )
        if opened.order.state is OrderState.CREDITED:
            return reply(render.paid_already(opened.order, reader))
        return waiting(opened, reader)


class CancelOrder(Control[OrderIds], action="buy-cancel", ids=OrderIds):
    """Gives up an order that waits for its payment."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Cancel it; a payment that comes all the same still credits."""
        await answer(interaction, lambda: self._cancel(interaction), Mode.UPDATE)

    async def _cancel(self, interaction: discord.Interaction) -> Reply:
        ids, reader = self.ids, Reader.of(interaction)
        order = await services_of(interaction).orders.cancel(guild_of(interaction), ids.order, ids.owner)
        if order.state is OrderState.CREDITED:
            return reply(render.paid_already(order, reader))
        return reply(render.cancelled(reader), [_back(ids.owner, reader)])


async def shop(interaction: discord.Interaction) -> Reply:
    """Return the packages with a menu to pick one."""
    reader, services = Reader.of(interaction), services_of(interaction)
    packages = await services.orders.offer(guild_of(interaction))
    menu = Pick.select(
        Owner(interaction.user.id),
        [
            option(render.label(package, reader), package.package_id, description=render.detail(package, reader))
            for package in packages
        ],
        reader._("Pick a package"),
    )
    return reply(render.shop(packages, services.packages.providers, reader), [menu])


async def consent(interaction: discord.Interaction, package_id: int) -> Reply:
    """Return the question before a purchase: price, coins, and that there are no refunds."""
    reader, services, owner = Reader.of(interaction), services_of(interaction), interaction.user.id
    offered = await services.orders.offer(guild_of(interaction))
    package = next((package for package in offered if package.package_id == package_id), None)
    if package is None:
        raise NotFound("package")
    currency = custom_id.number_of(package.currency)
    ids = Offer(owner, package.package_id, package.price_minor, package.total, currency, interaction.id)
    label = reader._("Accept and pay {price}", price=reader.money(package.price_minor, package.currency))
    accept = Accept.button(ids, label, discord.ButtonStyle.success)
    return reply(render.consent(package, services.packages.providers, reader), [accept, _back(owner, reader)])


def waiting(opened: Opened, reader: Reader) -> Reply:
    """Return the panel that waits for a payment; it is edited once the payment is decided."""
    order = opened.order
    link = ui.Button[ui.View](label=reader._("Open the checkout"), url=opened.url, emoji="💳")
    cancel = CancelOrder.button(OrderIds(order.member_id, order.order_id), reader._("Cancel"))
    return reply(render.waiting(order, reader), [link, cancel])


def _back(owner: int, reader: Reader) -> ui.Button[ui.View]:
    return Back.button(Owner(owner), reader._("All packages"))
