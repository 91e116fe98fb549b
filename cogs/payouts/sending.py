"""Sending the money of a payout by transfer: a question that names the amount, and the button that sends it."""

from typing import NamedTuple

import discord

from bot.services.transfers import TransferQuestion
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from cogs.payouts import views

COMMAND = views.PAID
"""Who may record a payment may also send it: the row of the policy table."""


class SendingIds(NamedTuple):
    """A payout, on the panel of `owner`, and the money that was named, in minor units."""

    owner: int
    payout: int
    minor: int


class AskTransfer(Control[views.PayoutIds], action=views.ASK_TRANSFER, ids=views.PayoutIds):
    """Asks whether to send the money."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        plan = await caller.services.transfers.question(caller.guild_id, self.ids.payout, caller.member_id)
        return question(plan, caller.member_id, caller.reader)


class SendTransfer(Control[SendingIds], action=views.SEND_TRANSFER, ids=SendingIds):
    """Sends the money, once however often it is pressed, or asks for its outcome."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        ids = self.ids
        await caller.services.transfers.send(caller.guild_id, ids.payout, caller.member_id, ids.minor)
        return await views.show(caller, ids.payout)


def question(plan: TransferQuestion, owner: int, reader: Reader) -> Reply:
    """Return the question, with the whole amount and who gets it."""
    report, money = plan.report, reader.money(plan.amount_minor, plan.currency)
    payout = report.payout
    lines = [
        reader._(
            "{creator} gets {money} for {diamonds}.",
            creator=mentions.member(report.creator_id, reader),
            money=f"**{money}**",
            diamonds=reader.diamonds(payout.diamonds),
        ),
        reader._("Stripe sends it from the account that sells coins here. I cannot take it back."),
    ]
    note = "-# " + reader._("Nothing is sent until you press the button.")
    card = Card(
        theme.AMBER,
        (Part("\n".join(lines)), Part(note)),
        title=f"{theme.DIAMOND} " + reader._("Send the money for payout #{number}?", number=payout.payout_id),
    )
    ids = SendingIds(owner, payout.payout_id, plan.amount_minor)
    send = SendTransfer.button(ids, reader._("Send {money}", money=money), discord.ButtonStyle.success, emoji="💸")
    back = views.OpenPayout.button(views.PayoutIds(owner, payout.payout_id), reader._("Back"), emoji="◀️")
    return reply(card, [send, back])
