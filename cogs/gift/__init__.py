"""`/gift` and `/gifts`: sending a gift, and what can be sent."""

from functools import partial

from bot.client import Rosette
from cogs.gift import planned
from cogs.gift.cog import GiftCog
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
from cogs.gift.shelf.views import PickTier, SendOne, TurnShelf
from cogs.gift.views import Close, CloseOutdated, Send, SendAgain


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(Send, SendAgain, Close, CloseOutdated, PickTier, SendOne, TurnShelf)
    bot.add_dynamic_items(
        PickItem, PickPage, PickCount, PickMessage, PickAnonymous, PickSend, PickCreator, OpenForEvent, OpenForAnyone
    )
    bot.add_dynamic_items(OpenForCreator, Notes)
    # Services know nothing of Discord, so they are told whom to ask.
    bot.services.planned_gifts.check_with(partial(planned.check, bot))
    gift = GiftCog()
    await bot.add_cog(gift)
    for menu in gift.menus:
        bot.tree.add_command(menu)
