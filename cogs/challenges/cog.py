"""The commands of challenges: one for members, and a group for staff."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.challenges import MOST_DAYS, NAME_LENGTH, Phase
from bot.domain.ids import created_ms
from bot.domain.matching import matching
from bot.ui.kit import discord_limits
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from bot.ui.text.parsing import parse_id
from cogs.challenges import drafts, progress

Name = app_commands.Range[str, 1, NAME_LENGTH]
Days = app_commands.Range[int, 1, MOST_DAYS]
Which = app_commands.Range[str, 1, 100]


class ChallengesCog(commands.Cog):
    """What members see of challenges."""

    @app_commands.command(name="challenges", description=_("See challenges, your points in them and the prizes"))
    @replies()
    async def challenges(self, caller: Caller) -> Reply:
        return await progress.overview(caller)


@app_commands.default_permissions(manage_guild=True)
class ChallengeCog(
    commands.GroupCog, group_name="challenge", group_description=_("Hold challenges with points and prizes")
):
    """What staff do with challenges."""

    @app_commands.command(name="add", description=_("Make a challenge. You see it before it's posted"))
    @app_commands.describe(name=_("Name of the challenge"), days=_("Length in days (7 if you leave it out)"))
    @replies()
    async def add(self, caller: Caller, name: Name, days: Days = 7) -> Reply:
        draft = await caller.services.challenges.draft(
            caller.guild_id, caller.call_id, name=name, days=days, by=caller.member_id
        )
        return drafts.draft_page(caller, draft)

    @app_commands.command(name="list", description=_("See all challenges, and go on with drafts"))
    @replies()
    async def list_(self, caller: Caller) -> Reply:
        return await drafts.listing(caller)

    @app_commands.command(name="end", description=_("End a challenge early"))
    @app_commands.describe(challenge=_("Challenge to end"))
    @replies()
    async def end(self, caller: Caller, challenge: Which) -> Reply:
        return await drafts.end_page(caller, parse_id(challenge, "challenge"))

    @end.autocomplete("challenge")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        challenges = await caller.services.challenge_places.shown(caller.guild_id)
        now_ms = created_ms(caller.call_id)
        running = [each for each in challenges if each.phase(now_ms) in {Phase.RUNNING, Phase.COMING}]
        return [
            app_commands.Choice(
                name=discord_limits.cut(each.name, discord_limits.CHOICE_NAME), value=str(each.challenge_id)
            )
            for each in matching(running, query, lambda each: (each.name,))
        ]
