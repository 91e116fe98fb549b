"""Withdrawing from a purchase: what goes back, a question, and the receipt."""

from typing import NamedTuple

import discord

from bot.domain.withdrawal_errors import WithdrawalChanged
from bot.services.withdrawals import Offer, Withdrawn
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control
from bot.ui.kit.cross_links import WITHDRAW
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader


class PurchaseIds(NamedTuple):
    """An order of a member."""

    owner: int
    order: int


class WithdrawalIds(NamedTuple):
    """An order of a member, and the coins of it that the question named."""

    owner: int
    order: int
    coins: int


class AskWithdrawal(Control[PurchaseIds], action=WITHDRAW, ids=PurchaseIds):
    """Shows what would go back, and asks."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        withdrawals, ids = caller.services.withdrawals, self.ids
        withdrawn = await withdrawals.find(caller.guild_id, ids.owner, ids.order)
        if withdrawn is not None:
            return reply(receipt(withdrawn, caller.reader))
        return question(await withdrawals.offer(caller.guild_id, ids.owner, ids.order), caller.reader)


class ConfirmWithdrawal(Control[WithdrawalIds], action="withdraw-confirm", ids=WithdrawalIds):
    """Withdraws, once however often it is pressed."""

    async def _withdrawn(self, caller: Caller) -> Reply | None:
        withdrawn = await caller.services.withdrawals.find(caller.guild_id, self.ids.owner, self.ids.order)
        return withdrawn and reply(receipt(withdrawn, caller.reader), receipt=withdrawn.receipt)

    @replies(Mode.UPDATE, recorded=_withdrawn, charges=False)
    async def press(self, caller: Caller) -> Reply:
        withdrawals, ids = caller.services.withdrawals, self.ids
        try:
            withdrawn = await withdrawals.withdraw(caller.guild_id, ids.owner, ids.order, ids.coins)
        except WithdrawalChanged:
            offer = await withdrawals.offer(caller.guild_id, ids.owner, ids.order)
            return question(offer, caller.reader, is_changed=True)
        return reply(receipt(withdrawn, caller.reader), receipt=withdrawn.receipt)


def question(offer: Offer, reader: Reader, *, is_changed: bool = False) -> Reply:
    """Return what would go back, and the button that confirms it. `is_changed` says that the buyer saw another number
    of coins."""
    order, withdrawal = offer.order, offer.withdrawal
    text = reader._(
        "You'll give back {coins}: all you haven't spent from this purchase. You'll get {money} back.",
        coins=f"**{reader.coins(withdrawal.coins, is_test=order.test)}**",
        money=f"**{reader.money(withdrawal.amount_minor, withdrawal.currency)}**",
    )
    if is_changed:
        text = reader._("Your unspent coins have changed. Nothing was taken.") + "\n" + text
    until = reader._("You can withdraw until {when}.", when=reader.moment(offer.until_ms))
    number = reader._("Receipt #{number}", number=offer.seq)
    card = Card(theme.AMBER, (Part(f"{text}\n{until}"),), title=reader._("Withdraw from this purchase?"), footer=number)
    ids = WithdrawalIds(order.member_id, order.order_id, withdrawal.coins)
    label = reader._("Confirm withdrawal")
    return reply(card, [ConfirmWithdrawal.button(ids, label, discord.ButtonStyle.danger)], asks=True)


def receipt(withdrawn: Withdrawn, reader: Reader) -> Card:
    """Return what was given back, and what happens to the money."""
    order, withdrawal = withdrawn.order, withdrawn.withdrawal
    facts = {
        "coins": f"**{reader.coins(withdrawal.coins, is_test=order.test)}**",
        "money": f"**{reader.money(withdrawal.amount_minor, withdrawal.currency)}**",
    }
    if withdrawn.is_automatic:
        text = reader._("You gave back {coins}, and {money} is going back to you the way you paid.", **facts)
    else:
        text = reader._("You gave back {coins}. I've asked the staff of this server to send you {money}.", **facts)
    number = reader._("Receipt #{number}", number=withdrawn.receipt.seq)
    return Card(theme.GREY, (Part(text),), title="↩️ " + reader._("You've withdrawn from this purchase"), footer=number)
