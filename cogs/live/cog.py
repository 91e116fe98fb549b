"""The commands of live events."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.live import MOST_MINUTES
from bot.domain.match import Invitation
from bot.domain.money import MAX_AMOUNT
from bot.domain.text import TITLE_LENGTH
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller, check_member
from bot.ui.kit.replies import Reply
from cogs.live import views


class LiveCog(commands.GroupCog, group_name="live", group_description=_("Start, follow and end live events")):
    """Live events."""

    @app_commands.command(name="start", description=_("Start a live event in this channel"))
    @app_commands.describe(
        title=_("Title of the live event"),
        goal=_("Number of coins to reach together"),
        minutes=_("Length in minutes (120 if you leave it out)"),
        creator=_("Creator, if it isn't you"),
    )
    @replies()
    async def start(
        self,
        caller: Caller,
        title: app_commands.Range[str, 1, TITLE_LENGTH] = "",
        goal: app_commands.Range[int, 1, MAX_AMOUNT] | None = None,
        minutes: app_commands.Range[int, 1, MOST_MINUTES] | None = None,
        creator: discord.User | None = None,
    ) -> Reply:
        check_member(creator or caller.member)
        await views.check_channel(caller)
        status = await caller.services.live.start(
            caller.guild_id,
            event_id=caller.call_id,
            channel_id=caller.channel_id,
            caller=await caller.actor(),
            creator_id=(creator or caller.member).id,
            title=title,
            goal=goal,
            minutes=minutes,
        )
        return views.started(status, caller.member_id, caller.reader)

    @app_commands.command(name="status", description=_("See how the live event is going"))
    @replies()
    async def status(self, caller: Caller) -> Reply:
        return await views.status(caller)

    @app_commands.command(name="goal", description=_("Set the goal of the live event"))
    @app_commands.describe(
        coins=_("Number of coins to reach together"),
        minutes=_("Deadline in minutes from now"),
        reward=_("Reward for reaching the goal"),
    )
    @replies()
    async def goal(
        self,
        caller: Caller,
        coins: app_commands.Range[int, 1, MAX_AMOUNT],
        minutes: app_commands.Range[int, 1, MOST_MINUTES] | None = None,
        reward: app_commands.Range[str, 1, TITLE_LENGTH] | None = None,
    ) -> Reply:
        status = await caller.services.live.set_goal(
            caller.guild_id, caller.channel_id, await caller.actor(), coins=coins, minutes=minutes, reward=reward
        )
        return views.goal(status, caller.reader)

    @app_commands.command(name="match", description=_("Invite another creator to a match"))
    @app_commands.describe(
        opponent=_("Creator to invite"),
        rounds=_("Number of five-minute rounds"),
        freeze=_("Hide the score in the last 30 seconds of a round (on if you leave it out)"),
    )
    @app_commands.choices(
        rounds=[
            app_commands.Choice(name=_("One round"), value=1),
            app_commands.Choice(name=_("Best of three"), value=3),
        ]
    )
    @replies()
    async def match(self, caller: Caller, opponent: discord.User, rounds: int = 1, freeze: bool = True) -> Reply:
        check_member(opponent)
        invitation = Invitation(
            guild_id=caller.guild_id,
            match_id=caller.call_id,
            channel_id=caller.channel_id,
            creator_id=caller.member_id,
            opponent_id=opponent.id,
            rounds=rounds,
            frozen=freeze,
        )
        return views.invited(await caller.services.matches.invite(await caller.actor(), invitation), caller.reader)

    @app_commands.command(name="end", description=_("End the live event in this channel"))
    @replies()
    async def end(self, caller: Caller) -> Reply:
        status = await caller.services.live.own(caller.guild_id, caller.channel_id, await caller.actor())
        return views.ending(status, caller.member_id, caller.reader)
