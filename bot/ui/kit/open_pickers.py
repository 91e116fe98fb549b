"""Remembers which pickers are open, so that a second press leaves one picker and not two."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from functools import wraps
from typing import Protocol, cast

import discord
from discord.ext import commands

from bot.domain.errors import Refusal
from bot.ui.kit.callbacks import Callback, OwnerT, P
from bot.ui.kit.replies import UNREACHABLE

MOST = 1_000
"""How many pickers are remembered. One that is forgotten stays until its owner closes it."""


class OpenPickers:
    """The newest picker of each member from which nothing was sent, by the interaction that showed it.

    It is kept in memory only: after a restart, the worst is an old picker beside a new one.
    """

    def __init__(self) -> None:
        self._interactions: OrderedDict[int, discord.Interaction] = OrderedDict()
        # Ids of interactions, because a gift may be sent before Discord's answer to the picker has come back.
        self._receipts: OrderedDict[int, None] = OrderedDict()
        # Ids of interactions whose pickers are gone, or about to be. A press on one may be on its way all the same.
        self._removed: OrderedDict[int, None] = OrderedDict()

    async def replace(self, interaction: discord.Interaction) -> None:
        """Remember the picker that `interaction` shows, and take away the older one of its member. Never raises."""
        pickers = [interaction]
        if (other := self._interactions.pop(interaction.user.id, None)) is not None:
            pickers.append(other)
        # If there are two presses at once, the second may be answered first.
        *older, newest = sorted(pickers, key=lambda picker: picker.id)
        if newest.id not in self._receipts:
            self._interactions[interaction.user.id] = newest
        if len(self._interactions) > MOST:
            self._interactions.popitem(last=False)
        for picker in older:
            if picker.id not in self._receipts:
                await self._remove(picker)

    async def _remove(self, picker: discord.Interaction) -> None:
        _remember(self._removed, picker.id)
        try:
            await picker.delete_original_response()
        except UNREACHABLE:
            # Most likely it is too old for that, and stays where it is.
            self._removed.pop(picker.id, None)

    def has(self, intent: int) -> bool:
        """Return False if the picker of `intent`, the id of its interaction, is gone, so that what it was to become
        needs a message of its own."""
        return intent not in self._removed

    @asynccontextmanager
    async def used(self, member_id: int, intent: int) -> AsyncGenerator[None]:
        """Never take away the picker of `intent` from now on: it becomes a receipt, or an order.

        If that is refused, it is a picker like any other again, and goes if there is a newer one by then.
        """
        picker = self._interactions.get(member_id)
        if picker is not None and picker.id == intent:
            del self._interactions[member_id]
        else:
            picker = None
            _remember(self._receipts, intent)
        try:
            yield
        except Refusal:
            self._receipts.pop(intent, None)
            if picker is not None:
                await self.replace(picker)
            raise


def _remember(ids: OrderedDict[int, None], new_id: int) -> None:
    ids[new_id] = None
    if len(ids) > MOST:
        ids.popitem(last=False)


COG = "gift"
"""The name of the cog that holds an OpenPickers."""


class _Holder(Protocol):
    open_pickers: OpenPickers


def open_pickers(interaction: discord.Interaction) -> OpenPickers:
    """Return the open pickers, which the cog of gifts holds: controls are created anew for each press."""
    client = cast("commands.Bot", interaction.client)
    return cast("_Holder", client.get_cog(COG)).open_pickers


def uses_picker(
    intent_of: Callable[[OwnerT, discord.Interaction], int | None],
) -> Callable[[Callback[OwnerT, P]], Callback[OwnerT, P]]:
    """Leave the picker alone that a callback turns into something else. `intent_of` returns its id, None for none."""

    def decorate(callback: Callback[OwnerT, P]) -> Callback[OwnerT, P]:
        @wraps(callback)
        async def respond(owner: OwnerT, interaction: discord.Interaction, *args: P.args, **kwargs: P.kwargs) -> None:
            intent = intent_of(owner, interaction)
            if intent is None:
                await callback(owner, interaction, *args, **kwargs)
                return
            async with open_pickers(interaction).used(interaction.user.id, intent):
                await callback(owner, interaction, *args, **kwargs)

        return respond

    return decorate
