"""Receipts that could not be shown when they were due: they come below the member's next reply, for their eyes only."""

import logging
from collections.abc import Mapping, Sequence

import discord

from bot.domain.errors import BooksClosed
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.planned_gifts import PlannedGift
from bot.domain.receipts import Receipt
from bot.services import Services
from bot.ui import theme
from bot.ui.kit.caller import client_of
from bot.ui.kit.cards import Card
from bot.ui.kit.readers import reader_of
from bot.ui.kit.replies import UNREACHABLE, reply
from bot.ui.text import mentions
from bot.ui.text.planned_gifts import lapsed
from bot.ui.text.reader import Reader

log = logging.getLogger(__name__)


def missed_card(receipts: Sequence[Receipt], lapses: Mapping[int, PlannedGift], r: Reader) -> Card:
    """Return what a member is told about `receipts`; `lapses` are the gifts that stayed here, by order."""
    lines: list[str] = []
    for receipt in receipts:
        lines.append(mentions.arrival(receipt, r))
        if (gift := lapses.get(_order_of(receipt))) is not None:
            lines.append(lapsed(gift, r))
    # What staff decide about a payment comes this way, too, and then Discord did nothing wrong.
    if all(receipt.kind == CreditOrder.kind for receipt in receipts):
        note = r._("I couldn't show you this earlier.")
    else:
        note = r._("I couldn't show you this earlier because Discord didn't accept my reply.")
    return Card.of("\n".join([*lines, f"-# {note}"]), theme.GREEN)


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


async def show_missed(interaction: discord.Interaction) -> None:
    """Show members, below an answer, the receipts that they missed in this guild. Never raises."""
    services, guild_id, member_id = client_of(interaction).services, interaction.guild_id, interaction.user.id
    receipts = services.receipts
    if guild_id is None or not receipts.has_missed(guild_id, member_id):
        return
    # They are claimed first, so that of two replies at once only one shows them.
    try:
        claimed = await receipts.claim(guild_id, member_id)
    except BooksClosed:
        # They wait for a reply after the books have opened again.
        return
    if not claimed:
        return
    try:
        card = missed_card(claimed, await _lapses(services, claimed), reader_of(interaction))
        await interaction.followup.send(**reply(card).sent(), ephemeral=True)
    except (BooksClosed, *UNREACHABLE) as error:
        log.debug(
            "Member %s could not be shown %d receipts; they come with another reply: %s", member_id, len(claimed), error
        )
        for receipt in claimed:
            receipts.miss(receipt)
    else:
        for receipt in claimed:
            receipts.show(receipt)
