"""Freezing the members whom a case names, and unfreezing them: the forms that ask why."""

from typing import Any

from discord import ui

from bot.domain.freezes import CaseRef, CaseType
from bot.services.wallets import REASON_LENGTH
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control, Form, picked_one, text_input
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.freezes import FREEZE, PICK_FROZEN, UNFREEZE, FreezeIds, PickIds, frozen_part
from bot.ui.text import mentions
from bot.ui.text.reader import Reader
from cogs.cases import views
from cogs.cases.flags import flag
from cogs.cases.handled import DECIDE


class AskToFreeze(Control[FreezeIds], action=FREEZE, ids=FreezeIds):
    """Asks why a member is to be frozen."""

    command = DECIDE

    @opens
    async def press(self, caller: Caller) -> Form:
        return FreezeForm(self.ids, caller.reader)


class PickToFreeze(Control[PickIds], action=PICK_FROZEN, ids=PickIds):
    """Picks one of the members whom a case names, and asks why."""

    command = DECIDE

    @opens
    async def press(self, caller: Caller) -> Form:
        return FreezeForm(FreezeIds(*self.ids, picked_one(caller, "member")), caller.reader)


class AskToUnfreeze(Control[FreezeIds], action=UNFREEZE, ids=FreezeIds):
    """Asks why a member is no longer to be frozen."""

    command = DECIDE

    @opens
    async def press(self, caller: Caller) -> Form:
        return UnfreezeForm(self.ids, caller.reader)


class _ReasonForm(Form):
    """Asks for a reason."""

    command = DECIDE

    def __init__(self, ids: FreezeIds, title: str, hint: str, reader: Reader) -> None:
        super().__init__(title)
        self._ids = ids
        self.reason: ui.TextInput[Any] = text_input("", longest=REASON_LENGTH)
        self.add_item(ui.Label(text=reader._("Reason"), description=hint, component=self.reason))

    def mode(self, _caller: Caller) -> Mode:
        """Return where the answer is shown."""
        return Mode.PRIVATE if self._ids.is_apart else Mode.UPDATE


class FreezeForm(_ReasonForm):
    """Freezes a member for a reason that they read."""

    def __init__(self, ids: FreezeIds, reader: Reader) -> None:
        hint = reader._("The member reads this, and which case it is about.")
        super().__init__(ids, reader._("Freeze a member"), hint, reader)

    @replies(_ReasonForm.mode)
    async def on_submit(self, caller: Caller) -> Reply:
        ids, freezes = self._ids, caller.services.freezes
        await freezes.freeze(caller.guild_id, ids.case, ids.member, by=caller.member_id, reason=self.reason.value)
        return await (_frozen(caller, ids) if ids.is_apart else _panel(caller, ids.case))


class UnfreezeForm(_ReasonForm):
    """Unfreezes a member, for a reason that the records keep."""

    def __init__(self, ids: FreezeIds, reader: Reader) -> None:
        super().__init__(ids, reader._("Unfreeze a member"), reader._("Only staff read this."), reader)

    @replies(_ReasonForm.mode)
    async def on_submit(self, caller: Caller) -> Reply:
        ids, freezes = self._ids, caller.services.freezes
        await freezes.unfreeze(caller.guild_id, ids.case, ids.member, by=caller.member_id, reason=self.reason.value)
        if not ids.is_apart:
            return await _panel(caller, ids.case)
        member = mentions.member(ids.member, caller.reader)
        text = caller.reader._("You've lifted this freeze on {member}.", member=member)
        return reply(Card.of(f"✅ {text}", theme.GREEN))


async def _frozen(caller: Caller, ids: FreezeIds) -> Reply:
    """Return that a member is frozen now, with the way back."""
    freezes = await caller.services.freezes.of_case(caller.guild_id, ids.case)
    freeze, reader = freezes.frozen.get(ids.member), caller.reader
    # Somebody may have been faster.
    parts = [frozen_part(ids.member, freeze, reader, ids)] if freeze else [Part(reader._("Nobody is frozen any more."))]
    return reply(Card(theme.AMBER, tuple(parts)))


async def _panel(caller: Caller, case: CaseRef) -> Reply:
    """Return the case."""
    services, guild_id = caller.services, caller.guild_id
    if case.type is CaseType.FLAG:
        return await flag(caller, await services.flags.find(guild_id, case.number))
    return await views.case(caller, await services.payment_cases.find(guild_id, case.number))
