"""Taking coins back: by a form that shows the effect and asks for the reason, or by a panel if the reason is known."""

from typing import Final, NamedTuple

import discord

from bot.domain.ledger.reversal import facts_of
from bot.services.reversals import Reversal, ReversalPreview
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, Form
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.coins import render
from cogs.coins.reasons import ReasonForm
from cogs.coins.rows import RowIds

COMMAND: Final = "coins reverse"


class ReversalIds(NamedTuple):
    """Row `seq`, of which `part` is to be taken back. `intent` is the id of the interaction that asked."""

    owner: int
    seq: int
    part: int
    intent: int


class ReverseRow(Control[RowIds], action="lookup-reverse", ids=RowIds):
    """Opens the form that takes back all that is left of a row."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        preview = await caller.services.reversals.preview(
            caller.guild_id, actor_id=caller.member_id, seq=self.ids.seq, part=None
        )
        return ReverseForm(preview, caller.call_id, caller.reader)


class ReverseForm(ReasonForm):
    """Takes a row back once it is sent."""

    command = COMMAND

    def __init__(self, preview: ReversalPreview, intent: int, reader: Reader) -> None:
        super().__init__(render.reversal_preview(preview, reader), intent, reader)
        self._preview = preview

    async def _reversed(self, caller: Caller) -> Reply | None:
        return await _receipt_of(caller, self.intent)

    @replies(recorded=_reversed, charges=False)
    async def on_submit(self, caller: Caller) -> Reply:
        return await _reverse(caller, _ids_of(caller, self._preview, self.intent), self.reason.value)


class ConfirmReversal(Control[ReversalIds], action="coins-reverse", ids=ReversalIds):
    """Takes coins back, once however often it is pressed. The reason stands in the last part of the panel."""

    command = COMMAND

    async def _reversed(self, caller: Caller) -> Reply | None:
        return await _receipt_of(caller, self.ids.intent)

    @replies(Mode.UPDATE, recorded=_reversed, charges=False)
    async def press(self, caller: Caller) -> Reply:
        return await _reverse(caller, self.ids, render.reason_in(caller.interaction.message))


def confirm(caller: Caller, preview: ReversalPreview) -> Reply:
    """Return the panel that shows what a reversal will do, and asks."""
    ids = _ids_of(caller, preview, caller.call_id)
    label = caller.reader._("Reverse receipt #{number}", number=preview.receipt.seq)
    button = ConfirmReversal.button(ids, label, discord.ButtonStyle.danger)
    return reply(render.reversal_preview(preview, caller.reader), [button], asks=True)


def undo_button(owner: int, seq: int, reader: Reader) -> Button:
    """Return the button on a receipt that opens the form to take it back."""
    return ReverseRow.button(RowIds(owner, seq), reader._("Reverse"), emoji="↩️")


def _ids_of(caller: Caller, preview: ReversalPreview, intent: int) -> ReversalIds:
    return ReversalIds(caller.member_id, preview.receipt.seq, facts_of(preview.decision)["part"], intent)


async def _reverse(caller: Caller, ids: ReversalIds, reason: str) -> Reply:
    reversal = await caller.services.reversals.reverse(
        caller.guild_id,
        key=_key(ids.intent),
        actor_id=caller.member_id,
        seq=ids.seq,
        part=ids.part,
        reason=reason,
    )
    return _receipt(reversal, caller.reader)


async def _receipt_of(caller: Caller, intent: int) -> Reply | None:
    """Return the receipt of an intent's reversal, None if nothing was reversed."""
    reversal = await caller.services.reversals.find(caller.guild_id, _key(intent))
    return _receipt(reversal, caller.reader) if reversal is not None else None


def _receipt(reversal: Reversal, reader: Reader) -> Reply:
    return reply(render.reversed_receipt(*reversal, reader), receipt=reversal.receipt)


def _key(intent: int) -> str:
    """Return the key of a reversal: sending a form or panel twice reverses once."""
    return f"reversal:{intent}"
