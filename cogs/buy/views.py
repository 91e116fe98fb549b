"""The panel of buying: packages, both consents in a form, waiting, and what became of the payment."""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.domain.budgets import Line
from bot.domain.buying_errors import PackageChanged
from bot.domain.errors import NotFound
from bot.domain.order_states import UNPAID, UNPAID_ENDS
from bot.domain.orders import Order
from bot.domain.packages import best_value
from bot.domain.planned_gifts import PlannedGift
from bot.domain.prompts import Checkout, PremiumButton, Prompt, Quote
from bot.services.orders import Offer, Opened
from bot.services.settlements import Settlement
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.components import Button, Item, SkuButton
from bot.ui.kit.controls import Control, Form, NoIds, OwnerIds, picked_one
from bot.ui.kit.cross_links import OPEN_SHOP, open_gift_button, top_up_button, withdraw_button
from bot.ui.kit.deferred_reply import contact_of, replace
from bot.ui.kit.open_pickers import open_pickers
from bot.ui.kit.pages import PageIds, footer, page_of, turns
from bot.ui.kit.readers import reader_in
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.budgets import coins_left, coins_left_after
from bot.ui.looks.consents import CONSENT_VERSION, CONSENTS
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import ConsentMissing
from cogs.buy import outcome_render, render
from cogs.buy.methods import method_choice
from cogs.buy.places import check_place

_CONSENTS = CONSENTS[CONSENT_VERSION]

PAGE = 10
"""Packages on a page: three components each, of the forty that a message may have."""


class PackageIds(NamedTuple):
    """A package on the buyer's own panel; 0 where a menu of an earlier version names it."""

    owner: int
    package: int = 0


class OrderIds(NamedTuple):
    """An open order of a member."""

    owner: int
    order: int


class OpenShop(Control[NoIds], action=OPEN_SHOP, ids=NoIds):
    """Opens the packages in a reply of their own, wherever the button stands."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await shop(caller)


class BackToShop(Control[OwnerIds], action="buy-back", ids=OwnerIds):
    """Leads back to the packages."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await shop(caller)


class TurnShop(Control[PageIds], action="buy-page", ids=PageIds):
    """Turns the pages of a shop with many packages."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await shop(caller, self.ids.page)


class PickPackage(Control[PackageIds], action="buy-pick", ids=PackageIds):
    """The button beside a package: opens the form that asks for both consents."""

    @opens
    async def press(self, caller: Caller) -> Form:
        return await consent_form(caller, self.ids.package or picked_one(caller, "package"))


class CancelOrder(Control[OrderIds], action="buy-cancel", ids=OrderIds):
    """Gives up an order that waits for its payment. If the payment comes all the same, the coins are still added."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids, reader, services = self.ids, caller.reader, caller.services
        gift = await services.planned_gifts.of_order(caller.guild_id, ids.order)
        order = await services.orders.cancel(caller.guild_id, ids.order, ids.owner)
        if order.state not in UNPAID_ENDS:
            return reply(outcome_render.decided(order, reader))
        return reply(render.cancelled(gift, reader), _again(order, gift, reader))


class ClaimSent(Control[OrderIds], action="buy-sent", ids=OrderIds):
    """Says that the money is on its way, where only staff can see whether it comes."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids = self.ids
        order = await caller.services.manual_payments.claim_sent(caller.guild_id, ids.order, ids.owner)
        return reply(render.claimed(order, caller.reader))


class ConsentForm(Form):
    """Asks how the buyer wants to pay and for two consents, each a box not ticked in advance, and opens the order.

    `order_id` is the call that opened the form, so that one form is one order however often it is sent. The form also
    confirms the `gift` that goes out with the coins. `budget` says what the buyer's budget has left then.
    """

    def __init__(
        self, offer: Offer, order_id: int, reader: Reader, gift: PlannedGift | None = None, *, budget: str = ""
    ) -> None:
        super().__init__(reader._("Add these coins?") if offer.is_prepaid else reader._("Buy this package?"))
        self._package, self._order_id, self._methods, self._gift = offer.package, order_id, offer.methods, gift
        self.method = method_choice(offer.methods, reader)
        self.consents = ui.CheckboxGroup[Any](
            options=[
                discord.CheckboxGroupOption(label=reader._(text), value=str(number))
                for number, text in enumerate(_CONSENTS)
            ],
            min_values=len(_CONSENTS),
            max_values=len(_CONSENTS),
        )
        self.add_item(ui.TextDisplay(render.terms(offer, gift, reader, budget)))
        if len(offer.methods) > 1:
            self.add_item(ui.Label(text=reader._("How do you want to pay?"), component=self.method))
        self.add_item(ui.Label(text=reader._("Please tick both boxes"), component=self.consents))

    async def _paid(self, caller: Caller) -> Reply | None:
        order = await caller.services.orders.find(caller.guild_id, self._order_id)
        if order is None or order.state in UNPAID | UNPAID_ENDS:
            return None
        return reply(outcome_render.decided(order, caller.reader))

    def _mode(self, caller: Caller) -> Mode:
        # `/buy` with a package opens the form without a message that could be updated.
        return Mode.PRIVATE if caller.interaction.message is None else Mode.UPDATE

    @replies(_mode, recorded=_paid)
    async def on_submit(self, caller: Caller) -> Reply:
        # Discord's clients insist on both boxes; a forged form would not.
        if len(set(self.consents.values)) < len(_CONSENTS):
            raise ConsentMissing
        await check_place(caller)
        _claim_picker(caller)
        try:
            opening = await caller.services.orders.open(
                caller.guild_id,
                order_id=self._order_id,
                member_id=caller.member_id,
                package_id=self._package.package_id,
                accepted=self._package.terms,
                provider=self.method.value or self._methods[0].provider,
                consent_version=CONSENT_VERSION,
                contact=contact_of(caller.interaction),
                gift=self._gift,
            )
        except PackageChanged as change:
            return changed(change, self._package.package_id, caller)
        await _close_outdated(caller, opening)
        if opening.prompt is None:
            return reply(outcome_render.decided(opening.order, caller.reader))
        return waiting(opening.order, opening.prompt, caller.reader, self._gift)


def _claim_picker(caller: Caller) -> None:
    """See to it that no newer picker takes away the one that the form was opened from: it becomes the order's panel."""
    message = caller.interaction.message
    if message is not None and message.interaction_metadata is not None:
        open_pickers(caller.interaction).leave_alone(message.interaction_metadata.id)


async def _close_outdated(caller: Caller, opening: Opened) -> None:
    # Of two panels for one order, the older one must not look as if it could still be paid.
    for contact in opening.outdated:
        panel = reply(render.outdated(reader_in(client_of(caller.interaction), caller.guild_id, contact.locale)))
        await replace(caller.interaction.client, contact, panel)


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
        shelf.append((offer, PickPackage.button(PackageIds(ids.owner, offer.package.package_id), label, style)))
    card = render.shop(shelf, best, footer(reader, page, pages), reader, budget)
    return reply(card, turns(TurnShop, ids._replace(page=page), pages, reader), asks=True)


async def consent_form(caller: Caller, package_id: int) -> ConsentForm:
    """Return the form that comes before a purchase.

    Raise NothingForSale, AdultsOnly, NotFound for a package not on sale, or a limit that the purchase would exceed.

    `package_id` may also be the coins of a package: people type what they want, and what they see has no ids.
    """
    await check_place(caller)
    orders = caller.services.orders
    offers = await orders.offer(caller.guild_id, caller.member_id)
    by_id = (offer for offer in offers if offer.package.package_id == package_id)
    by_coins = (offer for offer in offers if package_id in (offer.package.total, offer.package.coins))
    offer = next(chain(by_id, by_coins), None)
    if offer is None:
        raise NotFound("package")
    await orders.check_offer(caller.guild_id, caller.member_id, offer)
    return ConsentForm(offer, caller.call_id, caller.reader, budget=await budget_after(caller, offer))


async def budget_after(caller: Caller, offer: Offer) -> str:
    """Return what the buyer's budget has left after a purchase, "" without a budget."""
    if offer.is_prepaid:
        return ""
    who = caller.guild_id, caller.member_id
    lines = await caller.services.budgets.to_buy(*who, offer.package.total, is_test=offer.is_test)
    return coins_left_after(lines, caller.reader)


def changed(change: PackageChanged, package_id: int, caller: Caller) -> Reply:
    """Return what a buyer reads whose package was edited while the form was open, and the way to its new terms."""
    reader, owner = caller.reader, caller.member_id
    buttons = [_back(owner, reader)]
    if change.now is not None:
        buttons.insert(0, _pick(owner, package_id, reader._("See the new price")))
    return reply(render.changed(change, reader), buttons)


def waiting(order: Order, prompt: Prompt, reader: Reader, gift: PlannedGift | None = None) -> Reply:
    """Return the panel that waits for a payment, and then for a `gift`; it is edited once the payment is decided."""
    ids = OrderIds(owner=order.member_id, order=order.order_id)
    buttons = _pay_buttons(prompt, reader)
    if isinstance(prompt, Quote) and prompt.instructions:
        buttons.append(ClaimSent.button(ids, reader._("I've sent the money"), discord.ButtonStyle.success))
    buttons.append(CancelOrder.button(ids, reader._("Cancel")))
    return reply(render.waiting(order, prompt, gift, reader), buttons, asks=True)


def _pay_buttons(prompt: Prompt, reader: Reader) -> list[Item]:
    """Return the button that leads to the payment, where there is one."""
    if isinstance(prompt, PremiumButton):
        return [SkuButton(prompt.sku_id)]
    if isinstance(prompt, Checkout):
        return [Button(reader._("Open the checkout"), url=prompt.url, emoji="💳")]
    return [Button(reader._("Open the payment page"), url=prompt.url, emoji="💳")] if prompt.url else []


def settled(
    settlement: Settlement,
    reader: Reader,
    *,
    plan: PlannedGift | None = None,
    can_withdraw: bool = False,
    budget: Line | None = None,
) -> Reply:
    """Return what became of a payment, with the next step: a gift, or another try, for the gift of the `plan` too.
    `budget` is a limit of the buyer of which the order has used most."""
    order, items = settlement.order, list[Item]()
    if settlement.receipt is not None:
        items = [open_gift_button(reader)]
        if can_withdraw:
            items.append(withdraw_button(order.member_id, order.order_id, reader._("Withdraw here")))
    elif order.state in UNPAID_ENDS:
        items = _again(order, plan, reader)
    return reply(outcome_render.settled(settlement, plan, reader, budget), items)


def _again(order: Order, gift: PlannedGift | None, reader: Reader) -> list[Item]:
    """Return the way to the same order once more, with the `gift` that it was for, and to all packages."""
    owner, label = order.member_id, reader._("Try again")
    again = _pick(owner, order.package_id, label) if gift is None else top_up_button(gift, label)
    return [again, _back(owner, reader)]


def _pick(owner: int, package_id: int, label: str) -> Button:
    return PickPackage.button(PackageIds(owner, package_id), label, discord.ButtonStyle.success)


def _back(owner: int, reader: Reader) -> Button:
    return BackToShop.button(OwnerIds(owner), reader._("See all packages"))
