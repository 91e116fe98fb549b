"""What follows a payment: the buyer hears of it minutes or days after the button."""

from bot.client import Rosette
from bot.services.settlements import Settlement
from bot.ui.kit.deferred_reply import show_later
from bot.ui.kit.readers import reader_in
from cogs.buy import views


async def show(bot: Rosette, settlement: Settlement) -> None:
    """Show a buyer what became of the payment: in the panel that waits for it, else as a direct message, else with
    their next reply."""
    panel = views.settled(settlement, reader_in(bot, settlement.order.guild_id, settlement.contact.locale))
    is_shown = await show_later(bot, settlement.contact, settlement.order.member_id, panel)
    if settlement.receipt is not None and not is_shown:
        bot.services.receipts.miss(settlement.receipt)
