"""Grants to many members: a file, a preview, one button, and one undo."""

from collections.abc import Callable
from typing import NamedTuple

import discord
from discord import app_commands

from bot.domain.grant_batches import GrantBatch
from bot.domain.grant_errors import NoReason, UnreadableFile
from bot.domain.grant_files import MOST_BYTES, GrantFile, Reading, read
from bot.domain.grant_limits import GrantLimits
from bot.domain.grant_plans import Plan, names_in, plan
from bot.domain.ledger.books import Decision
from bot.domain.matching import matching
from bot.domain.money import MAX_AMOUNT
from bot.domain.receipts import Receipt
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card
from bot.ui.kit.controls import Control, Form
from bot.ui.kit.member_search import members_among, members_named
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.coins import batch_render, render
from cogs.coins.reasons import ReasonForm
from cogs.coins.rows import RowIds


class BatchIds(NamedTuple):
    """A prepared batch for a number of `members`."""

    owner: int
    batch: int
    members: int


class ConfirmBatch(Control[BatchIds], action="coins-grant-many", ids=BatchIds):
    """Grants a prepared batch, once however often it is pressed."""

    command = "coins grant-many"

    async def _granted(self, caller: Caller) -> Reply | None:
        receipt = await caller.services.granting.batches.find(caller.guild_id, self.ids.batch)
        return _granted(caller, receipt) if receipt else None

    @replies(Mode.UPDATE, recorded=_granted, charges=False)
    async def press(self, caller: Caller) -> Reply:
        return _granted(
            caller, await caller.services.granting.batches.book(caller.guild_id, self.ids.batch, caller.member_id)
        )


class UndoBatch(Control[RowIds], action="coins-undo-ask", ids=RowIds):
    """Opens the form that takes a batch back from everyone."""

    command = "coins undo"

    @opens
    async def press(self, caller: Caller) -> Form:
        decision = await caller.services.granting.batches.preview_undo(
            caller.guild_id, actor_id=caller.member_id, seq=self.ids.seq
        )
        return UndoForm(decision, self.ids.seq, caller.call_id, caller.reader)


class UndoForm(ReasonForm):
    """Takes a batch back once it is sent."""

    command = "coins undo"

    def __init__(self, decision: Decision, seq: int, intent: int, reader: Reader) -> None:
        super().__init__(batch_render.undo_preview(decision, reader), intent, reader)
        self._seq = seq

    async def _undone(self, caller: Caller) -> Reply | None:
        return await _undo_receipt(caller, self._seq)

    @replies(recorded=_undone, charges=False)
    async def on_submit(self, caller: Caller) -> Reply:
        return await _undo(caller, self._seq, self.reason.value)


class ConfirmUndo(Control[RowIds], action="coins-undo", ids=RowIds):
    """Undoes a batch, once. The reason stands in the last part of the panel."""

    command = "coins undo"

    async def _undone(self, caller: Caller) -> Reply | None:
        return await _undo_receipt(caller, self.ids.seq)

    @replies(Mode.UPDATE, recorded=_undone, charges=False)
    async def press(self, caller: Caller) -> Reply:
        return await _undo(caller, self.ids.seq, render.reason_in(caller.interaction.message))


async def prepare(caller: Caller, file: discord.Attachment, reading: Reading, reason: str) -> Reply:
    """Return the preview of a grant from a file. Raise NoReason, UnreadableFile, and what grants raise."""
    if not reason:
        raise NoReason
    limits = await caller.services.granting.limits.limits(caller.guild_id)
    outcome = await _plan(caller, await _read(caller, file, _within(reading, limits)))
    if not outcome.shares:
        return reply(batch_render.nobody(outcome, caller.reader))
    return await preview(caller, outcome, reason, lambda batch: batch_render.preview(batch, outcome, caller.reader))


async def preview(caller: Caller, outcome: Plan, reason: str, card_of: Callable[[GrantBatch], Card]) -> Reply:
    """Prepare a grant to many and return its preview with the button that books it."""
    batch = await caller.services.granting.batches.prepare(
        caller.guild_id, caller.call_id, actor_id=caller.member_id, shares=outcome.shares, reason=reason
    )
    ids = BatchIds(caller.member_id, batch.batch_id, batch.members)
    label = caller.reader.n_("Grant to {n} member", "Grant to {n} members", batch.members)
    return reply(card_of(batch), [ConfirmBatch.button(ids, label, discord.ButtonStyle.success)], asks=True)


def _within(reading: Reading, limits: GrantLimits) -> Reading:
    """Return how to read a file if single grants are limited: rows above the limit are left out and named."""
    return reading._replace(most=min(reading.most, limits.per_grant or MAX_AMOUNT))


async def _read(caller: Caller, file: discord.Attachment, reading: Reading) -> GrantFile:
    if file.size > MOST_BYTES:
        raise UnreadableFile("bytes")
    content = await caller.services.pictures.uploaded(file.url)
    if content is None:
        raise UnreadableFile("unfetched")
    return read(content, reading)


async def _plan(caller: Caller, file: GrantFile) -> Plan:
    guild = caller.guild
    assert guild is not None, caller.guild_id
    names, file = names_in(file)
    by_id = await members_among(guild, (entry.who for entry in file.entries if isinstance(entry.who, int)))
    by_name, ids = await members_named(guild, names)
    return plan(file, by_id | by_name, ids, giver_id=caller.member_id)


async def undo_panel(caller: Caller, seq: int, reason: str) -> Reply:
    """Return what undoing a batch would do, and ask."""
    preview = await caller.services.granting.batches.preview_undo(
        caller.guild_id, actor_id=caller.member_id, seq=seq, reason=reason
    )
    label = caller.reader._("Reverse receipt #{number}", number=seq)
    button = ConfirmUndo.button(RowIds(caller.member_id, seq), label, discord.ButtonStyle.danger)
    return reply(batch_render.undo_preview(preview, caller.reader), [button], asks=True)


def _granted(caller: Caller, receipt: Receipt) -> Reply:
    """Return the receipt of a batch, with a button that undoes it."""
    undo = UndoBatch.button(RowIds(caller.member_id, receipt.seq), caller.reader._("Reverse"), emoji="↩️")
    return reply(batch_render.granted(receipt, caller.reader), [undo], receipt=receipt)


async def _undo(caller: Caller, seq: int, reason: str) -> Reply:
    receipt = await caller.services.granting.batches.undo(
        caller.guild_id, actor_id=caller.member_id, seq=seq, reason=reason
    )
    return reply(batch_render.undone(receipt, caller.reader), receipt=receipt)


async def _undo_receipt(caller: Caller, seq: int) -> Reply | None:
    """Return the receipt of the undoing of a batch, None if it was not undone."""
    receipt = await caller.services.granting.batches.find_undo(caller.guild_id, seq)
    return reply(batch_render.undone(receipt, caller.reader), receipt=receipt) if receipt else None


async def choices(caller: Caller, query: str) -> list[app_commands.Choice[str]]:
    """Return the batches that match `query` and can be undone, for the list that opens while somebody types."""
    batches = await caller.services.granting.batches.undoable(caller.guild_id)
    lines = [(batch_render.choice(batch, caller.reader), str(batch.seq)) for batch in batches]
    return [app_commands.Choice(name=line, value=seq) for line, seq in matching(lines, query, lambda entry: entry)]
