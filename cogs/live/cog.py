"""The commands of live events."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.live import MOST_MINUTES
from bot.domain.match import Match
from bot.domain.money import MAX_AMOUNT
from bot.domain.text import TITLE_LENGTH
from bot.services import Services
from bot.ui.answers import Mode, answer
from bot.ui.caller import actor_of, channel_of, check_member, guild_command, guild_of
from bot.ui.channels import check_writable
from bot.ui.reader import Reader
from bot.ui.replies import Reply
from cogs.live import views


@guild_command
class Live(commands.GroupCog, group_name="live", group_description=_("Start, follow and end live events")):
    """Live events."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="start", description=_("Start a live event in this channel"))
    @app_commands.describe(
        title=_("Title of the live event"),
        goal=_("Number of coins to reach together"),
        minutes=_("Length in minutes (120 if you leave it out)"),
        creator=_("Creator, if it isn't you"),
    )
    async def start(
        self,
        interaction: discord.Interaction,
        title: app_commands.Range[str, 1, TITLE_LENGTH] = "",
        goal: app_commands.Range[int, 1, MAX_AMOUNT] | None = None,
        minutes: app_commands.Range[int, 1, MOST_MINUTES] | None = None,
        creator: discord.User | None = None,
    ) -> None:
        """Start a live event. Everybody sees its board; the answer is for whoever runs the show."""
        reader = Reader.of(interaction)

        async def start() -> Reply:
            check_member(creator or interaction.user)
            is_thread = isinstance(interaction.channel, discord.Thread)
            check_writable(channel_of(interaction), interaction.app_permissions, thread=is_thread)
            # Whoever is allowed to speak here is heard again, whatever was refused before.
            await self.services.channels.retry(guild_of(interaction), channel_of(interaction))
            status = await self.services.live.start(
                guild_of(interaction),
                event_id=interaction.id,
                channel_id=channel_of(interaction),
                caller=await actor_of(interaction),
                creator_id=(creator or interaction.user).id,
                title=title,
                goal=goal,
                minutes=minutes,
            )
            return views.started(status, reader)

        await answer(interaction, start)

    @app_commands.command(name="status", description=_("See how the live event is going"))
    async def status(self, interaction: discord.Interaction) -> None:
        """Show the live event, to the caller; its creators and hosts can change who takes part."""
        reader = Reader.of(interaction)

        async def look() -> Reply:
            status = await self.services.live.status(guild_of(interaction), channel_of(interaction))
            return views.status(status, await actor_of(interaction), reader)

        await answer(interaction, look)

    @app_commands.command(name="goal", description=_("Set the goal of the live event"))
    @app_commands.describe(
        coins=_("Number of coins to reach together"),
        minutes=_("Deadline in minutes from now"),
        reward=_("Reward for reaching the goal"),
    )
    async def goal(
        self,
        interaction: discord.Interaction,
        coins: app_commands.Range[int, 1, MAX_AMOUNT],
        minutes: app_commands.Range[int, 1, MOST_MINUTES] | None = None,
        reward: app_commands.Range[str, 1, TITLE_LENGTH] | None = None,
    ) -> None:
        """Set the goal; the board shows it."""
        reader, guild_id, channel_id = Reader.of(interaction), guild_of(interaction), channel_of(interaction)

        async def set_goal() -> Reply:
            status = await self.services.live.set_goal(
                guild_id, channel_id, await actor_of(interaction), coins=coins, minutes=minutes, reward=reward
            )
            return views.goal(status, reader)

        await answer(interaction, set_goal)

    @app_commands.command(name="match", description=_("Invite another creator to a match"))
    @app_commands.describe(
        opponent=_("Creator to invite"),
        rounds=_("Number of five-minute rounds"),
        freeze=_("Hide the score in the last 30 seconds of a round"),
    )
    @app_commands.choices(
        rounds=[
            app_commands.Choice(name=_("One round"), value=1),
            app_commands.Choice(name=_("Best of three"), value=3),
        ]
    )
    async def match(
        self, interaction: discord.Interaction, opponent: discord.User, rounds: int = 1, freeze: bool = False
    ) -> None:
        """Start a match, or invite its opponent to it, for everybody to see."""
        reader, guild_id, channel_id = (
            Reader.for_guild(interaction.guild),
            guild_of(interaction),
            channel_of(interaction),
        )
        wanted = Match(guild_id, interaction.id, 0, interaction.user.id, opponent.id, rounds, freeze, 0)

        async def challenge() -> Reply:
            check_member(opponent)
            caller = await actor_of(interaction)
            match = await self.services.matches.challenge(guild_id, channel_id, caller, wanted)
            return views.match_on(match, reader) if match else views.invitation(wanted, reader)

        await answer(interaction, challenge, Mode.PUBLIC)

    @app_commands.command(name="end", description=_("End the live event in this channel"))
    async def end(self, interaction: discord.Interaction) -> None:
        """End the live event; everybody sees the recap in its channel."""
        reader, guild_id, channel_id = Reader.of(interaction), guild_of(interaction), channel_of(interaction)

        async def end() -> Reply:
            return views.ended(await self.services.live.end(guild_id, channel_id, await actor_of(interaction)), reader)

        await answer(interaction, end)
