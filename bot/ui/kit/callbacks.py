"""How commands, buttons, menus and forms are written: as functions that take a Caller and return what is shown.

    @app_commands.command(name="balance", description=_("See your coins and your last entries"))
    @replies()
    async def balance(self, caller: Caller) -> Reply: ...

discord.py reads the options of a command from the signature of that function, which `functools.wraps` passes on.
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial, wraps
from types import CoroutineType
from typing import Any, Concatenate, ParamSpec, TypeVar

import discord
from discord import app_commands, ui

from bot.ui.kit.answers import Mode, answer
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.meter import Outcome
from bot.ui.kit.replies import UNREACHABLE, Reply

P = ParamSpec("P")
OwnerT = TypeVar("OwnerT")
"""The cog, control or form that a callback is a method of."""

Callback = Callable[Concatenate[OwnerT, discord.Interaction, P], "CoroutineType[Any, Any, None]"]


def _is_fault(record: logging.LogRecord) -> bool:
    """Whether the library logs a real fault. It is not one if a member typed on before their suggestions came."""
    return not (record.exc_info and isinstance(record.exc_info[1], UNREACHABLE))


logging.getLogger(app_commands.tree.__name__).addFilter(_is_fault)

CHARGES = "charges"
"""Mark of callbacks that may move the caller's own coins."""

Choices = list[app_commands.Choice[str]]


def replies(
    mode: Mode | Callable[[Any, Caller], Mode] = Mode.PRIVATE,
    *,
    recorded: Callable[[Any, Caller], Awaitable[Reply | None]] | None = None,
    charges: bool = True,
) -> Callable[[Callable[Concatenate[OwnerT, Caller, P], Awaitable[Reply]]], Callback[OwnerT, P]]:
    """Show a callback's reply where `mode` says, and acknowledge the interaction in time.

    `mode` and `recorded` may be methods beside the callback. `recorded` and `charges` are for callbacks that move
    coins; see `bot.ui.kit.answers.answer`.
    """

    def decorate(callback: Callable[Concatenate[OwnerT, Caller, P], Awaitable[Reply]]) -> Callback[OwnerT, P]:
        @wraps(callback)
        async def respond(owner: OwnerT, interaction: discord.Interaction, *args: P.args, **kwargs: P.kwargs) -> None:
            caller = Caller(interaction)
            await answer(
                interaction,
                partial(callback, owner, caller, *args, **kwargs),
                mode if isinstance(mode, Mode) else mode(owner, caller),
                recorded=recorded and partial(recorded, owner, caller),
                charges=charges,
            )

        setattr(respond, CHARGES, recorded is not None and charges)
        return respond

    return decorate


def opens(
    callback: Callable[Concatenate[OwnerT, Caller, P], Awaitable[ui.Modal]],
) -> Callback[OwnerT, P]:
    """Open the form that a callback returns. Discord accepts a form only as the first answer, within three seconds."""

    @wraps(callback)
    async def respond(owner: OwnerT, interaction: discord.Interaction, *args: P.args, **kwargs: P.kwargs) -> None:
        await interaction.response.send_modal(await callback(owner, Caller(interaction), *args, **kwargs))
        meter = client_of(interaction).meter
        meter.acknowledged(interaction)
        meter.ended(interaction, Outcome.ANSWERED)

    return respond


def suggests(
    callback: Callable[[OwnerT, Caller, str], Awaitable[Choices]],
) -> Callable[[OwnerT, discord.Interaction, str], Coroutine[Any, Any, Choices]]:
    """List a callback's choices while a member types. The callback receives what has been typed so far.

    The library sends them, and logs any failure to do so.
    """

    @wraps(callback)
    async def respond(owner: OwnerT, interaction: discord.Interaction, query: str) -> Choices:
        choices = await callback(owner, Caller(interaction), query)
        client_of(interaction).meter.ended(interaction, Outcome.ANSWERED)
        return choices

    return respond
