"""The button with which the owner of a server gets its books as a file."""

from bot.services.exports import ExportedBooks
from bot.ui import theme
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Document, Part
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, NoIds
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.reader import Reader


class ExportBooks(Control[NoIds], action="settings-export", ids=NoIds):
    """Sends the books to the owner alone."""

    command = "settings export"

    @replies()
    async def press(self, caller: Caller) -> Reply:
        books = await caller.services.exports.export(caller.guild_id, caller.interaction.filesize_limit)
        return reply(card(books, caller.guild_id, caller.reader))


def button(reader: Reader) -> Button:
    """Return the button that exports."""
    return ExportBooks.button(NoIds(), reader._("Export the books"), emoji="📦")


def card(books: ExportedBooks, guild_id: int, reader: Reader) -> Card:
    """Return the message with the files."""
    rows = reader.n_(
        "Here is {n} transaction, in CSV files.", "Here are all {n} transactions, in CSV files.", books.seq
    )
    if not books.seq:
        rows = reader._("Nothing has been booked yet, so most of these files are empty.")
    lines = [
        rows + " " + reader._("README.txt explains each column."),
        reader._("Anonymous gifts stay anonymous: no file names their senders."),
        reader._("Everything else is in there, with members' ids and messages. Keep it safe."),
    ]
    if len(books.files) > 1:
        lines.append(reader._("They're too large for one file, so what grows is split by month."))
    verdict = "✅ " + reader._("All sums agree with our records.")
    if not books.agrees:
        verdict = "⚠️ " + reader._("Some sums differ from our records. Show whoever runs this bot totals.csv.")
    return Card(
        theme.GREEN if books.agrees else theme.AMBER,
        (Part("\n".join(lines)), Part(verdict)),
        title="📦 " + reader._("The books of this server"),
        documents=tuple(Document(_name(guild_id, books.seq, file.months), file.content) for file in books.files),
    )


def _name(guild_id: int, seq: int, months: str) -> str:
    """Return what a zip is called: up to which row it goes, and the months that it is about, if any."""
    return f"books-{guild_id}-{seq}{'-' if months else ''}{months}.zip"
