"""Budgets: what members let themselves gift and buy, and how much of it is left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from bot.domain.budget_errors import BudgetPaused
from bot.domain.budgets import (
    DAY_MS,
    NO_BUDGET,
    PERIODS,
    Budget,
    BudgetPeriod,
    Calendar,
    Limit,
    Line,
    calendar_at,
    check_room,
    crossed,
    lines_of,
    young_limit_of,
)
from bot.domain.guilds import GuildRules
from bot.domain.order_states import UNPAID, WITHOUT_MONEY, OrderState
from bot.domain.orders import Order, coins_for
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import budgets, guilds, orders, withdrawals
from bot.storage.stores.budgets import Count


@dataclass(frozen=True, slots=True)
class Standing:
    """A member's budget now: what of each limit is used by gifts and by purchases, and what is about to change.

    `limits` are in the order of PERIODS, as they are now.
    """

    gifted: tuple[Line, ...]
    bought: tuple[Line, ...]
    limits: tuple[Limit, ...]
    paused_until_ms: int | None = None

    @property
    def limits_exist(self) -> bool:
        """Whether the member has chosen any limit."""
        return any(limit.coins is not None for limit in self.limits)

    def limit_of(self, line: Line) -> Limit:
        """Return the limit that a line is about."""
        return self.limits[PERIODS.index(line.period)]

    @property
    def is_changing(self) -> bool:
        """Whether a higher limit, or none, is on its way."""
        return any(limit.next_ms is not None for limit in self.limits)


ROWS_AT_ONCE: Final = 100_000
"""Rows of the journal that are counted in one read."""

NO_STANDING: Final = Standing((), (), NO_BUDGET.limits)
"""The budget of somebody who has none."""


class Budgets:
    """The use-cases of budgets."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def standing(self, guild_id: int, member_id: int) -> Standing:
        """Return a member's budget; raise UnknownGuild."""
        return await self._database.read(standing_of, guild_id, member_id, self._clock())

    async def to_buy(self, guild_id: int, member_id: int, coins: int = 0, *, is_test: bool = False) -> tuple[Line, ...]:
        """Return what of each limit a member's purchases use, with `coins` more; none for a test that does not count.

        Raise UnknownGuild, or BudgetPaused.
        """
        return await self._database.read(_to_buy, guild_id, member_id, coins, is_test, self._clock())

    async def crossed_by(self, order: Order) -> Line | None:
        """Return the limit of which an order, which has been paid for, has used most; None if it is no news.

        Raise UnknownGuild.
        """
        return await self._database.read(_crossed_by, order, self._clock())

    async def limit(self, guild_id: int, member_id: int, limits: Mapping[BudgetPeriod, int | None]) -> Standing:
        """Set limits, None for none: less at once, more a day later. Raise InvalidAmount."""
        return await self._change(guild_id, member_id, Budget.with_limits, {**limits})

    async def clear(self, guild_id: int, member_id: int) -> Standing:
        """Have no limits any more, a day later. Raise NoBudget if there are none."""
        return await self._change(guild_id, member_id, Budget.cleared)

    async def keep(self, guild_id: int, member_id: int) -> Standing:
        """Keep the limits of now, whatever was to change."""
        return await self._change(guild_id, member_id, Budget.kept)

    async def pause_until(self, guild_id: int, member_id: int, days: int) -> int:
        """Return when a pause of so many days would end. Raise InvalidAmount, or PauseRuns if one lasts longer."""
        return await self._database.read(_pause_until, guild_id, member_id, days, self._clock())

    async def pause(self, guild_id: int, member_id: int, days: int) -> Standing:
        """Neither gift nor buy for so many days. Raise InvalidAmount, or PauseRuns if a pause lasts longer."""
        return await self._change(guild_id, member_id, Budget.paused, days)

    async def _change(
        self,
        guild_id: int,
        member_id: int,
        change: Callable[..., Budget],
        *values: dict[BudgetPeriod, int | None] | int,
    ) -> Standing:
        count = await self._count(guild_id, member_id)
        return await self._database.writer.perform(_change, guild_id, member_id, change, values, count, self._clock())

    async def _count(self, guild_id: int, member_id: int) -> Count | None:
        """Count what a member has gifted in the periods of now, before their first budget. Nobody's gift waits."""
        now_ms = self._clock()
        count = await self._database.read(_begun, guild_id, member_id, now_ms)
        while count is not None:
            holder, so_far = count
            further = await self._database.read(budgets.counted_further, guild_id, holder, so_far, ROWS_AT_ONCE)
            if further.seq < so_far.seq + ROWS_AT_ONCE:
                return further
            count = holder, further
        return None


def check_purchase(connection: Connection, draft: Order, now_ms: int) -> None:
    """Raise BudgetPaused, or OverBudget if the coins of an order go beyond its buyer's budget.

    The order itself, should it be open already, does not count twice.
    """
    rules = guilds.required(connection, draft.guild_id)
    budget = _stored(connection, draft.guild_id, draft.member_id) or NO_BUDGET
    budget.check_pause(now_ms, is_purchase=True)
    if _counts(rules, is_test=draft.test):
        lines = _bought(connection, rules, draft, budget, now_ms)
        check_room(lines, draft.coins, is_purchase=True)


def standing_of(connection: Connection, guild_id: int, member_id: int, now_ms: int) -> Standing:
    """Return a member's budget; raise UnknownGuild."""
    rules = guilds.required(connection, guild_id)
    return _standing(connection, rules, member_id, _stored(connection, guild_id, member_id) or NO_BUDGET, now_ms)


def _to_buy(
    connection: Connection, guild_id: int, member_id: int, coins: int, is_test: bool, now_ms: int
) -> tuple[Line, ...]:
    standing = standing_of(connection, guild_id, member_id, now_ms)
    if standing.paused_until_ms is not None:
        raise BudgetPaused(standing.paused_until_ms, is_purchase=True)
    if not _counts(guilds.required(connection, guild_id), is_test=is_test):
        return ()
    return tuple(line._replace(used=line.used + coins) for line in standing.bought)


def _crossed_by(connection: Connection, order: Order, now_ms: int) -> Line | None:
    if not _counts(guilds.required(connection, order.guild_id), is_test=order.test):
        return None
    return crossed(standing_of(connection, order.guild_id, order.member_id, now_ms).bought, order.coins)


def _standing(connection: Connection, rules: GuildRules, member_id: int, budget: Budget, now_ms: int) -> Standing:
    calendar = _calendar(rules, now_ms)
    limits = tuple(limit.at(now_ms) for limit in budget.limits)
    uses = [use.coins for use in budget.since(calendar.starts).uses]
    young_limit = young_limit_of(rules.young_limit, member_id, now_ms)
    gifted = lines_of([limit.coins for limit in limits], uses, calendar, young_limit)
    # With real money, if there is any here: what is only a test counts on no board either.
    anything = Order(rules.guild_id, 0, member_id, 0, 0, 0, "", "", test=not rules.sells_for_money, consented_ms=now_ms)
    bought = _bought(connection, rules, anything, budget, now_ms)
    is_paused = budget.paused_until_ms is not None and now_ms < budget.paused_until_ms
    return Standing(gifted, bought, limits, budget.paused_until_ms if is_paused else None)


def _stored(connection: Connection, guild_id: int, member_id: int) -> Budget | None:
    holder = holders.holder_id(connection, guild_id, member_id)
    return None if holder is None else budgets.budgets_of(connection, [(guild_id, holder)]).get((guild_id, holder))


def _calendar(rules: GuildRules, now_ms: int) -> Calendar:
    return calendar_at(now_ms, ZoneInfo(rules.time_zone))


def _counts(rules: GuildRules, *, is_test: bool) -> bool:
    """Whether an order counts: not a test, where members can pay with real money."""
    return not (is_test and rules.sells_for_money)


def _bought(connection: Connection, rules: GuildRules, draft: Order, budget: Budget, now_ms: int) -> tuple[Line, ...]:
    """Return what of each limit the buyer's orders besides `draft` use."""
    limits = budget.coins_at(now_ms)
    young_limit = young_limit_of(rules.young_limit, draft.member_id, now_ms)
    calendar = _calendar(rules, now_ms)
    if young_limit is None and all(limit is None for limit in limits):
        return ()
    states = {*OrderState} - WITHOUT_MONEY
    recent = orders.of_member_since(connection, draft, min(calendar.starts) - 1, states)
    # What nobody has paid for a day is given up.
    counted = [order for order in recent if order.state not in UNPAID or order.consented_ms > now_ms - DAY_MS]
    coins = [(order.consented_ms, _coins_of(connection, order)) for order in counted]
    used = [sum(number for at_ms, number in coins if at_ms >= start) for start in calendar.starts]
    return lines_of(limits, used, calendar, young_limit)


def _coins_of(connection: Connection, order: Order) -> int:
    """Return how many coins of an order the buyer has paid for, or may still pay for."""
    returned = coins_for(order, order.refunded_minor)
    if order.state is OrderState.WITHDRAWN:
        withdrawal = withdrawals.withdrawal(connection, order.guild_id, order.order_id)
        returned = max(returned, withdrawal.coins if withdrawal else 0)
    return order.coins - returned


def _pause_until(connection: Connection, guild_id: int, member_id: int, days: int, now_ms: int) -> int:
    paused = (_stored(connection, guild_id, member_id) or NO_BUDGET).paused(days, now_ms)
    assert paused.paused_until_ms is not None
    return paused.paused_until_ms


def _begun(connection: Connection, guild_id: int, member_id: int, now_ms: int) -> tuple[int, Count] | None:
    """Return whose gifts are to be counted, and the count before the first of them; None if nothing is."""
    rules, holder = guilds.required(connection, guild_id), holders.holder_id(connection, guild_id, member_id)
    count = None if holder is None else budgets.begun(connection, rules, holder, now_ms)
    return None if holder is None or count is None else (holder, count)


def _change(
    connection: Connection,
    guild_id: int,
    member_id: int,
    change: Callable[..., Budget],
    values: Sequence[dict[BudgetPeriod, int | None] | int],
    count: Count | None,
    now_ms: int,
) -> Standing:
    guilds.lock(connection, guild_id)
    rules = guilds.required(connection, guild_id)
    holder = holders.ensure(connection, guild_id, member_id)
    budget = budgets.counted(connection, rules, holder, now_ms, count)
    changed = change(budget, *values, now_ms)
    budgets.save(connection, {(guild_id, holder): changed})
    return _standing(connection, rules, member_id, changed, now_ms)
