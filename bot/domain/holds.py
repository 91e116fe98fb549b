"""Holds: how long a creator's earnings wait, because the money that paid for them may still be taken back.

The account of earnings is the total. How much of it is held follows from the gifts in the journal: each piece of a
gift's earnings waits for as long as the payment for its coins can still fail. A piece is what one source paid for.

    source of risk                         waits
    promo coins                            not at all: nobody paid for them
    a payment provider                     the days in HOLD_DAYS, or those that the guild chose before the gift
    payments of which nobody knows more    as long as the longest of HOLD_DAYS
    test payments from before test coins   for good: they are never paid out

Held pieces are released together at midnight UTC, so that a creator has one line for each source and day. Nothing
happens at that time: what is held is always computed for a given moment.
"""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from bot.domain.buying_limits import DAY_MS
from bot.domain.errors import InvalidAmount
from bot.domain.lots import Lot, Lots, part_between, unlisted
from bot.domain.money import share_of

if TYPE_CHECKING:
    # The books of the ledger know holds, and gifts are decided over those books.
    from bot.domain.ledger.gift import GiftFacts

PROMO: Final = "promo"
UNKNOWN: Final = "unknown"
TEST: Final = "test"
"""Sources of risk besides payment providers. They are stored."""

HOLD_DAYS: Final[Mapping[str, int]] = {"stripe": 14, "kofi": 30, "discord_sku": 45, "manual": 0}
"""For how many days earnings from each provider wait, as long as money may go back. Guilds can choose otherwise."""

LONGEST_DAYS: Final = max(HOLD_DAYS.values())
MOST_DAYS: Final = 180
"""The longest hold that a guild can choose: cards can be disputed for about as long."""

NEVER: Final = 10**9
"""The day of release of what is never paid out."""


class Hold(NamedTuple):
    """A piece of earnings from one source, which waits until the day `until_day` begins. Days count from 1970, UTC."""

    source: str
    until_day: int
    diamonds: int


class HoldChange(NamedTuple):
    """A guild's staff chose for how many days earnings from a provider wait: of the gifts after row `after_seq`."""

    provider: str
    after_seq: int
    days: int


@dataclass(frozen=True, slots=True)
class HoldRules:
    """For how long earnings wait in one guild. `changes` are in the order in which they were made."""

    changes: Sequence[HoldChange] = ()

    def days(self, source: str, seq: int) -> int:
        """Return the days for which earnings of the gift in row `seq` wait. Do not ask for TEST."""
        if source == PROMO:
            return 0
        for change in reversed(self.changes):
            if change.provider == source and change.after_seq < seq:
                return change.days
        return HOLD_DAYS.get(source, LONGEST_DAYS)

    def current_days(self, source: str) -> int:
        """Return the days for which earnings of the next gift wait."""
        return self.days(source, sys.maxsize)

    def until_day(self, source: str, seq: int, at_ms: int) -> int:
        """Return the day on which earnings of the gift in row `seq`, sent at `at_ms`, are released."""
        if source == TEST:
            return NEVER
        days, today = self.days(source, seq), at_ms // DAY_MS
        # They wait for all of their days, and then until midnight.
        return today + days + 1 if days else today


def day_of(at_ms: int) -> int:
    """Return the number of a day, from a time in milliseconds, UTC."""
    return at_ms // DAY_MS


def starts_ms(day: int) -> int:
    """Return when a day begins, in milliseconds, UTC."""
    return day * DAY_MS


def check_hold(days: int) -> int:
    """Return `days` if a guild can choose to hold earnings for so long. Raise InvalidAmount."""
    if not 0 <= days <= MOST_DAYS:
        raise InvalidAmount(str(days), 0, MOST_DAYS)
    return days


def source_of(provider: str, *, is_test: bool) -> str:
    """Return the source of risk of what was paid for at a provider."""
    if is_test:
        return TEST
    return provider if provider in HOLD_DAYS else UNKNOWN


def earns(facts: "GiftFacts") -> bool:
    """Whether a gift has earned its creator anything that can be paid out, and that no debt took."""
    return facts["share"] > facts.get("payoff", 0) and "test" not in facts


def holds_of(
    seq: int, at_ms: int, facts: "GiftFacts", sources: Mapping[int, str], rules: HoldRules, pieces: int
) -> list[Hold]:
    """Return what `pieces` of the gift in row `seq` have earned, by source. `sources` has that of each lot it names.

    Of a gift with two pieces, the earnings of the second are those of both without those of the first. So all pieces,
    taken back one by one, are exactly what the gift has earned.
    """
    earned = (facts["share"] - facts.get("payoff", 0)) * pieces // facts["count"]
    if not facts["paid"]:
        return [Hold(PROMO, rules.until_day(PROMO, seq, at_ms), earned)] if earned else []
    listed = facts.get("lots", ())
    if len(listed) == 1 and not facts["promo"]:
        # So it is with most gifts, and there are thousands a second.
        source = sources.get(listed[0][0], UNKNOWN)
        return [Hold(source, rules.until_day(source, seq, at_ms), earned)] if earned else []
    paid_earned = _paid_part(facts, earned)
    diamonds = {PROMO: earned - paid_earned}
    # Old gifts list none.
    lots = unlisted(listed) or (Lot(0, facts["coins"]),)
    for lot, portion in part_between(lots, 0, paid_earned):
        source = sources.get(lot, UNKNOWN)
        diamonds[source] = diamonds.get(source, 0) + portion
    return [
        Hold(source, rules.until_day(source, seq, at_ms), portion) for source, portion in diamonds.items() if portion
    ]


def earned_by_lot(facts: "GiftFacts", pieces: int) -> Lots:
    """Return what `pieces` of a gift have earned with the coins of each lot that it lists, in diamonds."""
    listed = unlisted(facts.get("lots", ()))
    earned = (facts["share"] - facts.get("payoff", 0)) * pieces // facts["count"]
    return part_between(listed, 0, _paid_part(facts, earned)) if listed and earned else ()


def _paid_part(facts: "GiftFacts", earned: int) -> int:
    """Return what bought coins have of what was `earned`."""
    paid_share = min(share_of(facts["paid"], facts["share_percent"]), facts["share"])
    # Promo coins and bought ones share in what a debt took, and so do the lots.
    return earned * paid_share // facts["share"]
