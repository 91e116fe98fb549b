"""The buttons of the thank queue."""

from typing import NamedTuple

import discord

from bot.domain.thanks import HIDDEN
from bot.services.thanks import Queue
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control, Owner
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.creator import render

BUTTONS = 5
"""Entries that have a button of their own; everybody else is thanked with all."""


class ThankIds(NamedTuple):
    """What one member gave: `sender` is a holder id. Or, where `hidden` is 1, all that was given without a name."""

    owner: int
    sender: int
    hidden: int


class Thank(Control[ThankIds], action="thank", ids=ThankIds):
    """Thanks one member, and shows who still waits."""

    command = "creator thanks"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await _thank(caller, self.ids.sender, hidden=self.ids.hidden > 0)


class ThankAll(Control[Owner], action="thank-all", ids=Owner):
    """Thanks everybody."""

    command = "creator thanks"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await _thank(caller, None)


async def _thank(caller: Caller, sender: int | None, *, hidden: bool = False) -> Reply:
    await caller.services.thanks.thank(
        caller.guild_id, caller.member_id, thanks_id=caller.call_id, sender=sender, hidden=hidden
    )
    return await queue(caller)


async def queue(caller: Caller) -> Reply:
    """Return who still waits for the caller's thanks."""
    waiting = await caller.services.thanks.queue(caller.guild_id, caller.member_id)
    return panel(waiting, caller.member_id, caller.reader)


def panel(waiting: Queue, owner: int, reader: Reader) -> Reply:
    if not waiting.entries:
        return reply(render.queue(waiting, reader))
    everybody = ThankAll.button(
        Owner(owner), reader._("Thank everyone"), discord.ButtonStyle.success, emoji="💐", row=1
    )
    if len(waiting.entries) == 1:
        return reply(render.queue(waiting, reader), [everybody])
    single = [
        Thank.button(
            ThankIds(owner, sender=entry.sender or HIDDEN, hidden=int(entry.sender is None)),
            reader._("Thank {n}", n=reader.number(place)),
        )
        for place, entry in enumerate(waiting.entries[:BUTTONS], start=1)
    ]
    return reply(render.queue(waiting, reader), [*single, everybody])
