"""What follows a payment, minutes or days after the button was pressed: the buyer is told the outcome."""

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
    """Show a buyer the outcome of the payment, and of the gift planned with it: in the waiting panel, otherwise in a
    direct message, otherwise with their next reply."""
    order, receipts = settlement.order, bot.services.receipts
    can_withdraw = (await bot.services.limits.limits(order.guild_id)).can_withdraw
    # The gift of an unpaid order: the button for another try includes it.
    plan = await bot.services.planned_gifts.of_order(order.guild_id, order.order_id)
    reader = reader_in(bot, order.guild_id, settlement.contact.locale)
    budget = await bot.services.budgets.crossed_by(order)
    panel = orders.settled(settlement, reader, plan=plan, can_withdraw=can_withdraw, budget=budget)
    gift = settlement.gift.receipt if settlement.gift else None
    # An order may reach the same state twice, but not by the same report.
    nonce = nonce_of(order.guild_id, f"order:{order.order_id}:{order.state}:{order.report}")
    if gift is not None:
        receipts.begin(gift)
    is_shown = await show_later(bot, settlement.contact, order.member_id, panel, nonce)
    if gift is not None:
        receipts.end(gift, was_shown=is_shown)
    if settlement.receipt is not None and not is_shown:
        receipts.miss(settlement.receipt)


async def ask_for_server(bot: Rosette, waiting: WaitingPurchase) -> None:
    """Ask a member which server a purchase is for: in a direct message, otherwise with their next reply."""
    panel, member_id = reply(unassigned(reader_in(bot, 0, waiting.locale))), waiting.record.member_id
    nonce = nonce_of(0, f"purchase:{waiting.record.provider}:{waiting.record.external_id}")
    if not await show_later(bot, Contact(waiting.locale, None), member_id, panel, nonce):
        bot.services.product_purchases.miss(member_id)


async def show_free_coins(bot: Rosette, free: FreeCoins) -> None:
    """Show a member the coins of a package that they got free on Discord, and the outcome of the gift bought with
    it."""
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
