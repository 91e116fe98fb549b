"""The list of payouts, one payout, and the buttons that approve it, record the payment or reject it."""

from dataclasses import replace
from typing import NamedTuple

import discord
from discord import ui

from bot.domain import policy
from bot.domain.confirmations import REFERENCE_LENGTH
from bot.domain.payouts import PayoutState
from bot.domain.transfers import Transfer
from bot.services.payouts import PayoutReport
from bot.services.wallets import REASON_LENGTH
from bot.ui.kit import custom_id
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button, Item
from bot.ui.kit.controls import Control, Form, text_input
from bot.ui.kit.pages import PageIds, turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.payouts import render

SEE, APPROVE, PAID, REJECT = "payouts list", "payouts approve", "payouts paid", "payouts reject"
"""Rows of the policy table: treasurers decide, auditors only see."""

ASK_TRANSFER, SEND_TRANSFER = "payout-ask-transfer", "payout-send-transfer"
"""The actions of the controls that send money, which are in a module that imports this one."""

PAGE = 4


class PayoutIds(NamedTuple):
    """One payout of the guild, on the panel of `owner`."""

    owner: int
    payout: int


class TurnPayouts(Control[PageIds], action="payouts-page", ids=PageIds):
    """Turns the pages of the list, and leads back to it."""

    command = SEE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await listed(caller, self.ids.page)


class OpenPayout(Control[PayoutIds], action="payout", ids=PayoutIds):
    """Shows one payout, with what can be done about it."""

    command = SEE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await show(caller, self.ids.payout)


class ApprovePayout(Control[PayoutIds], action="payout-approve", ids=PayoutIds):
    """Approves a payout."""

    command = APPROVE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await approve(caller, self.ids.payout)


class RecordPayment(Control[PayoutIds], action="payout-paid", ids=PayoutIds):
    """Opens the form that records a payment."""

    command = PAID

    @opens
    async def press(self, caller: Caller) -> Form:
        return PaymentForm(self.ids.payout, caller.reader)


class PaymentForm(Form):
    """Asks for the number of the payment in the account of the staff."""

    command = PAID

    def __init__(self, payout_id: int, reader: Reader) -> None:
        super().__init__(reader._("Record the payment"))
        self._payout_id = payout_id
        self.reference = text_input("", longest=REFERENCE_LENGTH)
        hint = reader._("As your account shows it, like a transaction number. The creator reads it.")
        self.add_item(ui.Label(text=reader._("Payment number"), description=hint, component=self.reference))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        return await record(caller, self._payout_id, self.reference.value)


class RejectPayout(Control[PayoutIds], action="payout-reject", ids=PayoutIds):
    """Opens the form that asks why a payout is rejected."""

    command = REJECT

    @opens
    async def press(self, caller: Caller) -> Form:
        return RejectForm(self.ids.payout, caller.reader)


class RejectForm(Form):
    """Asks for the reason."""

    command = REJECT

    def __init__(self, payout_id: int, reader: Reader) -> None:
        super().__init__(reader._("Reject the payout"))
        self._payout_id = payout_id
        self.reason = text_input("", longest=REASON_LENGTH)
        hint = reader._("The creator reads it and gets the diamonds back.")
        self.add_item(ui.Label(text=reader._("Reason"), description=hint, component=self.reason))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        return await reject(caller, self._payout_id, self.reason.value)


async def listed(caller: Caller, page: int = 0) -> Reply:
    """Return a page of the payouts: those that wait first."""
    payouts = await caller.services.payouts.page(caller.guild_id, page, PAGE)
    # Staff who see the list need no notice any more.
    if waiting := [report.payout.payout_id for report in payouts.reports if report.payout.is_open]:
        await caller.services.payouts.mark_announced(caller.guild_id, waiting)
    reader, owner = caller.reader, caller.member_id
    buttons = [
        OpenPayout.button(
            PayoutIds(owner, report.payout.payout_id),
            reader._("Open payout #{number}", number=report.payout.payout_id),
        )
        for report in payouts.reports
    ]
    package = await caller.services.packages.first(caller.guild_id)
    terms = await caller.services.transfers.terms(caller.guild_id)
    items = turns(TurnPayouts, PageIds(owner, payouts.page), payouts.pages, reader)
    return reply(render.listed(payouts, buttons, package, reader, terms), items)


async def show(caller: Caller, payout_id: int) -> Reply:
    """Return a payout."""
    return await _payout(caller, await caller.services.payouts.find(caller.guild_id, payout_id))


async def approve(caller: Caller, payout_id: int) -> Reply:
    """Approve a payout, and return it."""
    return await _payout(caller, await caller.services.payouts.approve(caller.guild_id, payout_id, caller.member_id))


async def record(caller: Caller, payout_id: int, reference: str) -> Reply:
    """Record that the money of a payout was sent, and return the payout."""
    services = caller.services.payouts
    return await _closed(caller, await services.record(caller.guild_id, payout_id, caller.member_id, reference))


async def reject(caller: Caller, payout_id: int, reason: str) -> Reply:
    """Reject a payout, and return it."""
    services = caller.services.payouts
    return await _closed(caller, await services.reject(caller.guild_id, payout_id, caller.member_id, reason))


async def _closed(caller: Caller, report: PayoutReport) -> Reply:
    """Return a payout that has just ended, with the receipt of that."""
    receipt = await caller.services.receipts.receipt(caller.guild_id, report.payout.closed_seq)
    # Of two at once, the second one reads what the first one did.
    return replace(await _payout(caller, report), receipt=receipt if receipt.actor_id == caller.member_id else None)


async def _payout(caller: Caller, report: PayoutReport) -> Reply:
    services = caller.services
    may_decide = (await caller.actor()).may(policy.POLICY[APPROVE])
    rules = await services.payouts.rules(caller.guild_id)
    package = await services.packages.first(caller.guild_id)
    attempt = await services.transfers.last_attempt(caller.guild_id, report.payout.payout_id)
    terms = await services.transfers.terms(caller.guild_id)
    buttons: list[Item] = []
    if may_decide:
        buttons = decisions(report, caller.member_id, rules.people, caller.reader, attempt, sends=terms is not None)
    text = advice(report, caller.member_id, rules.people, caller.reader, may_decide=may_decide)
    back = TurnPayouts.button(PageIds(caller.member_id, 0), caller.reader._("All payouts"), row=1)
    return reply(render.payout(report, text, package, caller.reader, attempt, terms), [*buttons, back])


def decisions(
    report: PayoutReport,
    owner: int,
    people: int,
    reader: Reader,
    attempt: Transfer | None = None,
    *,
    sends: bool = False,
) -> list[Item]:
    """Return what a treasurer, the `owner` of the panel, can press about a payout. It takes a number of `people`.

    `attempt` is the last attempt to send the money by transfer, which is possible if the guild `sends` transfers.
    """
    payout, ids = report.payout, PayoutIds(owner, report.payout.payout_id)
    if not payout.is_open:
        return []
    if attempt is not None and payout.sending is not None:
        # Without its control, which is in a module that imports this one.
        again = custom_id.build(SEND_TRANSFER, (owner, payout.payout_id, attempt.amount_minor))
        return [Button(reader._("Ask Stripe again"), again, emoji="🔄")]
    buttons: list[Item] = []
    can_go_on = report.creator_id != owner and not report.debt
    if can_go_on and payout.state is PayoutState.REQUESTED:
        buttons.append(ApprovePayout.button(ids, reader._("Approve"), discord.ButtonStyle.success))
    elif can_go_on and (people == 1 or report.approved_by != owner):
        if sends:
            ask = custom_id.build(ASK_TRANSFER, ids)
            buttons.append(Button(reader._("Send through Stripe"), ask, style=discord.ButtonStyle.success, emoji="🏦"))
        label = reader._("Record the payment")
        style = discord.ButtonStyle.secondary if sends else discord.ButtonStyle.success
        buttons.append(RecordPayment.button(ids, label, style, emoji="💸"))
    return [*buttons, RejectPayout.button(ids, reader._("Reject"), discord.ButtonStyle.danger)]


def advice(report: PayoutReport, owner: int, people: int, reader: Reader, *, may_decide: bool) -> str:
    """Return what the reader of a payout, the `owner` of the panel, can or cannot do, "" if there is nothing to say."""
    payout = report.payout
    if not payout.is_open or payout.sending is not None:
        return ""
    if not may_decide:
        return reader._("Only treasurers can decide about payouts.")
    if report.creator_id == owner:
        return reader._("This is your own payout, so another treasurer has to take care of it.")
    if payout.state is PayoutState.REQUESTED:
        return reader._("Somebody else then sends the money and records it.") if people > 1 else ""
    if people > 1 and report.approved_by == owner:
        return reader._("You approved this payout, so somebody else has to record the payment.")
    return reader._("Send the money the way you agreed with the creator. Then record it here.")
