"""The buttons of the thank queue."""

from collections.abc import Mapping
from typing import NamedTuple

import discord

from bot.domain.errors import NobodyToThank
from bot.domain.reactions import EMOJI
from bot.domain.text import clean
from bot.domain.thanks import HIDDEN, Unthanked
from bot.services.thanks import ThanksQueue
from bot.ui.kit import pages
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control, NoIds, OwnerIds
from bot.ui.kit.cross_links import THANK_EVERYONE
from bot.ui.kit.pages import PageIds
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.portraits import NAME
from bot.ui.text.reader import Reader
from cogs.creator import render


class ThankIds(NamedTuple):
    """The gifts of one member, whose holder id is `sender`; or all anonymous gifts, if `hidden` is 1."""

    owner: int
    sender: int
    hidden: int
    page: int = 0


class ReactIds(NamedTuple):
    """A creator, and whether they want reactions from now on, as 1 or 0."""

    owner: int
    is_on: int


class ThankSender(Control[ThankIds], action="thank", ids=ThankIds):
    """Thanks one member, and shows who is still waiting."""

    command = "creator thanks"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        try:
            return await _thank(caller, self.ids.sender, hidden=self.ids.hidden > 0, page=self.ids.page)
        except NobodyToThank:
            # They have already been thanked, for instance by a double click. Others may still be waiting.
            return await queue(caller, self.ids.page)


class ThankAll(Control[OwnerIds], action="thank-all", ids=OwnerIds):
    """Thanks everybody."""

    command = "creator thanks"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await _thank(caller, None)


class ThankEvent(Control[NoIds], action=THANK_EVERYONE, ids=NoIds):
    """The button of a recap: thanks everybody whom the presser, a creator, has not thanked yet."""

    command = "creator thanks"

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await _thank(caller, None)


class ReactToGifts(Control[ReactIds], action="thanks-react", ids=ReactIds):
    """Switches reactions below gifted messages of the creator on or off, and shows the queue again."""

    command = "creator thanks"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        await caller.services.reactions.choose(caller.guild_id, caller.member_id, is_on=self.ids.is_on > 0)
        return await queue(caller)


class TurnThanks(Control[PageIds], action="thanks-page", ids=PageIds):
    """Turns the pages of the queue."""

    command = "creator thanks"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await queue(caller, self.ids.page)


async def _thank(caller: Caller, sender: int | None, *, hidden: bool = False, page: int = 0) -> Reply:
    await caller.services.thanks.thank(
        caller.guild_id, caller.member_id, thanks_id=caller.call_id, sender=sender, hidden=hidden
    )
    return await queue(caller, page)


async def queue(caller: Caller, page: int = 0) -> Reply:
    """Return the queue of members who wait for the caller's thanks."""
    waiting = await caller.services.thanks.queue(caller.guild_id, caller.member_id, page)
    member_ids = [entry.sender_id for entry in waiting.entries if entry.sender_id]
    profiles = await caller.membership.profiles(caller.guild_id, member_ids)
    # A label cannot hold a mention, so it has the names as text, cleaned like any other.
    names = {member_id: clean(profile.name, NAME) for member_id, profile in profiles.items()}
    reacts = await caller.services.reactions.is_on(caller.guild_id, caller.member_id)
    return panel(waiting, names, caller.member_id, caller.reader, reacts=reacts)


def panel(waiting: ThanksQueue, names: Mapping[int, str], owner: int, reader: Reader, *, reacts: bool = False) -> Reply:
    """Return a page of the queue; `names` are those of the members on it. `reacts` is the creator's choice."""
    card = render.queue(waiting, reader, reacts=reacts)
    label = reader._("Stop reacting to gifted messages") if reacts else reader._("React to gifted messages")
    reactions = ReactToGifts.button(ReactIds(owner, int(not reacts)), label, emoji=EMOJI, row=2)
    if not waiting.entries:
        return reply(card, [reactions])
    # For a single entry, both buttons would do the same.
    is_alone = waiting.members <= 1 and len(waiting.entries) == 1
    name = _name(waiting.entries[0], names, reader)
    label = reader._("Thank {name}", name=name) if is_alone else reader._("Thank everyone")
    everybody = ThankAll.button(OwnerIds(owner), label, discord.ButtonStyle.success, emoji="💐", row=1)
    if is_alone:
        return reply(card, [everybody, reactions])
    single = [
        ThankSender.button(
            ThankIds(owner, sender=entry.sender or HIDDEN, hidden=int(entry.sender is None), page=waiting.page),
            reader._("Thank {name}", name=_name(entry, names, reader)),
            row=0 if entry.sender is not None else 1,
        )
        for entry in waiting.entries
    ]
    turns = pages.turns(TurnThanks, PageIds(owner, waiting.page), render.pages_of(waiting), reader, row=1)
    return reply(card, [*single, everybody, *turns, reactions])


def _name(entry: Unthanked, names: Mapping[int, str], reader: Reader) -> str:
    if entry.sender is None:
        return reader._("Anonymous")
    return names.get(entry.sender_id) or reader._("a former member")
