"""A member's data: all of it as a file, and its deletion."""

from typing import NamedTuple

import discord

from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader
from cogs.privacy import data_file, render


class OwnIds(NamedTuple):
    """Whose data it is."""

    owner: int


class ExportData(Control[OwnIds], action="privacy-export", ids=OwnIds):
    """Sends a member the file."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await export(caller)


class AskToDelete(Control[OwnIds], action="privacy-delete", ids=OwnIds):
    """Shows what deleting would mean."""

    @replies()
    async def press(self, caller: Caller) -> Reply:
        return await question(caller)


class DeleteData(Control[OwnIds], action="privacy-deleted", ids=OwnIds):
    """Deletes a member's data permanently."""

    @replies(Mode.UPDATE)
    async def press(self, caller: Caller) -> Reply:
        erasure = await caller.services.personal_data.erase(caller.guild_id, caller.member_id)
        return reply(render.deleted(erasure, caller.reader))


async def export(caller: Caller) -> Reply:
    """Return a member's data as a file."""
    member_data = await caller.services.personal_data.export(caller.guild_id, caller.member_id)
    document = data_file.document(member_data, caller.guild_id, caller.member_id)
    return reply(render.exported(document, len(member_data.history), caller.reader))


async def question(caller: Caller) -> Reply:
    """Return what deleting a member's data would mean, and the button for it. Raise DataInUse."""
    holdings = await caller.services.personal_data.deletable(caller.guild_id, caller.member_id)
    ids, reader = OwnIds(caller.member_id), caller.reader
    delete = DeleteData.button(ids, reader._("Delete my data"), discord.ButtonStyle.danger)
    return reply(render.question(holdings, reader), [delete, export_button(caller.member_id, reader)], asks=True)


def export_button(owner: int, reader: Reader) -> Button:
    """Return the button that sends a member their data."""
    return ExportData.button(OwnIds(owner), reader._("Download my data"))


def delete_button(owner: int, reader: Reader) -> Button:
    """Return the button that leads to the deletion of a member's data."""
    return AskToDelete.button(OwnIds(owner), reader._("Delete my data …"))
