"""Reading a file of members and amounts, as spreadsheets and other bots write it.

Nothing here asks who is a member: rows name people by id or by name.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.grant_errors import InvalidRatio, UnreadableFile
from bot.domain.ids import id_in
from bot.domain.money import MAX_AMOUNT

MOST_ROWS: Final = 10_000
"""Rows of one file at most."""

MOST_BYTES: Final = 2 * 1024 * 1024
MOST_PART: Final = 10**6
_SAMPLE: Final = 4_000
_SAMPLE_LINES: Final = 10
"""How much of a file says what separates its cells."""

_DELIMITERS: Final = ",;\t"
_ID_HEADERS: Final = ("user_id", "userid", "member_id", "memberid", "discord_id", "discordid", "snowflake", "id")
_NAME_HEADERS: Final = ("username", "user_name", "user", "member", "name", "tag", "display_name", "nickname")
_AMOUNT_HEADERS: Final = (
    *("amount", "coins", "balance", "total", "points", "credits", "cash", "money", "bank", "currency", "xp", "score"),
    *("betrag", "guthaben", "punkte"),
)
_MENTION: Final = re.compile(r"<@!?(\d{1,19})>")
_GROUPED: Final = re.compile(r"(\d{1,3}([.,'’ \u00a0\u202f])\d{3}(?:\2\d{3})*)(?:[.,]0{1,2})?")
_WHOLE: Final = re.compile(r"(\d+)(?:[.,]0{1,2})?")
_FRACTION: Final = re.compile(r"\d[\d.,'’ \u00a0\u202f]*")
_ROUNDED_ID: Final = re.compile(r"\d[.,]\d+[eE]\+?1\d")
_SEPARATORS: Final = re.compile(r"[.,'’ \u00a0\u202f]")


class Problem(StrEnum):
    """What is wrong with a row."""

    NO_MEMBER = "no_member"
    ROUNDED_ID = "rounded_id"
    NO_AMOUNT = "no_amount"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    NOTHING = "nothing"
    FRACTION = "fraction"
    ABOVE = "above"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    TOO_MANY_NAMES = "too_many_names"
    BOT = "bot"
    ONESELF = "oneself"


class RowError(NamedTuple):
    """What is wrong with a row of the file, in `text`, which is cut short; `number` is a limit, or an earlier line."""

    line: int
    problem: Problem
    text: str
    number: int = 0


class Entry(NamedTuple):
    """A row of the file that can be read: somebody's id or name, and coins."""

    line: int
    who: int | str
    coins: int


class GrantFile(NamedTuple):
    """What a file says."""

    entries: tuple[Entry, ...]
    errors: tuple[RowError, ...]


class Reading(NamedTuple):
    """How to read a file: the number of old coins for a number of new ones, the most coins for one member, the `amount`
    if the file has none, and its columns by name or number ("" to look for them)."""

    old: int = 1
    new: int = 1
    most: int = MAX_AMOUNT
    amount: int | None = None
    member_column: str = ""
    amount_column: str = ""


def parse_ratio(text: str) -> tuple[int, int]:
    """Return "10:1", ten old coins for a new one, as two numbers. Raise InvalidRatio."""
    match = re.fullmatch(r"\s*(\d{1,7})\s*(?::\s*(\d{1,7})\s*)?", text)
    parts = (int(match[1]), int(match[2] or 1)) if match else (0, 0)
    if not all(1 <= part <= MOST_PART for part in parts):
        raise InvalidRatio(text[:40])
    return parts


def read(content: bytes, reading: Reading) -> GrantFile:
    """Return the rows of a file. Raise UnreadableFile if it is none, or too long."""
    if len(content) > MOST_BYTES:
        raise UnreadableFile("bytes")
    rows = _rows(_text(content))
    header = rows[0][1]
    columns = _columns(header, max((cells for _, cells in rows[:_SAMPLE_LINES]), key=len), reading)
    body = rows[1:] if _is_header(header, columns) else rows
    if len(body) > MOST_ROWS:
        raise UnreadableFile("rows")
    entries: list[Entry] = []
    errors: list[RowError] = []
    for line, cells in body:
        entry = _entry(line, cells, columns, reading)
        if isinstance(entry, Entry):
            entries.append(entry)
        else:
            errors.append(entry)
    return GrantFile(tuple(entries), tuple(errors))


def _text(content: bytes) -> str:
    """Return the text of a file, whatever wrote it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What spreadsheets on Windows write in the west.
        return content.decode("cp1252", "replace")


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Return the rows that say something, with the numbers of their lines."""
    if "\0" in text:
        raise UnreadableFile("text")
    sample = [line for line in text[:_SAMPLE].splitlines() if line.strip()][:_SAMPLE_LINES]
    delimiter = max(_DELIMITERS, key=lambda mark: _fit(sample, mark))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                rows.append((reader.line_num, stripped))
            if len(rows) > MOST_ROWS + 1:
                raise UnreadableFile("rows")
    except csv.Error as error:
        raise UnreadableFile("text") from error
    if not rows:
        raise UnreadableFile("empty")
    return rows


def _fit(sample: Sequence[str], delimiter: str) -> tuple[int, int]:
    """Return how many lines have the same number of cells, of two or more, with this delimiter, and that number."""
    try:
        widths = Counter(len(cells) for cells in csv.reader(sample, delimiter=delimiter))
    except csv.Error:
        return 0, 0
    return max(((count, width) for width, count in widths.items() if width > 1), default=(0, 0))


class _Columns(NamedTuple):
    """The places of a row's member and amount, from 0 on. No amount is None."""

    member: int
    amount: int | None


def _columns(header: Sequence[str], widest: Sequence[str], reading: Reading) -> _Columns:
    """Return where members and amounts are, by the header, or by the `widest` of the first rows if there is none.

    Raise UnreadableFile for a column that the file does not have.
    """
    names = [re.sub(r"[\s-]+", "_", cell.casefold()) for cell in header]
    member = _chosen(reading.member_column, names)
    if member is None:
        member = next(_places(names, (*_ID_HEADERS, *_NAME_HEADERS)), None)
    amount = _chosen(reading.amount_column, names)
    if amount is None:
        amount = next((place for place in _places(names, _AMOUNT_HEADERS) if place != member), None)
    if member is None and amount is None:
        member = next((place for place, cell in enumerate(widest) if isinstance(_who(cell), int)), 0)
        digits = (place for place in reversed(range(len(widest))) if place != member)
        amount = next((place for place in digits if _FRACTION.match(widest[place].lstrip("-"))), None)
    member = member or 0
    if amount is None and reading.amount is None:
        raise UnreadableFile("columns")
    return _Columns(member, amount)


def _chosen(column: str, names: Sequence[str]) -> int | None:
    if not column:
        return None
    wanted = re.sub(r"[\s-]+", "_", column.strip().casefold())
    if wanted in names:
        return names.index(wanted)
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 and 1 <= int(wanted) <= len(names):
        return int(wanted) - 1
    raise UnreadableFile("columns")


def _places(names: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    return (names.index(name) for name in wanted if name in names)


def _is_header(cells: Sequence[str], columns: _Columns) -> bool:
    """Whether a first row names its columns: a row of data has a digit where the amount stands, or else an id."""
    if columns.amount is not None and columns.amount < len(cells):
        return not any(character.isdigit() for character in cells[columns.amount])
    return not isinstance(_who(cells[columns.member]) if columns.member < len(cells) else "", int)


def _entry(line: int, cells: Sequence[str], columns: _Columns, reading: Reading) -> Entry | RowError:
    cell = cells[columns.member] if columns.member < len(cells) else ""
    who = _who(cell)
    if isinstance(who, str) and _ROUNDED_ID.fullmatch(who):
        return RowError(line, Problem.ROUNDED_ID, cell[:40])
    if not who:
        return RowError(line, Problem.NO_MEMBER, cell[:40])
    has_amount = columns.amount is not None and columns.amount < len(cells) and cells[columns.amount]
    if not has_amount:
        if reading.amount is None:
            return RowError(line, Problem.NO_AMOUNT, cell[:40])
        return _within(line, who, reading.amount, str(reading.amount), reading)
    text = cells[columns.amount or 0]
    value = _amount(text)
    if isinstance(value, Problem):
        return RowError(line, value, text[:40])
    return _within(line, who, value * reading.new // reading.old, text, reading)


def _within(line: int, who: int | str, coins: int, text: str, reading: Reading) -> Entry | RowError:
    if coins < 1:
        return RowError(line, Problem.NOTHING, text[:40])
    if coins > reading.most:
        return RowError(line, Problem.ABOVE, text[:40], reading.most)
    return Entry(line, who, coins)


def _who(cell: str) -> int | str:
    """Return the id in a cell, or the name, or "" for neither."""
    plain = cell.strip().lstrip("'=").strip('"').strip()
    mention = _MENTION.fullmatch(plain)
    digits = mention[1] if mention else plain
    if len(digits) >= 15 and (user_id := id_in(digits)) is not None:
        return user_id
    return plain.removeprefix("@").removesuffix("#0").casefold()[:40]


def _amount(text: str) -> int | Problem:
    """Return the whole number in a cell, or what is wrong with it."""
    plain = text.strip().lstrip("'+").strip()
    if plain.startswith(("-", "−", "(")):
        is_number = _FRACTION.fullmatch(plain.strip("-−() "))
        return Problem.NEGATIVE if is_number else Problem.NOT_A_NUMBER
    if len(plain) > 40:
        return Problem.NOT_A_NUMBER
    if match := _WHOLE.fullmatch(plain):
        return int(match[1])
    if match := _GROUPED.fullmatch(plain):
        return int(_SEPARATORS.sub("", match[1]))
    return Problem.FRACTION if _FRACTION.fullmatch(plain) else Problem.NOT_A_NUMBER
