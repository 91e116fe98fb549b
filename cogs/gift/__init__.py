"""`/gift` and `/gifts`: sending a gift, and what can be sent."""

from bot.client import Rosette
from cogs.gift.cog import Gift
from cogs.gift.notes import Notes
from cogs.gift.picker.views import (
    OpenForAnyone,
    OpenForCreator,
    OpenForEvent,
    PickAnonymous,
    PickCount,
    PickCreator,
    PickItem,
    PickMessage,
    PickPage,
    PickSend,
)
from cogs.gift.shelf.views import Browse, SendOne, Turn
from cogs.gift.views import Cancel, Close, Send, SendAgain


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(Send, SendAgain, Close, Cancel, Browse, SendOne, Turn)
    bot.add_dynamic_items(
        PickItem, PickPage, PickCount, PickMessage, PickAnonymous, PickSend, PickCreator, OpenForEvent, OpenForAnyone
    )
    bot.add_dynamic_items(OpenForCreator, Notes)
    gift = Gift()
    await bot.add_cog(gift)
    for menu in gift.menus:
        bot.tree.add_command(menu)
