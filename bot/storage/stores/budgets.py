"""The store of budgets. A holder's row, once there is one, counts every gift, so that it is never behind.

Most members have no row. One begins when they set a budget or pause, with what they have gifted in the periods that
run, or with the first gift of a young account where the guild limits those.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, select, update

from bot.domain.budgets import DAY_MS, NO_BUDGET, PERIODS, YOUNG_DAYS, Budget, Limit, Use, calendar_at
from bot.domain.guilds import GuildRules
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.ledger.books import Books
from bot.domain.ledger.budget import BudgetReturned, BudgetUsed
from bot.storage.ledger import journal as journal_store
from bot.storage.ledger.batch_cache import BatchCache, cache_of
from bot.storage.ledger.projections import register
from bot.storage.sql.budget_tables import PERIODS as _NAMES
from bot.storage.sql.budget_tables import budgets as table
from bot.storage.sql.statements import ChangeMany, InsertMany, Lookup
from bot.storage.sql.tables import holders
from bot.storage.stores import budget_checks
from bot.storage.stores.gifted_coins import SPENDING, gifted_in

_FIELDS = ("limit", "next", "next_ms", "start_ms", "used", "warned")
_KEY = (table.c.guild_id, table.c.holder_id)
_VALUES = (table.c.paused_until_ms, *(table.c[f"{name}_{field}"] for name in _NAMES for field in _FIELDS))
_BY_HOLDER = Lookup(select(*_KEY, *_VALUES), _KEY)
_SAVE = InsertMany((*_KEY, *_VALUES), update=lambda new: {column.name: new[column.name] for column in _VALUES})
_USES = tuple(table.c[f"{name}_{field}"] for name in _NAMES for field in ("start_ms", "used", "warned"))
_NEW_USES = {column: bindparam(f"new_{column.name}", type_=column.type) for column in _USES}
_SAVE_USES = ChangeMany(update(table).values(_NEW_USES), _KEY, [f"new_{column.name}" for column in _USES])

Place = tuple[int, int]
"""A guild and a holder of it."""


def budgets_of(c: Connection, places: Collection[Place]) -> dict[Place, Budget]:
    """Return the budgets of those of `places` that have one."""
    return {(guild_id, holder): _budget(values) for guild_id, holder, *values in _BY_HOLDER.rows(c, places)}


def save(c: Connection, budgets: Mapping[Place, Budget]) -> None:
    """Save budgets, in place of those that were stored."""
    _SAVE.run(c, [(*place, *_values(budget)) for place, budget in budgets.items()])


class Count(NamedTuple):
    """What a holder has gifted in the periods that began at `starts`, by the journal up to row `seq`."""

    starts: tuple[int, ...]
    coins: tuple[int, ...]
    seq: int


def begun(c: Connection, rules: GuildRules, holder: int, now_ms: int) -> Count | None:
    """Return the count of a holder's gifts in the periods of now before any of them. None if they have a budget, which
    counts them already.
    """
    place = rules.guild_id, holder
    if place in budgets_of(c, [place]):
        return None
    starts = calendar_at(now_ms, ZoneInfo(rules.time_zone)).starts
    return Count(starts, (0,) * len(starts), journal_store.seq_before(c, rules.guild_id, min(starts)))


def counted_further(c: Connection, guild_id: int, holder: int, count: Count, rows: int) -> Count:
    """Return a count with up to so many further rows of the journal. It is complete if it ends at the journal's end."""
    last = min(count.seq + rows, journal_store.head(c, guild_id).seq)
    further = gifted_in(c, guild_id, count.starts, count.seq, last, holder).get(holder, (0,) * len(count.coins))
    return count._replace(coins=tuple(map(sum, zip(count.coins, further, strict=True))), seq=last)


def counted(c: Connection, rules: GuildRules, holder: int, now_ms: int, count: Count | None) -> Budget:
    """Return a holder's budget: a new one begins with `count`, and what it does not have yet of the periods of now."""
    place = rules.guild_id, holder
    stored = budgets_of(c, [place]).get(place)
    if stored is not None:
        return stored
    starts = calendar_at(now_ms, ZoneInfo(rules.time_zone)).starts
    if count is None or count.starts != starts:
        # A period has begun since.
        count = Count(starts, (0,) * len(starts), journal_store.seq_before(c, rules.guild_id, min(starts)))
    last = journal_store.head(c, rules.guild_id).seq
    return _recounted(NO_BUDGET, starts, counted_further(c, rules.guild_id, holder, count, last).coins)


class GuildCount(NamedTuple):
    """What all members of a guild have gifted in the periods that began at `starts`, by the journal up to row `seq`."""

    starts: tuple[int, ...]
    coins: dict[int, tuple[int, ...]]
    seq: int


def guild_begun(c: Connection, rules: GuildRules, now_ms: int) -> GuildCount:
    """Return the count of a guild's gifts in the periods of now before any of them."""
    starts = calendar_at(now_ms, ZoneInfo(rules.time_zone)).starts
    return GuildCount(starts, {}, journal_store.seq_before(c, rules.guild_id, min(starts)))


def guild_counted_further(c: Connection, guild_id: int, count: GuildCount, rows: int) -> GuildCount:
    """Return a count with up to so many further rows of the journal. It is complete if it ends at the journal's end."""
    last = min(count.seq + rows, journal_store.head(c, guild_id).seq)
    coins = {**count.coins}
    for holder, further in gifted_in(c, guild_id, count.starts, count.seq, last).items():
        coins[holder] = tuple(map(sum, zip(coins.get(holder, (0,) * len(further)), further, strict=True)))
    return GuildCount(count.starts, coins, last)


def recount(c: Connection, rules: GuildRules, now_ms: int, count: GuildCount | None) -> None:
    """Count anew what is counted in a guild whose periods begin at other times now, going on from a `count`."""
    _save_recounted(c, rules, _of_guild(c, rules.guild_id), now_ms, count)


def count_young(c: Connection, rules: GuildRules, now_ms: int, count: GuildCount | None) -> None:
    """Begin to count what young accounts gift, which is limited from now on: those that have gifted here before."""
    youngest_id = (now_ms - YOUNG_DAYS * DAY_MS - DISCORD_EPOCH_MS) << 22
    young = select(holders.c.holder_id).where(holders.c.guild_id == rules.guild_id, holders.c.user_id >= youngest_id)
    places = [(rules.guild_id, holder) for holder in c.execute(young).scalars()]
    stored = budgets_of(c, places)
    new_holders = [holder for guild_id, holder in places if (guild_id, holder) not in stored]
    _save_recounted(c, rules, dict.fromkeys(new_holders, NO_BUDGET), now_ms, count)


def _save_recounted(
    c: Connection, rules: GuildRules, budgets: Mapping[int, Budget], now_ms: int, count: GuildCount | None
) -> None:
    if not budgets:
        return
    begun_now = guild_begun(c, rules, now_ms)
    if count is None or count.starts != begun_now.starts:
        # A period has begun since.
        count = begun_now
    guild_id = rules.guild_id
    gifted = guild_counted_further(c, guild_id, count, journal_store.head(c, guild_id).seq).coins
    recounted = {holder: _recounted(it, count.starts, gifted.get(holder)) for holder, it in budgets.items()}
    save(c, {(guild_id, holder): budget for holder, budget in recounted.items()})


def _of_guild(c: Connection, guild_id: int) -> dict[int, Budget]:
    query = select(*_KEY, *_VALUES).where(table.c.guild_id == guild_id).order_by(table.c.holder_id)
    return {row[1]: _budget(row[2:]) for row in cast("Iterable[tuple[Any, ...]]", c.execute(query))}


def _recounted(budget: Budget, starts: Sequence[int], gifted: Sequence[int] | None) -> Budget:
    coins = gifted or (0,) * len(PERIODS)
    uses = (Use(start, max(n, 0), use.is_warned) for start, n, use in zip(starts, coins, budget.uses, strict=True))
    return budget._replace(uses=tuple(uses))


def _budget(values: Sequence[Any]) -> Budget:
    paused_until_ms, *rest = values
    size = len(_FIELDS)
    periods = [rest[place : place + size] for place in range(0, len(rest), size)]
    limits = tuple(Limit(*period[:3]) for period in periods)
    uses = tuple(Use(start_ms, used, bool(warned)) for *_, start_ms, used, warned in periods)
    return Budget(limits, uses, paused_until_ms)


def _values(budget: Budget) -> tuple[int | None, ...]:
    periods = ((*limit, *use[:2], int(use.is_warned)) for limit, use in zip(budget.limits, budget.uses, strict=True))
    return budget.paused_until_ms, *chain.from_iterable(periods)


def _load(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    places: set[Place] = set()
    for command in commands:
        guild_id = command.guild_id
        if command.kind in SPENDING:
            places.add((guild_id, books.holders[guild_id, command.actor_id]))
        else:
            places.update((guild_id, holder) for holder in command.holder_ids)
    books.budgets = cache.look_up(c, "budgets", places, budgets_of)


def _save(c: Connection, effects: Sequence[tuple[int, BudgetUsed | BudgetReturned]], books: Books) -> None:
    changed = {place: books.budgets[place] for place in {(guild_id, effect.holder) for guild_id, effect in effects}}
    stored = cache_of(c).look_up(c, "budgets", changed.keys(), budgets_of)
    save(c, {place: budget for place, budget in changed.items() if place not in stored})
    # A gift changes what was gifted, and nothing of what its sender has set.
    uses = {place: chain.from_iterable(budget.uses) for place, budget in changed.items() if place in stored}
    _SAVE_USES.run(c, [(*map(int, values), *place) for place, values in uses.items()])
    # The next batch needs the budgets of those who are sending gifts, and finds them in the cache.
    cache_of(c).put("budgets", changed)


register("budgets", _load, saves={BudgetUsed: _save, BudgetReturned: _save}, check=budget_checks.check)
