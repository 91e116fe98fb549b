"""Which day, week and month a guild's leaderboards count, and which gifts are in them.

A gift never counts for a past day, because a line adds to only one. So when a guild moves west over midnight, its gifts
count for the day that had begun, and a period holds exactly the gifts from the row on that it began with. What undoes a
gift counts for the periods of the gift.
"""

from bisect import bisect
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Self

from sqlalchemy import Connection, bindparam, select

from bot.domain.leaderboards import Credit, PeriodKeys, period_keys
from bot.domain.ledger.books import STEP_BACK_MS
from bot.domain.periods import ALL_TIME
from bot.storage.sql.leaderboard_tables import leaderboard_calendars as table
from bot.storage.sql.leaderboard_tables import leaderboard_days
from bot.storage.sql.statements import InsertMany, Query

_COLUMNS = [column.name for column in [*table.c][1:]]
_CALENDAR = Query(select(*[*table.c][1:]).where(table.c.guild_id == bindparam("guild_id")))
_DAYS = Query(
    select(leaderboard_days.c.first_seq, leaderboard_days.c.day)
    .where(leaderboard_days.c.guild_id == bindparam("guild_id"))
    .order_by(leaderboard_days.c.day)
)
_SAVE = InsertMany(tuple(table.c), update=lambda new: {name: new[name] for name in _COLUMNS})
_SAVE_DAYS = InsertMany(tuple(leaderboard_days.c))

Counts = tuple[int, int | None, int | None, int | None]
"""ALL_TIME, and the day, week and month that a credit counts for, None for none."""

_ONLY_ALL_TIME: Counts = (ALL_TIME, None, None, None)


def days_of(c: Connection, guild_id: int) -> list[tuple[int, int]]:
    """Return the days on which gifts were counted, oldest first: (first row, day) each."""
    return [(first_seq, day) for first_seq, day in _DAYS.rows(c, guild_id=guild_id)]


@dataclass(slots=True)
class Calendar:
    """The calendar of one guild. Each `_seq` is the first row of a period. `past_days` are as from `days_of`; only what
    undoes gifts needs them.

    Gifts in rows up to `ahead_seq` that are later than `ahead_ms` were booked by a clock that was wrong. Nobody knows
    when they were sent, so they count for all time only.
    """

    day: int = 0
    day_seq: int = 0
    week: int = 0
    week_seq: int = 0
    month: int = 0
    month_seq: int = 0
    latest_ms: int = 0
    ahead_seq: int = 0
    ahead_ms: int = 0
    past_days: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    new_days: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    @classmethod
    def load(cls, c: Connection, guild_id: int) -> Self:
        """Return a guild's calendar, a new one if it has none."""
        rows = _CALENDAR.rows(c, guild_id=guild_id)
        return cls(*rows[0]) if rows else cls()

    def save(self, c: Connection, guild_id: int) -> None:
        """Save the calendar, and the days that it has moved on to."""
        _SAVE.run(c, [(guild_id, *_values(self))])
        _SAVE_DAYS.run(c, [(guild_id, day, first_seq) for first_seq, day in self.new_days])

    @property
    def keys(self) -> PeriodKeys:
        """The current day, week and month."""
        return PeriodKeys(self.day, self.week, self.month)

    def is_ahead_of(self, now_ms: int) -> bool:
        """Whether a gift has been counted that, as is known by now, a clock that was wrong booked."""
        return self.latest_ms > now_ms + STEP_BACK_MS

    def is_misdated(self, credit: Credit) -> bool:
        """Whether nobody knows when the gift was sent."""
        return credit.gift_seq <= self.ahead_seq and credit.at_ms > self.ahead_ms

    def turn(self, credit: Credit, seq: int) -> Counts:
        """Move on to the day, week and month of the credit in row `seq`, and return which periods it counts for."""
        if self.is_misdated(credit):
            return _ONLY_ALL_TIME
        gift_seq = credit.gift_seq
        if gift_seq != seq:
            # It undoes a gift. Periods hold the gifts from the row on that they began with.
            day = self.day if gift_seq >= self.day_seq else self._day_of(gift_seq)
            week = self.week if gift_seq >= self.week_seq else None
            return ALL_TIME, day, week, self.month if gift_seq >= self.month_seq else day and day // 100
        self.latest_ms = max(self.latest_ms, credit.at_ms)
        day, week, month = period_keys(credit.at_ms, credit.zone)
        if day > self.day:
            self.day, self.day_seq = day, seq
            self.new_days.append((seq, day))
        if week > self.week:
            self.week, self.week_seq = week, seq
        if month > self.month:
            self.month, self.month_seq = month, seq
        return ALL_TIME, self.day, self.week, self.month

    def _day_of(self, gift_seq: int) -> int | None:
        """Return the day that a gift counted for."""
        days = [*self.past_days, *self.new_days]
        number = bisect(days, gift_seq, key=lambda day: day[0])
        return days[number - 1][1] if number else None


_values = attrgetter(*_COLUMNS)
