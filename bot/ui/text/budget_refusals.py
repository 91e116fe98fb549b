"""What a member reads whose own budget says no."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.domain import budget_errors as budgets
from bot.domain.errors import Refusal
from bot.domain.periods import Period
from bot.ui.text.reader import N_, Reader

_GIFT: Final[Mapping[Period, str]] = {
    Period.TODAY: N_("That's more than your budget for today: it has {room} left. A new day begins {when}."),
    Period.WEEK: N_("That's more than your budget for this week: it has {room} left. A new week begins {when}."),
    Period.MONTH: N_("That's more than your budget for this month: it has {room} left. A new month begins {when}."),
}

_PURCHASE: Final[Mapping[Period, str]] = {
    Period.TODAY: N_("That's more than your budget for today: you can buy {room} more. A new day begins {when}."),
    Period.WEEK: N_("That's more than your budget for this week: you can buy {room} more. A new week begins {when}."),
    Period.MONTH: N_(
        "That's more than your budget for this month: you can buy {room} more. A new month begins {when}."
    ),
}


def _over(e: budgets.OverBudget, r: Reader) -> str:
    facts = {"room": r.coins(e.room), "when": r.when(e.ends_ms)}
    if not e.is_young:
        return r._((_PURCHASE if e.is_purchase else _GIFT)[e.period], **facts)
    limit = r.coins(e.limit)
    if e.is_purchase:
        return r._(
            "New Discord accounts can buy up to {limit} a day here. You can buy {room} more. A new day begins {when}.",
            limit=limit,
            **facts,
        )
    return r._(
        "New Discord accounts can send up to {limit} a day here. You have {room} left. A new day begins {when}.",
        limit=limit,
        **facts,
    )


def _paused(e: budgets.BudgetPaused, r: Reader) -> str:
    until = r.moment(e.until_ms)
    if e.is_purchase:
        return r._(
            "You're taking a break until {moment}, so you can't buy coins. `/budget show` says more.", moment=until
        )
    return r._("You're taking a break until {moment}, so you can't send gifts. `/budget show` says more.", moment=until)


BUDGETING: Final[Mapping[type[Refusal], Callable[[Any, Reader], str]]] = {
    budgets.OverBudget: _over,
    budgets.BudgetPaused: _paused,
    budgets.PauseRuns: lambda e, r: r._(
        "Your break lasts until {moment}, and it can't be shortened.", moment=r.moment(e.until_ms)
    ),
    budgets.NoBudget: lambda e, r: r._("You have no budget to clear. Set one with `/budget set`."),
}
