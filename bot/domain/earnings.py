"""What a creator has earned: what is available, what is held, why, and when it is released."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from bot.domain.holds import NEVER, PROMO, TEST, Hold, starts_ms
from bot.domain.shares import PlannedShare


class Release(NamedTuple):
    """Diamonds that become available when a day begins, and the sources that they come from."""

    at_ms: int
    diamonds: int
    sources: tuple[str, ...]


def available_of(total: int, holds: Iterable[Hold], day: int) -> int:
    """Return what of `total` can be paid out on a day, if `holds` are all the pieces that wait, or waited, of it."""
    return max(total - sum(hold.diamonds for hold in holds if hold.until_day > day), 0)


def released(holds: Iterable[Hold], day: int) -> int:
    """Return what of `holds` does not wait for its day any more."""
    return sum(hold.diamonds for hold in holds if hold.until_day <= day)


@dataclass(frozen=True, slots=True)
class Earnings:
    """A creator's earnings in one guild, in diamonds, up to the last gift that is counted.

    `total` is what their account holds. Beside it are what an open payout has `reserved`, and what was `paid_out` so
    far. `holds` are the pieces that were not released on day `today`, soonest first. Those that wait for the operator
    have no day, and flagged ones among them are in `flags` as well. What was earned by source is in `by_source`, and
    what came from anonymous gifts in `anonymous`. `uncounted` of the total cannot be told apart, and waits. So do the
    pieces in `flags`, also after their day, until staff have decided. `test` is what test coins have earned, and `debt`
    is in coins. While everything is counted, for the first time or again, `counted_percent` says how much of it has
    been. `planned_shares` are to start, soonest first.
    """

    total: int
    today: int
    holds: Sequence[Hold]
    by_source: Mapping[str, int]
    anonymous: int
    uncounted: int
    test: int
    debt: int
    promo_share_percent: int
    counted_percent: int | None = None
    planned_shares: Sequence[PlannedShare] = ()
    flags: Sequence[Hold] = ()
    reserved: int = 0
    paid_out: int = 0

    @property
    def available(self) -> int:
        """What can be paid out now. What a debt took, or a payout, cannot become available a second time."""
        return self.available_on(self.today)

    @property
    def held(self) -> int:
        """What waits."""
        return self.total - self.available

    @property
    def flagged(self) -> int:
        """What waits for staff to decide about it, whatever else it waits for."""
        return min(sum(hold.diamonds for hold in self.flags), self.total)

    def withheld_by_source(self) -> dict[str, int]:
        """Return what waits of each source for the operator alone, in diamonds."""
        flagged, room = Counter[str](), self.total - self.flagged
        for hold in self.flags:
            flagged[hold.source] += hold.diamonds if hold.until_day == NEVER else 0
        sums: dict[str, int] = {}
        for source, until_day, diamonds in self.holds:
            # What was lost since, as gifts that had been paid out were taken back, is not there to wait.
            portion = min(diamonds - flagged[source], room)
            if until_day == NEVER and source != TEST and portion > 0:
                sums[source] = portion
                room -= portion
        return sums

    @property
    def timed(self) -> list[Hold]:
        """What waits for its day alone, soonest first. Nobody knows when staff decide about the rest."""
        flagged = Counter[tuple[str, int]]()
        for source, until_day, diamonds in self.flags:
            flagged[source, until_day] += diamonds
        pieces: list[Hold] = []
        for hold in self.holds:
            portion = min(hold.diamonds, flagged[hold.source, hold.until_day])
            flagged[hold.source, hold.until_day] -= portion
            if portion < hold.diamonds and hold.until_day != NEVER:
                pieces.append(hold._replace(diamonds=hold.diamonds - portion))
        return pieces

    @property
    def promo(self) -> int:
        """What promo coins have earned."""
        return self.by_source.get(PROMO, 0)

    @property
    def never_paid(self) -> int:
        """What tests have earned, also those from before test coins."""
        return self.test + self.by_source.get(TEST, 0)

    def available_on(self, day: int) -> int:
        """Return what can be paid out when a day begins, if nothing comes in, goes out or is taken back until then."""
        # A flagged piece waits for its day as well, but only once at a time.
        return available_of(self.total - self.uncounted - released(self.flags, day), self.holds, day)

    def held_by_source(self) -> dict[str, Hold]:
        """Return what waits of each source for its day alone, all of it, until the last day, the most first."""
        sums: dict[str, Hold] = {}
        for source, until_day, diamonds in self._coming():
            earlier = sums[source].diamonds if source in sums else 0
            sums[source] = Hold(source, until_day, earlier + diamonds)
        return dict(sorted(sums.items(), key=lambda item: (-item[1].diamonds, item[0])))

    def _coming(self) -> list[Hold]:
        """Return what of `timed` becomes available: all of it, unless gifts that were paid out have been taken back.

        That is missing from what would be released first.
        """
        pieces: list[Hold] = []
        available = self.available
        for day, group in groupby(self.timed, key=_until_day):
            holds, more = [*group], max(self.available_on(day) - available, 0)
            available += more
            missing = sum(hold.diamonds for hold in holds) - more
            for hold in holds:
                portion = min(hold.diamonds, missing)
                missing -= portion
                if portion < hold.diamonds:
                    pieces.append(hold._replace(diamonds=hold.diamonds - portion))
        return pieces

    def releases(self) -> list[Release]:
        """Return what becomes available from tomorrow on, day by day."""
        releases: list[Release] = []
        for day, group in groupby(self._coming(), key=_until_day):
            holds = [*group]
            sources = tuple(hold.source for hold in holds)
            releases.append(Release(starts_ms(day), sum(hold.diamonds for hold in holds), sources))
        return releases


def _until_day(hold: Hold) -> int:
    return hold.until_day
