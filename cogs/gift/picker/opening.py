"""How a picker opens: in a reply of its own, replacing the one that its member has open."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Concatenate

import discord

from bot.ui.kit.callbacks import Callback, OwnerT, P, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.open_pickers import open_pickers
from bot.ui.kit.replies import Reply

_PICKER = "picker"
"""A mark in `Interaction.extras`: whether the reply was a picker, and not the reason why there is none."""


def opens_picker(callback: Callable[Concatenate[OwnerT, Caller, P], Awaitable[Reply]]) -> Callback[OwnerT, P]:
    """Show the picker that a command, button or menu returns, and take away the older one of its member."""

    @replies()
    @wraps(callback)
    async def show(owner: OwnerT, caller: Caller, *args: P.args, **kwargs: P.kwargs) -> Reply:
        panel = await callback(owner, caller, *args, **kwargs)
        caller.interaction.extras[_PICKER] = panel.asks
        return panel

    @wraps(show)
    async def respond(owner: OwnerT, interaction: discord.Interaction, *args: P.args, **kwargs: P.kwargs) -> None:
        await show(owner, interaction, *args, **kwargs)
        # Only now is the older one removed, so that the member always has a picker.
        if interaction.extras.get(_PICKER):
            await open_pickers(interaction).replace(interaction)

    return respond
