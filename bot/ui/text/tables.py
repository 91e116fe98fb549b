"""Tables as files: CSV that spreadsheets open as they are."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

_MARK: Final = "\ufeff"
"""What tells spreadsheets that the text is UTF-8."""

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""How formulas begin. A name that begins like one must not become one."""


def csv_text(header: Sequence[str], rows: Iterable[Sequence[str | int]]) -> str:
    """Return a table as CSV, with commas between columns. Numbers are plain, without separators."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    for row in rows:
        writer.writerow([cell if isinstance(cell, int) else _harmless(cell) for cell in row])
    return _MARK + text.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
