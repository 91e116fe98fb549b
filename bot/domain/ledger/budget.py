"""Budgets in the rule of gifts: what a gift uses of its sender's budget, and what comes back with it."""

from collections.abc import Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.budgets import (
    NO_BUDGET,
    PERIODS,
    Budget,
    Calendar,
    Line,
    calendar_at,
    check_room,
    lines_of,
    young_limit_of,
)
from bot.domain.guilds import GuildRules
from bot.domain.ledger.books import Books, Decision


class BudgetUsed(NamedTuple):
    """A gift of the holder `holder` leaves this `budget`, of whose limits `lines` tell. There may be a `warning`."""

    holder: int
    budget: Budget
    lines: tuple[Line, ...] = ()
    warning: Line | None = None

    def apply(self, books: Books, guild_id: int) -> None:
        """Replace the budget in `books`."""
        books.budgets[guild_id, self.holder] = self.budget


class BudgetReturned(NamedTuple):
    """Coins of a gift that was sent at `sent_ms` are back with the holder `holder`."""

    holder: int
    coins: int
    sent_ms: int

    def apply(self, books: Books, guild_id: int) -> None:
        """Make room in the budget in `books`, in those of its periods that the gift was in."""
        budget = books.budgets[guild_id, self.holder]
        books.budgets[guild_id, self.holder] = budget.returned(self.coins, self.sent_ms)


def use_budget(
    books: Books, rules: GuildRules, member_id: int, coins: int, now_ms: int, *, counts: bool = True
) -> tuple[BudgetUsed, ...]:
    """Return what a gift of `coins` uses of a member's budget, nothing where there is none.

    Raise BudgetPaused, or OverBudget unless the gift `counts` on no board either.
    """
    holder = books.holders[rules.guild_id, member_id]
    stored = books.budgets.get((rules.guild_id, holder))
    if stored is not None:
        stored.check_pause(now_ms)
    if not counts or (stored is None and young_limit_of(rules.young_limit, member_id, now_ms) is None):
        return ()
    calendar = calendar_at(now_ms, ZoneInfo(rules.time_zone))
    budget = (stored or NO_BUDGET).since(calendar.starts).gifted(coins)
    lines = _lines(budget, calendar, rules, member_id, now_ms)
    if any(line.used > line.limit for line in lines):
        # The refusal tells of the room that there was.
        check_room([line.after(-coins) for line in lines], coins)
    budget, warning = budget.warned(lines)
    return (BudgetUsed(holder, budget, lines, warning),)


def warning_in(effects: Sequence[BudgetUsed]) -> list[int]:
    """Return what members are warned of, as the facts of a gift have it (see GiftFacts); nothing without a warning."""
    line = next((effect.warning for effect in effects if effect.warning is not None), None)
    return [] if line is None else [PERIODS.index(line.period), line.used, line.limit, int(line.is_young)]


def budget_lines(books: Books, rules: GuildRules, member_id: int, now_ms: int) -> tuple[Line, ...]:
    """Return what a member's gifts have used of each limit. Raise BudgetPaused."""
    budget = books.budgets.get((rules.guild_id, books.holders[rules.guild_id, member_id]), NO_BUDGET)
    budget.check_pause(now_ms)
    calendar = calendar_at(now_ms, ZoneInfo(rules.time_zone))
    return _lines(budget.since(calendar.starts), calendar, rules, member_id, now_ms)


def _lines(budget: Budget, calendar: Calendar, rules: GuildRules, member_id: int, now_ms: int) -> tuple[Line, ...]:
    """Return a line for each limit of a budget that has counted the periods of the calendar."""
    young_limit = young_limit_of(rules.young_limit, member_id, now_ms)
    return lines_of(budget.coins_at(now_ms), [use.coins for use in budget.uses], calendar, young_limit)


def return_budget(books: Books, guild_id: int, holder: int, coins: int, sent_ms: int) -> tuple[BudgetReturned, ...]:
    """Return what a gift that is taken back makes room for, nothing where its sender has no budget."""
    return (BudgetReturned(holder, coins, sent_ms),) if (guild_id, holder) in books.budgets else ()


def lines_in(decision: Decision) -> tuple[Line, ...]:
    """Return what a gift would leave of its sender's limits."""
    return next((effect.lines for effect in decision.effects if isinstance(effect, BudgetUsed)), ())
