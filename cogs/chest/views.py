"""The question before a chest is opened, and the button with which members take a share."""

from typing import NamedTuple

import discord

from bot.domain.ledger import chest as ledger
from bot.domain.receipts import Receipt
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.channels import check_writable
from bot.ui.kit.controls import Control
from bot.ui.kit.cross_links import TAKE_SHARE, open_gift_button
from bot.ui.kit.replies import Reply, reply
from cogs.chest import render


class OpenIds(NamedTuple):
    """What the question said. `intent` is the id of the interaction that asked, so that one question opens one
    chest."""

    owner: int
    coins: int
    shares: int
    minutes: int
    intent: int


class ChestIds(NamedTuple):
    """A chest."""

    chest: int


class EndIds(NamedTuple):
    """A chest, and whose it is."""

    owner: int
    chest: int


class OpenChest(Control[OpenIds], action="chest-open", ids=OpenIds):
    """Opens the chest that the question was about."""

    async def _opened(self, caller: Caller) -> Reply | None:
        receipt = await caller.services.gifts.find(caller.guild_id, _key(self.ids.intent), caller.member_id)
        return receipt and _open(caller, receipt)

    @replies(Mode.UPDATE, recorded=_opened)
    async def press(self, caller: Caller) -> Reply:
        await _check(caller)
        ids = self.ids
        command = _command(caller, ids.coins, ids.shares, ids.minutes)._replace(key=_key(ids.intent))
        return _open(caller, await caller.services.chests.open(command))


class EndChest(Control[EndIds], action="chest-end", ids=EndIds):
    """Closes the presser's own chest before its time is up."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        receipt = await caller.services.chests.end(caller.guild_id, self.ids.chest, caller.member_id)
        return reply(render.ended(receipt, caller.reader), receipt=receipt)


class TakeShare(Control[ChestIds], action=TAKE_SHARE, ids=ChestIds):
    """Takes a share of a chest. Each member gets one."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        member = caller.member
        joined_at = member.joined_at if isinstance(member, discord.Member) else None
        # Somebody whom Discord does not know as a member yet has only just joined.
        joined_ms = int((joined_at or caller.interaction.created_at).timestamp() * 1000)
        receipt = await caller.services.chests.take(caller.guild_id, self.ids.chest, caller.member_id, joined_ms)
        buttons = [] if receipt.replayed else [open_gift_button(caller.reader)]
        return reply(render.share(receipt, caller.reader), buttons, receipt=receipt)


async def ask(caller: Caller, coins: int, shares: int, minutes: int) -> Reply:
    """Return the question before a chest is opened. Nothing has been taken yet."""
    await _check(caller)
    is_thread = isinstance(caller.interaction.channel, discord.Thread)
    check_writable(caller.channel_id, caller.bot_permissions, thread=is_thread)
    command = _command(caller, coins, shares, minutes)
    preview = await caller.services.chests.preview(command)
    rules = await caller.services.guilds.rules(caller.guild_id)
    package = await caller.services.packages.first(caller.guild_id)
    ids = OpenIds(caller.member_id, coins, shares, minutes, caller.call_id)
    label = caller.reader._("Share out {coins}", coins=caller.reader.coin(preview.facts["coins"], plain=True))
    button = OpenChest.button(ids, label, discord.ButtonStyle.success, emoji="🧰")
    return reply(render.question(preview, command, rules, package, caller.reader), [button], asks=True)


async def _check(caller: Caller) -> None:
    """Raise NotASponsor unless the caller may share coins out."""
    roles = caller.member.roles if isinstance(caller.member, discord.Member) else []
    await caller.services.chests.check_sponsor(caller.guild_id, await caller.actor(), [role.id for role in roles])


def _command(caller: Caller, coins: int, shares: int, minutes: int) -> ledger.OpenChest:
    return ledger.OpenChest(caller.guild_id, caller.key, caller.member_id, caller.channel_id, coins, shares, minutes)


def _key(intent: int) -> str:
    """Return the key of a chest: however often its question is answered, one chest is opened. It names nobody."""
    return f"chest:open:{intent}"


def _open(caller: Caller, receipt: Receipt) -> Reply:
    # The chest's number is that of the row.
    end = EndChest.button(EndIds(caller.member_id, receipt.seq), caller.reader._("Close it now"))
    return reply(render.opened(receipt, caller.reader), [end], receipt=receipt)
