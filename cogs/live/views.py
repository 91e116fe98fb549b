"""The buttons and selects of live events: who takes part, matches, and whose show a Stage is."""

from functools import partial
from typing import NamedTuple

import discord

from bot.domain.errors import NotLive
from bot.domain.live import MOST_CREATORS, Origin, Source
from bot.domain.match import Invitation
from bot.domain.policy import Staff
from bot.services.live_rules import LiveStatus
from bot.ui.kit.answers import Mode, pictured
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.cards import Card
from bot.ui.kit.channels import check_writable
from bot.ui.kit.components import Button, Item, Menu
from bot.ui.kit.controls import Control, picked
from bot.ui.kit.cross_links import (
    ACCEPT_MATCH,
    DECLINE_MATCH,
    LEAVE_MATCH,
    gift_button,
    hop_on_button,
    overlay_button,
)
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.live_card import Scene, goal_bar, live_card, pointer_card
from bot.ui.looks.match_card import match_card
from bot.ui.text.reader import Reader
from cogs.live import render


class EventIds(NamedTuple):
    """A live event."""

    event: int


class EndIds(NamedTuple):
    """A live event, and the member who is asked whether to end it."""

    owner: int
    event: int


class MatchIds(NamedTuple):
    """A match."""

    match: int


class StageIds(NamedTuple):
    """An open Stage."""

    stage: int


class PickCoCreators(Control[EventIds], action="live-creators", ids=EventIds):
    """Says who takes part in a live event beside its first creator."""

    command = "live start"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        creator_ids = picked(caller, "creator")
        status = await caller.services.live.set_creators(
            caller.guild_id, self.ids.event, await caller.actor(), creator_ids
        )
        return started(status, caller.member_id, caller.reader)


class EndEvent(Control[EndIds], action="live-end", ids=EndIds):
    """Ends a live event, once its creator or a host has seen what they are about to end."""

    command = "live end"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        status = await caller.services.live.end(caller.guild_id, self.ids.event, await caller.actor())
        return ended(status, caller.reader)


class AcceptMatch(Control[MatchIds], action=ACCEPT_MATCH, ids=MatchIds):
    """Takes up an invitation."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        card = await caller.services.matches.accept(caller.guild_id, self.ids.match, caller.member_id)
        return match_card(card, caller.guild_reader)


class DeclineMatch(Control[MatchIds], action=DECLINE_MATCH, ids=MatchIds):
    """Turns an invitation down."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        card = await caller.services.matches.decline(caller.guild_id, self.ids.match, caller.member_id)
        return match_card(card, caller.guild_reader)


class LeaveMatch(Control[MatchIds], action=LEAVE_MATCH, ids=MatchIds):
    """Breaks a match off; all gifts stay."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        card = await caller.services.matches.leave(caller.guild_id, self.ids.match, await caller.actor())
        return match_card(card, caller.guild_reader)


class GoLive(Control[StageIds], action="stage-live", ids=StageIds):
    """Starts the live event of a Stage, for the creator who presses."""

    command = "live start"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        stage = caller.guild.get_stage_instance(self.ids.stage) if caller.guild else None
        # It may have closed since it was asked about.
        if stage is None:
            raise NotLive
        check_writable(caller.channel_id, caller.bot_permissions)
        source = Source(
            stage_source(stage.id),
            Origin.STAGE,
            channel_id=caller.channel_id,
            creator_id=caller.member_id,
            title=stage.topic,
        )
        event = await caller.services.discord_events.opened(caller.guild_id, source)
        status = await caller.services.live.of_event(caller.guild_id, event.event_id)
        return reply(render.stage_taken(status, caller.guild_reader))


async def check_channel(caller: Caller) -> None:
    """Raise CannotWrite unless announcements can be posted where the caller is, and forget earlier refusals of them."""
    is_thread = isinstance(caller.interaction.channel, discord.Thread)
    check_writable(caller.channel_id, caller.bot_permissions, thread=is_thread)
    await caller.services.channels.retry(caller.guild_id, caller.channel_id)


def stage_source(stage_id: int) -> str:
    """Return the name by which a Stage is known as the source of a live event."""
    return f"stage:{stage_id}"


def started(status: LiveStatus, member_id: int, reader: Reader) -> Reply:
    """Return the panel for running a live event, for its creator or a host."""
    return reply(render.started(status, reader), [_co_creators(status, reader), _overlay(status, member_id, reader)])


async def status(caller: Caller) -> Reply:
    """Return where the board of a live event is, or what it would show; creators and hosts can say who takes part."""
    services, reader, actor = caller.services, caller.reader, await caller.actor()
    status = await services.live.status(caller.guild_id, caller.channel_id)
    status = status.at(client_of(caller.interaction).clock.estimate())
    board = await services.live_displays.board(status.event)
    event_id = status.event.event_id
    items: list[Item] = []
    # Nobody gifts themselves, or attends their own live event.
    if status.creators != (actor.user_id,):
        items.append(gift_button(event_id, reader, is_paused=status.takes_no_gifts))
    if actor.user_id not in status.creators:
        items.append(hop_on_button(event_id, reader))
    if actor.user_id in status.creators or actor.may(frozenset({Staff.HOST})):
        items += [_overlay(status, actor.user_id, reader), _co_creators(status, reader)]
    card = await _live_card(caller, status) if board is None else pointer_card(status, board.message_id, reader)
    return reply(card, items)


async def _live_card(caller: Caller, status: LiveStatus) -> Card:
    """Return what the board would show, where none stands in the channel."""
    services, reader = caller.services, caller.reader
    show = await services.live_displays.show(status.event)
    scene = Scene.of(show.progress, show.members, client_of(caller.interaction).clock.estimate())
    if (await services.own_choices.choices(caller.guild_id, caller.member_id)).is_quiet:
        scene = scene.quiet()
    return live_card(
        status, reader, scene, await pictured(caller, partial(goal_bar, status, services.pictures, reader))
    )


def goal(status: LiveStatus, reader: Reader) -> Reply:
    """Return the answer to a new goal."""
    return reply(render.goal(status.event, reader))


def ending(status: LiveStatus, owner: int, reader: Reader) -> Reply:
    """Return the question before a live event is ended."""
    ids = EndIds(owner, status.event.event_id)
    end = EndEvent.button(ids, reader._("End the live event"), discord.ButtonStyle.danger)
    return reply(render.ending(status, reader), [end], asks=True)


def ended(status: LiveStatus, reader: Reader) -> Reply:
    """Return the answer to the member who ended a live event."""
    return reply(render.ended(status.event, reader))


def invited(invitation: Invitation, reader: Reader) -> Reply:
    """Return the answer to the member who invited somebody to a match."""
    return reply(render.invited(invitation, reader))


def stage_open(stage_id: int, reader: Reader) -> Reply:
    """Return the question whose show a Stage is."""
    go_live = GoLive.button(StageIds(stage_id), reader._("Go live here"), discord.ButtonStyle.success, emoji="🔴")
    return reply(render.stage_open(reader), [go_live])


def _overlay(status: LiveStatus, member_id: int, reader: Reader) -> Button:
    """Return the button to a member's own overlay if they are on stage, else to that of the event's first creator."""
    return overlay_button(member_id if member_id in status.creators else status.event.creator_id, reader)


def _co_creators(status: LiveStatus, reader: Reader) -> Menu:
    return Menu(
        PickCoCreators.id_for(EventIds(status.event.event_id)),
        reader._("Who else is on stage?"),
        discord.ComponentType.user_select,
        chosen=status.creators[1:],
        fewest=0,
        most=MOST_CREATORS - 1,
    )
