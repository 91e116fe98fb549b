"""Cells that spreadsheets read safely: a name that begins like a formula must not become one."""

from typing import Final

MARK: Final = "\ufeff"
"""What tells spreadsheets that a file of CSV is UTF-8."""

# Programs in East Asian locales take the wide forms for the others.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def plain_cell(text: str) -> str:
    """Return the text of a cell, with an apostrophe in front of what would begin a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text
