"""Acknowledging: every interaction is answered within Discord's three seconds, or its work is never begun."""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from enum import Enum, auto

import aiohttp
import discord

from bot.ui.errors import ALREADY_ACKNOWLEDGED, PUBLIC, SHOWN, UNKNOWN_INTERACTION
from bot.ui.replies import Picture, Reply

log = logging.getLogger(__name__)

SOON_S = 1.0
"""Work that takes longer is acknowledged first and shown later."""
OLD_S = 2.5
"""An interaction this old may be past its three seconds: it has to be acknowledged before any work."""
PICTURE_S = 4.0
"""How long an answer waits for its picture."""

Work = Callable[[], Awaitable[Reply]]
Recorded = Callable[[], Awaitable[Reply | None]]


class Mode(Enum):
    """Where the reply goes."""

    PRIVATE = auto()
    """A new message that only the caller sees."""
    PUBLIC = auto()
    """A new message in the channel."""
    UPDATE = auto()
    """The message that the pressed button belongs to."""


class _Ack(Enum):
    OURS = auto()
    GONE = auto()
    TAKEN = auto()


async def answer(
    interaction: discord.Interaction,
    work: Work,
    mode: Mode = Mode.PRIVATE,
    *,
    recorded: Recorded | None = None,
    clock: Callable[[], float] = time.time,
) -> None:
    """Do `work` and show its reply; raises what the work raises.

    An interaction that arrives late (see OLD_S; `clock` gives seconds since the epoch) is acknowledged before the
    work begins, and dropped if Discord no longer takes that. If another process has acknowledged it, the work may
    have been done there: the reply is then `recorded`'s, if there is one.
    """
    if clock() - interaction.created_at.timestamp() > OLD_S:
        ack = await _acknowledge(interaction, mode)
        if ack is not _Ack.OURS:
            await _take_over(interaction, ack, recorded)
            return
    async with _soon(interaction, mode):
        reply = await work()
    await _show(interaction, reply, mode, final=recorded is not None)


@contextlib.asynccontextmanager
async def _soon(interaction: discord.Interaction, mode: Mode) -> AsyncGenerator[None]:
    """Acknowledge an interaction if the block takes longer than SOON_S.

    By a timer, as most blocks do not: a task for each, and a wait for it, were a tenth of what an answer costs.
    """
    acknowledging: list[asyncio.Task[None]] = []

    async def acknowledge() -> None:
        # Whatever Discord says now: the work has begun, its outcome stands, and is shown if it can be.
        with contextlib.suppress(discord.DiscordException, aiohttp.ClientError, OSError):
            await _acknowledge(interaction, mode)

    def begin() -> None:
        if not interaction.response.is_done():
            acknowledging.append(asyncio.ensure_future(acknowledge()))

    timer = asyncio.get_running_loop().call_later(SOON_S, begin)
    try:
        yield
    finally:
        timer.cancel()
        for task in acknowledging:
            await task


async def pictured(
    interaction: discord.Interaction, draw: Callable[[], Awaitable[Picture | None]], *, patience_s: float = PICTURE_S
) -> Picture | None:
    """Return the picture of an answer; None where words have to do: no files are allowed there, or it takes too long.

    What is drawn too late is kept by the studio: the next who asks gets it.
    """
    mine = interaction.app_permissions
    if not (mine.administrator or mine.attach_files):
        return None
    try:
        return await asyncio.wait_for(draw(), patience_s)
    except TimeoutError:
        log.info("The picture for interaction %s is not drawn in time", interaction.id)
        return None


async def _acknowledge(interaction: discord.Interaction, mode: Mode) -> _Ack:
    if mode is Mode.PUBLIC:
        interaction.extras[PUBLIC] = True
    try:
        if mode is Mode.UPDATE:
            await interaction.response.defer()
        else:
            await interaction.response.defer(thinking=True, ephemeral=mode is Mode.PRIVATE)
    except discord.HTTPException as error:
        if error.code == UNKNOWN_INTERACTION:
            log.debug("Interaction %s came too late", interaction.id)
            return _Ack.GONE
        if error.code == ALREADY_ACKNOWLEDGED:
            return _Ack.TAKEN
        raise
    return _Ack.OURS


async def _take_over(interaction: discord.Interaction, ack: _Ack, recorded: Recorded | None) -> None:
    if ack is _Ack.TAKEN and recorded is not None:
        reply = await recorded()
        if reply is not None:
            await interaction.edit_original_response(**reply.edited())


async def _show(interaction: discord.Interaction, reply: Reply, mode: Mode, *, final: bool) -> None:
    try:
        if interaction.response.is_done():
            await interaction.edit_original_response(**reply.edited())
        elif mode is Mode.UPDATE:
            await interaction.response.edit_message(**reply.edited())
        else:
            await interaction.response.send_message(**reply.sent(), ephemeral=mode is Mode.PRIVATE)
    except discord.HTTPException as error:
        # A reply about money says the same however often it is asked for: it may replace a "thinking…" that a
        # process left behind. Any other reply could overwrite what the panel has become since.
        if error.code != ALREADY_ACKNOWLEDGED or not final:
            raise
        await interaction.edit_original_response(**reply.edited())
    interaction.extras[SHOWN] = True
