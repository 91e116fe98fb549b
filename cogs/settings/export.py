"""The button with which the owner of a server gets its books as files, in as many messages as they need."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace

from bot.services.exports import ExportedBooks, ExportedFile
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.cards import Card, Document, Part
from bot.ui.kit.components import Button
from bot.ui.kit.controls import Control, NoIds
from bot.ui.kit.replies import UNREACHABLE, Reply, reply
from bot.ui.text.reader import Reader


class ExportBooks(Control[NoIds], action="settings-export", ids=NoIds):
    """Sends the books to the owner alone."""

    command = "settings export"

    @replies()
    async def press(self, caller: Caller) -> Reply:
        messages = _messages(caller)
        return replace(await anext(messages), more=messages)


def button(reader: Reader) -> Button:
    """Return the button that exports."""
    return ExportBooks.button(NoIds(), reader._("Export the books"), emoji="📦")


async def _messages(caller: Caller) -> AsyncGenerator[Reply]:
    """Yield the messages with the books, whose files are on disk until the last one is sent.

    An error that is raised at a yield ends them, and then the owner is told which have arrived.
    """
    most_bytes = min(caller.interaction.filesize_limit, discord_limits.MESSAGE_BYTES)
    async with caller.services.exports.export(caller.guild_id, most_bytes) as books:
        messages = cards(books, caller.guild_id, caller.reader)
        for number, card in enumerate(messages, 1):
            try:
                yield reply(card)
            except UNREACHABLE:
                yield rest_missing(number - 1, len(messages), caller.guild_id, caller.reader)
                return


def cards(
    books: ExportedBooks,
    guild_id: int,
    reader: Reader,
    *,
    most_files: int = discord_limits.FILES,
    most_bytes: int = discord_limits.MESSAGE_BYTES,
) -> list[Card]:
    """Return the messages with the files: of each `most_files`, and `most_bytes` in all, at most."""
    messages = _grouped(books.files, most_files, most_bytes)
    return [
        replace(
            _following_card(number, len(messages), reader) if number > 1 else _card(books, len(messages), reader),
            documents=tuple(Document(_name(guild_id, books.seq, file.months), file.path) for file in files),
        )
        for number, files in enumerate(messages, 1)
    ]


def _grouped(files: Sequence[ExportedFile], most_files: int, most_bytes: int) -> list[list[ExportedFile]]:
    """Return the files by message, in their order."""
    messages: list[list[ExportedFile]] = []
    free_bytes = 0
    for file in files:
        if not messages or len(messages[-1]) == most_files or file.size > free_bytes:
            messages.append([])
            free_bytes = most_bytes
        messages[-1].append(file)
        free_bytes -= file.size
    return messages


def _card(books: ExportedBooks, count: int, reader: Reader) -> Card:
    """Return the first of `count` messages: what the files are."""
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
    if count > 1:
        part = reader._(
            "This is part {number} of {count}. The other parts follow.", number=1, count=reader.number(count)
        )
        lines.append(part + " " + reader._("If one doesn't arrive, export the books again."))
    verdict = "✅ " + reader._("All sums agree with our records.")
    if not books.agrees:
        verdict = "⚠️ " + reader._("Some sums differ from our records. Show whoever runs this bot totals.csv.")
    return Card(
        theme.GREEN if books.agrees else theme.AMBER,
        (Part("\n".join(lines)), Part(verdict)),
        title="📦 " + reader._("The books of this server"),
    )


def _following_card(number: int, count: int, reader: Reader) -> Card:
    """Return a message after the first."""
    text = reader._(
        "Part {number} of {count}. README.txt is in part 1.", number=reader.number(number), count=reader.number(count)
    )
    return Card(theme.GREY, (Part(text),), title="📦 " + reader._("The books of this server"))


def rest_missing(number: int, count: int, guild_id: int, reader: Reader) -> Reply:
    """Return what the owner reads if only the first `number` of `count` messages arrived for certain."""
    lines = [
        reader.n_(
            "Part {n} of {count} has arrived, and I couldn't send the rest.",
            "Parts 1 to {n} of {count} have arrived, and I couldn't send the rest.",
            number,
            count=reader.number(count),
        ),
        reader._("All parts have to be from the same moment. To get them all, export the books again."),
        reader._(
            "If that fails, too, whoever runs this bot can export them with {command}.",
            command=f"`python -m bot export {guild_id} books.zip`",
        ),
    ]
    title = "📦 " + reader._("Some of the books are missing")
    return reply(Card(theme.AMBER, (Part("\n".join(lines)),), title=title), [button(reader)])


def _name(guild_id: int, seq: int, months: str) -> str:
    """Return what a zip is called: up to which row it goes, and the months that it is about, if any."""
    return f"books-{guild_id}-{seq}{'-' if months else ''}{months}.zip"
