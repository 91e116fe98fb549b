"""What a refused caller can do instead: buttons below the refusal."""

import asyncio
import contextlib
from typing import NamedTuple

from bot.domain.errors import BooksClosed, Busy, NotACreator, Refusal
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Item
from bot.ui.kit.cross_links import creator_button

MOST_CREATORS = 5
"""Creators that are offered in place of somebody who is none: one row of buttons."""

PATIENCE_S = 1.0
"""How long a refusal waits for the names on its buttons: Discord waits three seconds for the whole answer."""


class Remedy(NamedTuple):
    """What stands below a refusal: buttons, what they are for, and the message that a member had written."""

    items: tuple[Item, ...] = ()
    text: str = ""
    note: str = ""


class WantedGift(NamedTuple):
    """What a member wanted to send; item 0 is nothing yet."""

    item_id: int = 0
    quantity: int = 1


NO_REMEDY = Remedy()
WANTED = "wanted"
"""Key in `Interaction.extras` of a call's WantedGift: a member who was wrong only about the creator need not pick it
again."""

REMEDY = "remedy"
"""Key in `Interaction.extras` of the Remedy for a refusal, set where more is known than the refusal says."""


async def next_steps(caller: Caller, refusal: Refusal) -> list[Item]:
    """Return the buttons for the reader of `refusal`. Never raises: a refusal can be shown without them."""
    # Not for a live event or a match, which are no gifts.
    if type(refusal) is NotACreator:
        with contextlib.suppress(BooksClosed, Busy, TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                return await _creators(caller)
    return []


async def _creators(caller: Caller) -> list[Item]:
    """Return a button for each creator who can receive a gift of the caller's, those who are live first."""
    services = caller.services
    wanted: WantedGift = caller.interaction.extras.get(WANTED, WantedGift())
    receivers = await services.gifts.receivers(caller.guild_id, caller.member_id)
    live_ids = {event.creator_id for event in await services.live.running(caller.guild_id)}
    profiles = await caller.membership.profiles(caller.guild_id, receivers[: 2 * MOST_CREATORS])
    buttons: list[Item] = [
        creator_button(creator_id, profile.name or str(creator_id), is_live=creator_id in live_ids, **wanted._asdict())
        for creator_id, profile in profiles.items()
        if profile.is_member
    ]
    return buttons[:MOST_CREATORS]
