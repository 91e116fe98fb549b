"""Receipts that could not be shown when they were due: they come with the member's next reply, for their eyes only.

They are shown below it. In the middle of a task they are part of it: a member who is about to send a gift again must
know that the first one arrived, and a message below would push the buttons away.
"""

import contextlib
import logging
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import replace

import discord

from bot.domain.errors import BooksClosed
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.planned_gifts import PlannedGift
from bot.domain.receipts import Receipt
from bot.services import Services
from bot.ui import theme
from bot.ui.kit.caller import client_of
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.readers import reader_of
from bot.ui.kit.replies import UNREACHABLE, Reply, reply
from bot.ui.text import mentions
from bot.ui.text.planned_gifts import lapsed
from bot.ui.text.reader import Reader

log = logging.getLogger(__name__)


def missed_card(receipts: Sequence[Receipt], lapses: Mapping[int, PlannedGift], r: Reader) -> Card:
    """Return what a member is told about `receipts`; `lapses` are the gifts that stayed here, by order."""
    return Card.of(_told(receipts, lapses, r), theme.GREEN)


def _told(receipts: Sequence[Receipt], lapses: Mapping[int, PlannedGift], r: Reader) -> str:
    lines: list[str] = []
    for receipt in receipts:
        lines.append(mentions.arrival(receipt, r))
        if (gift := lapses.get(_order_of(receipt))) is not None:
            lines.append(lapsed(gift, r))
    # Staff's decisions about a payment also come this way, and then Discord did nothing wrong.
    if all(receipt.kind == CreditOrder.kind for receipt in receipts):
        note = r._("I couldn't show you this earlier.")
    else:
        note = r._("I couldn't show you this earlier because Discord didn't accept my reply.")
    return "\n".join([*lines, f"-# {note}"])


async def _lapses(services: Services, receipts: Sequence[Receipt]) -> dict[int, PlannedGift]:
    """Return the gifts that did not go out with the orders of `receipts`, by order."""
    gifts = [
        await services.planned_gifts.of_order(receipt.guild_id, _order_of(receipt))
        for receipt in receipts
        if _order_of(receipt)
    ]
    return {gift.order_id: gift for gift in gifts if gift is not None and gift.lapse is not None}


def _order_of(receipt: Receipt) -> int:
    """Return the order that a receipt is of, 0 if it is of something else."""
    return order_facts(receipt)["order"] if receipt.kind == CreditOrder.kind else 0


@contextlib.asynccontextmanager
async def with_missed(interaction: discord.Interaction, question: Reply) -> AsyncGenerator[Reply]:
    """Lend a question with the receipts in it that its reader missed. Unless the block raises, they have been shown."""
    # A question about a receipt may be about one of those, and would say it twice.
    claimed = [] if question.receipt is not None else await _claim(interaction)
    services = client_of(interaction).services
    try:
        if claimed:
            text = _told(claimed, await _lapses(services, claimed), reader_of(interaction))
            question = replace(question, card=question.card.with_parts(Part(text)))
        yield question
    except BaseException:
        _give_back(services, claimed)
        raise
    for receipt in claimed:
        services.receipts.show(receipt)


async def show_missed(interaction: discord.Interaction) -> None:
    """Show members, below an answer, the receipts that they missed in this guild. Never raises."""
    claimed = await _claim(interaction)
    if not claimed:
        return
    services, member_id = client_of(interaction).services, interaction.user.id
    try:
        card = missed_card(claimed, await _lapses(services, claimed), reader_of(interaction))
        await interaction.followup.send(**reply(card).sent(), ephemeral=True)
    except (BooksClosed, *UNREACHABLE) as error:
        log.debug(
            "Member %s could not be shown %d receipts; they come with another reply: %s", member_id, len(claimed), error
        )
        _give_back(services, claimed)
    else:
        for receipt in claimed:
            services.receipts.show(receipt)


def _give_back(services: Services, receipts: Sequence[Receipt]) -> None:
    """Give back receipts that were claimed and not shown."""
    for receipt in receipts:
        services.receipts.miss(receipt)


async def _claim(interaction: discord.Interaction) -> list[Receipt]:
    """Return the receipts that a member missed in this guild. They are claimed, so that of two replies at once only one
    shows them: each has to be shown, or to be missed again."""
    receipts, guild_id, member_id = client_of(interaction).services.receipts, interaction.guild_id, interaction.user.id
    if guild_id is None or not receipts.has_missed(guild_id, member_id):
        return []
    try:
        return await receipts.claim(guild_id, member_id)
    except BooksClosed:
        # They wait for a reply after the books have opened again.
        return []
