"""The buttons of chip-ins. They carry the chip-in and an amount; the books decide."""

from typing import NamedTuple

import discord

from bot.domain.chip_ins import ChipIn
from bot.domain.errors import MustConfirm
from bot.domain.ledger.chips import ChipCoins
from bot.domain.money import MAX_AMOUNT, amount
from bot.domain.packages import Package
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control, Form, text_input
from bot.ui.kit.cross_links import CHIP, CHIP_BACK, CHIP_OTHER, history_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.estimates import worth
from bot.ui.text.parsing import parse_whole
from bot.ui.text.reader import Reader
from cogs.chip_in import render

_DIGITS = len(str(MAX_AMOUNT))


class ChipInIds(NamedTuple):
    """A chip-in."""

    chip_in: int


class ChipIds(NamedTuple):
    """A chip-in, and the coins that the button shows."""

    chip_in: int
    ceiling: int


class ConfirmIds(NamedTuple):
    """A chip that its member still has to confirm. `intent` is the id of the interaction that asked."""

    owner: int
    chip_in: int
    ceiling: int
    intent: int


class ChipButton(Control[ChipIds], action=CHIP, ids=ChipIds):
    """Chips in the amount on the button. Each press is a chip of its own."""

    async def _chipped_in(self, caller: Caller) -> Reply | None:
        return await receipt_of(caller, caller.key)

    @replies(recorded=_chipped_in)
    async def press(self, caller: Caller) -> Reply:
        return await chip(caller, await command_of(caller, self.ids.chip_in, self.ids.ceiling, caller.key))


class ChipOther(Control[ChipInIds], action=CHIP_OTHER, ids=ChipInIds):
    """Opens the form for any amount."""

    @opens
    async def press(self, caller: Caller) -> Form:
        chip_in = await caller.services.gifts.pools.chip_in(caller.guild_id, self.ids.chip_in)
        return AmountForm(chip_in, await caller.services.packages.first(caller.guild_id), caller.reader)


class AmountForm(Form):
    """Asks how much to chip in. `package` gives an idea of what coins are worth."""

    def __init__(self, chip_in: ChipIn, package: Package | None, reader: Reader) -> None:
        super().__init__(reader._("Chip in"))
        self._chip_in_id = chip_in.chip_in_id
        self.coins = text_input("", longest=_DIGITS, placeholder=reader.number(chip_in.least))
        label = reader._("Your part in coins")
        least, missing = (_number(coins, package, reader) for coins in (chip_in.least, chip_in.missing))
        about = reader._("From {least} to {missing}", least=least, missing=missing)
        self.add_item(discord.ui.Label(text=label, description=about, component=self.coins))

    async def _chipped_in(self, caller: Caller) -> Reply | None:
        return await receipt_of(caller, caller.key)

    @replies(recorded=_chipped_in)
    async def on_submit(self, caller: Caller) -> Reply:
        coins = amount(parse_whole(self.coins.value, MAX_AMOUNT))
        return await chip(caller, await command_of(caller, self._chip_in_id, coins, caller.key))


class ConfirmChip(Control[ConfirmIds], action="chip-confirm", ids=ConfirmIds):
    """Chips in a large part, once however often it is pressed."""

    async def _chipped_in(self, caller: Caller) -> Reply | None:
        return await receipt_of(caller, _key(self.ids.intent))

    @replies(Mode.UPDATE, recorded=_chipped_in)
    async def press(self, caller: Caller) -> Reply:
        command = await command_of(caller, self.ids.chip_in, self.ids.ceiling, _key(self.ids.intent))
        return await chip(caller, command._replace(asks_first=False))


class ChipBack(Control[ChipInIds], action=CHIP_BACK, ids=ChipInIds):
    """Gives the presser their coins back."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        returns = await caller.services.gifts.pools.take_back(caller.guild_id, self.ids.chip_in, caller.member_id)
        return reply(render.taken_back(returns, caller.reader), [history_button(caller.reader)])


def _number(coins: int, package: Package | None, reader: Reader) -> str:
    """Return a number of coins with a rough idea of what they are worth."""
    estimate = worth(coins, package, reader)
    return f"{reader.number(coins)} ({estimate})" if estimate else reader.number(coins)


async def command_of(caller: Caller, chip_in_id: int, coins: int, key: str) -> ChipCoins:
    """Return the chip that a member adds to a chip-in. Raise NotFound."""
    chip_in = await caller.services.gifts.pools.chip_in(caller.guild_id, chip_in_id)
    return ChipCoins(
        guild_id=caller.guild_id,
        key=key,
        member_id=caller.member_id,
        chip_in_id=chip_in_id,
        coins=coins,
        creator_id=chip_in.creator_id,
        item_id=chip_in.item_id,
        channel_id=chip_in.channel_id,
        creator_is_here=await caller.membership.is_member(caller.guild_id, chip_in.creator_id),
        asks_first=True,
    )


async def chip(caller: Caller, command: ChipCoins) -> Reply:
    """Chip in and return the receipt, or the panel that asks first about a large part."""
    try:
        receipt = await caller.services.gifts.pools.chip(command)
    except MustConfirm:
        ids = ConfirmIds(caller.member_id, command.chip_in_id, command.coins, caller.call_id)
        label = caller.reader._("Chip in {coins}", coins=caller.reader.coin(command.coins, plain=True))
        button = ConfirmChip.button(ids, label, discord.ButtonStyle.success)
        package = await caller.services.packages.first(caller.guild_id)
        return reply(render.confirm(command.coins, package, caller.reader), [button], asks=True)
    return reply(render.receipt(receipt, caller.reader), [history_button(caller.reader)], receipt=receipt)


async def receipt_of(caller: Caller, key: str) -> Reply | None:
    """Return the receipt of the chip that the caller added under `key`, if they did."""
    receipt = await caller.services.gifts.pools.find(caller.guild_id, key, caller.member_id)
    return reply(render.receipt(receipt, caller.reader), receipt=receipt) if receipt else None


def _key(intent: int) -> str:
    return f"chip:{intent}"
