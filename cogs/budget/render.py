"""What a budget looks like: each limit with a bar for gifts and one for purchases."""

from collections.abc import Mapping

from bot.domain.budgets import PERIODS, BudgetPeriod, Limit, Line
from bot.domain.periods import Period
from bot.services.budgets import Standing
from bot.ui import theme
from bot.ui.kit.cards import Card, Part
from bot.ui.looks.budgets import bar
from bot.ui.text.reader import N_, Reader

NAMES: Mapping[BudgetPeriod, str] = {
    BudgetPeriod.DAY: N_("Daily limit"),
    BudgetPeriod.WEEK: N_("Weekly limit"),
    BudgetPeriod.MONTH: N_("Monthly limit"),
}

_NEXT: Mapping[Period, str] = {
    Period.TODAY: N_("A new day begins {when}."),
    Period.WEEK: N_("A new week begins {when}."),
    Period.MONTH: N_("A new month begins {when}."),
}


def panel(budget: Standing, reader: Reader, *, is_changed: bool = False) -> Card:
    """Return a member's limits, what is used of them, and what is about to change."""
    parts = [Part("\n".join(_opening(budget, reader, is_changed=is_changed)))]
    parts += [
        _limit(gifted, bought, budget.limit_of(gifted), reader)
        for gifted, bought in zip(budget.gifted, budget.bought, strict=True)
    ]
    return Card(theme.AMBER if budget.paused_until_ms else theme.ROSE, tuple(parts), title=reader._("Your budget"))


def _opening(budget: Standing, reader: Reader, *, is_changed: bool) -> list[str]:
    """Return what stands above the limits: the news first, then what they mean."""
    lines: list[str] = []
    if budget.paused_until_ms is not None:
        until = reader.moment(budget.paused_until_ms)
        lines.append("⏸️ " + reader._("You're taking a break from gifts and purchases until {moment}.", moment=until))
    if is_changed and budget.is_changing:
        lines.append(reader._("A higher limit, or none, starts after 24 hours. You can change your mind until then."))
    elif is_changed and budget.paused_until_ms is None:
        lines.append("✅ " + reader._("Saved. Your limits apply right away."))
    if not budget.gifted:
        lines.append(reader._("You have no limits yet. A budget stops gifts and purchases before you spend too much."))
    else:
        lines.append("-# " + reader._("Gifts and purchases count separately: each has the whole limit."))
    return lines


def _limit(gifted: Line, bought: Line, limit: Limit, reader: Reader) -> Part:
    name = NAMES[[*BudgetPeriod][PERIODS.index(gifted.period)]]
    lines = [_bar(gifted, reader._("Gifts"), reader), _bar(bought, reader._("Purchases"), reader)]
    if limit.next_ms is not None:
        lines.append("⏳ " + _change(limit, reader))
    small = reader._(_NEXT[gifted.period], when=reader.when(gifted.ends_ms))
    if gifted.is_young:
        small += " " + reader._("This server has this limit for accounts younger than 30 days.")
    return Part("\n".join([*lines, f"-# {small}"]), f"{reader._(name)}: {reader.coins(gifted.limit)}")


def _bar(line: Line, name: str, reader: Reader) -> str:
    left = reader._("Left: {coins}", coins=reader.coin(line.room))
    # On a phone, the two do not fit on one line.
    return f"**{name}** · {left}\n{bar(line.percent)} {reader.percent(line.percent)}"


def _change(limit: Limit, reader: Reader) -> str:
    moment = reader.moment(limit.next_ms or 0)
    if limit.next_coins is None:
        return reader._("This limit ends {moment}.", moment=moment)
    return reader._("From {moment}: {coins}", moment=moment, coins=reader.coins(limit.next_coins))


def pause_question(until_ms: int, days: int, reader: Reader) -> Card:
    """Return the question before a pause."""
    text = reader.n_(
        "For {n} day, you can't send gifts or buy coins in this server: until {moment}.",
        "For {n} days, you can't send gifts or buy coins in this server: until {moment}.",
        days,
        moment=reader.moment(until_ms),
    )
    sure = reader._("Once it has begun, nobody can shorten it. Your coins stay with you.")
    return Card(theme.AMBER, (Part(f"{text}\n{sure}"),), title="⏸️ " + reader._("Take a break?"))
