"""`/creator gifts`: the latest gifts to a creator. Each can be declined for a day."""

from typing import NamedTuple

import discord

from bot.domain.ledger.gift import facts_of
from bot.services.declines import ReceivedGift
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.declines import DeclineIds, decline_preview, decline_receipt, key_of
from bot.ui.text import mentions
from bot.ui.text.reader import Reader

COMMAND = "creator gifts"


class GiftIds(NamedTuple):
    """The gift in row `seq`, on the panel of `owner`."""

    owner: int
    seq: int


class UnblockIds(NamedTuple):
    """The gift in row `seq` on the panel of `owner`, and who sent it: 0 if it is anonymous."""

    owner: int
    seq: int
    member: int


class AskToDecline(Control[GiftIds], action="decline-ask", ids=GiftIds):
    """Shows what declining a gift will do."""

    command = COMMAND

    @replies()
    async def press(self, caller: Caller) -> Reply:
        preview = await caller.services.desk.declines.preview(caller.guild_id, caller.member_id, self.ids.seq)
        ids = DeclineIds(self.ids.owner, self.ids.seq, caller.call_id)
        button = DeclineGift.button(ids, caller.reader._("Decline the gift"), discord.ButtonStyle.danger)
        return reply(decline_preview(preview, caller.reader, is_own=True), [button], asks=True)


class DeclineGift(Control[DeclineIds], action="decline", ids=DeclineIds):
    """Declines a gift, once however often it is pressed."""

    command = COMMAND

    async def _declined(self, caller: Caller) -> Reply | None:
        services = caller.services
        # The rule checks whose gift it is, and the key finds it.
        if await services.reversals.find(caller.guild_id, key_of(self.ids)) is None:
            return None
        return await self._decline(caller)

    @replies(Mode.UPDATE, recorded=_declined, charges=False)
    async def press(self, caller: Caller) -> Reply:
        return await self._decline(caller)

    async def _decline(self, caller: Caller) -> Reply:
        reversal = await caller.services.desk.declines.decline(
            caller.guild_id, caller.member_id, self.ids.seq, key=key_of(self.ids)
        )
        return reply(decline_receipt(reversal, caller.reader), receipt=reversal.receipt)


class BlockSender(Control[GiftIds], action="sender-block", ids=GiftIds):
    """Refuses further gifts from the sender of this one."""

    command = COMMAND

    @replies()
    async def press(self, caller: Caller) -> Reply:
        reception, reader = caller.services.creators.reception, caller.reader
        member_id = await reception.block_sender(caller.guild_id, caller.member_id, self.ids.seq)
        text = reader._("Whoever sent that gift can't send you anonymous gifts any more. You won't learn who it was.")
        if member_id:
            member = mentions.member(member_id, reader)
            text = reader._("{member} can't send you gifts any more.", member=member)
        undo = UnblockSender.button(UnblockIds(*self.ids, member_id), reader._("Lift the block"), emoji="↩️")
        return reply(Card.of(f"🚫 {text}", theme.GREY), [undo])


class UnblockSender(Control[UnblockIds], action="sender-unblock", ids=UnblockIds):
    """Lifts a block again."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        reception, reader, member_id = caller.services.creators.reception, caller.reader, self.ids.member
        text = reader._("You've unblocked the sender of that anonymous gift.")
        if member_id:
            await reception.unblock(caller.guild_id, caller.member_id, member_id)
            member = mentions.member(member_id, reader)
            text = reader._("{member} can send you gifts again.", member=member)
        else:
            await reception.unblock_anonymous(caller.guild_id, caller.member_id, self.ids.seq)
        return reply(Card.of(text, theme.GREEN))


async def gifts(caller: Caller) -> Reply:
    """Return the last gifts of the caller."""
    latest = await caller.services.desk.declines.latest(caller.guild_id, caller.member_id)
    return reply(card(latest, caller.member_id, caller.reader))


def card(latest: list[ReceivedGift], owner: int, reader: Reader) -> Card:
    """Return gifts, newest first, with the buttons that decline them and block their senders."""
    opening = reader._("You can decline a gift within a day. The sender gets the coins back and a kind word from me.")
    hint = reader._("A blocked sender finds out only when they try again. `/creator block` lists your blocks.")
    opening = f"{opening}\n-# {hint}"
    if not latest:
        opening = reader._("No gifts yet. When somebody sends you one, it shows up here.")
    parts = [Part(opening), *(_part(gift, owner, reader) for gift in latest)]
    return Card(theme.ROSE, tuple(parts), title="🎁 " + reader._("Your latest gifts"))


def _part(gift: ReceivedGift, owner: int, reader: Reader) -> Part:
    receipt, facts = gift.receipt, facts_of(gift.receipt)
    lines = [
        f"**{mentions.gift_of(facts, reader)}** · {mentions.sender(receipt, reader)} · "
        + reader.coin(facts["price"] * facts["count"])
    ]
    if receipt.note:
        lines.append(mentions.quoted(receipt.note))
    small = [reader._("Receipt #{number}", number=receipt.seq), reader.when(receipt.at_ms)]
    if gift.given_back:
        is_whole = gift.given_back >= facts["count"]
        small.append(reader._("taken back") if is_whole else reader._("partly taken back"))
    lines.append("-# " + " · ".join(small))
    ids = GiftIds(owner, receipt.seq)
    row = [AskToDecline.button(ids, reader._("Decline"))] if gift.can_decline else []
    # Nobody can block members whose data was erased.
    if receipt.actor_id or facts["anonymous"]:
        row.append(BlockSender.button(ids, reader._("Block sender")))
    return Part("\n".join(lines), row=tuple(row))
