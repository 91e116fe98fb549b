"""What a creator has earned: what is available, what is held, why, and when it is released."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple

from bot.domain.holds import NEVER, PROMO, TEST, Hold, starts_ms
from bot.domain.shares import PlannedShare


class Release(NamedTuple):
    """Diamonds that become available when a day begins, and the sources they come from."""

    at_ms: int
    diamonds: int
    sources: tuple[str, ...]


def available_of(total: int, holds: Iterable[Hold], day: int) -> int:
    """Return how much of `total` can be paid out on a day. `holds` are all its pieces that are or were held."""
    return max(total - sum(hold.diamonds for hold in holds if hold.until_day > day), 0)


def released(holds: Iterable[Hold], day: int) -> int:
    """Return the diamonds of `holds` whose day has come."""
    return sum(hold.diamonds for hold in holds if hold.until_day <= day)


@dataclass(frozen=True, slots=True)
class Earnings:
    """A creator's earnings in one guild, in diamonds, up to the last gift that is counted.

    `total` is the balance of their account. It does not include what an open payout has `reserved`, nor what was
    `paid_out` so far. `holds` are the pieces not yet released on day `today`, soonest first. Pieces that wait for the
    operator have no day. Flagged pieces are in `flags` too: they wait until staff have decided, even after their day.
    `by_source` has the earnings of each source, and `anonymous` those from anonymous gifts. `uncounted` diamonds of the
    total have no known source, and wait. `test` is what test coins have earned, and `debt` is in coins. While gifts are
    being counted, for the first time or again, `counted_percent` is how far that is. `planned_shares` are still to
    start, soonest first.
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
        """What can be paid out now. What a debt or a payout took cannot become available a second time."""
        return self.available_on(self.today)

    @property
    def held(self) -> int:
        """What cannot be paid out yet."""
        return self.total - self.available

    @property
    def flagged(self) -> int:
        """What waits for a decision of the staff, whether or not it waits for anything else."""
        return min(sum(hold.diamonds for hold in self.flags), self.total)

    def withheld_by_source(self) -> dict[str, int]:
        """Return the diamonds of each source that wait for the operator only."""
        flag_sums, room = Counter[str](), self.total - self.flagged
        for hold in self.flags:
            flag_sums[hold.source] += hold.diamonds if hold.until_day == NEVER else 0
        sums: dict[str, int] = {}
        for source, until_day, diamonds in self.holds:
            # Earnings that were lost when gifts that had been paid out were taken back cannot wait any more.
            portion = min(diamonds - flag_sums[source], room)
            if until_day == NEVER and source != TEST and portion > 0:
                sums[source] = portion
                room -= portion
        return sums

    @property
    def timed(self) -> list[Hold]:
        """The pieces that wait only for their day, soonest first. Nobody knows when the others are decided."""
        flag_sums = Counter[tuple[str, int]]()
        for source, until_day, diamonds in self.flags:
            flag_sums[source, until_day] += diamonds
        pieces: list[Hold] = []
        for hold in self.holds:
            portion = min(hold.diamonds, flag_sums[hold.source, hold.until_day])
            flag_sums[hold.source, hold.until_day] -= portion
            if portion < hold.diamonds and hold.until_day != NEVER:
                pieces.append(hold._replace(diamonds=hold.diamonds - portion))
        return pieces

    @property
    def promo(self) -> int:
        """What promo coins have earned."""
        return self.by_source.get(PROMO, 0)

    @property
    def never_paid(self) -> int:
        """What tests have earned, including those from before there were test coins."""
        return self.test + self.by_source.get(TEST, 0)

    def available_on(self, day: int) -> int:
        """Return what can be paid out when a day begins, if nothing comes in, goes out or is taken back until then."""
        # A flagged piece that also waits for its day must not be subtracted twice.
        return available_of(self.total - self.uncounted - released(self.flags, day), self.holds, day)

    def held_by_source(self) -> dict[str, Hold]:
        """Return, by source, the sum of what waits only for its day, with the last of these days; the largest sum
        first."""
        sums: dict[str, Hold] = {}
        for source, until_day, diamonds in self._coming():
            earlier = sums[source].diamonds if source in sums else 0
            sums[source] = Hold(source, until_day, earlier + diamonds)
        return dict(sorted(sums.items(), key=lambda item: (-item[1].diamonds, item[0])))

    def _coming(self) -> list[Hold]:
        """Return the part of `timed` that will become available: usually all of it.

        If gifts that had been paid out were taken back, that sum is missing from what would be released first.
        """
        pieces: list[Hold] = []
        available = self.available
        for day, group in groupby(self.timed, key=_until_day):
            holds, more = [*group], max(self.available_on(day) - available, 0)
            available += more
            shortfall = sum(hold.diamonds for hold in holds) - more
            for hold in holds:
                portion = min(hold.diamonds, shortfall)
                shortfall -= portion
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
