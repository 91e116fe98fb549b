"""The one place that answers a failure, whatever it was and however far the answer had come."""

import contextlib
import logging
from collections.abc import Sequence

import discord
from discord import app_commands

from bot.discordpy_internals import ALREADY_ACKNOWLEDGED
from bot.domain.budget_errors import BudgetPaused, OverBudget
from bot.domain.errors import BooksClosed, Busy, NotEnoughCoins, Refusal
from bot.domain.policy import Actor
from bot.ui import theme
from bot.ui.kit.access import Broken, RefusedCommand
from bot.ui.kit.caller import Caller, client_of
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Item
from bot.ui.kit.cross_links import budget_button, shop_button
from bot.ui.kit.meter import Outcome
from bot.ui.kit.missed import show_missed
from bot.ui.kit.news import show_news
from bot.ui.kit.next_steps import NO_REMEDY, REMEDY, Remedy, next_steps
from bot.ui.kit.readers import reader_of
from bot.ui.kit.replies import UNREACHABLE, Reply, reply
from bot.ui.text import mentions
from bot.ui.text.personal_refusals import PERSONAL
from bot.ui.text.reader import Reader
from bot.ui.text.refusal_texts import SOMEBODY, not_charged, nothing_changed, words

log = logging.getLogger(__name__)

UNKNOWN_INTERACTION = 10062
"""Discord's code: the three seconds, or the fifteen minutes, are over."""

_OUTDATED = app_commands.CommandNotFound | app_commands.CommandSignatureMismatch | app_commands.TransformerError
"""Raised for clients that still show an older form of a command, and for forged requests."""

SHOWN = "shown"
"""Mark in `Interaction.extras`: the real answer has been shown, so a failure must not overwrite it."""
PUBLIC = "public"
"""Mark in `Interaction.extras`: the acknowledgement is public, so everybody sees what replaces it."""
MONEY = "money"
"""Mark in `Interaction.extras`: what was asked for may have moved coins."""
UNCHARGED = "uncharged"
"""Mark in `Interaction.extras`: the request failed, and the books confirm that no coins were moved."""


async def tell(interaction: discord.Interaction, error: BaseException) -> None:
    """Answer a failed interaction, to its caller only: a refusal in words, anything else with an id to quote.

    Works whether the interaction has been answered, put off, or not. Never raises.
    """
    cause = cause_of(error)
    if isinstance(cause, discord.HTTPException) and cause.code in {UNKNOWN_INTERACTION, ALREADY_ACKNOWLEDGED}:
        log.debug("Interaction %s can no longer be answered: %s", interaction.id, cause)
        is_late = cause.code == UNKNOWN_INTERACTION
        client_of(interaction).meter.ended(interaction, Outcome.LATE if is_late else Outcome.TAKEN)
        return
    _count(interaction, cause)
    if not isinstance(cause, Refusal | _OUTDATED):
        log.error("Interaction %s failed", interaction.id, exc_info=cause)
    try:
        if interaction.type is discord.InteractionType.autocomplete:
            await interaction.response.autocomplete([])
        else:
            marks = {name: name in interaction.extras for name in (MONEY, UNCHARGED)}
            await _deliver(interaction, await _answer(interaction, cause, marks))
            await show_missed(interaction)
            await show_news(interaction)
    except UNREACHABLE as unreachable:
        log.debug("The caller of interaction %s could not be reached: %s", interaction.id, unreachable)


def _count(interaction: discord.Interaction, cause: BaseException) -> None:
    meter = client_of(interaction).meter
    if isinstance(cause, Refusal):
        meter.refused(cause)
        meter.ended(interaction, Outcome.REFUSED)
    else:
        meter.ended(interaction, Outcome.OUTDATED if isinstance(cause, _OUTDATED) else Outcome.FAILED)


async def _answer(interaction: discord.Interaction, cause: BaseException, marks: dict[str, bool]) -> Reply:
    """Return the answer to a failure: what this caller can do about it, as far as its sentence depends on that."""
    reader = reader_of(interaction)
    if not isinstance(cause, Refusal) or type(cause) not in PERSONAL:
        remedy = interaction.extras.get(REMEDY, NO_REMEDY)
        return failure(cause, reader, interaction.id, money=marks[MONEY], uncharged=marks[UNCHARGED], remedy=remedy)
    caller = Caller(interaction)
    actor = Actor(caller.member_id, frozenset(), manages_guild=caller.manages_guild, is_creator=False)
    # Without the books nobody can say who is staff.
    with contextlib.suppress(BooksClosed, Busy):
        actor = await caller.actor()
    remedy = Remedy(tuple(await next_steps(caller, cause)))
    return failure(
        cause, reader, interaction.id, money=marks[MONEY], uncharged=marks[UNCHARGED], actor=actor, remedy=remedy
    )


def cause_of(error: BaseException) -> BaseException:
    """Return what lies under the wrappings that discord.py and our checks put around an error."""
    if isinstance(error, RefusedCommand):
        return error.refusal
    if isinstance(error, app_commands.CommandInvokeError):
        return cause_of(error.original)
    if isinstance(error, Broken | app_commands.TransformerError) and error.__cause__ is not None:
        return cause_of(error.__cause__)
    return error


def failure(
    cause: BaseException,
    reader: Reader,
    interaction_id: int,
    *,
    money: bool = False,
    uncharged: bool = False,
    actor: Actor = SOMEBODY,
    remedy: Remedy = NO_REMEDY,
) -> Reply:
    """Return the reply about a failure. Members can quote `interaction_id`, and our log names it.

    `actor` reads them, and `remedy` is what stands below a refusal.

    Charges are mentioned only for what may move coins (`money`), and denied only where that is certain (`uncharged`):
    the books know what happened, and this error does not.
    """
    if isinstance(cause, Refusal):
        text = words(cause, reader, actor) + nothing_changed(cause, reader)
        if uncharged and cause.about != "payment":
            text += not_charged(reader)
        parts = [Part("\n".join(filter(None, (text, remedy.text))))]
        if remedy.note:
            parts.append(Part(mentions.quoted(remedy.note), reader._("Your message")))
        return reply(Card(theme.AMBER, tuple(parts)), _ways_on(cause, remedy, reader))
    if isinstance(cause, _OUTDATED):
        text = reader._("This command was just updated. Restart Discord, or try again in a minute.")
        return reply(Card.of(text, theme.AMBER))
    quote = reader._("If this keeps happening, show a moderator this number:")
    lines = [quote, f"`{interaction_id}`"]
    if money:
        lines.insert(0, reader._("Check `/balance` to see whether you were charged."))
    title = reader._("Something went wrong on our end")
    return reply(Card(theme.RED, (Part("\n".join(lines)),), title=title))


def _ways_on(cause: Refusal, remedy: Remedy, reader: Reader) -> Sequence[Item]:
    """Return the buttons below a refusal: those of the remedy, or those that anybody refused for this reason needs."""
    if remedy.items:
        return remedy.items
    if isinstance(cause, OverBudget | BudgetPaused):
        return (budget_button(reader),)
    return (shop_button(reader),) if isinstance(cause, NotEnoughCoins) and not remedy.text else ()


async def _deliver(interaction: discord.Interaction, words_: Reply) -> None:
    response = interaction.response
    if not response.is_done():
        await response.send_message(**words_.sent(), ephemeral=True)
        client_of(interaction).meter.acknowledged(interaction)
        return
    put_off = response.type is discord.InteractionResponseType.deferred_channel_message
    if put_off and SHOWN not in interaction.extras:
        original = await interaction.original_response()
        if not original.flags.loading:
            # Another process was faster, and has more to say than why it was refused here.
            return
        if PUBLIC not in interaction.extras:
            await interaction.edit_original_response(**words_.edited())
            return
        # Errors go only to the caller, and a public "thinking…" cannot be made private any more.
        await interaction.delete_original_response()
    await interaction.followup.send(**words_.sent(), ephemeral=True)
