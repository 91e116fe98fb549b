"""Statements as files for spreadsheets, with the same words in every language, so that programs can read them.

No member is named. Diamonds are signed: what was paid out, or taken back, is negative.
"""

from collections.abc import Iterator
from typing import Final

from bot.domain.statements import WHOLE_MONTH, Statement, YearFile, date_of, sums_of
from bot.ui.text.tables import csv_text

MONTH_HEADER: Final = ("statement", "month", "day", "type", "anonymous", "entries", "gifts", "coins", "diamonds")
YEAR_HEADER: Final = ("year", "quarter", "month", "statement", "type", "entries", "diamonds")

_Row = tuple[str | int, ...]


def filename(content: Statement | YearFile) -> str:
    """Return what the file is called."""
    if isinstance(content, YearFile):
        return f"earnings-{content.year}.csv"
    return f"statement-{content.month}.csv"


def table(content: Statement | YearFile) -> str:
    """Return the file of a month or a year."""
    if isinstance(content, YearFile):
        return csv_text(YEAR_HEADER, _year_rows(content))
    return csv_text(MONTH_HEADER, _month_rows(content))


def _month_rows(content: Statement) -> Iterator[_Row]:
    place = (content.number or "", str(content.month))
    yield (*place, "", "opening", "", "", "", "", content.opening)
    for line in content.lines:
        day = "" if line.day == WHOLE_MONTH else date_of(line.day)
        is_anonymous = "yes" if line.anonymous else "no"
        yield (*place, day, line.type, is_anonymous, line.entries, line.pieces, line.coins, line.diamonds)
    yield (*place, "", "closing", "", "", "", "", content.closing)
    if content.number:
        yield (*place, "", f"sha256 {content.digest}", "", "", "", "", "")


def _year_rows(content: YearFile) -> Iterator[_Row]:
    for each in content.statements:
        for kind, entries, diamonds in sums_of(each.lines):
            place = (content.year, f"Q{each.month.quarter}", str(each.month), each.number or "")
            yield (*place, kind.value, entries, diamonds)
    for quarter in (1, 2, 3, 4):
        for kind, entries, diamonds in content.sums(quarter):
            yield content.year, f"Q{quarter}", "all", "", kind.value, entries, diamonds
    for kind, entries, diamonds in content.sums():
        yield content.year, "all", "all", "", kind.value, entries, diamonds
    # Nothing is taken from earnings for fees. The line says so to readers who look for them.
    yield content.year, "all", "all", "", "fee", 0, 0
