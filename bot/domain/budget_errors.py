"""Every reason why a member's own budget refuses something. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal
from bot.domain.periods import Period


@dataclass(unsafe_hash=True)
class OverBudget(Refusal):
    """`coins` would go beyond a budget: `limit` coins in a period, which ends at `ends_ms` and has `room` left.

    It is about coins to buy if it `is_purchase`, else about a gift. With `is_young`, the limit is the guild's own for
    young accounts.
    """

    period: Period
    limit: int
    room: int
    coins: int
    ends_ms: int
    is_purchase: bool = False
    is_young: bool = False


@dataclass(unsafe_hash=True)
class BudgetPaused(Refusal):
    """The member has chosen to neither gift nor buy until `until_ms`."""

    until_ms: int
    is_purchase: bool = False


@dataclass(unsafe_hash=True)
class PauseRuns(Refusal):
    """A pause until `until_ms` was to be made shorter."""

    until_ms: int


@dataclass(unsafe_hash=True)
class NoBudget(Refusal):
    """There is no limit that could be cleared."""
