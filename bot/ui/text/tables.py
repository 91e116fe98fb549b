"""Tables as files: CSV that spreadsheets open as they are."""

import csv
import io
from collections.abc import Iterable, Sequence

from bot.domain.spreadsheets import MARK, plain_cell


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """Return a table as CSV, with commas between columns. Numbers are plain, without separators."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell if isinstance(cell, int) else plain_cell(cell) for cell in row])
    return MARK + text.getvalue()
