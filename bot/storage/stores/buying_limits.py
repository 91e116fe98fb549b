"""The store of buying limits: how much the members of a guild may buy, and what other currencies are worth there."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, select, update

from bot.domain.buying_limits import BuyingLimits, starting_limits
from bot.domain.packages import DEFAULT_CURRENCY
from bot.storage.sql.rows import insert_new, upsert
from bot.storage.sql.tables import buying_limits as table
from bot.storage.sql.tables import exchange_rates
from bot.storage.stores import packages

_COLUMNS = (table.c.currency, table.c.daily_minor, table.c.held_minor, table.c.account_days)
_FLAGS = (table.c.adults_only, table.c.can_withdraw)


def limits(c: Connection, guild_id: int) -> BuyingLimits:
    """Return a guild's limits, the defaults if it has not chosen. Its first package names the currency until then."""
    row = c.execute(select(*_COLUMNS, *_FLAGS).where(table.c.guild_id == guild_id)).one_or_none()
    rates_query = select(exchange_rates.c.currency, exchange_rates.c.rate).where(exchange_rates.c.guild_id == guild_id)
    rates = {row.currency: row.rate for row in c.execute(rates_query)}
    if row is None:
        currency = _first_currency(c, guild_id)
        return BuyingLimits(guild_id, currency, *starting_limits(currency), rates=rates)
    currency, daily_minor, held_minor, account_days, adults_only, can_withdraw = row
    if not currency:
        # Staff have chosen something else. Sums that they choose name their currency.
        currency = _first_currency(c, guild_id)
        daily_minor, held_minor = starting_limits(currency)
    sums = currency, daily_minor, held_minor
    return BuyingLimits(guild_id, *sums, account_days, bool(adults_only), rates, bool(can_withdraw))


def change(c: Connection, guild_id: int, values: Mapping[str, str | int | None]) -> None:
    """Save `values`, by the names of the fields. What a guild has never chosen stays as it starts with."""
    before = limits(c, guild_id)
    stored = {column.name: getattr(before, column.name) for column in _COLUMNS}
    flags = {column.name: int(getattr(before, column.name)) for column in _FLAGS}
    # Its currency still follows its first package.
    insert_new(c, table, {"guild_id": guild_id} | stored | flags | {"currency": ""})
    c.execute(update(table).where(table.c.guild_id == guild_id).values(values))


def save_rates(c: Connection, guild_id: int, rates: Mapping[str, int | None]) -> None:
    """Save what one unit of each currency is worth, in millionths; None removes it."""
    for currency, rate in rates.items():
        if rate is None:
            same = (exchange_rates.c.guild_id == guild_id, exchange_rates.c.currency == currency)
            c.execute(delete(exchange_rates).where(*same))
        else:
            upsert(c, exchange_rates, {"guild_id": guild_id, "currency": currency, "rate": rate})


def _first_currency(c: Connection, guild_id: int) -> str:
    # Archived ones too: those for sale come and go.
    shelf = packages.packages(c, guild_id, archived=True)
    return shelf[0].currency if shelf else DEFAULT_CURRENCY
