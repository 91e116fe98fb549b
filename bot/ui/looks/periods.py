"""The periods of a leaderboard: what they are called, how they are typed, and which of them a menu offers."""

from collections.abc import Iterator

from discord.app_commands import Choice

from bot.domain.matching import matching
from bot.domain.periods import PastPeriod, Period
from bot.services.leaderboards import PastPeriods
from bot.ui.kit import discord_limits
from bot.ui.kit.components import Option
from bot.ui.kit.numbers import Numbers
from bot.ui.text.parsing import HYPHEN
from bot.ui.text.reader import N_, Reader
from bot.ui.text.refusals import UnknownPeriod

AnyPeriod = Period | PastPeriod

NAMES = {
    Period.LIVE: N_("Live event"),
    Period.TODAY: N_("Today"),
    Period.WEEK: N_("This week"),
    Period.MONTH: N_("This month"),
    Period.LAST_30_DAYS: N_("Last 30 days"),
    Period.ALL: N_("All time"),
}
NUMBERS = Numbers(
    {
        0: Period.LIVE,
        1: Period.TODAY,
        2: Period.WEEK,
        3: Period.MONTH,
        5: Period.LAST_30_DAYS,
        4: Period.ALL,
    }
)
OTHER = 99
"""The choice that opens a form for any month or day. No period has this number, which is neither month nor day."""

MENU_MONTHS, MENU_DAYS = 6, 11
"""How many past months and days a menu offers: with all the others, as many choices as Discord allows."""

LONGEST = 40
"""Characters of a period as it is typed."""


def number_of(period: AnyPeriod) -> int:
    """Return the number that buttons and menus carry."""
    return period.number if isinstance(period, PastPeriod) else NUMBERS.of(period)


def numbered(number: int) -> AnyPeriod:
    """Return the period with a number; raise Unreadable if none has it."""
    return PastPeriod.numbered(number) or NUMBERS.thing(number)


def name_of(period: AnyPeriod, reader: Reader) -> str:
    """Return what a period is called."""
    if not isinstance(period, PastPeriod):
        return reader._(NAMES[period])
    return reader.month(period.first_day) if period.span.is_month else reader.day(period.first_day)


def typed(text: str, reader: Reader) -> AnyPeriod:
    """Return the period that somebody typed or picked; raise UnknownPeriod."""
    words = text.strip().casefold()
    for period in NAMES:
        if words in {period.value, name_of(period, reader).casefold()}:
            return period
    past = PastPeriod.of(text.replace(HYPHEN, "-"))
    if past is None:
        raise UnknownPeriod
    return past


def choices(query: str, past: PastPeriods, reader: Reader) -> list[Choice[str]]:
    """Return the periods that match what has been typed so far, a date that is already complete first."""
    date = PastPeriod.of(query.replace(HYPHEN, "-"))
    # Without a word, the list has room for the latest. With one, any that fits.
    months = past.months if query.strip() else past.months[:MENU_MONTHS]
    periods: list[AnyPeriod] = [*([date] if date else []), *NAMES, *months, *past.days]
    named = dict(_named(periods, reader))
    matches = matching(named.items(), query, lambda entry: entry)
    return [Choice(name=name, value=value) for value, name in matches[: discord_limits.SELECT_OPTIONS]]


def _named(periods: list[AnyPeriod], reader: Reader) -> Iterator[tuple[str, str]]:
    for period in periods:
        value = str(period) if isinstance(period, PastPeriod) else period.value
        yield value, name_of(period, reader)


def options(chosen: AnyPeriod, past: PastPeriods, reader: Reader) -> list[Option]:
    """Return the menu of periods. What has been chosen is in it, however long ago it was."""
    periods: list[AnyPeriod] = [*NAMES, *past.months[:MENU_MONTHS], *past.days[:MENU_DAYS]]
    if chosen not in periods:
        periods.insert(len(NAMES), chosen)
    listed = [Option(name_of(period, reader), number_of(period), default=period == chosen) for period in periods]
    return [*listed, Option(reader._("Another month or day …"), OTHER, emoji="✏️")]
