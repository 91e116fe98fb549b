"""The button with which members claim promo coins, and what they read then."""

from typing import NamedTuple

import discord

from bot.domain.ledger.claim import facts_of
from bot.domain.receipts import Receipt
from bot.ui import theme
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control
from bot.ui.kit.cross_links import CLAIM_COINS, open_gift_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


class OfferIds(NamedTuple):
    """An offer of promo coins."""

    offer: int


class ClaimCoins(Control[OfferIds], action=CLAIM_COINS, ids=OfferIds):
    """Claims the coins of an offer, once for each member. The press carries the member's roles."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        roles = caller.member.roles if isinstance(caller.member, discord.Member) else []
        receipt = await caller.services.granting.offers.claim(
            caller.guild_id, self.ids.offer, caller.member_id, [role.id for role in roles]
        )
        return claimed(receipt, caller.reader)


def claimed(receipt: Receipt, reader: Reader) -> Reply:
    """Return the receipt of a claim, also of one that was made before."""
    facts = facts_of(receipt)
    coins = f"**{reader.coins(facts['coins'])}**"
    if receipt.replayed:
        when = reader.when(receipt.at_ms)
        text = reader._("You claimed this {when}: {coins}. You can claim it once.", coins=coins, when=when)
        card = Card(theme.GREY, (Part(text),), footer=reader._("Receipt #{number}", number=receipt.seq))
        return reply(card, receipt=receipt)
    lines = [
        reader._("You got {coins}.", coins=coins),
        mentions.paid_off(receipt, reader),
        reader._("You have {balance} now.", balance=reader.coins(receipt.balance)),
        "-# " + reader._("Promo coins came for free and are spent first."),
    ]
    card = Card(
        theme.GREEN,
        (Part("\n".join(filter(None, lines))),),
        title="🎁 " + reader._("Coins for you"),
        footer=reader._("Receipt #{number}", number=receipt.seq),
    )
    return reply(card, [open_gift_button(reader)], receipt=receipt)
