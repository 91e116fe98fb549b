"""Budgets: how many coins a member lets themselves gift, and buy, in a day, a week and a month.

Each limit holds for both, and each is counted by itself. Less holds at once, more only a day later, so that no limit is
lifted in the heat of a moment. A period is the guild's own: it begins at midnight in its time zone. What is counted
since is therefore known by when its period began.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple, Self
from zoneinfo import ZoneInfo

from bot.domain.budget_errors import BudgetPaused, NoBudget, OverBudget, PauseRuns
from bot.domain.ids import created_ms
from bot.domain.money import amount
from bot.domain.periods import Period, start_of

DAY_MS: Final = 24 * 3_600_000

RAISE_MS: Final = DAY_MS
"""How long a higher limit waits, or none at all."""

WARN_PERCENT: Final = 80
"""How much of a limit has to be used for a warning."""

MOST_PAUSE_DAYS: Final = 30

YOUNG_DAYS: Final = 30
"""Discord accounts younger than this are young: a guild may limit them."""

PERIODS: Final = (Period.TODAY, Period.WEEK, Period.MONTH)
"""The periods that limits are for. Whatever there is one of for each is in this order."""

_LONGEST_MS: Final = (36 * 3_600_000, 7 * DAY_MS + DAY_MS // 2, 32 * DAY_MS)
"""A time after the beginning of each period that is always in the next one of its kind, clock changes included."""


class BudgetPeriod(StrEnum):
    """The choices of `/budget set`, in the order of PERIODS."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def place(self) -> int:
        """Where the period is in PERIODS."""
        return [*BudgetPeriod].index(self)


class Limit(NamedTuple):
    """A limit in coins, None for none. If `next_ms` is set, it becomes `next_coins` then."""

    coins: int | None = None
    next_coins: int | None = None
    next_ms: int | None = None

    def at(self, now_ms: int) -> "Limit":
        """Return the limit at a time: one that was to begin by then has begun."""
        return Limit(self.next_coins) if self.next_ms is not None and self.next_ms <= now_ms else self

    def changed(self, coins: int | None, now_ms: int) -> "Limit":
        """Return the limit once somebody has asked for `coins`: at once if that is less, else a day later."""
        now = self.at(now_ms)
        if coins is not None and (now.coins is None or coins <= now.coins):
            return Limit(coins)
        if now.coins is None or (now.next_ms is not None and now.next_coins == coins):
            return now
        return Limit(now.coins, coins, now_ms + RAISE_MS)


class Use(NamedTuple):
    """The `coins` that were gifted since `start_ms`, the beginning of a period, and whether there was a warning."""

    start_ms: int = 0
    coins: int = 0
    is_warned: bool = False

    def since(self, start_ms: int) -> "Use":
        """Return the use in the period that began at `start_ms`. A clock that goes back frees nothing."""
        return self if self.start_ms >= start_ms else Use(start_ms)


class Line(NamedTuple):
    """What of one limit is used, and when its period ends. With `is_young`, it is the guild's for young accounts."""

    period: Period
    limit: int
    used: int
    ends_ms: int
    is_young: bool = False

    @property
    def room(self) -> int:
        """Return how many coins are left. A limit that was cut may have been passed before."""
        return max(self.limit - self.used, 0)

    @property
    def percent(self) -> int:
        """How much of it is used: 100 only if nothing is left, and no more than that."""
        return min(self.used * 100 // self.limit, 100)

    @property
    def is_near(self) -> bool:
        """Whether so much of it is used that there is a warning."""
        return self.used * 100 >= self.limit * WARN_PERCENT

    def after(self, coins: int) -> "Line":
        """Return the line once so many coins more are used."""
        period, limit, used, ends_ms, is_young = self
        return Line(period, limit, used + coins, ends_ms, is_young)


class Budget(NamedTuple):
    """A member's limits and what they have gifted, each in the order of PERIODS, and until when they pause."""

    limits: tuple[Limit, ...] = (Limit(),) * len(PERIODS)
    uses: tuple[Use, ...] = (Use(),) * len(PERIODS)
    paused_until_ms: int | None = None

    def with_limits(self, wanted: Mapping[BudgetPeriod, int | None], now_ms: int) -> "Budget":
        """Return the budget with other limits, None for no limit. Raise InvalidAmount."""
        limits = list(self.limits)
        for period, coins in wanted.items():
            limits[period.place] = limits[period.place].changed(None if coins is None else amount(coins), now_ms)
        return self._replace(limits=tuple(limits))

    def cleared(self, now_ms: int) -> "Budget":
        """Return the budget whose limits all end a day later. Raise NoBudget if there are none."""
        if all(limit.at(now_ms).coins is None for limit in self.limits):
            raise NoBudget
        return self._replace(limits=tuple(limit.changed(None, now_ms) for limit in self.limits))

    def kept(self, now_ms: int) -> "Budget":
        """Return the budget with the limits of now, and nothing that is to change."""
        return self._replace(limits=tuple(Limit(limit.at(now_ms).coins) for limit in self.limits))

    def paused(self, days: int, now_ms: int) -> "Budget":
        """Return the budget with a pause of so many days. Raise InvalidAmount, or PauseRuns if one lasts longer."""
        until_ms = now_ms + amount(days, highest=MOST_PAUSE_DAYS) * DAY_MS
        if self.paused_until_ms is not None and self.paused_until_ms > until_ms:
            raise PauseRuns(self.paused_until_ms)
        return self._replace(paused_until_ms=until_ms)

    def check_pause(self, now_ms: int, *, is_purchase: bool = False) -> None:
        """Raise BudgetPaused during a pause."""
        if self.paused_until_ms is not None and now_ms < self.paused_until_ms:
            raise BudgetPaused(self.paused_until_ms, is_purchase)

    def coins_at(self, now_ms: int) -> list[int | None]:
        """Return the limits of now."""
        # Nearly all limits stay as they are.
        return [limit.coins if limit.next_ms is None else limit.at(now_ms).coins for limit in self.limits]

    def since(self, starts: Sequence[int]) -> Self:
        """Return the budget with what was gifted since `starts`, when the periods of now began."""
        # Nearly every gift is in the periods of the one before.
        day, week, month = self.uses
        if day.start_ms >= starts[0] and week.start_ms >= starts[1] and month.start_ms >= starts[2]:
            return self
        return self._replace(uses=tuple(use.since(start) for use, start in zip(self.uses, starts, strict=True)))

    def gifted(self, coins: int) -> Self:
        """Return the budget after a gift in the periods that it has counted last."""
        # Written out, because every gift comes through here, and `_replace` of each use is slow.
        return self._replace(
            uses=tuple([Use(start_ms, before + coins, is_warned) for start_ms, before, is_warned in self.uses])
        )

    def returned(self, coins: int, sent_ms: int) -> Self:
        """Return the budget once coins of a gift from `sent_ms` are back, in those periods that the gift was in."""
        return self._replace(
            uses=tuple(
                use._replace(coins=max(use.coins - coins, 0)) if sent_ms >= use.start_ms else use for use in self.uses
            )
        )

    def warned(self, lines: Sequence[Line]) -> tuple[Self, Line | None]:
        """Return the budget after a gift that leaves `lines`, and the line that there is to warn of, None for none.

        There is one warning for each limit and period, about the one of which most is used.
        """
        near = {PERIODS.index(line.period): line for line in lines if line.is_near}
        if not near:
            return self, None
        news = [line for place, line in near.items() if not self.uses[place].is_warned]
        uses = tuple(use._replace(is_warned=use.is_warned or place in near) for place, use in enumerate(self.uses))
        return self._replace(uses=uses), max(news, key=lambda line: line.percent, default=None)


NO_BUDGET: Final = Budget()


class Calendar(NamedTuple):
    """When the periods of PERIODS began, and when they end."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]


def calendar_at(now_ms: int, zone: ZoneInfo) -> Calendar:
    """Return the periods that a moment is in."""
    # Every period begins on a full minute, and storms of gifts come within one.
    return _calendar(now_ms // 60_000, zone)


@lru_cache(maxsize=256)
def _calendar(minute: int, zone: ZoneInfo) -> Calendar:
    starts = tuple(start_of(period, minute * 60_000, zone) for period in PERIODS)
    ends = (
        start_of(period, start + longest, zone)
        for period, start, longest in zip(PERIODS, starts, _LONGEST_MS, strict=True)
    )
    return Calendar(starts, tuple(ends))


def young_limit_of(limit: int | None, member_id: int, now_ms: int) -> int | None:
    """Return a guild's limit for young accounts, in coins a day, if it holds for a member; None if it does not."""
    is_young = limit is not None and now_ms < created_ms(member_id) + YOUNG_DAYS * DAY_MS
    return limit if is_young else None


def lines_of(
    limits: Sequence[int | None], used: Sequence[int], calendar: Calendar, young_limit: int | None = None
) -> tuple[Line, ...]:
    """Return a line for each limit that there is. Of two limits for a day, only the lower one counts."""
    lines: list[Line] = []
    for place, (period, limit) in enumerate(zip(PERIODS, limits, strict=True)):
        own, is_young = limit, False
        if period is Period.TODAY and young_limit is not None and (own is None or young_limit < own):
            own, is_young = young_limit, True
        if own is not None:
            lines.append(Line(period, own, used[place], calendar.ends[place], is_young))
    return tuple(lines)


def tightest(lines: Sequence[Line]) -> Line | None:
    """Return the limit with the least room, of several the one that lasts longest; None without any."""
    return min(reversed(lines), key=lambda line: line.room, default=None)


def crossed(lines: Sequence[Line], coins: int) -> Line | None:
    """Return the limit of which most is used since the last `coins`, None if none is or it was before them."""
    news = [line for line in lines if line.is_near and not line.after(-coins).is_near]
    return max(news, key=lambda line: line.percent, default=None)


def check_room(lines: Sequence[Line], coins: int, *, is_purchase: bool = False) -> None:
    """Raise OverBudget, about the tightest limit, if there is no room for `coins`."""
    line = tightest(lines)
    if line is not None and coins > line.room:
        raise OverBudget(line.period, line.limit, line.room, coins, line.ends_ms, is_purchase, line.is_young)
