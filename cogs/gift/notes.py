"""All notes of the gifts in one announcement, page by page, for whoever can read it."""

from collections.abc import Iterable
from typing import NamedTuple

import discord

from bot.domain.gift_totals import Note
from bot.domain.text import shown
from bot.ui import mentions, theme
from bot.ui.answers import Mode, answer
from bot.ui.caller import channel_of, guild_of, services_of
from bot.ui.cross_links import OPEN_NOTES
from bot.ui.discord_limits import size
from bot.ui.pages import footer, page_of, turns
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from bot.ui.views import Control

PAGE = 10
"""Notes on a page …"""
PAGE_CHARACTERS = 3_500
"""… and their length as printed, unless one alone is longer: an embed holds 4,096."""


class NotesIds(NamedTuple):
    """A page of the notes in the announcement that tells of gifts from row `first_seq` on."""

    first_seq: int
    page: int


class Notes(Control[NotesIds], action=OPEN_NOTES, ids=NotesIds):
    """Opens the notes below an announcement, and turns their pages."""

    async def press(self, interaction: discord.Interaction) -> None:
        """Show a page to the one who pressed. The channel is that of the press: nobody reads what they cannot see."""
        reader = Reader.of(interaction)

        async def page() -> Reply:
            place = guild_of(interaction), channel_of(interaction)
            notes = await services_of(interaction).announcements.notes(*place, self.ids.first_seq)
            return notes_page(notes, self.ids, reader)

        is_private = interaction.message is not None and interaction.message.flags.ephemeral
        await answer(interaction, page, Mode.UPDATE if is_private else Mode.PRIVATE)


def notes_page(notes: Iterable[Note], ids: NotesIds, r: Reader) -> Reply:
    """Return one page of notes, oldest first, each in full."""
    sheets = _sheets(_signed(note, r) for note in notes)
    (sheet,), page, pages = page_of(sheets, ids.page, 1)
    text = "\n".join(sheet) or r._("These messages are gone.")
    embed = discord.Embed(title=r._("💌 Messages"), description=text, colour=theme.ROSE)
    if pages > 1:
        embed.set_footer(text=footer(r, page, pages))
    buttons = turns(lambda number: Notes.id_for(ids._replace(page=number)), r, page, pages)
    return reply(embed, buttons)


def _sheets(lines: Iterable[str]) -> list[list[str]]:
    sheets: list[list[str]] = [[]]
    for line in lines:
        sheet = sheets[-1]
        if sheet and (len(sheet) == PAGE or sum(map(size, [*sheet, line])) > PAGE_CHARACTERS):
            sheets.append(sheet := [])
        sheet.append(line)
    return sheets


def _signed(note: Note, r: Reader) -> str:
    name = r._("Someone") if note.sender_id is None else mentions.member(note.sender_id, r)
    return r._("{sender}: {text}", sender=f"**{name}**", text=shown(note.text))
