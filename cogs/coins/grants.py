"""Granting coins: by the command, by the form that a member's menu opens, and by the panel that asks about large
grants."""

from typing import Any, NamedTuple

import discord
from discord import ui

from bot.domain.grant_errors import NeedsSecondPerson
from bot.domain.ledger.grant import CONFIRM_ABOVE, Grant
from bot.domain.money import MAX_AMOUNT
from bot.domain.money import amount as checked_amount
from bot.domain.receipts import Receipt
from bot.services.wallets import REASON_LENGTH
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control, Form, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.coins import render, requests
from cogs.coins.reversal import undo_button

_DIGITS = len(str(MAX_AMOUNT))


class GrantIds(NamedTuple):
    """A grant that staff still have to confirm. `intent` is the id of the interaction that asked, and `receipt` the
    receipt that the grant makes up for, 0 for none."""

    owner: int
    member: int
    coins: int
    intent: int
    receipt: int = 0


class ConfirmGrant(Control[GrantIds], action="coins-grant", ids=GrantIds):
    """Grants coins, once however often it is pressed. The reason stands in the last part of the panel."""

    command = "coins grant"

    async def _granted(self, caller: Caller) -> Reply | None:
        return await _receipt_under(caller, _key(self.ids.intent))

    @replies(Mode.UPDATE, recorded=_granted, charges=False)
    async def press(self, caller: Caller) -> Reply:
        reason = render.reason_in(caller.interaction.message)
        grant = Grant(
            caller.guild_id,
            _key(self.ids.intent),
            caller.member_id,
            self.ids.member,
            self.ids.coins,
            reason,
            receipt=self.ids.receipt,
        )
        return await _make(caller, grant)


class GrantForm(Form):
    """Asks how many coins a member gets, and why."""

    command = "Grant coins"

    def __init__(self, member_id: int, reader: Reader) -> None:
        super().__init__(reader._("Grant coins"))
        self._member_id = member_id
        self.coins: ui.TextInput[Any] = text_input("", longest=_DIGITS)
        self.reason: ui.TextInput[Any] = text_input("", longest=REASON_LENGTH)
        self.add_item(ui.Label(text=reader._("Number of coins"), component=self.coins))
        self.add_item(ui.Label(text=reader._("Reason for our records"), component=self.reason))

    async def _granted(self, caller: Caller) -> Reply | None:
        return await granted(caller)

    def _place(self, caller: Caller) -> Mode:
        return requests.place_of(caller, self._member_id)

    @replies(_place, recorded=_granted, charges=False)
    async def on_submit(self, caller: Caller) -> Reply:
        coins = checked_amount(parse_whole(self.coins.value, MAX_AMOUNT))
        return await grant(caller, self._member_id, coins=coins, reason=self.reason.value)


async def grant(caller: Caller, member_id: int, *, coins: int, reason: str, receipt: int = 0) -> Reply:
    """Grant coins once per call and return the receipt, or the panel that asks about a large grant first.

    A grant to oneself asks the rest of the staff.
    """
    if member_id == caller.member_id:
        if receipt:
            raise NeedsSecondPerson
        return await requests.ask(caller, coins=coins, reason=reason)
    command = Grant(caller.guild_id, caller.key, caller.member_id, member_id, coins, reason, receipt=receipt)
    return await (_make(caller, command) if coins <= CONFIRM_ABOVE else _ask(caller, command))


async def granted(caller: Caller) -> Reply | None:
    """Return the receipt of this call's grant, None if it was not made."""
    return await _receipt_under(caller, caller.key)


async def _make(caller: Caller, command: Grant) -> Reply:
    return _receipt(caller, await caller.services.wallets.grant(command))


async def _ask(caller: Caller, command: Grant) -> Reply:
    """Return the panel that shows what a large grant will do, and asks."""
    services, reader = caller.services, caller.reader
    preview = await services.wallets.preview_grant(command)
    package = await services.packages.first(caller.guild_id)
    ids = GrantIds(caller.member_id, command.member_id, command.amount, caller.call_id, command.receipt)
    label = reader._("Grant {coins}", coins=reader.coin(command.amount, plain=True))
    button = ConfirmGrant.button(ids, label, discord.ButtonStyle.success)
    return reply(render.grant_preview(command, preview, package, reader), [button], asks=True)


async def _receipt_under(caller: Caller, key: str) -> Reply | None:
    receipt = await caller.services.gifts.find(caller.guild_id, key, caller.member_id)
    return _receipt(caller, receipt) if receipt else None


def _receipt(caller: Caller, receipt: Receipt) -> Reply:
    """Return the receipt of a grant, with a button that undoes it."""
    undo = undo_button(caller.member_id, receipt.seq, caller.reader)
    return reply(render.granted(receipt, caller.reader), [undo], receipt=receipt)


def _key(intent: int) -> str:
    """Return the key of a confirmed grant: pressing a panel twice grants once."""
    return f"grant:{intent}"
