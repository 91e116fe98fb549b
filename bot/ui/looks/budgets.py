"""How a budget looks: a bar, and a sentence about what is left of it."""

from collections.abc import Mapping, Sequence

from bot.domain.budgets import PERIODS, Line, tightest
from bot.domain.ledger.chips import ChipFacts
from bot.domain.ledger.gift import GiftFacts
from bot.domain.ledger.perk import PerkFacts
from bot.domain.periods import Period
from bot.ui.text.reader import N_, Reader

BAR = 10
"""Pieces of a bar."""


def bar(percent: int) -> str:
    """Return how much is used as a bar. Only what is used up fills it."""
    pieces = min(percent * BAR // 100, BAR)
    return "▰" * pieces + "▱" * (BAR - pieces)


def gifts_left(lines: Sequence[Line], reader: Reader) -> str:
    """Return what a member can still gift, "" without a budget."""
    return _sentence(lines, _LEFT, N_("As a new account, you can send {coins} more today."), reader)


def gifts_left_after(lines: Sequence[Line], reader: Reader) -> str:
    """Return what is left to gift after something has been sent, "" without a budget."""
    return _sentence(lines, _LEFT_AFTER, N_("After this, you can send {coins} more today."), reader)


def coins_left(lines: Sequence[Line], reader: Reader) -> str:
    """Return what a member can still buy, "" without a budget."""
    return _sentence(lines, _TO_BUY, N_("As a new account, you can buy {coins} more today."), reader)


def coins_left_after(lines: Sequence[Line], reader: Reader) -> str:
    """Return what is left to buy after a purchase, "" without a budget."""
    return _sentence(lines, _TO_BUY_AFTER, N_("After this, you can buy {coins} more today."), reader)


def warning(line: Line, reader: Reader) -> str:
    """Return that most of a budget is used."""
    text = N_("You've used {percent} of what new accounts can send today. You have {coins} left.")
    text = reader._(
        text if line.is_young else _WARNING[line.period],
        percent=reader.percent(line.percent),
        coins=reader.coins(line.room),
    )
    return f"{bar(line.percent)} {text}"


def warning_of(gift: GiftFacts | ChipFacts | PerkFacts, reader: Reader) -> str:
    """Return the warning that a gift, a part of one, or a perk has brought whoever paid, "" for none."""
    if "budget" not in gift:
        return ""
    place, used, limit, is_young = gift["budget"]
    return warning(Line(PERIODS[place], limit, used, ends_ms=0, is_young=bool(is_young)), reader)


def purchase_warning(line: Line, reader: Reader) -> str:
    """Return that a member has bought most of what their budget allows."""
    text = N_("You've bought {percent} of what new accounts can buy today. You can buy {coins} more.")
    text = reader._(
        text if line.is_young else _PURCHASE_WARNING[line.period],
        percent=reader.percent(line.percent),
        coins=reader.coins(line.room),
    )
    return f"{bar(line.percent)} {text}"


def _sentence(lines: Sequence[Line], texts: Mapping[Period, str], of_young: str, reader: Reader) -> str:
    line = tightest(lines)
    if line is None:
        return ""
    text = of_young if line.is_young else texts[line.period]
    return f"{bar(line.percent)} " + reader._(text, coins=reader.coins(line.room))


_LEFT = {
    Period.TODAY: N_("Your budget for today has {coins} left."),
    Period.WEEK: N_("Your budget for this week has {coins} left."),
    Period.MONTH: N_("Your budget for this month has {coins} left."),
}
_LEFT_AFTER = {
    Period.TODAY: N_("After this, your budget for today has {coins} left."),
    Period.WEEK: N_("After this, your budget for this week has {coins} left."),
    Period.MONTH: N_("After this, your budget for this month has {coins} left."),
}
_TO_BUY = {
    Period.TODAY: N_("Your budget for today lets you buy {coins} more."),
    Period.WEEK: N_("Your budget for this week lets you buy {coins} more."),
    Period.MONTH: N_("Your budget for this month lets you buy {coins} more."),
}
_TO_BUY_AFTER = {
    Period.TODAY: N_("After this, your budget for today lets you buy {coins} more."),
    Period.WEEK: N_("After this, your budget for this week lets you buy {coins} more."),
    Period.MONTH: N_("After this, your budget for this month lets you buy {coins} more."),
}
_WARNING = {
    Period.TODAY: N_("You've used {percent} of your budget for today. It has {coins} left."),
    Period.WEEK: N_("You've used {percent} of your budget for this week. It has {coins} left."),
    Period.MONTH: N_("You've used {percent} of your budget for this month. It has {coins} left."),
}
_PURCHASE_WARNING = {
    Period.TODAY: N_("You've bought {percent} of your budget for today. You can buy {coins} more."),
    Period.WEEK: N_("You've bought {percent} of your budget for this week. You can buy {coins} more."),
    Period.MONTH: N_("You've bought {percent} of your budget for this month. You can buy {coins} more."),
}
