"""Asking for a payout: a question that says the amount, what is left and who sends the money, and the state of the
request."""

from dataclasses import replace
from typing import NamedTuple

import discord
from discord import ui

from bot.domain.money import MAX_BALANCE
from bot.domain.packages import Package
from bot.domain.transfers import TransferTerms
from bot.services.payouts import PayoutPreview, PayoutReport
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.components import Button, Item
from bot.ui.kit.controls import Control, Form, OwnerIds, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.payouts import payout_news, payout_number
from bot.ui.text.estimates import worth
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.creator import transfers

COMMAND = "creator payout"
"""The row of the policy table."""

LONGEST_AMOUNT = 16


class RequestIds(NamedTuple):
    """The diamonds that the question named."""

    owner: int
    diamonds: int


class OwnPayoutIds(NamedTuple):
    """A payout of the member's own."""

    owner: int
    payout: int


class AskPayout(Control[OwnerIds], action="payout-ask", ids=OwnerIds):
    """Shows the request that is open, or asks about a new one."""

    command = COMMAND

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await payout(caller)


class RequestPayout(Control[RequestIds], action="payout-request", ids=RequestIds):
    """Requests what the question named, once however often it is pressed."""

    command = COMMAND

    async def _requested(self, caller: Caller) -> Reply | None:
        report = await caller.services.payouts.find_request(caller.guild_id, caller.key)
        return report and await _receipt(caller, report, report.payout.payout_id)

    @replies(Mode.UPDATE, recorded=_requested, charges=False)
    async def press(self, caller: Caller) -> Reply:
        services = caller.services.payouts
        report = await services.request(caller.guild_id, caller.key, caller.member_id, self.ids.diamonds)
        return await _receipt(caller, report, report.payout.payout_id)


class OtherAmount(Control[OwnerIds], action="payout-amount", ids=OwnerIds):
    """Opens the form for another amount."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return AmountForm(caller.reader)


class AmountForm(Form):
    """Asks how many diamonds to ask for, and goes back to the question."""

    command = COMMAND

    def __init__(self, reader: Reader) -> None:
        super().__init__(reader._("Request a payout"))
        self.amount = text_input("", longest=LONGEST_AMOUNT)
        hint = reader._("At most what's available. Leave the rest for later.")
        self.add_item(ui.Label(text=f"{theme.DIAMOND} " + reader._("Amount"), description=hint, component=self.amount))

    @replies(Mode.UPDATE)
    async def on_submit(self, caller: Caller) -> Reply:
        return await _ask(caller, parse_whole(self.amount.value, MAX_BALANCE))


class TakeBack(Control[OwnPayoutIds], action="payout-take-back", ids=OwnPayoutIds):
    """Ends a request of one's own."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        report = await caller.services.payouts.take_back(caller.guild_id, self.ids.payout, caller.member_id)
        return await _receipt(caller, report, report.payout.closed_seq)


async def payout(caller: Caller, diamonds: int | None = None) -> Reply:
    """Return the request that the caller has open, or the question about one for `diamonds`, all by default."""
    report = await caller.services.payouts.last_of(caller.guild_id, caller.member_id)
    if report is not None and report.payout.is_open:
        return await _status(caller, report)
    return await _ask(caller, diamonds)


async def _ask(caller: Caller, diamonds: int | None) -> Reply:
    services = caller.services
    preview = await services.payouts.preview(caller.guild_id, caller.member_id, diamonds)
    package = await services.packages.first(caller.guild_id)
    terms = await services.transfers.terms(caller.guild_id)
    return question(preview, package, caller.member_id, caller.reader, terms)


async def _status(caller: Caller, report: PayoutReport) -> Reply:
    package = await caller.services.packages.first(caller.guild_id)
    terms = await caller.services.transfers.terms(caller.guild_id)
    return status(report, package, caller.member_id, caller.reader, terms)


async def _receipt(caller: Caller, report: PayoutReport, seq: int) -> Reply:
    """Return the state of a request after the row `seq`, whose receipt has then reached its member."""
    receipt = await caller.services.receipts.receipt(caller.guild_id, seq)
    return replace(await _status(caller, report), receipt=receipt)


def question(
    preview: PayoutPreview, package: Package | None, owner: int, reader: Reader, terms: TransferTerms | None = None
) -> Reply:
    """Return what would be requested, what is left, and the button that requests it."""
    diamonds = reader.diamonds(preview.diamonds)
    lines = [
        reader._("You're asking for {diamonds}.", diamonds=f"**{diamonds}**"),
        reader._("You'll have {diamonds} available after that.", diamonds=reader.diamonds(preview.left)),
    ]
    how = reader._("The staff of this server check your request and send you the money themselves. I keep the record.")
    notes = [reader._("Nothing is reserved until you press the button.")]
    notes += _worth(preview.diamonds, package, terms, reader)
    small = "\n".join(f"-# {note}" for note in notes)
    title = f"{theme.DIAMOND} " + reader._("Request a payout?")
    card = Card(theme.ROSE, (Part("\n".join(lines)), Part(f"{how}\n{small}")), title=title)
    label = reader._("Request {diamonds}", diamonds=diamonds)
    request = RequestPayout.button(RequestIds(owner, preview.diamonds), label, discord.ButtonStyle.success)
    other = OtherAmount.button(OwnerIds(owner), reader._("Another amount"))
    return reply(card, [request, other, *([transfers.button(owner, reader)] if terms else [])], asks=True)


def status(
    report: PayoutReport, package: Package | None, owner: int, reader: Reader, terms: TransferTerms | None = None
) -> Reply:
    """Return the state of a request, with a button that withdraws it while it is open."""
    payout = report.payout
    opening = f"**{reader.diamonds(payout.diamonds)}**"
    parts = [Part(f"{opening}\n{payout_news(report, reader)}")]
    items: list[Item] = []
    if payout.is_open:
        notes = [
            reader._("These diamonds are reserved. The staff send you the money, and I'll tell you about each step.")
        ]
        notes += _worth(payout.diamonds, package, terms, reader)
        parts.append(Part("\n".join(f"-# {note}" for note in notes)))
        ids = OwnPayoutIds(owner, payout.payout_id)
        items.append(TakeBack.button(ids, reader._("Take the request back")))
        if terms:
            items.append(transfers.button(owner, reader))
    colour = theme.ROSE if payout.is_open else theme.GREY
    title = f"{theme.DIAMOND} " + payout_number(report, reader)
    return reply(Card(colour, tuple(parts), title=title), items)


def _worth(diamonds: int, package: Package | None, terms: TransferTerms | None, reader: Reader) -> list[str]:
    """Return what is said about the money: what the guild sends by transfer, or what members pay for as many coins."""
    if terms is not None:
        money = reader.money(terms.estimate(diamonds), terms.currency)
        return [reader._("If the staff send it through Stripe, that is {money}.", money=money)]
    estimate = worth(diamonds, package, reader)
    if not estimate:
        return []
    text = reader._(
        "Members pay {estimate} for that many coins. The staff decide how much they send.", estimate=estimate
    )
    return [text]


def button(owner: int, reader: Reader, *, is_open: bool) -> Button:
    """Return the button of the card of earnings that leads here."""
    if is_open:
        return AskPayout.button(OwnerIds(owner), reader._("See your payout"), emoji=theme.DIAMOND)
    return AskPayout.button(
        OwnerIds(owner), reader._("Request a payout"), discord.ButtonStyle.success, emoji=theme.DIAMOND
    )
