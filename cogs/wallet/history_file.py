"""A member's history as a file for spreadsheets. Its columns are the same in every language, for programs."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final

from bot.domain.wallets import WalletLine
from bot.ui import theme
from bot.ui.kit.cards import Card, Document, Part
from bot.ui.text.reader import Reader
from bot.ui.text.tables import csv_text
from cogs.wallet.render import DESCRIPTIONS

HEADER: Final = ("receipt", "time", "kind", "coins", "diamonds", "owed", "test", "about")
FILENAME: Final = "history.csv"


def card(lines: Sequence[WalletLine], reader: Reader) -> Card:
    """Return the message with the file."""
    text = reader.n_(
        "{n} entry, newest first. Times are in UTC.", "{n} entries, newest first. Times are in UTC.", len(lines)
    )
    file = Document(FILENAME, csv_text(HEADER, _rows(lines, reader)))
    return Card(theme.ROSE, (Part(text),), title="📄 " + reader._("Your history"), documents=(file,))


def _rows(lines: Sequence[WalletLine], reader: Reader) -> Iterator[tuple[str | int, ...]]:
    for line in lines:
        time = datetime.fromtimestamp(line.at_ms / 1000, UTC).isoformat(timespec="seconds")
        about = DESCRIPTIONS[line.kind](line, reader)
        test = "yes" if line.is_test else ""
        yield line.seq, time, line.kind, line.amount, line.earned, line.debt_change, test, about
