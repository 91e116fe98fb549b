"""The panel of buying: packages, consent, waiting. Each step carries ids and what the buyer saw."""

from typing import NamedTuple

import discord
from discord import ui

from bot.domain.buying_errors import PackageChanged
from bot.domain.errors import NotFound
from bot.domain.orders import UNPAID_ENDS, OrderState
from bot.domain.packages import Terms
from bot.services.orders import Opened
from bot.ui import custom_id
from bot.ui.answers import Mode, answer
from bot.ui.caller import guild_of, services_of
from bot.ui.cross_links import OPEN_SHOP
from bot.ui.deferred_reply import contact_of, replace
from bot.ui.reader import Reader, reader_for
from bot.ui.replies import Reply, reply
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
        if order is None or order.state is OrderState.OPEN or order.state in UNPAID_ENDS:
            return None
        return reply(render.decided(order, Reader.of(interaction)))

    async def _open(self, interaction: discord.Interaction) -> Reply:
        ids, reader = self.ids, Reader.of(interaction)
        try:
            opened = await services_of(interaction).orders.open(
                guild_of(interaction),
                order_id=ids.order,
                member_id=interaction.user.id,
                package_id=ids.package,
                accepted=Terms(ids.coins, ids.price_minor, custom_id.word_of(ids.currency)),
                contact=contact_of(interaction),
            )
        except PackageChanged as change:
            if change.now is None:
                return reply(render.archived(change, reader), [_back(ids.owner, reader)])
            return await consent(interaction, ids.package, change)
        for contact in opened.outdated:
            await replace(interaction.client, contact, reply(render.outdated(reader_for(contact.locale))))
        return waiting(opened, reader) if opened.url else reply(render.decided(opened.order, reader))


class CancelOrder(Control[OrderIds], action="buy-cancel", ids=OrderIds):
    """Gives up an order that waits for its payment."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Cancel it; a payment that comes all the same still credits."""
        await answer(interaction, lambda: self._cancel(interaction), Mode.UPDATE)

    async def _cancel(self, interaction: discord.Interaction) -> Reply:
        ids, reader = self.ids, Reader.of(interaction)
        order = await services_of(interaction).orders.cancel(guild_of(interaction), ids.order, ids.owner)
        if order.state not in UNPAID_ENDS:
            return reply(render.decided(order, reader))
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


async def consent(interaction: discord.Interaction, package_id: int, change: PackageChanged | None = None) -> Reply:
    """Return the question before a purchase: price, coins, and that there are no refunds; also what has changed."""
    reader, services, owner = Reader.of(interaction), services_of(interaction), interaction.user.id
    offered = await services.orders.offer(guild_of(interaction))
    package = next((package for package in offered if package.package_id == package_id), None)
    if package is None:
        raise NotFound("package")
    currency = custom_id.number_of(package.currency)
    ids = Offer(owner, package.package_id, package.price_minor, package.total, currency, interaction.id)
    label = reader._("Accept and pay {price}", price=reader.money(package.price_minor, package.currency))
    accept = Accept.button(ids, label, discord.ButtonStyle.success)
    return reply(render.consent(package, services.packages.providers, reader, change), [accept, _back(owner, reader)])


def waiting(opened: Opened, reader: Reader) -> Reply:
    """Return the panel that waits for a payment; it is edited once the payment is decided."""
    order = opened.order
    link = ui.Button[ui.View](label=reader._("Open the checkout"), url=opened.url, emoji="💳")
    cancel = CancelOrder.button(OrderIds(order.member_id, order.order_id), reader._("Cancel"))
    return reply(render.waiting(order, reader), [link, cancel])


def _back(owner: int, reader: Reader) -> ui.Button[ui.View]:
    return Back.button(Owner(owner), reader._("See all packages"))
