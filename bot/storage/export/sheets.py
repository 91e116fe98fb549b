"""Tables as files on disk, which grow row by row, and what explains their columns."""

import csv
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from bot.domain.spreadsheets import MARK, plain_cell

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Cell = int | str | None


class Column(NamedTuple):
    """A column, and what README.txt says about it."""

    name: str
    about: str


class Layout(NamedTuple):
    """A file: its name without the ending, what it holds, and its columns."""

    name: str
    about: str
    columns: tuple[Column, ...]

    @property
    def filename(self) -> str:
        """Its name in the zip."""
        return f"{self.name}.csv"


class Sheet:
    """A CSV file that is being written. Use as a context manager."""

    def __init__(self, folder: Path, layout: Layout) -> None:
        self.layout = layout
        self.path = folder / layout.filename
        self.rows = 0

    def __enter__(self) -> "Sheet":
        self._file = self.path.open("w", encoding="utf-8", newline="", errors="replace")
        self._file.write(MARK)
        self._writer = csv.writer(self._file)
        self._writer.writerow([column.name for column in self.layout.columns])
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, *cells: Cell) -> None:
        """Add a row. None is an empty cell, and text that begins like a formula is made harmless."""
        self._writer.writerow([plain_cell(cell) if isinstance(cell, str) else cell for cell in cells])
        self.rows += 1


def utc(ms: int | None) -> str:
    """Return a time as 2026-10-31T18:05:00.250Z, "" for none."""
    return (_EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")[:-6] + "Z" if ms else ""


def yes(flag: object) -> str:
    """Return what a column of yes and no says."""
    return "yes" if flag else "no"


def readme(guild_id: int, head: tuple[int, str], layouts: Sequence[Layout]) -> str:
    """Return what explains the files: what they hold, and each of their columns."""
    seq, digest = head
    lines = [
        f"The books of server {guild_id}, up to row {seq} of its journal (hash {digest or 'none'}).",
        "",
        *_GENERAL,
    ]
    for layout in layouts:
        lines += ["", layout.filename, "-" * len(layout.filename), layout.about, ""]
        width = max(len(column.name) for column in layout.columns)
        lines += [f"  {column.name:<{width}}  {column.about}" for column in layout.columns]
    return "\r\n".join(lines) + "\r\n"


_GENERAL: Final = (
    "All files are from the same moment. Nothing that happened later is in any of them.",
    "",
    "- Times are UTC. Coins and diamonds are whole numbers. One diamond is one coin of a creator's earnings.",
    "- Amounts of money are in minor units of the currency, so 499 in USD is $4.99.",
    "- A receipt is the number of a row in journal.csv. Other files name rows by it.",
    '- Members are Discord ids. "erased" is a member who was erased from the records.',
    "  Spreadsheets round long numbers: import columns with ids as text.",
    "- Test coins are worth nothing. They are marked as tests, and never mix with coins that were bought.",
    "- Text that begins like a formula has an apostrophe in front, so that spreadsheets do not run it.",
    "",
    "Anonymous gifts stay anonymous: no file names their senders. So no file says either which coins paid for a single",
    "gift, or how it was split between the creator and the server, because both depend on what a member spent before.",
    "postings.csv says whose coins moved. accounts.csv has every account, for all members together, by month.",
    "totals.csv compares the files with the books.",
    "Books that are too large for one zip come in several. Then journal.csv, postings.csv, gifts.csv and grants.csv",
    "are a file for each month, like journal-2026-10.csv.",
)
