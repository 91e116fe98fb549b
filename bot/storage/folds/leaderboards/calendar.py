"""Which day, week and month a guild's leaderboards count, and which gifts are in them.

A leaderboard never goes back to a past day, because lines keep only one. So when a guild moves west over midnight, its
gifts count for the day that had begun, and a period holds exactly the gifts from the row on that it began with.
"""

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Self

from sqlalchemy import Connection, select

from bot.domain.leaderboards import Credit, PeriodKeys, period_keys
from bot.domain.ledger.books import STEP_BACK_MS
from bot.storage.sql.leaderboard_tables import leaderboard_calendars as table
from bot.storage.sql.statements import InsertMany

_SAVE = InsertMany(tuple(table.c), update=lambda new: {column.name: new[column.name] for column in [*table.c][1:]})

Counts = tuple[bool, bool, bool, bool]
"""Whether a credit counts for all time, and for the current day, week and month."""

_IN_ALL: Counts = (True, True, True, True)
_ONLY_ALL_TIME: Counts = (True, False, False, False)


@dataclass(slots=True)
class Calendar:
    """The calendar of one guild. Each `_seq` is the first row of a period.

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

    @classmethod
    def load(cls, c: Connection, guild_id: int) -> Self:
        """Return a guild's calendar, a new one if it has none."""
        row = c.execute(select(*[*table.c][1:]).where(table.c.guild_id == guild_id)).one_or_none()
        return cls(*row) if row else cls()

    def save(self, c: Connection, guild_id: int) -> None:
        """Save the calendar."""
        _SAVE.run(c, [(guild_id, *_values(self))])

    def copy(self) -> Self:
        """Return the calendar as it is now."""
        return replace(self)

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
        if credit.gift_seq != seq:
            # It undoes a gift. Periods hold the gifts from the row on that they began with.
            gift_seq = credit.gift_seq
            return True, gift_seq >= self.day_seq, gift_seq >= self.week_seq, gift_seq >= self.month_seq
        self.latest_ms = max(self.latest_ms, credit.at_ms)
        day, week, month = period_keys(credit.at_ms, credit.zone)
        if day > self.day:
            self.day, self.day_seq = day, seq
        if week > self.week:
            self.week, self.week_seq = week, seq
        if month > self.month:
            self.month, self.month_seq = month, seq
        return _IN_ALL


_values = attrgetter(*Calendar.__slots__)
