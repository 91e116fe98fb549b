"""`/challenges` and `/challenge`: points and prizes for members, and the staff who make challenges."""

from bot.client import Rosette
from cogs.challenges.cog import ChallengeCog, ChallengesCog
from cogs.challenges.drafts import (
    ChangeDraft,
    DiscardDraft,
    EndChallenge,
    OpenDraft,
    PickChallenge,
    PostDraft,
    SwitchLeagues,
)
from cogs.challenges.prizes import ChangePrize, PickPrize, PickPrizeRole, RemovePrize
from cogs.challenges.progress import OpenChallenge, PickShown


async def setup(bot: Rosette) -> None:
    """Add the family to the bot; called by discord.py."""
    bot.add_dynamic_items(OpenChallenge, PickShown)
    bot.add_dynamic_items(OpenDraft, PickChallenge, ChangeDraft, SwitchLeagues, PostDraft, DiscardDraft, EndChallenge)
    bot.add_dynamic_items(PickPrize, ChangePrize, RemovePrize, PickPrizeRole)
    await bot.add_cog(ChallengesCog())
    await bot.add_cog(ChallengeCog())
