"""Answers every interaction within Discord's three seconds, or never begins its work."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from functools import partial

import discord

from bot import discordpy_internals
from bot.domain.errors import Busy, Refusal
from bot.domain.ids import created_ms
from bot.domain.receipts import OutcomeUnknown, Receipt
from bot.logs import of_kind
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.cards import Picture
from bot.ui.kit.errors import ALREADY_ACKNOWLEDGED, MONEY, PUBLIC, SHOWN, UNCHARGED, UNKNOWN_INTERACTION
from bot.ui.kit.meter import Outcome
from bot.ui.kit.missed import show_missed, with_missed
from bot.ui.kit.more_messages import show_more
from bot.ui.kit.news import show_news
from bot.ui.kit.refused_parts import EMOJI_REFUSED, refused_emoji, without
from bot.ui.kit.replies import UNREACHABLE, Reply

log = logging.getLogger(__name__)

SOON_S = 1.0
"""Work that takes longer is acknowledged first, and its reply is shown later."""
OLD_S = 2.5
"""An interaction this old may be past its three seconds: it must be acknowledged before any work begins."""
PICTURE_S = 4.0
"""How long an answer waits for its picture."""

Work = Callable[[], Awaitable[Reply]]
Recorded = Callable[[], Awaitable[Reply | None]]
Age = Callable[[], float]


class Mode(Enum):
    """Where the reply goes."""

    PRIVATE = auto()
    """A new message that only the caller sees."""
    PUBLIC = auto()
    """A new message in the channel."""
    UPDATE = auto()
    """The message of the pressed button."""


class _Ack(Enum):
    """Whose acknowledgement it is: ours, nobody's because it came too late, or another process's."""

    OURS = auto()
    GONE = auto()
    TAKEN = auto()


async def answer(
    interaction: discord.Interaction,
    work: Work,
    mode: Mode = Mode.PRIVATE,
    *,
    recorded: Recorded | None = None,
    charges: bool = True,
    clock: Callable[[], float] | None = None,
) -> None:
    """Do `work` and show its reply. Raises what the work raises.

    `recorded` is for work that moves coins: it returns the reply for what the books already hold of this very request,
    None if they hold nothing. `charges` says that the coins are the caller's own.

    Raises Busy if there is so much other work that the answer would come too late.

    An interaction that arrives late (see OLD_S; `clock` gives seconds since the epoch, by default the client's) is
    acknowledged before the work begins, and dropped if Discord no longer takes that. If another process has
    acknowledged it, the work may have been done there: the reply is then `recorded`'s, if there is one.
    """
    if recorded is not None and charges:
        interaction.extras[MONEY] = True
    age_s = partial(_age_s, interaction, clock or (lambda: client_of(interaction).clock.estimate() / 1000))
    workload, came_s = client_of(interaction).workload, age_s()
    if not workload.has_room(came_s):
        _deny_charge(interaction)
        raise Busy
    with workload:
        outcome = await _answer(interaction, work, mode, recorded, age_s, is_old=came_s > OLD_S)
    client_of(interaction).meter.ended(interaction, outcome)
    discordpy_internals.release(interaction)


def _age_s(interaction: discord.Interaction, clock: Callable[[], float]) -> float:
    return clock() - created_ms(interaction.id) / 1000


async def _answer(
    interaction: discord.Interaction, work: Work, mode: Mode, recorded: Recorded | None, age_s: Age, *, is_old: bool
) -> Outcome:
    if is_old:
        # If Discord accepts no answer any more, the caller has seen a failure, and must not be charged behind their
        # back.
        ack = await _acknowledge(interaction, mode)
        if ack is not _Ack.OURS:
            await _take_over(interaction, ack, recorded)
            return Outcome.TAKEN if ack is _Ack.TAKEN else Outcome.LATE
    try:
        acknowledging = _Acknowledging(interaction, mode)
        try:
            reply = await work()
        finally:
            await acknowledging.end()
    except Exception as error:
        reply = await _instead(interaction, error, recorded) if recorded else None
        if reply is None:
            raise
    if reply.asks:
        async with with_missed(interaction, reply) as question:
            await _deliver(interaction, question, mode)
        return Outcome.ANSWERED
    if reply.more is None:
        await _deliver(interaction, reply, mode)
    else:
        async with contextlib.aclosing(reply.more) as messages:
            await _deliver(interaction, reply, mode)
            await show_more(interaction, messages, age_s, is_private=mode is not Mode.PUBLIC)
    if SHOWN in interaction.extras:
        await show_missed(interaction)
        await show_news(interaction)
    return Outcome.ANSWERED


async def _instead(interaction: discord.Interaction, error: Exception, recorded: Recorded) -> Reply | None:
    """Return the reply for what the books hold of a request that failed here, as another process may have booked it.

    If they hold nothing, and no other process can be at it, the caller may be told that nothing was charged. They are
    not asked while nobody knows what they will hold.
    """
    try:
        reply = None if isinstance(error, OutcomeUnknown) else await recorded()
    except Exception as unknown:  # noqa: BLE001 - whatever it is, the first error is what is answered
        log.debug("It is unknown whether interaction %s was booked: %r", interaction.id, unknown)
        return None
    if reply is None and isinstance(error, Refusal):
        _deny_charge(interaction)
    if reply is not None and not isinstance(error, Refusal):
        log.error("Interaction %s failed after it was booked", interaction.id, exc_info=error)
    return reply


def _deny_charge(interaction: discord.Interaction) -> None:
    """Mark that no coins were moved, which is certain only if no other process can be at it."""
    if MONEY in interaction.extras and client_of(interaction).instances.is_alone:
        interaction.extras[UNCHARGED] = True


class _Acknowledging:
    """Acknowledges an interaction if `end` is not called soon.

    Most work is faster, so this is a timer: a task for each of them cost a tenth of the whole answer.
    """

    __slots__ = ("_interaction", "_mode", "_task", "_wait")

    def __init__(self, interaction: discord.Interaction, mode: Mode) -> None:
        self._interaction, self._mode = interaction, mode
        self._task: asyncio.Task[None] | None = None
        self._wait = client_of(interaction).slow_answers.start(self._begin)

    async def end(self) -> None:
        """Start no acknowledgement any more, but wait for one that has begun."""
        client_of(self._interaction).slow_answers.stop(self._wait)
        if self._task is not None:
            await self._task

    def _begin(self) -> None:
        if not self._interaction.response.is_done():
            self._task = asyncio.create_task(self._acknowledge())

    async def _acknowledge(self) -> None:
        # Whatever Discord says now, the work has begun: its outcome stands, and is shown if that is possible.
        with contextlib.suppress(*UNREACHABLE):
            await _acknowledge(self._interaction, self._mode)


async def pictured(
    caller: Caller, draw: Callable[[], Awaitable[Picture | None]], *, patience_s: float = PICTURE_S
) -> Picture | None:
    """Return the picture of an answer, None if words must do: files are not allowed, or drawing takes too long.

    The studio keeps a picture that is finished too late, so the next caller gets it at once.
    """
    permissions = caller.bot_permissions
    if not (permissions.administrator or permissions.attach_files):
        return None
    try:
        return await asyncio.wait_for(draw(), patience_s)
    except TimeoutError:
        log.info("The picture for interaction %s was not drawn in time; the member gets text instead", caller.call_id)
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
            log.debug("Interaction %s arrived too late to be answered", interaction.id)
            return _Ack.GONE
        if error.code == ALREADY_ACKNOWLEDGED:
            return _Ack.TAKEN
        raise
    client_of(interaction).meter.acknowledged(interaction)
    return _Ack.OURS


async def _take_over(interaction: discord.Interaction, ack: _Ack, recorded: Recorded | None) -> None:
    # Only a receipt may replace what the other process shows, because both processes show the same receipt.
    if ack is _Ack.TAKEN and recorded is not None:
        reply = await recorded()
        if reply is not None and reply.receipt is not None:
            showing = interaction.edit_original_response(**reply.edited())
            await _watch(interaction, reply.receipt, showing)


async def _deliver(interaction: discord.Interaction, reply: Reply, mode: Mode) -> None:
    """Show a reply. A receipt is never lost: if Discord does not accept it, it is kept for the next reply."""
    if reply.receipt is None:
        await _show(interaction, reply, mode)
    else:
        await _watch(interaction, reply.receipt, _show_receipt(interaction, reply, mode))


async def _watch(interaction: discord.Interaction, receipt: Receipt, showing: Awaitable[object]) -> None:
    """Await `showing`, which shows a receipt, and keep the receipt if that fails or takes too long."""
    receipts = client_of(interaction).services.receipts
    receipts.begin(receipt)
    wait = receipts.overdue.start(partial(receipts.miss, receipt))
    is_shown = False
    try:
        await showing
        is_shown = True
    except UNREACHABLE as error:
        log.warning(
            "Discord did not accept the receipt of interaction %s; its member sees it with the next reply: %s",
            interaction.id,
            error,
            extra=of_kind("late receipt"),
        )
    finally:
        receipts.overdue.stop(wait)
        receipts.end(receipt, was_shown=is_shown)


async def _show_receipt(interaction: discord.Interaction, reply: Reply, mode: Mode) -> None:
    try:
        await _show(interaction, reply, mode)
    except UNREACHABLE as error:
        if getattr(error, "code", 0) == UNKNOWN_INTERACTION:
            raise
        # Our answer may have arrived although we were not told, or another process may have left a "thinking…". A
        # receipt says the same however often it is shown; any other reply could overwrite something newer.
        await interaction.edit_original_response(**reply.edited())
        interaction.extras[SHOWN] = True


async def _show(interaction: discord.Interaction, reply: Reply, mode: Mode) -> None:
    try:
        await _send(interaction, reply, mode)
    except discord.HTTPException as error:
        # An item's emoji may have been deleted since it was stored, and a reply matters more than its emoji.
        lost_emoji = refused_emoji(reply, error)
        if not lost_emoji:
            raise
        await _send(interaction, without(reply, lost_emoji), mode)
        interaction.client.dispatch(EMOJI_REFUSED, interaction.guild_id, lost_emoji)
    interaction.extras[SHOWN] = True


def _is_embed(message: discord.Message | None) -> bool:
    """Whether a message is an embed, perhaps from before there were layouts: then its answer is one, too."""
    return message is not None and not message.flags.components_v2


async def _send(interaction: discord.Interaction, reply: Reply, mode: Mode) -> None:
    if mode is Mode.UPDATE and _is_embed(interaction.message):
        reply = reply.embedded()
    if interaction.response.is_done():
        await interaction.edit_original_response(**reply.edited())
        return
    if mode is Mode.UPDATE:
        await interaction.response.edit_message(**reply.edited())
    else:
        await interaction.response.send_message(**reply.sent(), ephemeral=mode is Mode.PRIVATE)
    client_of(interaction).meter.acknowledged(interaction)
