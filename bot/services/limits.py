"""How much members may buy: what a guild has chosen, and whether a purchase is within it."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.domain.accounts import IN_LOTS, Account
from bot.domain.buying_limits import DAY_MS, MOST_DAYS, BuyingLimits, Purchase, UnspentCoins
from bot.domain.currencies import check_currency
from bot.domain.errors import InvalidAmount
from bot.domain.ledger.order import CreditOrder, facts_of
from bot.domain.order_states import CREDITED, UNPAID, WITHOUT_MONEY, OrderState
from bot.domain.orders import Order
from bot.domain.packages import MAX_PRICE_MINOR
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.staff_acts import NOBODY, ActKind, change
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import buying_limits, guilds, lots, orders, packages, payment_cases, staff_acts

_NAMES = frozenset({"currency"})
"""What sums are in."""


class Limits:
    """The use-cases of limits on buying."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def limits(self, guild_id: int) -> BuyingLimits:
        """Return a guild's limits."""
        return await self._database.read(buying_limits.limits, guild_id)

    async def currencies(self, guild_id: int) -> list[str]:
        """Return the currencies of the packages on sale that are not the main one."""
        return await self._database.read(_other_currencies, guild_id)

    async def unrated(self, guild_id: int) -> list[str]:
        """Return those of the other currencies for which staff have set no rate, so that nobody can buy in them."""
        rates = (await self.limits(guild_id)).rates
        return [currency for currency in await self.currencies(guild_id) if currency not in rates]

    async def change(
        self,
        guild_id: int,
        *,
        currency: str,
        daily_minor: int | None,
        held_minor: int | None,
        account_days: int,
        by: int = NOBODY,
    ) -> None:
        """Set the limits, in minor units of `currency`. Raises InvalidCurrency or InvalidAmount."""
        for minor in (daily_minor, held_minor):
            if minor is not None and not 0 < minor <= MAX_PRICE_MINOR:
                raise InvalidAmount(str(minor), 1, MAX_PRICE_MINOR)
        if not 0 <= account_days <= MOST_DAYS:
            raise InvalidAmount(str(account_days), 0, MOST_DAYS)
        values = {
            "currency": check_currency(currency),
            "daily_minor": daily_minor,
            "held_minor": held_minor,
            "account_days": account_days,
        }
        await self._database.writer.perform(_change, guild_id, values, by, self._clock())

    async def sell_to_adults(self, guild_id: int, *, only: bool, by: int = NOBODY) -> None:
        """Choose whether coins are sold only in age-restricted channels."""
        await self._database.writer.perform(_change, guild_id, {"adults_only": int(only)}, by, self._clock())

    async def let_withdraw(self, guild_id: int, *, allowed: bool, by: int = NOBODY) -> None:
        """Choose whether buyers may give back the coins that they have not spent, for some days."""
        await self._database.writer.perform(_change, guild_id, {"can_withdraw": int(allowed)}, by, self._clock())

    async def set_rates(self, guild_id: int, rates: Mapping[str, int | None], *, by: int = NOBODY) -> None:
        """Set what one unit of other currencies is worth in the main one, in millionths; None if nobody knows."""
        await self._database.writer.perform(_set_rates, guild_id, dict(rates), by, self._clock())


def check(connection: Connection, draft: Order, now_ms: int) -> None:
    """Raise what stands against a new order: CurrencyUnrated, YoungAccount, DailyLimit or HeldLimit."""
    limits = buying_limits.limits(connection, draft.guild_id)
    limits.check_account(draft.member_id, now_ms)
    earlier = orders.of_member_since(connection, draft, now_ms - DAY_MS, {*OrderState} - WITHOUT_MONEY)
    held_minor = limits.unspent_worth(_unspent(connection, draft)) + limits.total_worth(
        _purchase(order) for order in _on_the_way(connection, draft, now_ms)
    )
    limits.check_purchase(_purchase(draft), [_purchase(order) for order in earlier], held_minor)


def is_exceeded(connection: Connection, order: Order, now_ms: int) -> bool:
    """Whether an order that was paid all the same is beyond the limits, leaving out those that have a case already."""
    limits = buying_limits.limits(connection, order.guild_id)
    earlier = orders.of_member_since(connection, order, now_ms - DAY_MS, CREDITED)
    beyond = payment_cases.orders_with(connection, order.guild_id, CaseKind.OVER_AMOUNT, [o.order_id for o in earlier])
    price_minor = limits.worth(order.price_minor, order.currency) or 0
    if limits.exceeds_daily(price_minor, [_purchase(each) for each in earlier if each.order_id not in beyond]):
        return True
    # What this order has brought is unspent by now, or paid off a debt.
    return limits.held_minor is not None and limits.unspent_worth(_unspent(connection, order)) > limits.held_minor


def open_case_if_exceeded(connection: Connection, order: Order, case: PaymentCase) -> bool:
    """Open a case if a member has bought a package more often than allowed, or has bought too much, not counting what
    has a case."""
    guilds.lock(connection, order.guild_id)
    if _is_beyond_package(connection, order):
        return payment_cases.open_case(connection, case)
    if is_exceeded(connection, order, case.opened_ms):
        return payment_cases.open_case(connection, replace(case, kind=CaseKind.OVER_AMOUNT))
    return False


def _is_beyond_package(connection: Connection, order: Order) -> bool:
    package = packages.package(connection, order.guild_id, order.package_id)
    if package is None or package.limit is None:
        return False
    sold = orders.count(connection, order.guild_id, order.member_id, order.package_id, CREDITED)
    return sold - payment_cases.over_limit(connection, order) > package.limit


def _unspent(connection: Connection, order: Order) -> list[UnspentCoins]:
    """Return what the buyer has not spent yet, of real purchases, or of tests if the order is one."""
    guild_id = order.guild_id
    holder = holders.holder_id(connection, guild_id, order.member_id)
    if holder is None:
        return []
    accounts = lots.lots_of(connection, [(guild_id, Account(kind, holder)) for kind in IN_LOTS])
    coins = {lot.seq: lot.coins for account_lots in accounts.values() for lot in account_lots}
    rows = journal.rows_with(connection, [(guild_id, seq) for seq in coins])
    purchases = [(coins[row.seq], facts_of(row)) for row in rows if row.kind == CreditOrder.kind]
    return [
        UnspentCoins(facts["price_minor"], facts["currency"], facts["coins"], left)
        for left, facts in purchases
        if facts["test"] == order.test
    ]


def _on_the_way(connection: Connection, order: Order, now_ms: int) -> list[Order]:
    """Return the buyer's other orders whose coins may still come. What nobody has paid for a day is given up."""
    open_orders = orders.of_member_since(connection, order, now_ms - DAY_MS, UNPAID)
    return open_orders + orders.of_member_since(connection, order, 0, {OrderState.PENDING, OrderState.REVIEW})


def _purchase(order: Order) -> Purchase:
    return Purchase(order.price_minor - order.refunded_minor, order.currency, order.consented_ms)


def _other_currencies(connection: Connection, guild_id: int) -> list[str]:
    main = buying_limits.limits(connection, guild_id).currency
    return sorted({package.currency for package in packages.packages(connection, guild_id)} - {main})


def _change(connection: Connection, guild_id: int, values: dict[str, str | int | None], by: int, now_ms: int) -> None:
    guilds.lock(connection, guild_id)
    limits = buying_limits.limits(connection, guild_id)
    if values.get("currency", limits.currency) != limits.currency:
        # They say what others are worth in a currency that is no longer the main one.
        buying_limits.save_rates(connection, guild_id, dict.fromkeys(limits.rates))
    buying_limits.change(connection, guild_id, values)
    _keep(connection, limits, by, now_ms)


def _set_rates(connection: Connection, guild_id: int, rates: dict[str, int | None], by: int, now_ms: int) -> None:
    guilds.lock(connection, guild_id)
    before = buying_limits.limits(connection, guild_id)
    buying_limits.save_rates(connection, guild_id, rates)
    # They hold for this main currency, which therefore no longer follows the first package.
    limits = buying_limits.limits(connection, guild_id)
    sums = {"daily_minor": limits.daily_minor, "held_minor": limits.held_minor}
    buying_limits.change(connection, guild_id, {"currency": limits.currency} | sums)
    _keep(connection, before, by, now_ms)


def _keep(connection: Connection, before: BuyingLimits, by: int, now_ms: int) -> None:
    """Keep who made the limits of what they were `before`."""
    guild_id, after = before.guild_id, buying_limits.limits(connection, before.guild_id)
    staff_acts.add(connection, guild_id, change(ActKind.LIMITS, before, after, by=by, at_ms=now_ms, named_by=_NAMES))
    staff_acts.add(connection, guild_id, change(ActKind.RATES, before.rates, after.rates, by=by, at_ms=now_ms))
