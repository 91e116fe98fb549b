"""Grants of staff to themselves: a message in the channel asks the rest of the staff, and somebody else confirms."""

from typing import NamedTuple

import discord

from bot.domain.grant_requests import GrantRequest
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from cogs.coins import render


class RequestIds(NamedTuple):
    """A grant that somebody else confirms."""

    request: int


class ConfirmRequest(Control[RequestIds], action="grant-confirm", ids=RequestIds):
    """Makes the grant, for any manager but the one who asked."""

    command = "coins grant"

    async def _granted(self, caller: Caller) -> Reply | None:
        receipt = await caller.services.granting.requests.find(caller.guild_id, self.ids.request)
        return reply(render.granted(receipt, caller.guild_reader), receipt=receipt) if receipt else None

    @replies(Mode.UPDATE, recorded=_granted, charges=False)
    async def press(self, caller: Caller) -> Reply:
        receipt = await caller.services.granting.requests.confirm(caller.guild_id, self.ids.request, caller.member_id)
        return reply(render.granted(receipt, caller.guild_reader, caller.member_id), receipt=receipt)


class DeclineRequest(Control[RequestIds], action="grant-decline", ids=RequestIds):
    """Removes the request. The member who asked may do that, too."""

    command = "coins grant"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        request = await caller.services.granting.requests.decline(caller.guild_id, self.ids.request)
        return declined(request, caller.member_id, caller.guild_reader)


def place_of(caller: Caller, member_id: int) -> Mode:
    """Return where a grant to this member is answered: for their own one, where others on the staff can see it."""
    return Mode.PUBLIC if member_id == caller.member_id else Mode.PRIVATE


async def ask(caller: Caller, *, coins: int, reason: str) -> Reply:
    """Ask the rest of the staff to confirm what the caller grants to themselves."""
    request = await caller.services.granting.requests.ask(
        caller.guild_id, caller.call_id, made_by=caller.member_id, coins=coins, reason=reason
    )
    return question(request, caller.guild_reader)


def question(request: GrantRequest, reader: Reader) -> Reply:
    """Return the message that asks."""
    lines = [
        reader._(
            "{member} wants to grant {coins} to themselves.",
            member=mentions.member(request.made_by, reader),
            coins=f"**{reader.coins(request.coins)}**",
        ),
        mentions.quoted(request.reason),
        reader._("Another manager can confirm this. It expires {when}.", when=reader.when(request.until_ms)),
    ]
    ids = RequestIds(request.request_id)
    label = reader._("Grant {coins}", coins=reader.coin(request.coins, plain=True))
    card = Card(
        theme.AMBER,
        (Part("\n".join(lines)),),
        title="🎁 " + reader._("Grant to confirm"),
        footer=reader._("Nothing happens until someone else presses the button."),
    )
    confirm = ConfirmRequest.button(ids, label, discord.ButtonStyle.success)
    return reply(card, [confirm, DeclineRequest.button(ids, reader._("Decline"))])


def declined(request: GrantRequest, member_id: int, reader: Reader) -> Reply:
    """Return what the message says once the request was declined."""
    asker, decider = mentions.member(request.made_by, reader), mentions.member(member_id, reader)
    coins = reader.coins(request.coins)
    text = (
        reader._("{member} withdrew the request for {coins}.", member=asker, coins=coins)
        if member_id == request.made_by
        else reader._("{decider} declined {member}'s request for {coins}.", decider=decider, member=asker, coins=coins)
    )
    lines = (text, mentions.quoted(request.reason))
    return reply(Card(theme.GREY, (Part("\n".join(lines)),), title="🎁 " + reader._("No coins granted")))
