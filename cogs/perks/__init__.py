"""`/perks`: what members unlock, and `/perk`: what staff offer."""

from bot.client import Rosette
from cogs.perks.cog import PerkCog, PerksCog
from cogs.perks.keeping import ConfirmReturn, TurnPerkList
from cogs.perks.tickets import MoveTicket, OpenQueue
from cogs.perks.views import AskShoutout, GetPerk, OpenOwn, OpenPerks, PickPerk, ReadPerk, TurnPerks


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(
        AskShoutout,
        OpenQueue,
        MoveTicket,
        OpenPerks,
        TurnPerks,
        PickPerk,
        GetPerk,
        OpenOwn,
        ReadPerk,
        TurnPerkList,
        ConfirmReturn,
    )
    await bot.add_cog(PerksCog())
    await bot.add_cog(PerkCog())
