"""What the audit checks of budgets: what each has counted in its own periods is what the journal says."""

from collections.abc import Iterator, Mapping
from operator import sub
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select

from bot.storage.ledger import journal as journal_store
from bot.storage.ledger.journal import fact_of
from bot.storage.sql.budget_tables import PERIODS, budgets
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import entries, journal
from bot.storage.stores.gifted_coins import came_back, chips_back, of_spending, of_wallet, returned_since, spent_since

_STARTS = [budgets.c[f"{period}_start_ms"] for period in PERIODS]
_USED = [budgets.c[f"{period}_used"] for period in PERIODS]
_STARTS_OF_HOLDERS = Lookup(select(budgets.c.holder_id, *_STARTS), (budgets.c.guild_id, budgets.c.holder_id))
_NOTHING = (0,) * len(PERIODS)
_PIECE = 1_000


def check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Yield what does not match the journal of a guild, (row, sentence) each.

    There may be as many budgets as members, so the database adds up the gifts of all in one pass.
    """
    earliest = select(*map(func.min, _STARTS)).where(budgets.c.guild_id == guild_id)
    starts = [start for start in c.execute(earliest).one() if start is not None]
    if not starts:
        return
    after = journal_store.seq_before(c, guild_id, min(starts))
    returned = _returned(c, guild_id, after)
    for holder, *sums in c.execute(_used_and_spent(guild_id, after).execution_options(yield_per=_PIECE)):
        coins, spent = tuple(sums[: len(PERIODS)]), map(int, sums[len(PERIODS) :])
        recounted = tuple(map(sub, spent, returned.get(holder, _NOTHING)))
        if coins != recounted:
            counted_coins = ", ".join(map(str, coins))
            yield 0, f"holder {holder} has gifted {counted_coins} by their budget, by the journal {recounted}"


def _used_and_spent(guild_id: int, after: int) -> Select[*tuple[Any, ...]]:
    """Return the query for what each budget has counted, and what its holder spent in the same periods."""
    names = [f"{period}_spent" for period in PERIODS]
    sums = [coins.label(name) for name, coins in zip(names, spent_since(_STARTS), strict=True)]
    own = budgets.c.guild_id == entries.c.guild_id, budgets.c.holder_id == entries.c.owner
    # Summed up first, because SQLite uses no partial index in an outer join: it would read all entries for each budget.
    spent = (
        select(entries.c.owner, *sums)
        .select_from(entries.join(budgets, and_(*own)).join(journal, of_spending()))
        .where(entries.c.guild_id == guild_id, entries.c.seq > after, *of_wallet())
        .group_by(entries.c.owner)
        .subquery()
    )
    coins = [func.coalesce(spent.c[name], 0) for name in names]
    query = select(budgets.c.holder_id, *_USED, *coins).select_from(
        budgets.outerjoin(spent, spent.c.owner == budgets.c.holder_id)
    )
    return query.where(budgets.c.guild_id == guild_id).order_by(budgets.c.holder_id)


def _returned(c: Connection, guild_id: int, after: int) -> Mapping[int, tuple[int, ...]]:
    """Return what came back to holders of what they spent in the periods of their budgets."""
    last = journal_store.head(c, guild_id).seq
    own = budgets.c.guild_id == guild_id, budgets.c.holder_id == fact_of("member")
    query = select(budgets.c.holder_id, *returned_since(_STARTS)).where(came_back(guild_id, after, last), *own)
    returned = {row[0]: tuple(map(int, row[1:])) for row in c.execute(query.group_by(budgets.c.holder_id))}
    chips = [*chips_back(c, guild_id, after, last)]
    rows = _STARTS_OF_HOLDERS.rows(c, {(guild_id, holder) for holder, _, _ in chips})
    starts_by_holder = {holder: starts for holder, *starts in rows}
    for holder, at_ms, coins in chips:
        if holder in starts_by_holder:
            before = returned.get(holder, _NOTHING)
            since = (coins if at_ms >= start else 0 for start in starts_by_holder[holder])
            returned[holder] = tuple(back + more for back, more in zip(before, since, strict=True))
    return returned
