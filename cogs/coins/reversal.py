"""The panel that asks before coins are taken back."""

from typing import NamedTuple

import discord

from bot.domain.ledger.reversal import facts_of
from bot.services.reversals import ReversalPreview
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.controls import Control
from bot.ui.kit.replies import Reply, reply
from cogs.coins import render


class ReversalIds(NamedTuple):
    """Row `seq`, of which `part` is to be taken back. `intent` is the interaction that asked."""

    owner: int
    seq: int
    part: int
    intent: int


class ConfirmReversal(Control[ReversalIds], action="coins-reverse", ids=ReversalIds):
    """Takes coins back, once however often it is pressed. The reason stands in the last part of the panel."""

    command = "coins reverse"

    async def _reversed(self, caller: Caller) -> Reply | None:
        reversal = await caller.services.reversals.find(caller.guild_id, _key(self.ids.intent))
        if reversal is None:
            return None
        return reply(render.reversed_receipt(*reversal, caller.reader), receipt=reversal.receipt)

    @replies(Mode.UPDATE, recorded=_reversed, charges=False)
    async def press(self, caller: Caller) -> Reply:
        reversal = await caller.services.reversals.reverse(
            caller.guild_id,
            key=_key(self.ids.intent),
            actor_id=caller.member_id,
            seq=self.ids.seq,
            part=self.ids.part,
            reason=render.reason_in(caller.interaction.message),
        )
        return reply(render.reversed_receipt(*reversal, caller.reader), receipt=reversal.receipt)


def confirm(caller: Caller, preview: ReversalPreview) -> Reply:
    """Return the panel that shows what a reversal will do, and asks."""
    part = facts_of(preview.decision)["part"]
    ids = ReversalIds(caller.member_id, preview.receipt.seq, part, caller.call_id)
    label = caller.reader._("Reverse receipt #{number}", number=preview.receipt.seq)
    button = ConfirmReversal.button(ids, label, discord.ButtonStyle.danger)
    return reply(render.reversal_preview(preview, caller.reader), [button], asks=True)


def _key(intent: int) -> str:
    """Return the key of a reversal: a panel that is pressed twice reverses once."""
    return f"reversal:{intent}"
