"""The buttons and selects of live events: who takes part, matches, and whose show a Stage is."""

from typing import Any, NamedTuple

import discord
from discord import ui

from bot.domain.errors import NotLive
from bot.domain.live import MOST_CREATORS, Origin, Source
from bot.domain.match import Match
from bot.domain.policy import Actor, Staff
from bot.services.live_rules import LiveStatus
from bot.ui.answers import Mode, answer
from bot.ui.caller import actor_of, channel_of, guild_of, services_of
from bot.ui.channels import check_writable
from bot.ui.live_card import live_embed
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from bot.ui.views import Control, picked
from cogs.live import render


class EventIds(NamedTuple):
    """A live event."""

    event: int


class Challenge(NamedTuple):
    """A match that its opponent has to accept; `match` is the id of the interaction that asked for it."""

    match: int
    creator: int
    opponent: int
    rounds: int
    frozen: int


class MatchIds(NamedTuple):
    """A match."""

    match: int


class StageIds(NamedTuple):
    """An open Stage."""

    stage: int


class CoCreators(Control[EventIds], action="live-creators", ids=EventIds):
    """Says who takes part in a live event beside its first creator."""

    command = "live start"

    async def press(self, interaction: discord.Interaction) -> None:
        """Make those who were picked its creators."""
        reader, services, guild_id = Reader.of(interaction), services_of(interaction), guild_of(interaction)
        others = picked(interaction, "creator")

        async def change() -> Reply:
            caller = await actor_of(interaction)
            return started(await services.live.set_creators(guild_id, self.ids.event, caller, others), reader)

        await answer(interaction, change, Mode.UPDATE)


class Accept(Control[Challenge], action="match-accept", ids=Challenge):
    """Takes up a challenge."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Start the match."""
        reader, services, guild_id = (
            Reader.for_guild(interaction.guild),
            services_of(interaction),
            guild_of(interaction),
        )
        ids = self.ids
        wanted = Match(
            guild_id, ids.match, 0, ids.creator, ids.opponent, 3 if ids.rounds == 3 else 1, ids.frozen > 0, 0
        )

        async def accept() -> Reply:
            return match_on(await services.matches.accept(guild_id, interaction.user.id, wanted), reader)

        await answer(interaction, accept, Mode.UPDATE)


class Leave(Control[MatchIds], action="match-leave", ids=MatchIds):
    """Breaks a match off."""

    async def press(self, interaction: discord.Interaction) -> None:
        """End the match; what was given stays."""
        reader, services, guild_id = (
            Reader.for_guild(interaction.guild),
            services_of(interaction),
            guild_of(interaction),
        )

        async def leave() -> Reply:
            left = await services.matches.leave(guild_id, self.ids.match, await actor_of(interaction))
            return reply(render.match_left(left, reader))

        await answer(interaction, leave, Mode.UPDATE)


class GoLive(Control[StageIds], action="stage-live", ids=StageIds):
    """Says whose show a Stage is: that of the creator who presses."""

    command = "live start"

    async def press(self, interaction: discord.Interaction) -> None:
        """Start the live event of the Stage."""
        reader, services, guild_id = (
            Reader.for_guild(interaction.guild),
            services_of(interaction),
            guild_of(interaction),
        )
        channel_id = channel_of(interaction)
        stage = interaction.guild.get_stage_instance(self.ids.stage) if interaction.guild else None
        if stage is None:
            raise NotLive
        source = Source(stage_source(stage.id), Origin.STAGE, channel_id, interaction.user.id, stage.topic)

        async def start() -> Reply:
            check_writable(channel_id, interaction.app_permissions)
            event = await services.discord_events.opened(guild_id, source)
            return reply(render.stage_taken(await services.live.of_event(guild_id, event.event_id), reader))

        await answer(interaction, start, Mode.UPDATE)


def stage_source(stage_id: int) -> str:
    """Return the name by which a Stage is known as the source of a live event."""
    return f"stage:{stage_id}"


def started(status: LiveStatus, reader: Reader) -> Reply:
    """Return the panel of whoever runs a live event."""
    return reply(render.started(status, reader), [_co_creators(status, reader)])


def status(status: LiveStatus, caller: Actor, reader: Reader) -> Reply:
    """Return how a live event goes; its creators and hosts can say who takes part."""
    runs_it = caller.user_id in status.creators or caller.may(frozenset({Staff.HOST}))
    return reply(live_embed(status, reader), [_co_creators(status, reader)] if runs_it else [])


def goal(status: LiveStatus, reader: Reader) -> Reply:
    """Return the answer to a new goal."""
    return reply(render.goal(status.event, reader))


def ended(status: LiveStatus, reader: Reader) -> Reply:
    """Return the answer to whoever ended a live event."""
    return reply(render.ended(status.event, reader))


def invitation(match: Match, reader: Reader) -> Reply:
    """Return a challenge with the button that accepts it."""
    ids = Challenge(match.match_id, match.creator_id, match.opponent_id, match.rounds, int(match.frozen))
    accept = Accept.button(ids, reader._("Accept the invitation"), discord.ButtonStyle.success, emoji="⚔️")
    return reply(render.invitation(match, reader), [accept])


def match_on(match: Match, reader: Reader) -> Reply:
    """Return the news of a match with the button that breaks it off."""
    return reply(render.match_on(match, reader), [Leave.button(MatchIds(match.match_id), reader._("Leave the match"))])


def stage_open(stage_id: int, reader: Reader) -> Reply:
    """Return the question whose show a Stage is."""
    mine = GoLive.button(StageIds(stage_id), reader._("Go live here"), discord.ButtonStyle.success, emoji="🔴")
    return reply(render.stage_open(reader), [mine])


def _co_creators(status: LiveStatus, reader: Reader) -> ui.UserSelect[Any]:
    others = [discord.Object(member, type=discord.User) for member in status.creators[1:]]
    return ui.UserSelect(
        custom_id=CoCreators.id_for(EventIds(status.event.event_id)),
        placeholder=reader._("Who else is on stage?"),
        min_values=0,
        max_values=MOST_CREATORS - 1,
        default_values=others,
    )
