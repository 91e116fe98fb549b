"""From what sum on payers report what they have paid somebody in a year: facts with dates, for a note and no more.

Nobody is named here and no form is made: the bot keeps neither names nor tax numbers. Where a law has no lowest sum,
there is nothing to compare.
"""

from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

NEAR_PERCENT: Final = 80
"""From what part of a limit on somebody should know that it is near."""


class Region(StrEnum):
    """Whose law it is."""

    US = "us"
    EU = "eu"


class ReportingLimit(NamedTuple):
    """What is paid from `since` on, and before `until`, is reported from `amount_minor` of a `currency` a year on.

    The report is due on a day of the year after, `due` as (month, day), None where only other sources say.
    """

    region: Region
    since: date
    until: date | None
    currency: str
    amount_minor: int
    due: tuple[int, int] | None = None

    def due_date(self, year: int) -> date | None:
        """Return when what was paid in a year is reported."""
        return date(year + 1, *self.due) if self.due else None


class Nearness(StrEnum):
    """How far a sum is from a limit."""

    BELOW = "below"
    NEAR = "near"
    REACHED = "reached"


LIMITS: Final = (
    # Form 1099-NEC. The sum follows prices from 2027 on, so it is known for one year.
    ReportingLimit(Region.US, date(2026, 1, 1), date(2027, 1, 1), "USD", 2_000_00),
    # DAC7, for services by people, looked up in 2026. There is no minimum.
    ReportingLimit(Region.EU, date(2026, 1, 1), None, "EUR", 0, (1, 31)),
)


def limit_in(region: Region, year: int) -> ReportingLimit | None:
    """Return the limit for what is paid in a year, None if it is not known."""
    first = date(year, 1, 1)
    return next(
        (each for each in LIMITS if each.region is region and each.since <= first and (each.until or date.max) > first),
        None,
    )


def nearness(amount_minor: int, limit: ReportingLimit) -> Nearness:
    """Return how far a sum, in minor units of the currency of a limit, is from it."""
    if amount_minor >= limit.amount_minor:
        return Nearness.REACHED
    return Nearness.NEAR if amount_minor * 100 >= limit.amount_minor * NEAR_PERCENT else Nearness.BELOW
