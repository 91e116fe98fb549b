"""The panel of an order: it waits for the payment, and then shows the outcome."""

from typing import NamedTuple

import discord

from bot.domain.budgets import Line
from bot.domain.order_states import UNPAID_ENDS
from bot.domain.orders import Order
from bot.domain.planned_gifts import PlannedGift
from bot.domain.prompts import Checkout, PremiumButton, Prompt, Quote
from bot.services.settlements import Settlement
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button, Item, SkuButton
from bot.ui.kit.controls import Control
from bot.ui.kit.cross_links import open_gift_button, top_up_button, withdraw_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.buy import outcome_render, render
from cogs.buy.links import package_button, packages_button


class OrderIds(NamedTuple):
    """An open order of a member."""

    owner: int
    order: int


class CancelOrder(Control[OrderIds], action="buy-cancel", ids=OrderIds):
    """Cancels an order that waits for its payment. If the payment arrives all the same, the coins are still added."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids, reader, services = self.ids, caller.reader, caller.services
        gift = await services.planned_gifts.of_order(caller.guild_id, ids.order)
        order = await services.orders.cancel(caller.guild_id, ids.order, ids.owner)
        if order.state not in UNPAID_ENDS:
            return reply(outcome_render.decided(order, reader))
        return reply(render.cancelled(gift, reader), _again(order, gift, reader))


class ClaimSent(Control[OrderIds], action="buy-sent", ids=OrderIds):
    """Says that the money is on its way, for payments whose arrival only staff can see."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids = self.ids
        order = await caller.services.manual_payments.claim_sent(caller.guild_id, ids.order, ids.owner)
        return reply(render.claimed(order, caller.reader))


def waiting(order: Order, prompt: Prompt, reader: Reader, gift: PlannedGift | None = None) -> Reply:
    """Return the panel that waits for a payment, and then for a `gift`. It is edited once the payment is decided."""
    ids = OrderIds(owner=order.member_id, order=order.order_id)
    buttons = _pay_buttons(prompt, reader)
    if isinstance(prompt, Quote) and prompt.instructions:
        buttons.append(ClaimSent.button(ids, reader._("I've sent the money"), discord.ButtonStyle.success))
    buttons.append(CancelOrder.button(ids, reader._("Cancel")))
    return reply(render.waiting(order, prompt, gift, reader), buttons, asks=True)


def _pay_buttons(prompt: Prompt, reader: Reader) -> list[Item]:
    """Return the button that leads to the payment, if there is one."""
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
    """Return the outcome of a payment with the next step: a gift or, if nothing was paid, another try, which includes
    the gift of the `plan`. `budget` is the limit of the buyer's that is most used up, if that is news."""
    order, items = settlement.order, list[Item]()
    if settlement.receipt is not None:
        items = [open_gift_button(reader)]
        if can_withdraw:
            items.append(withdraw_button(order.member_id, order.order_id, reader._("Withdraw here")))
    elif order.state in UNPAID_ENDS:
        items = _again(order, plan, reader)
    return reply(outcome_render.settled(settlement, plan, reader, budget), items)


def _again(order: Order, gift: PlannedGift | None, reader: Reader) -> list[Item]:
    """Return the buttons that lead to the same order again, with the `gift` that it was for, and to all packages."""
    owner, label = order.member_id, reader._("Try again")
    again = package_button(owner, order.package_id, label) if gift is None else top_up_button(gift, label)
    return [again, packages_button(owner, reader)]
