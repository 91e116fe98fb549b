"""Granting coins: by the command, or by the form that a member's menu opens."""

from typing import Any

from discord import ui

from bot.domain.money import MAX_AMOUNT
from bot.domain.money import amount as checked_amount
from bot.services.wallets import REASON_LENGTH
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Form, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.coins import render

_DIGITS = len(str(MAX_AMOUNT))


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

    @replies(recorded=_granted, charges=False)
    async def on_submit(self, caller: Caller) -> Reply:
        coins = checked_amount(parse_whole(self.coins.value, MAX_AMOUNT))
        return await grant(caller, self._member_id, is_bot=False, coins=coins, reason=self.reason.value)


async def grant(caller: Caller, member_id: int, *, is_bot: bool, coins: int, reason: str) -> Reply:
    """Grant coins once per call, and return the receipt."""
    receipt = await caller.services.wallets.grant(
        caller.guild_id,
        key=caller.key,
        actor_id=caller.member_id,
        member_id=member_id,
        is_bot=is_bot,
        coins=coins,
        reason=reason,
    )
    return reply(render.granted(receipt, caller.reader), receipt=receipt)


async def granted(caller: Caller) -> Reply | None:
    """Return the receipt of this call's grant, if it was made."""
    receipt = await caller.services.gifts.find(caller.guild_id, caller.key)
    return reply(render.granted(receipt, caller.reader), receipt=receipt) if receipt else None
