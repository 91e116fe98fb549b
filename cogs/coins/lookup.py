"""`/coins lookup`: a member's journal for staff, with filters and with buttons for what can be done about each row."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import discord
from discord import ui

from bot.domain import policy
from bot.domain.lookups import Lookup, LookupFilter, LookupKind
from bot.domain.text import clean
from bot.domain.wallets import WalletLine
from bot.services.lookups import PAGE
from bot.services.wallets import REASON_LENGTH
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Part
from bot.ui.kit.components import Button, Item, Menu, Option
from bot.ui.kit.controls import Control, Form, OwnerIds, picked_one, text_input
from bot.ui.kit.numbers import Numbers
from bot.ui.kit.pages import turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.declines import DeclineIds, decline_preview, decline_receipt, key_of
from bot.ui.looks.freezes import freezable_part, frozen_part, ids_of
from bot.ui.looks.portraits import NAME
from bot.ui.text.reader import Reader
from cogs.coins import lookup_render as render
from cogs.coins.batches import UndoBatch
from cogs.coins.reversal import COMMAND as REVERSE
from cogs.coins.reversal import ReverseRow
from cogs.coins.rows import RowIds

COMMAND = "coins lookup"
FREEZE = "cases decide"

FREEZE_PARTS = 2
"""The most freezes and open cases shown beside the journal. `/cases` has the rest."""

KINDS: Numbers[LookupKind] = Numbers(
    {
        0: LookupKind.ALL,
        1: LookupKind.GIFTS,
        2: LookupKind.PURCHASES,
        3: LookupKind.GRANTS,
        4: LookupKind.REVERSALS,
    }
)


class LookupIds(NamedTuple):
    """A page of `member`, on the panel of `owner`. `kind` is a number in KINDS; the bounds are seconds, 0 for none."""

    owner: int
    member: int
    page: int
    kind: int
    start: int
    end: int


class TurnLookup(Control[LookupIds], action="lookup", ids=LookupIds):
    """Turns the pages of a member's journal."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await look_up(caller, self.ids)


class PickLookupKind(Control[LookupIds], action="lookup-kind", ids=LookupIds):
    """Picks which rows are shown."""

    command = COMMAND

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await look_up(caller, self.ids._replace(kind=picked_one(caller, "receipt"), page=0))


class FlagRow(Control[OwnerIds], action="lookup-flag", ids=OwnerIds):
    """Picks a row that looks odd, and asks why."""

    command = COMMAND

    @opens
    async def press(self, caller: Caller) -> Form:
        return FlagForm(picked_one(caller, "receipt"), caller.reader)


class FlagForm(Form):
    """Asks what is odd about a row, and opens a flag for those who decide in `/cases`."""

    command = COMMAND

    def __init__(self, seq: int, reader: Reader) -> None:
        super().__init__(reader._("Flag receipt #{number}", number=seq))
        self._seq = seq
        self.reason: ui.TextInput[Any] = text_input("", longest=REASON_LENGTH)
        hint = reader._("Only staff read this.")
        self.add_item(ui.Label(text=reader._("What looks odd?"), description=hint, component=self.reason))

    @replies()
    async def on_submit(self, caller: Caller) -> Reply:
        flag = await caller.services.flags.open_manually(
            caller.guild_id, self._seq, caller.member_id, self.reason.value
        )
        return reply(render.flagged(flag, caller.reader))


class AskDecline(Control[RowIds], action="lookup-decline-ask", ids=RowIds):
    """Shows what declining a gift for its creator will do."""

    command = REVERSE

    @replies()
    async def press(self, caller: Caller) -> Reply:
        preview = await caller.services.desk.declines.preview(
            caller.guild_id, caller.member_id, self.ids.seq, by_staff=True
        )
        ids = DeclineIds(self.ids.owner, self.ids.seq, caller.call_id)
        button = DeclineForCreator.button(ids, caller.reader._("Decline the gift"), discord.ButtonStyle.danger)
        return reply(decline_preview(preview, caller.reader), [button], asks=True)


class DeclineForCreator(Control[DeclineIds], action="lookup-decline", ids=DeclineIds):
    """Declines a gift for its creator, once however often it is pressed."""

    command = REVERSE

    async def _declined(self, caller: Caller) -> Reply | None:
        reversal = await caller.services.reversals.find(caller.guild_id, key_of(self.ids))
        return reply(decline_receipt(reversal, caller.reader), receipt=reversal.receipt) if reversal else None

    @replies(Mode.UPDATE, recorded=_declined, charges=False)
    async def press(self, caller: Caller) -> Reply:
        reversal = await caller.services.desk.declines.decline(
            caller.guild_id, caller.member_id, self.ids.seq, key=key_of(self.ids), by_staff=True
        )
        return reply(decline_receipt(reversal, caller.reader), receipt=reversal.receipt)


async def look_up(caller: Caller, ids: LookupIds) -> Reply:
    """Return a page of a member's journal, with what its reader may do."""
    wanted = LookupFilter(KINDS.thing(ids.kind), ids.start * 1_000, ids.end * 1_000, ids.page)
    services = caller.services
    lookup = await services.desk.lookups.look_up(caller.guild_id, ids.member, reader_id=caller.member_id, wanted=wanted)
    actor = await caller.actor()
    may_reverse, may_freeze = actor.may(policy.POLICY[REVERSE]), actor.may(policy.POLICY[FREEZE])
    fresh = frozenset(line.seq for line in lookup.lines if services.desk.lookups.can_decline(line.receipt))
    people = {member for line in lookup.lines for member in (line.receipt.actor_id, line.receipt.other_id)} - {0}
    profiles = await caller.membership.profiles(caller.guild_id, people)
    names = {member_id: clean(profile.name, NAME) for member_id, profile in profiles.items()}
    return page_of(lookup, ids, caller.reader, may_reverse=may_reverse, may_freeze=may_freeze, fresh=fresh, names=names)


def page_of(
    lookup: Lookup,
    ids: LookupIds,
    reader: Reader,
    *,
    may_reverse: bool,
    may_freeze: bool = False,
    fresh: frozenset[int] = frozenset(),
    names: Mapping[int, str] = MappingProxyType({}),
) -> Reply:
    """Return a page of what is known about a member.

    `ids` hold the filter, and `fresh` are the rows that can still be declined. `names` are those of the members on the
    page.
    """
    ids = ids._replace(page=lookup.filter.page)
    pages = max(1, -(-lookup.count // PAGE))
    buttons = {
        line.seq: button
        for line in lookup.lines
        if may_reverse and (button := _row_button(lookup, line, ids.owner, reader, is_fresh=line.seq in fresh))
    }
    options = [
        Option(render.kind_name(kind, reader), number, default=kind is lookup.filter.kind) for number, kind in KINDS
    ]
    items: list[Item] = [PickLookupKind.select(ids, options, reader._("Which entries?"), row=0)]
    if lookup.lines:
        items.append(_flag_menu(lookup, ids.owner, names, reader))
    items += turns(TurnLookup, ids, pages, reader, row=3)
    frozen = _freeze_parts(lookup, ids.owner, reader, may_freeze=may_freeze and ids.owner != lookup.member_id)
    return reply(render.lookup(lookup, buttons, frozen, pages, reader), items)


def _freeze_parts(lookup: Lookup, owner: int, reader: Reader, *, may_freeze: bool) -> list[Part]:
    """Return why the member is frozen and, if the reader may freeze, the cases for which they can be."""
    member_id = lookup.member_id
    ids = {
        case: ids_of(owner, case, member_id, is_apart=True)
        for case in [*(freeze.case for freeze in lookup.freezes), *lookup.open_cases]
    }
    parts = [
        frozen_part(member_id, freeze, reader, ids[freeze.case] if may_freeze else None) for freeze in lookup.freezes
    ]
    if may_freeze:
        parts += [freezable_part(member_id, ids[case], reader) for case in lookup.open_cases]
    return parts[:FREEZE_PARTS]


def _flag_menu(lookup: Lookup, owner: int, names: Mapping[int, str], reader: Reader) -> Menu:
    options = [render.flag_option(line, names, reader) for line in lookup.lines]
    return FlagRow.select(OwnerIds(owner), options, reader._("Flag an entry"), row=2)


def _row_button(lookup: Lookup, line: WalletLine, owner: int, reader: Reader, *, is_fresh: bool) -> Button | None:
    """Return the button that takes a row back, None if nothing of it can be taken back."""
    ids = RowIds(owner, line.seq)
    if lookup.is_undoable(line):
        # The form says that it is undone for everyone: on a phone, a longer label would leave the row no width.
        return UndoBatch.button(ids, reader._("Reverse"), discord.ButtonStyle.danger)
    if not lookup.is_reversible(line):
        return None
    # A fresh gift is declined, which tells its sender kindly. To take back only a part of it, there is `/coins
    # reverse`.
    if is_fresh:
        return AskDecline.button(ids, reader._("Decline"), discord.ButtonStyle.danger)
    return ReverseRow.button(ids, reader._("Reverse"), discord.ButtonStyle.danger)
