"""The weather of a gift storm: its plan, its mix of items and its counts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

Mix = Literal["small", "mixed", "legendary"]
Outcome = Literal["answered", "refused", "late", "unanswered", "failed"]
"""The outcome of a gift: a receipt, a refusal in words, an answer after Discord's three seconds (which the sender never
sees), no answer at all, or an error message of the bot."""

MIXES: Final[tuple[Mix, ...]] = get_args(Mix)
MAX_RATE, MAX_SECONDS, MAX_GIVERS = 500, 600, 500
_TIERS: Final = (100, 1_000, 5_000, 20_000)
"""The prices that separate the tiers small, medium, large, grand and legendary."""
_SHARES: Final[dict[Mix, tuple[float, ...]]] = {
    "small": (1.0, 0.0, 0.0, 0.0, 0.0),
    "mixed": (0.85, 0.12, 0.03, 0.0, 0.0),
    "legendary": (0.80, 0.14, 0.04, 0.015, 0.005),
}
"""The share of gifts in each tier. In every live show small gifts are by far the most common."""
_NUMBER: Final = re.compile(r"\d[\d.,'’\s\u00a0\u202f]*")
_SLOWEST_MS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Plan:
    """`rate` gifts a second for `seconds`, of a `mix` of items, from `givers` members; ValueError if out of bounds.

    Meanwhile staff take back as many gifts as `reversals` says.
    """

    rate: int = 30
    seconds: int = 10
    mix: Mix = "small"
    givers: int = 60
    reversals: int = 0

    def __post_init__(self) -> None:
        for name, maximum in (("rate", MAX_RATE), ("seconds", MAX_SECONDS), ("givers", MAX_GIVERS)):
            if not 1 <= getattr(self, name) <= maximum:
                raise ValueError(f"{name} must be from 1 to {maximum}")
        if not 0 <= self.reversals <= self.gifts:
            raise ValueError(f"reversals must be from 0 to {self.gifts}, the number of gifts")
        if self.mix not in MIXES:
            raise ValueError(f"mix must be one of {', '.join(MIXES)}")

    @property
    def gifts(self) -> int:
        """The total number of gifts."""
        return self.rate * self.seconds


@dataclass(slots=True)
class Counts:
    """The progress of a storm: `sent` of `total` gifts, their outcomes, and how long those took.

    `late_booked` counts the `late` gifts that are in the bot's books all the same, according to their receipts.
    `reversed` counts the gifts that were taken back.
    """

    total: int = 0
    sent: int = 0
    answered: int = 0
    refused: int = 0
    late: int = 0
    late_booked: int = 0
    unanswered: int = 0
    failed: int = 0
    reversed: int = 0
    began_at: float | None = None
    ended_at: float | None = None
    _by_ms: list[int] = field(default_factory=lambda: [0] * (_SLOWEST_MS + 1), repr=False)

    def began(self, now: float) -> None:
        """Start the clock, once the coins are granted and the first gift is about to be sent."""
        self.began_at = self.ended_at = now

    def note(self, outcome: Outcome, seconds: float) -> None:
        """Count the outcome of one gift."""
        setattr(self, outcome, getattr(self, outcome) + 1)
        self._by_ms[min(int(seconds * 1_000), _SLOWEST_MS)] += 1

    def percentile(self, share: float) -> int:
        """Return the milliseconds within which a share of the gifts had their outcomes; 0 if there are none."""
        threshold, total = share * sum(self._by_ms), 0
        for milliseconds, count in enumerate(self._by_ms):
            total += count
            if count and total >= threshold:
                return milliseconds
        return 0

    def to_json(self, *, running: bool, now: float, note: str = "") -> dict[str, object]:
        """Return the event for the page, which is also the final report of a storm."""
        outcome_count = sum(getattr(self, outcome) for outcome in get_args(Outcome))
        seconds = 0.0 if self.began_at is None else now - self.began_at
        return {
            "t": "storm",
            "running": running,
            "sent": self.sent,
            "total": self.total,
            "answered": self.answered,
            "refused": self.refused,
            "late": self.late,
            "late_booked": self.late_booked,
            "unanswered": self.unanswered,
            "failed": self.failed,
            "reversed": self.reversed,
            "seconds": round(seconds, 2),
            "rate": round(outcome_count / seconds, 1) if seconds >= 0.1 else 0.0,
            "p50": self.percentile(0.5),
            "p99": self.percentile(0.99),
            "max": self.percentile(1.0),
            "note": note,
        }


def price_in(name: str) -> int:
    """Return the price in a choice's name, as members read it: `🐉 Dragon · 9,999 coins · ≈ $140`."""
    numbers = _NUMBER.findall(name.partition("≈")[0])
    return int("".join(filter(str.isdigit, numbers[-1]))) if numbers else 0


def weights(prices: Sequence[int], mix: Mix) -> list[float]:
    """Return the probability of each item, from the prices and a mix.

    They add up to 1: the share of a tier without items goes to the other tiers.
    """
    tiers = [sum(price >= bound for bound in _TIERS) for price in prices]
    shares = [_SHARES[mix][tier] / tiers.count(tier) for tier in tiers]
    total = sum(shares)
    return [share / total for share in shares] if total else [1 / len(prices)] * len(prices)
