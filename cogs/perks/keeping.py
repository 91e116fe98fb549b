"""What managers do with perks: each change, and the perk afterwards."""

from typing import NamedTuple

import discord

from bot.services.perk_catalogue import PerkChanges
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.channels import may_write
from bot.ui.kit.controls import Control
from bot.ui.kit.pages import PageIds, page_of, turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.refusals import CannotWrite
from cogs.perks import staff_render

PAGE = 15


class TurnPerkList(Control[PageIds], action="perk-list-page", ids=PageIds):
    """Turns the list's pages."""

    command = "perk list"

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        return await listed(caller, self.ids.page)


class ReturnIds(NamedTuple):
    """The receipt of a perk."""

    owner: int
    seq: int


class ConfirmReturn(Control[ReturnIds], action="perk-return", ids=ReturnIds):
    """Takes back what a member unlocked, once however often it is pressed."""

    command = "perk return"

    async def _returned(self, caller: Caller) -> Reply | None:
        receipt = await caller.services.perks.tickets.find_return(caller.guild_id, self.ids.seq)
        return receipt and reply(staff_render.returned(receipt, caller.reader), receipt=receipt)

    @replies(Mode.UPDATE, recorded=_returned, charges=False)
    async def press(self, caller: Caller) -> Reply:
        receipt = await caller.services.perks.tickets.take_back(caller.guild_id, self.ids.seq, caller.member_id)
        return reply(staff_render.returned(receipt, caller.reader), receipt=receipt)


async def listed(caller: Caller, page: int) -> Reply:
    """Return a page of the guild's perks."""
    catalogue, reader = caller.services.perks.catalogue, caller.reader
    perks = sorted(await catalogue.perks(caller.guild_id), key=lambda perk: perk.archived)
    rows, page, of_pages = page_of(perks, page, PAGE)
    creators = await catalogue.creators(caller.guild_id)
    card = staff_render.perk_list(rows, creators, page, of_pages, reader)
    return reply(card, turns(TurnPerkList, PageIds(caller.member_id, page), of_pages, reader))


async def added(caller: Caller, changes: PerkChanges) -> Reply:
    """Add a perk."""
    catalogue = caller.services.perks.catalogue
    perk = await catalogue.add(caller.guild_id, perk_id=caller.call_id, by=caller.member_id, **changes)
    creator_id = (await catalogue.creators(caller.guild_id)).get(perk.creator, 0)
    return reply(staff_render.saved(perk, creator_id, caller.reader, is_new=True))


async def changed(caller: Caller, reference: str, changes: PerkChanges) -> Reply:
    """Change the perk with the id or name `reference`."""
    catalogue = caller.services.perks.catalogue
    perk = await catalogue.edit(caller.guild_id, reference, by=caller.member_id, **changes)
    creator_id = (await catalogue.creators(caller.guild_id)).get(perk.creator, 0)
    return reply(staff_render.saved(perk, creator_id, caller.reader, is_new=False))


async def placed(caller: Caller, channel_id: int) -> Reply:
    """Have the panel posted in a channel. Raise CannotWrite if the bot may not post there."""
    if not may_write(caller.guild, channel_id):
        raise CannotWrite(channel_id)
    await caller.services.perks.panels.place(caller.guild_id, channel_id, caller.call_id, caller.member_id)
    return reply(staff_render.placed(channel_id, caller.reader))


async def return_question(caller: Caller, seq: int) -> Reply:
    """Return what taking back what the receipt `seq` has bought would do, and ask."""
    preview = await caller.services.perks.tickets.preview(caller.guild_id, seq, caller.member_id)
    label = caller.reader._("Take it back and return the coins")
    button = ConfirmReturn.button(ReturnIds(caller.member_id, seq), label, discord.ButtonStyle.danger)
    return reply(staff_render.return_question(preview, caller.reader), [button], asks=True)
