"""What follows a payment: the buyer hears of it minutes or days after the button."""

from bot.client import Rosette
from bot.domain.orders import Contact
from bot.services.product_purchases import FreeCoins, WaitingPurchase
from bot.services.settlements import Settlement
from bot.ui.kit.cross_links import open_gift_button
from bot.ui.kit.deferred_reply import show_later
from bot.ui.kit.news import unassigned
from bot.ui.kit.posting import nonce_of
from bot.ui.kit.readers import reader_in
from bot.ui.kit.replies import reply
from cogs.buy import discord_render, orders


async def show(bot: Rosette, settlement: Settlement) -> None:
    """Show a buyer what became of the payment, and of the gift that was planned with it: in the panel that waits, else
    as a direct message, else with their next reply."""
    order, receipts = settlement.order, bot.services.receipts
    can_withdraw = (await bot.services.limits.limits(order.guild_id)).can_withdraw
    # The gift of an order that nobody paid for: the way to another try leads to it.
    plan = await bot.services.planned_gifts.of_order(order.guild_id, order.order_id)
    reader = reader_in(bot, order.guild_id, settlement.contact.locale)
    budget = await bot.services.budgets.crossed_by(order)
    panel = orders.settled(settlement, reader, plan=plan, can_withdraw=can_withdraw, budget=budget)
    gift = settlement.gift.receipt if settlement.gift else None
    # An order may come to the same state twice, but by another report.
    nonce = nonce_of(order.guild_id, f"order:{order.order_id}:{order.state}:{order.report}")
    if gift is not None:
        receipts.begin(gift)
    is_shown = await show_later(bot, settlement.contact, order.member_id, panel, nonce)
    if gift is not None:
        receipts.end(gift, was_shown=is_shown)
    if settlement.receipt is not None and not is_shown:
        receipts.miss(settlement.receipt)


async def ask_for_server(bot: Rosette, waiting: WaitingPurchase) -> None:
    """Ask a member for which server a purchase is: in a direct message, else with their next reply."""
    panel, member_id = reply(unassigned(reader_in(bot, 0, waiting.locale))), waiting.record.member_id
    nonce = nonce_of(0, f"purchase:{waiting.record.provider}:{waiting.record.external_id}")
    if not await show_later(bot, Contact(waiting.locale, None), member_id, panel, nonce):
        bot.services.product_purchases.miss(member_id)


async def show_free_coins(bot: Rosette, free: FreeCoins) -> None:
    """Show a member the coins of a package that Discord has given away, and what became of the gift bought with it."""
    reader, receipts = reader_in(bot, free.order.guild_id, free.contact.locale), bot.services.receipts
    footer = reader._("Receipt #{number}", number=free.receipt.seq)
    panel = reply(discord_render.free_coins(free.order, footer, reader, free.gift), [open_gift_button(reader)])
    gift = free.gift.receipt if free.gift else None
    if gift is not None:
        receipts.begin(gift)
    nonce = nonce_of(free.order.guild_id, f"free coins:{free.order.order_id}")
    is_shown = await show_later(bot, free.contact, free.order.member_id, panel, nonce)
    if gift is not None:
        receipts.end(gift, was_shown=is_shown)
    if not is_shown:
        receipts.miss(free.receipt)
