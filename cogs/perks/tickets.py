"""The queue of shout-outs: one press for each step of each."""

from typing import NamedTuple

import discord

from bot.domain.perks import UnlockState, steps_from
from bot.domain.policy import POLICY
from bot.services.perk_tickets import Queue, Ticket
from bot.ui import theme
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, OwnerIds
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import N_, Reader
from bot.ui.text.refusals import Unreadable

MOST = 5
"""Shout-outs at a time, the oldest."""

SHELF = "perks-page"
"""The action of the pages of all perks."""

_STATES = tuple(UnlockState)
_LABELS = {
    UnlockState.OPEN: (N_("Put it back"), discord.ButtonStyle.secondary),
    UnlockState.DOING: (N_("Start it"), discord.ButtonStyle.primary),
    UnlockState.DONE: (N_("Mark as done"), discord.ButtonStyle.success),
    UnlockState.REVERSED: (N_("Give the coins back"), discord.ButtonStyle.danger),
}


class MoveIds(NamedTuple):
    """A shout-out, the state that was shown, and the one that it gets, both by their place among all states."""

    owner: int
    unlock: int
    before: int
    state: int


class OpenQueue(Control[OwnerIds], action="perks-queue", ids=OwnerIds):
    """Shows the shout-outs that wait for the presser."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await show(caller)


class MoveTicket(Control[MoveIds], action="perks-ticket", ids=MoveIds):
    """Changes the state of a shout-out."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        if max(self.ids.before, self.ids.state) >= len(_STATES):
            raise Unreadable
        before, state = _STATES[self.ids.before], _STATES[self.ids.state]
        tickets = caller.services.perks.tickets
        is_manager = await manages(caller)
        await tickets.move(caller.guild_id, caller.member_id, self.ids.unlock, before, state, is_manager=is_manager)
        return await show(caller)


async def manages(caller: Caller) -> bool:
    """Whether a caller keeps the perks of the guild."""
    return (await caller.actor()).may(POLICY["perk edit"])


async def waiting(caller: Caller) -> int:
    """Return how many shout-outs wait for the caller."""
    tickets, is_manager = caller.services.perks.tickets, await manages(caller)
    return (await tickets.queue(caller.guild_id, caller.member_id, is_manager=is_manager, most=0)).total


async def show(caller: Caller) -> Reply:
    """Return the queue of the caller."""
    tickets, is_manager = caller.services.perks.tickets, await manages(caller)
    queue = await tickets.queue(caller.guild_id, caller.member_id, is_manager=is_manager, most=MOST)
    return panel(queue, caller.member_id, caller.reader)


def panel(queue: Queue, owner: int, reader: Reader) -> Reply:
    """Return a queue."""
    title = "📣 " + reader._("Shout-outs to give")
    back = Button(reader._("All perks"), custom_id.build(SHELF, (owner, 0)), emoji="◀️")
    if not queue.tickets:
        return reply(Card(theme.GREEN, (Part(reader._("Nothing is waiting for you.")),), title=title), [back])
    opening = reader.n_("{n} shout-out is waiting.", "{n} shout-outs are waiting.", queue.total)
    opening += " " + reader._("I'll tell whoever asked when you mark it as done.")
    parts = [Part(opening), *(_ticket(ticket, owner, reader) for ticket in queue.tickets)]
    footer = reader._("The oldest come first.") if queue.total > len(queue.tickets) else ""
    return reply(Card(theme.ROSE, tuple(parts), title=title, footer=footer), [back])


def _ticket(ticket: Ticket, owner: int, reader: Reader) -> Part:
    entry, perk = ticket.unlock, ticket.perk
    who, when = mentions.member(ticket.member_id, reader), reader.when(entry.at_ms)
    marks = [who, when, *(["🎬 " + reader._("in the works")] if entry.state is UnlockState.DOING else [])]
    text = "\n".join(filter(None, (mentions.quoted(entry.note), "-# " + " · ".join(marks))))
    buttons = tuple(_button(ticket, state, owner, reader) for state in steps_from(entry.state))
    return Part(text, mentions.perk(perk.name, perk.emoji, reader), row=buttons)


def _button(ticket: Ticket, state: UnlockState, owner: int, reader: Reader) -> Button:
    label, style = _LABELS[state]
    if state is UnlockState.REVERSED and not ticket.unlock.coins:
        label = N_("Decline")
    ids = MoveIds(owner, ticket.unlock.unlock_id, _STATES.index(ticket.unlock.state), _STATES.index(state))
    return MoveTicket.button(ids, reader._(label), style)
