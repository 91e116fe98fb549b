"""The list of flags, one flag, and the buttons that decide about it."""

from typing import NamedTuple

import discord

from bot.domain import policy
from bot.domain.flags import Flag, FlagOutcome
from bot.domain.freezes import CaseRef, CaseType
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button, Item
from bot.ui.kit.controls import Control
from bot.ui.kit.pages import PageIds, page_of, turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.cases import flag_render
from cogs.cases.freeze_parts import freeze_parts
from cogs.cases.handled import DECIDE, SEE, list_button

PAGE = 5


class FlagIds(NamedTuple):
    """One flag of the guild, on the panel of `owner`."""

    owner: int
    flag: int


class TurnFlags(Control[PageIds], action="flags-page", ids=PageIds):
    """Turns the pages of the list, and leads back to it."""

    command = SEE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await flags(caller, self.ids.page)


class OpenFlag(Control[FlagIds], action="flag", ids=FlagIds):
    """Shows one flag, with what can be done about it."""

    command = SEE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await flag(caller, await caller.services.flags.find(caller.guild_id, self.ids.flag))


class ClearFlag(Control[FlagIds], action="flag-clear", ids=FlagIds):
    """Says that it is fine, and releases what it holds."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await flag(caller, await caller.services.flags.clear(caller.guild_id, self.ids.flag, caller.member_id))


class UpholdFlag(Control[FlagIds], action="flag-uphold", ids=FlagIds):
    """Keeps holding what it holds."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await flag(caller, await caller.services.flags.uphold(caller.guild_id, self.ids.flag, caller.member_id))


class AskReverseFlag(Control[FlagIds], action="flag-ask", ids=FlagIds):
    """Asks before the gifts are taken back."""

    command = DECIDE

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        opened_flag = await caller.services.flags.find(caller.guild_id, self.ids.flag)
        label = caller.reader.n_("Take back {n} gift", "Take back {n} gifts", len(opened_flag.seqs))
        confirm = ReverseFlag.button(self.ids, label, discord.ButtonStyle.danger)
        back = OpenFlag.button(self.ids, caller.reader._("Back"))
        return reply(flag_render.question(opened_flag, caller.member_id, caller.reader), [confirm, back], asks=True)


class ReverseFlag(Control[FlagIds], action="flag-reverse", ids=FlagIds):
    """Takes the gifts back."""

    command = DECIDE

    async def _reversed(self, caller: Caller) -> Reply | None:
        opened_flag = await caller.services.flags.find(caller.guild_id, self.ids.flag)
        return await flag(caller, opened_flag) if opened_flag.outcome is FlagOutcome.REVERSED else None

    @replies(Mode.UPDATE, recorded=_reversed, charges=False)
    async def press(self, caller: Caller) -> Reply:
        reason = caller.guild_reader._("Flag #{number}", number=self.ids.flag)
        opened_flag, failures = await caller.services.flags.reverse(
            caller.guild_id, self.ids.flag, caller.member_id, reason
        )
        return await flag(caller, opened_flag, news=flag_render.failed(failures, caller.reader) if failures else "")


async def flags(caller: Caller, page: int = 0) -> Reply:
    """Return a page of the flags that are still open, oldest first."""
    reader, owner = caller.reader, caller.member_id
    rows, page, pages = page_of(await caller.services.flags.undecided(caller.guild_id), page, PAGE)
    buttons = [
        OpenFlag.button(FlagIds(owner, row.flag_id), reader._("Open flag #{number}", number=row.flag_id), row=0)
        for row in rows
    ]
    return reply(
        flag_render.flags_card(rows, owner, page, pages, reader),
        [*buttons, *turns(TurnFlags, PageIds(owner, page), pages, reader, row=1), list_button(owner, reader)],
    )


async def flag(caller: Caller, opened_flag: Flag, *, news: str = "") -> Reply:
    """Return one flag, with the buttons that its reader may press: never on what it says of themselves."""
    reader, owner = caller.reader, caller.member_id
    ids = FlagIds(owner, opened_flag.flag_id)
    buttons: list[Item] = []
    is_treasurer = (await caller.actor()).may(policy.POLICY[DECIDE])
    if is_treasurer and opened_flag.is_holding and not opened_flag.concerns(owner):
        buttons.append(ClearFlag.button(ids, reader._("It's fine"), discord.ButtonStyle.success))
        if opened_flag.is_open and any(opened_flag.held.values()):
            buttons.append(UpholdFlag.button(ids, reader._("Keep the hold")))
        if opened_flag.seqs:
            buttons.append(AskReverseFlag.button(ids, reader._("Take the gifts back"), discord.ButtonStyle.danger))
    gifts = await caller.services.flags.gifts(opened_flag, owner, flag_render.LISTED)
    card = flag_render.flag_card(opened_flag, gifts, owner, reader, news=news)
    frozen = await freeze_parts(caller, CaseRef(CaseType.FLAG, opened_flag.flag_id))
    return reply(card.with_parts(*frozen, below=buttons), [flags_button(owner, reader)])


def flags_button(owner: int, reader: Reader, *, row: int | None = None, open_flags: int = 0) -> Button:
    """Return the button that leads to the list of flags, with how many are open."""
    label = reader.n_("Review {n} flag", "Review {n} flags", open_flags) if open_flags else reader._("All flags")
    style = discord.ButtonStyle.primary if open_flags else discord.ButtonStyle.secondary
    return TurnFlags.button(PageIds(owner, 0), label, style, row=row, emoji="🚩")
