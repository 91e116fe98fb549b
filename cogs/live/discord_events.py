"""Live events that follow Discord: scheduled events that become active, Stages that open, guilds that go and come back.

Without privileged intents, a scheduled event names its host and a Stage names nobody. The Stage of a scheduled event is
its host's show. Any other Stage belongs to the only approved creator who is not live yet; if there are several, the
Stage's own chat asks, and the creator who presses goes live.
"""

import contextlib
import logging
from collections.abc import Awaitable, Callable, Coroutine, Generator
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import discord
from discord.ext import commands

from bot.client import Rosette
from bot.domain.errors import ClockDoubtful, Refusal
from bot.domain.live import Origin, Source, thing_of
from bot.domain.turns import TurnKind
from bot.ui.kit.channels import can_write
from bot.ui.kit.posting import Place
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import UNREACHABLE, Reply
from cogs.live import views

log = logging.getLogger(__name__)

ACTIVE = discord.EventStatus.active

P = ParamSpec("P")


def _at_a_known_time(
    listener: "Callable[Concatenate[DiscordEventsCog, P], Awaitable[None]]",
) -> "Callable[Concatenate[DiscordEventsCog, P], Coroutine[Any, Any, None]]":
    """Have a listener wait until the time is known: Discord sends each event only once, so none may be dropped."""

    @wraps(listener)
    async def listen(self: "DiscordEventsCog", *args: P.args, **kwargs: P.kwargs) -> None:
        while True:
            await self.bot.clock.until_clear()
            # The clock may become doubtful halfway. What was done until then is done again, and changes nothing.
            with contextlib.suppress(ClockDoubtful):
                return await listener(self, *args, **kwargs)

    return listen


@contextlib.contextmanager
def _expected_refusals(guild: discord.Guild) -> Generator[None]:
    """Log refusals and go on: the hosts of most Discord events are no creators, so those are no live events."""
    try:
        yield
    except ClockDoubtful:
        raise
    except Refusal as refusal:
        log.info("A Discord event in guild %s starts no live event: %r", guild.id, refusal)


class DiscordEventsCog(commands.Cog):
    """Listens to the gateway."""

    def __init__(self, bot: Rosette) -> None:
        self.bot = bot

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_scheduled_event_create(self, event: discord.ScheduledEvent) -> None:
        """Start a live event, should it be active from the beginning."""
        await self._follow(event)

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_scheduled_event_update(self, _before: discord.ScheduledEvent, after: discord.ScheduledEvent) -> None:
        """Start, end or cancel a live event with Discord's own."""
        await self._follow(after)

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_scheduled_event_delete(self, event: discord.ScheduledEvent) -> None:
        """Cancel the live event of a Discord event that was deleted."""
        await self.bot.services.discord_events.cancelled(event.guild_id, thing_of(event_source(event)))

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_stage_instance_create(self, stage: discord.StageInstance) -> None:
        """Start the live event of a Stage."""
        await self._open_stage(stage)

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_stage_instance_delete(self, stage: discord.StageInstance) -> None:
        """Begin the grace of a Stage's live event."""
        await self.bot.services.discord_events.closed(stage.guild.id, views.stage_source(stage.id))

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """Make up for what happened while the guild, or this process, was away."""
        await self.bot.open_books(guild.id)
        await self.bot.services.discord_events.resumed(guild.id)
        await self._reconcile(guild)

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Look for shows that are on already."""
        await self.bot.open_books(guild.id)
        await self._reconcile(guild)

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        """Stop the clocks of live events: an outage should cost nobody their show."""
        await self.bot.services.discord_events.paused(guild.id)

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """End what runs in a guild that the bot was removed from."""
        await self.bot.services.discord_events.interrupted(guild.id)

    @commands.Cog.listener()
    @_at_a_known_time
    async def on_ready(self) -> None:
        """Do the same for guilds that were lost, or that Discord lost, while this process was away."""
        for guild_id in await self.bot.services.discord_events.guilds_on_air():
            guild = self.bot.get_guild(guild_id)
            if guild is None and self.bot.serves(guild_id):
                await self.bot.services.guilds.left(guild_id)
                await self.bot.services.discord_events.interrupted(guild_id)
            elif guild is not None and guild.unavailable:
                await self.bot.services.discord_events.paused(guild_id)

    async def _reconcile(self, guild: discord.Guild) -> None:
        stages = [stage for stage in guild.stage_instances if await _is_open(stage)]
        events = [event for event in guild.scheduled_events if event.status is ACTIVE]
        sources = [*map(event_source, events), *(views.stage_source(stage.id) for stage in stages)]
        await self.bot.services.discord_events.reconcile(guild.id, sources)
        for event in events:
            await self._follow(event)
        for stage in stages:
            await self._open_stage(stage)

    async def _follow(self, event: discord.ScheduledEvent) -> None:
        name, guild = event_source(event), event.guild
        if event.status is discord.EventStatus.cancelled:
            await self.bot.services.discord_events.cancelled(event.guild_id, thing_of(name))
        elif event.status is not ACTIVE:
            # Completed, or scheduled again: an event that recurs goes from one time to the next.
            await self.bot.services.discord_events.closed(event.guild_id, thing_of(name))
        elif guild is not None:
            source = Source(
                name,
                Origin.SCHEDULED,
                channel_id=await self._channel(guild, event.channel_id),
                creator_id=event.creator_id or 0,
                title=event.name,
            )
            with _expected_refusals(guild):
                await self.bot.services.discord_events.opened(guild.id, source)

    async def _open_stage(self, stage: discord.StageInstance) -> None:
        guild = stage.guild
        event = guild.get_scheduled_event(stage.scheduled_event_id or 0)
        source = Source(
            views.stage_source(stage.id),
            Origin.STAGE,
            channel_id=await self._channel(guild, stage.channel_id),
            creator_id=(event.creator_id if event else None) or 0,
            title=stage.topic,
        )
        with _expected_refusals(guild):
            if await self.bot.services.discord_events.stage_opened(guild.id, source):
                await self._ask(guild, source.channel_id, stage.id)

    async def _ask(self, guild: discord.Guild, channel_id: int, stage_id: int) -> None:
        async def write() -> Reply:
            return views.stage_open(stage_id, guild_reader(self.bot, guild.id))

        # One name for one Stage: asked again after a restart, it is still one question.
        await self.bot.poster.post_once(Place(guild.id, channel_id), f"stage:{stage_id}", write, kind=TurnKind.LOUD)

    async def _channel(self, guild: discord.Guild, channel_id: int | None) -> int:
        """Return the channel for a show: the chat of its own, else the guild's gift channel, else the system's."""
        rules = await self.bot.services.guilds.rules(guild.id)
        system = guild.system_channel.id if guild.system_channel else 0
        for candidate in (channel_id or 0, rules.gift_channel_id, system):
            channel = guild.get_channel(candidate)
            if channel is not None and can_write(channel):
                return candidate
        return channel_id or rules.gift_channel_id or system


def event_source(event: discord.ScheduledEvent) -> str:
    """Return the name by which one occurrence of a Discord event is known as the source of a live event."""
    return f"event:{event.id}:{int(event.start_time.timestamp())}"


async def _is_open(stage: discord.StageInstance) -> bool:
    """Ask Discord: after an outage, discord.py still remembers Stages that were closed meanwhile."""
    channel = stage.channel
    if channel is None:
        return False
    try:
        return (await channel.fetch_instance()).id == stage.id
    except discord.NotFound:
        return False
    except UNREACHABLE:
        return True
