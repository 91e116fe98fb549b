"""The card of an overlay: its links, which are made and withdrawn here, and what can be done with what is on stream."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

import discord

from bot.domain.errors import NotACreator
from bot.domain.overlays import OverlayAction, OverlayScope
from bot.ui.kit import access
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import posted_url
from bot.ui.kit.components import Button, Menu
from bot.ui.kit.controls import Control, OwnerIds, picked_one
from bot.ui.kit.cross_links import OPEN_OVERLAY, overlay_button
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.overlay import render
from cogs.overlay.render import Overlay

COMMAND: Final = "overlay"

SCOPES: Final = Numbers({0: OverlayScope.VIEW, 1: OverlayScope.CONTROL})

ACTIONS: Final = Numbers(
    {
        0: OverlayAction.TEST,
        1: OverlayAction.PAUSE,
        2: OverlayAction.RESUME,
        3: OverlayAction.SKIP,
        4: OverlayAction.MUTE,
        5: OverlayAction.UNMUTE,
        6: OverlayAction.CLEAR,
    }
)

NONE: Final[Mapping[OverlayScope, str]] = MappingProxyType({})


class CreatorIds(NamedTuple):
    """The creator whose overlay it is."""

    creator: int


class BackIds(NamedTuple):
    """A creator's overlay, on the card of `owner`."""

    owner: int
    creator: int


class SteerIds(NamedTuple):
    """What to do, by its number in ACTIONS, with a creator's overlay, on the card of `owner`."""

    owner: int
    creator: int
    action: int


class LinkIds(NamedTuple):
    """A link of `owner`'s own overlay, by its number in SCOPES; 1 if they know that it replaces another one."""

    owner: int
    scope: int
    sure: int


class OffIds(NamedTuple):
    """A creator's overlay, on the card of `owner`; 1 if they know what turning it off does."""

    owner: int
    creator: int
    sure: int


class OpenOverlay(Control[CreatorIds], action=OPEN_OVERLAY, ids=CreatorIds):
    """Opens the card."""

    command = COMMAND

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await card(caller, self.ids.creator)


class BackToOverlay(Control[BackIds], action="overlay-back", ids=BackIds):
    """Returns to the card, and changes nothing."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await card(caller, self.ids.creator)


class PickOverlay(Control[OwnerIds], action="overlay-pick", ids=OwnerIds):
    """Switches to another creator's overlay."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await card(caller, picked_one(caller, "creator"))


class SteerOverlay(Control[SteerIds], action="overlay-steer", ids=SteerIds):
    """Has the open pages of an overlay do something, and says so on the card."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        action, creator_id = ACTIONS.thing(self.ids.action), self.ids.creator
        await _check_theirs(caller, creator_id)
        await caller.services.overlays.control(caller.guild_id, creator_id, action, by=caller.member_id)
        return await card(caller, creator_id, done=action)


class MakeLink(Control[LinkIds], action="overlay-link", ids=LinkIds):
    """Makes a link. Where there is one, it asks first, as a source that uses the old one goes dark."""

    command = "overlay link"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        scope, reader, overlays = SCOPES.thing(self.ids.scope), caller.reader, caller.services.overlays
        # Without an address, the card says what is missing, and no link is made that would lead nowhere.
        if not overlays.public_url:
            return await card(caller, caller.member_id)
        if not self.ids.sure and await overlays.link(caller.guild_id, caller.member_id, scope):
            sure = MakeLink.button(self.ids._replace(sure=1), reader._("Make a new link"), discord.ButtonStyle.danger)
            return reply(render.replacing(scope, reader), [sure, _back(caller, caller.member_id)], asks=True)
        secret = await overlays.new_link(await caller.actor(), caller.guild_id, caller.member_id, scope)
        return await card(caller, caller.member_id, fresh={scope: overlays.address(secret, scope)})


class TurnOff(Control[OffIds], action="overlay-off", ids=OffIds):
    """Withdraws both links, once whoever presses has seen what that does."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        reader, creator_id = caller.reader, self.ids.creator
        await _check_theirs(caller, creator_id)
        is_own = creator_id == caller.member_id
        if not self.ids.sure:
            label = reader._("Turn off the overlay")
            sure = TurnOff.button(self.ids._replace(sure=1), label, discord.ButtonStyle.danger)
            return reply(
                render.turning_off(creator_id, reader, is_own=is_own), [sure, _back(caller, creator_id)], asks=True
            )
        await caller.services.overlays.revoke(caller.guild_id, creator_id, by=caller.member_id)
        again = [overlay_button(creator_id, reader)] if is_own else []
        return reply(render.turned_off(creator_id, reader, is_own=is_own), again)


async def card(
    caller: Caller,
    creator_id: int,
    *,
    done: OverlayAction | None = None,
    fresh: Mapping[OverlayScope, str] = NONE,
) -> Reply:
    """Return the card of a creator's overlay. `done` is what the caller has just had it do.

    `fresh` are links that were made just now. Those that stand on the card already stay there, as nobody can be told
    them again. Raises NotAllowed, NotACreator.
    """
    await _check_theirs(caller, creator_id)
    guild_id, services = caller.guild_id, caller.services
    if not services.overlays.public_url:
        return reply(render.unreachable(caller.reader))
    if not await services.creators.is_creator(guild_id, creator_id):
        raise NotACreator(creator_id)
    overlay = Overlay(
        creator_id,
        {scope: await services.overlays.link(guild_id, creator_id, scope) for _, scope in SCOPES},
        await services.overlays.queue(guild_id, creator_id),
        {**_shown(caller, creator_id), **fresh},
    )
    return card_of(overlay, caller.member_id, caller.reader, done)


def card_of(overlay: Overlay, owner: int, reader: Reader, done: OverlayAction | None = None) -> Reply:
    """Return the card with what `owner` can press on it."""
    creator_id, is_own = overlay.creator_id, overlay.creator_id == owner
    buttons = {
        scope: MakeLink.button(
            LinkIds(owner, number, 0),
            reader._("New link") if overlay.links[scope] else reader._("Make the link"),
            discord.ButtonStyle.secondary if overlay.links[scope] else discord.ButtonStyle.success,
        )
        for number, scope in SCOPES
        if is_own
    }
    steering = [
        SteerOverlay.button(SteerIds(owner, creator_id, ACTIONS.of(action)), label, emoji=emoji, row=0)
        for action, label, emoji in render.steering(overlay.queue, reader)
    ]
    off_ids, label = OffIds(owner, creator_id, 0), reader._("Turn off the overlay")
    off = TurnOff.button(off_ids, label, discord.ButtonStyle.danger, row=1)
    items = [*steering, off] if overlay.is_on else []
    others = [] if is_own else [_others(creator_id, owner, reader)]
    return reply(render.card(overlay, buttons, reader, is_own=is_own, done=done), [*items, *others])


async def _check_theirs(caller: Caller, creator_id: int) -> None:
    """Raise NotAllowed unless the overlay is the caller's own, or they may see to those of others."""
    if creator_id != caller.member_id:
        await access.require(caller, "overlay of others")


def _shown(caller: Caller, creator_id: int) -> Mapping[OverlayScope, str]:
    """Return the links on the card whose button was pressed. Only a creator's own card ever has any."""
    message, overlays = caller.interaction.message, caller.services.overlays
    if message is None or creator_id != caller.member_id:
        return NONE
    urls = {scope: posted_url(message, overlays.address("", scope)) for _, scope in SCOPES}
    return {scope: url for scope, url in urls.items() if url}


def _back(caller: Caller, creator_id: int) -> Button:
    return BackToOverlay.button(BackIds(caller.member_id, creator_id), caller.reader._("Back"), emoji="◀️")


def _others(creator_id: int, owner: int, reader: Reader) -> Menu:
    return Menu(
        PickOverlay.id_for(OwnerIds(owner)),
        reader._("Another creator's overlay"),
        discord.ComponentType.user_select,
        chosen=[creator_id],
        row=2,
    )
