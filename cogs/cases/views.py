"""The list of cases, one case, and the buttons that decide about it."""

from collections.abc import Sequence
from typing import NamedTuple

import discord

from bot.domain import policy
from bot.domain.freezes import CaseRef, CaseType
from bot.domain.payment_cases import CaseKind, Outcome, Report
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.channels import can_attach
from bot.ui.kit.components import Item
from bot.ui.kit.controls import Control, OwnerIds
from bot.ui.kit.pages import PageIds, page_of, turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.evidence import evidence_document
from bot.ui.text.personal_refusals import own_case
from cogs.cases import assigning, flags, handled, render
from cogs.cases.assigning import AssignIds
from cogs.cases.freeze_parts import freeze_parts
from cogs.cases.handled import DECIDE, SEE, FindOrder

PAGE = 5
MOST_NAMES = 20
"""Creators whose names are asked of Discord for the evidence. The others have only their ids."""


class CaseIds(NamedTuple):
    """One case of the guild, on the panel of `owner`."""

    owner: int
    case: int


class TurnCases(Control[PageIds], action=handled.LIST, ids=PageIds):
    """Turns the pages of the list, and leads back to it."""

    command = SEE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await cases(caller, self.ids.page)


class OpenCase(Control[CaseIds], action="case", ids=CaseIds):
    """Shows one case, with what can be done about it."""

    command = SEE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        report = await caller.services.payment_cases.find(caller.guild_id, self.ids.case)
        return await case(caller, report)


class CreditCase(Control[CaseIds], action="case-credit", ids=CaseIds):
    """Adds the coins of the order."""

    command = DECIDE

    async def _credited(self, caller: Caller) -> Reply | None:
        report = await caller.services.payment_cases.find(caller.guild_id, self.ids.case)
        return await case(caller, report) if report.case.outcome is Outcome.CREDITED else None

    @replies(Mode.UPDATE, recorded=_credited, charges=False)
    async def press(self, caller: Caller) -> Reply:
        services = caller.services
        report, receipt = await services.payment_cases.credit(caller.guild_id, self.ids.case, caller.member_id)
        # The panel of the purchase is gone by now: its buyer reads of the coins with their next reply.
        services.receipts.miss(receipt)
        return await case(caller, report)


class ReturnPayment(Control[CaseIds], action="case-return", ids=CaseIds):
    """Sends the payment back."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        services = caller.services.payment_cases
        return await case(caller, await services.send_back(caller.guild_id, self.ids.case, caller.member_id))


class SendEvidence(Control[CaseIds], action="case-evidence", ids=CaseIds):
    """Sends the file with which staff answer a dispute."""

    command = SEE

    @replies()
    async def press(self, caller: Caller) -> Reply:
        evidence = await caller.services.evidence.collect(caller.guild_id, self.ids.case)
        profiles = await caller.membership.profiles(caller.guild_id, evidence.creator_ids[:MOST_NAMES])
        names = {member_id: profile.name for member_id, profile in profiles.items()}
        document = evidence_document(evidence, names, caller.guild_reader)
        return render.evidence(evidence, document if can_attach(caller.bot_permissions) else None, caller.reader)


class CloseCase(Control[CaseIds], action="case-close", ids=CaseIds):
    """Closes a case that needs nothing more."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        services = caller.services.payment_cases
        return await case(caller, await services.close(caller.guild_id, self.ids.case, caller.member_id))


async def cases(caller: Caller, page: int = 0) -> Reply:
    """Return a page of the cases that are still open, oldest first."""
    reports = await caller.services.payment_cases.undecided(caller.guild_id)
    open_flags = await caller.services.flags.undecided(caller.guild_id)
    rows, page, pages = page_of(reports, page, PAGE)
    if unread := [report for report in rows if not report.case.reported]:
        # The notice of news for staff, which may follow this reply, is not to say the same again.
        await caller.services.payment_cases.mark_reported(unread)
    return cases_page(rows, page, pages, caller, open_flags=len(open_flags))


def cases_page(rows: Sequence[Report], page: int, pages: int, caller: Caller, *, open_flags: int = 0) -> Reply:
    """Return the list, with a button for each case on it, and one that leads to the flags."""
    reader, owner = caller.reader, caller.member_id
    buttons = [
        OpenCase.button(
            CaseIds(owner, report.case.case_id), reader._("Open case #{number}", number=report.case.case_id), row=0
        )
        for report in rows
    ]
    find = FindOrder.button(OwnerIds(owner), reader._("Find an order"), emoji="🔎", row=1)
    flagged = [flags.flags_button(owner, reader, row=1, open_flags=open_flags)] if open_flags else []
    return reply(
        render.cases(rows, page, pages, reader),
        [*buttons, *turns(TurnCases, PageIds(owner, page), pages, reader, row=1), find, *flagged],
    )


async def case(caller: Caller, report: Report) -> Reply:
    """Return one case, with the buttons that its reader may press."""
    frozen = await freeze_parts(caller, CaseRef(CaseType.PAYMENT, report.case.case_id))
    if report.case.kind is CaseKind.AWAITING:
        order = await caller.services.manual_payments.find(caller.guild_id, report.case.order_id)
        return await handled.panel(caller, order, more=frozen)
    actor, is_own = await caller.actor(), report.concerns(caller.member_id)
    is_treasurer = actor.may(policy.POLICY[DECIDE]) and not is_own
    may_decide = is_treasurer and report.case.outcome is Outcome.NONE
    can_return = caller.services.payment_cases.can_return(report)
    ids, reader = CaseIds(caller.member_id, report.case.case_id), caller.reader
    buttons: list[Item] = []
    if may_decide and report.order is not None and report.is_creditable:
        label = reader._("Add {coins}", coins=reader.coin(report.order.coins))
        buttons.append(CreditCase.button(ids, label, discord.ButtonStyle.success))
    if may_decide and can_return and report.left_minor > 0:
        money = reader.money(report.left_minor, report.case.currency)
        buttons.append(
            ReturnPayment.button(ids, reader._("Send {money} back", money=money), discord.ButtonStyle.danger)
        )
    if report.case.kind is CaseKind.DISPUTED and report.order is not None:
        buttons.append(SendEvidence.button(ids, reader._("Get the evidence"), emoji="📎"))
    if may_decide:
        buttons.append(CloseCase.button(ids, reader._("Close the case")))
    advice, controls = await _by_hand(caller, report) if is_treasurer else ("", [])
    if not controls and report.is_returnable and not can_return:
        advice = render.send_back_there(report, reader)
    back = handled.list_button(caller.member_id, reader)
    refusal = own_case(reader, actor) if is_own else ""
    card = render.case(report, reader, may_decide=may_decide, refusal=refusal, advice=advice)
    return reply(card.with_parts(*frozen, below=[*controls, *buttons]), [back])


async def _by_hand(caller: Caller, report: Report) -> tuple[str, list[Item]]:
    """Return what only staff can do about a payment, in words and as controls: say whose it is, or record a refund."""
    services, case, reader, owner = caller.services, report.case, caller.reader, caller.member_id
    assignable = await services.assignments.find(caller.guild_id, case.case_id)
    if assignable is not None:
        return assigning.news(assignable, reader), assigning.menus(assignable, AssignIds(owner, case.case_id), reader)
    order = await services.manual_payments.find_by_payment(caller.guild_id, case.provider, case.external_id)
    buttons = handled.refund_buttons(order, owner, reader) if order is not None else []
    return (render.send_back_yourselves(reader) if buttons else ""), buttons
