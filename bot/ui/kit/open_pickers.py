"""Remembers which pickers are open, so that a second press leaves one picker and not two."""

from collections import OrderedDict
from typing import Protocol, cast

import discord
from discord.ext import commands

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

    def leave_alone(self, member_id: int, intent: int) -> bool:
        """Never take away the picker of `intent`, the id of its interaction: it becomes a receipt, or an order.

        Return False if it is gone already, so that what it was to become needs a message of its own.
        """
        picker = self._interactions.get(member_id)
        if picker is not None and picker.id == intent:
            del self._interactions[member_id]
        else:
            _remember(self._receipts, intent)
        return intent not in self._removed


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
