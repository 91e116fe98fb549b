"""Statements: what moved a creator's earnings in a month, and by quarter in a year.

A statement goes from what was there before the month to what was there after it, and adds up. Each of its lines is a
day and a type. Of anonymous gifts there is one line a type for the whole month, and nobody is named anywhere: a share
says how many coins were bought, so sums of single gifts could tell who must have sent them.

Days and months are UTC: a guild that changes its time zone neither loses a day nor has one twice. Whatever is booked
later, a reversal too, belongs to the month in which it is booked. So a month that is over never changes.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

import orjson

from bot.domain.bookings import BookingType
from bot.domain.holds import day_of

CLOSE_AFTER_MS: Final = 3_600_000
"""How long after its end a month is closed: clocks of several bots differ by seconds."""

WHOLE_MONTH: Final = 0
"""The day of a line that is about all of the month."""

_EPOCH: Final = date(1970, 1, 1).toordinal()


class Month(NamedTuple):
    """A month, UTC."""

    year: int
    number: int

    @classmethod
    def coded(cls, code: int) -> "Month":
        """Return the month with a code such as 202610; raise ValueError if there is none."""
        month = cls(*divmod(code, 100))
        date(month.year, month.number, 1)
        return month

    @classmethod
    def of_day(cls, day: int) -> "Month":
        """Return the month of a day, which is counted from 1970."""
        then = date.fromordinal(_EPOCH + day)
        return cls(then.year, then.month)

    @property
    def code(self) -> int:
        """The month as 202610."""
        return self.year * 100 + self.number

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number, 1)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return Month(self.year + 1, 1) if self.number == 12 else Month(self.year, self.number + 1)

    @property
    def first_day(self) -> int:
        """Its first day, counted from 1970."""
        return self.first.toordinal() - _EPOCH

    @property
    def quarter(self) -> int:
        """The quarter that it is in, from 1."""
        return (self.number + 2) // 3

    def is_closed(self, now_ms: int) -> bool:
        """Whether nothing is booked in it any more."""
        return day_of(now_ms - CLOSE_AFTER_MS) >= self.following.first_day

    def __str__(self) -> str:
        return f"{self.year:04}-{self.number:02}"


def date_of(day: int) -> str:
    """Return a day, counted from 1970, as 2026-10-31."""
    return datetime.fromtimestamp(day * 86_400, UTC).date().isoformat()


class Line(NamedTuple):
    """What moved earnings on a day, counted from 1970, or WHOLE_MONTH: how many entries, and their sums."""

    day: int
    type: str
    anonymous: bool
    entries: int
    pieces: int
    coins: int
    diamonds: int


class TypeSum(NamedTuple):
    """What one type has moved: how many entries, and the diamonds."""

    type: BookingType
    entries: int
    diamonds: int


def sums_of(lines: Iterable[Line]) -> list[TypeSum]:
    """Return what each type has moved, in the order of the types."""
    sums: dict[str, TypeSum] = {}
    for line in lines:
        before = sums.get(line.type, TypeSum(BookingType(line.type), 0, 0))
        sums[line.type] = before._replace(
            entries=before.entries + line.entries, diamonds=before.diamonds + line.diamonds
        )
    return [sums[kind.value] for kind in BookingType if kind.value in sums]


@dataclass(frozen=True, slots=True)
class Statement:
    """What moved a creator's earnings in a month, in diamonds. `number` is 0 while the month is not over."""

    month: Month
    opening: int
    lines: Sequence[Line]
    number: int = 0

    @property
    def closing(self) -> int:
        """What was there at the end."""
        return self.opening + sum(line.diamonds for line in self.lines)

    @property
    def sums(self) -> list[TypeSum]:
        """What each type has moved."""
        return sums_of(self.lines)

    @property
    def content(self) -> bytes:
        """What is stored of it, and never changes."""
        return orjson.dumps(
            {"month": self.month.code, "opening": self.opening, "lines": [[*line] for line in self.lines]}
        )

    @property
    def digest(self) -> str:
        """The SHA-256 of its number and its content, in hexadecimal."""
        return hashlib.sha256(f"{self.number}\0".encode() + self.content).hexdigest()


def statement_of(content: bytes | str, number: int) -> Statement:
    """Return the statement that was stored as `content`."""
    facts = orjson.loads(content)
    lines = [Line(day, kind, bool(anonymous), *sums) for day, kind, anonymous, *sums in facts["lines"]]
    return Statement(Month.coded(facts["month"]), facts["opening"], lines, number)


def statement(month: Month, opening: int, lines: Iterable[Line]) -> Statement:
    """Return the statement of a month whose days have `lines`, without a number."""
    by_day: list[Line] = []
    hidden: dict[str, Line] = {}
    for line in sorted(lines):
        if line.anonymous:
            before = hidden.get(line.type, Line(WHOLE_MONTH, line.type, True, 0, 0, 0, 0))
            sums = (first + second for first, second in zip(before[3:], line[3:], strict=True))
            hidden[line.type] = Line(*before[:3], *sums)
        else:
            by_day.append(line)
    return Statement(month, opening, (*by_day, *hidden.values()))


@dataclass(frozen=True, slots=True)
class YearFile:
    """What moved a creator's earnings in a year, by statement. The last one may be of a month that is not over."""

    year: int
    statements: Sequence[Statement]

    @property
    def opening(self) -> int:
        """What was there before the first statement."""
        return self.statements[0].opening if self.statements else 0

    @property
    def closing(self) -> int:
        """What was there after the last statement."""
        return self.statements[-1].closing if self.statements else 0

    def sums(self, quarter: int | None = None) -> list[TypeSum]:
        """Return what each type has moved in a quarter, or in the whole year."""
        return sums_of(
            line for each in self.statements for line in each.lines if quarter is None or each.month.quarter == quarter
        )

    @property
    def payouts(self) -> TypeSum:
        """How many payouts there were, and the diamonds, which are negative."""
        return next(
            (each for each in self.sums() if each.type is BookingType.PAYOUT), TypeSum(BookingType.PAYOUT, 0, 0)
        )
