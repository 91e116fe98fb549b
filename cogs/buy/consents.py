"""The form of buying: what the buyer agrees to before an order is opened."""

from itertools import chain
from typing import Any

import discord
from discord import ui

from bot.domain.buying_errors import PackageChanged
from bot.domain.errors import NotFound
from bot.domain.order_states import UNPAID, UNPAID_ENDS
from bot.domain.planned_gifts import PlannedGift
from bot.services.orders import Offer, Opened
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.controls import Form
from bot.ui.kit.deferred_reply import contact_of, replace
from bot.ui.kit.open_pickers import open_pickers, uses_picker
from bot.ui.kit.readers import reader_in
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.budgets import coins_left_after
from bot.ui.looks.consents import CONSENT_VERSION, CONSENTS
from bot.ui.text.reader import Reader
from bot.ui.text.refusals import ConsentMissing
from cogs.buy import outcome_render, render
from cogs.buy.links import package_button, packages_button
from cogs.buy.methods import method_choice
from cogs.buy.orders import waiting
from cogs.buy.places import check_place

_CONSENTS = CONSENTS[CONSENT_VERSION]


class ConsentForm(Form):
    """Asks how the buyer wants to pay and for two consents, as boxes that are not ticked in advance, and opens the
    order.

    `order_id` is the call that opened the form, so that one form is one order however often it is sent. The form also
    confirms the `gift` that goes out with the coins. `budget` says what the buyer's budget has left afterwards.
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
        # `/buy` with a package opens the form without a message that could be updated, and a picker may be gone.
        picker = self._picker(caller.interaction)
        is_there = picker is None or open_pickers(caller.interaction).has(picker)
        return Mode.UPDATE if caller.interaction.message is not None and is_there else Mode.PRIVATE

    def _picker(self, interaction: discord.Interaction) -> int | None:
        """Return the id of the picker from which the form was opened, or of another panel in its place: it becomes the
        order's panel."""
        shown_by = interaction.message.interaction_metadata if interaction.message is not None else None
        return shown_by.id if shown_by is not None else None

    @uses_picker(_picker)
    @replies(_mode, recorded=_paid)
    async def on_submit(self, caller: Caller) -> Reply:
        # Discord's clients insist on both boxes; a forged form may not.
        if len(set(self.consents.values)) < len(_CONSENTS):
            raise ConsentMissing
        await check_place(caller)
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


async def _close_outdated(caller: Caller, opening: Opened) -> None:
    # If an order has two panels, the older one must not look as if it could still be paid.
    for contact in opening.outdated:
        panel = reply(render.outdated(reader_in(client_of(caller.interaction), caller.guild_id, contact.locale)))
        await replace(caller.interaction.client, contact, panel)


async def consent_form(caller: Caller, package_id: int) -> ConsentForm:
    """Return the form that comes before a purchase.

    Raise NothingForSale, AdultsOnly, NotFound for a package not on sale, or a limit that the purchase would exceed.

    `package_id` may also be the coins of a package: members type what they see, and they see no ids.
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
    """Return the news that the package was edited while the form was open, with a button that leads to its new
    terms."""
    reader, owner = caller.reader, caller.member_id
    buttons = [packages_button(owner, reader)]
    if change.now is not None:
        buttons.insert(0, package_button(owner, package_id, reader._("See the new price")))
    return reply(render.changed(change, reader), buttons)
