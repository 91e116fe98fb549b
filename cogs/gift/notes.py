"""All notes of the gifts in one announcement, page by page, for everybody who can read it."""

from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.gift_totals import Note
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.controls import Control
from bot.ui.kit.cross_links import OPEN_NOTES
from bot.ui.kit.discord_limits import size
from bot.ui.kit.pages import footer, page_of, turns
from bot.ui.kit.replies import Reply, reply
from bot.ui.text import mentions
from bot.ui.text.reader import Reader

PAGE = 10
"""Notes on a page …"""
PAGE_CHARACTERS = 3_500
"""… and their length as printed, unless one alone is longer: a layout holds 4,000."""


class NotesIds(NamedTuple):
    """A page of the notes in the announcement of the gifts from row `first_seq` on."""

    first_seq: int
    page: int


class Notes(Control[NotesIds], action=OPEN_NOTES, ids=NotesIds):
    """Opens the notes below an announcement, and turns their pages."""

    def _mode(self, caller: Caller) -> Mode:
        message = caller.interaction.message
        return Mode.UPDATE if message is not None and message.flags.ephemeral else Mode.PRIVATE

    @replies(_mode)
    async def press(self, caller: Caller) -> Reply:
        # Only notes of the channel of the press: nobody reads what they cannot see.
        notes = await caller.services.announcements.notes(caller.guild_id, caller.channel_id, self.ids.first_seq)
        return notes_page(notes, self.ids, caller.reader)


def notes_page(notes: Iterable[Note], ids: NotesIds, r: Reader) -> Reply:
    """Return one page of notes, oldest first, each in full."""
    sheets = _sheets(_signed(note, r) for note in notes)
    (sheet,), page, pages = page_of(sheets, ids.page, 1)
    text = "\n".join(sheet) or r._("These messages are gone.")
    card = Card(theme.ROSE, (Part(text),), title=r._("💌 Messages"), footer=footer(r, page, pages))
    return reply(card, turns(Notes, ids._replace(page=page), pages, r))


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
