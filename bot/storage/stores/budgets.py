"""The store of budgets. A holder's row, once there is one, counts every gift, so that it is never behind.

Most members have no row. One begins when they set a budget or pause, with what they have gifted in the periods that
run, or with the first gift of a young account where the guild limits those.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from operator import sub
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, and_, case, func, or_, select

from bot.domain.accounts import AccountKind
from bot.domain.budgets import DAY_MS, NO_BUDGET, PERIODS, YOUNG_DAYS, Budget, Limit, Use, calendar_at
from bot.domain.guilds import GuildRules
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.ledger.books import Books
from bot.domain.ledger.budget import BudgetReturned, BudgetUsed
from bot.domain.ledger.chip_returns import ReturnChip
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.perk_return import ReturnPerk
from bot.domain.ledger.reversal import Reverse
from bot.storage.ledger import journal as journal_store
from bot.storage.ledger.batch_cache import BatchCache, cache_of
from bot.storage.ledger.journal import fact_of
from bot.storage.ledger.projections import register
from bot.storage.sql.budget_tables import PERIODS as _NAMES
from bot.storage.sql.budget_tables import budgets as table
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import MEMBERS_OWN, entries, holders, journal

_SPENDING = (SendGift.kind, BuyPerk.kind, ChipCoins.kind)
"""Kinds of money that use a budget of whoever acts."""
_SPENDABLE = (AccountKind.PAID.value, AccountKind.PROMO.value, AccountKind.TEST.value)
_FIELDS = ("limit", "next", "next_ms", "start_ms", "used", "warned")
_KEY = (table.c.guild_id, table.c.holder_id)
_VALUES = (table.c.paused_until_ms, *(table.c[f"{name}_{field}"] for name in _NAMES for field in _FIELDS))
_BY_HOLDER = Lookup(select(*_KEY, *_VALUES), _KEY)
_SAVE = InsertMany((*_KEY, *_VALUES), update=lambda new: {column.name: new[column.name] for column in _VALUES})

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


def gifted_since(
    c: Connection, guild_id: int, starts: Sequence[int], holder: int | None = None
) -> dict[int, tuple[int, ...]]:
    """Return what members, or only one `holder`, have spent since each of `starts`, less what has come back of that.

    Gifts that count on no board are left out, as are members without gifts.
    """
    since_seq = journal_store.seq_before(c, guild_id, min(starts))
    return gifted_in(c, guild_id, starts, since_seq, journal_store.head(c, guild_id).seq, holder)


def gifted_in(
    c: Connection, guild_id: int, starts: Sequence[int], after: int, last: int, holder: int | None = None
) -> dict[int, tuple[int, ...]]:
    """Return the same of the rows that follow row `after`, up to row `last`. Of a part of the journal, it can be less
    than nothing.
    """
    # By what left the sender's wallet: to read the coins from a million bodies takes five times as long.
    same_row = and_(journal.c.guild_id == entries.c.guild_id, journal.c.seq == entries.c.seq)
    left_wallet = [
        entries.c.guild_id == guild_id,
        entries.c.seq > after,
        entries.c.seq <= last,
        MEMBERS_OWN,
        entries.c.kind.in_(_SPENDABLE),
        entries.c.amount < 0,
        journal.c.kind.in_(_SPENDING),
        or_(entries.c.kind != AccountKind.TEST.value, _counts()),
    ]
    taken_back = [
        journal.c.guild_id == guild_id,
        journal.c.seq > after,
        journal.c.seq <= last,
        or_(_takes_back_gift(), journal.c.kind.in_([ReturnPerk.kind, ReturnChip.kind])),
        _counts(),
    ]
    if holder is not None:
        left_wallet.append(entries.c.owner == holder)
        own = (entries.c.guild_id == guild_id, entries.c.owner == holder, MEMBERS_OWN, entries.c.seq > after)
        taken_back.append(journal.c.seq.in_(select(entries.c.seq).where(*own)))
    gifts = _sums(entries.c.owner, -entries.c.amount, journal.c.at_ms, starts)
    gifts = gifts.select_from(entries.join(journal, same_row)).where(*left_wallet)
    gifted = {row[0]: tuple(map(int, row[1:])) for row in c.execute(gifts)}
    reversals = _sums(fact_of("member"), fact_of("coins"), fact_of("sent_ms"), starts).where(*taken_back)
    for member, *returned in c.execute(reversals):
        before = gifted.get(member, (0,) * len(starts))
        gifted[member] = tuple(coins - int(back) for coins, back in zip(before, returned, strict=True))
    for member, at_ms, coins in _chips_back(c, guild_id, after, last):
        back = (coins if at_ms >= start else 0 for start in starts)
        before = gifted.get(member, (0,) * len(starts))
        gifted[member] = tuple(map(sub, before, back))
    return gifted if holder is None else {holder: gifted[holder]} if holder in gifted else {}


def _takes_back_gift() -> ColumnElement[bool]:
    """Return the condition that a row takes back a gift that its sender's budget counted when it was sent."""
    of_gift = journal.c.body.contains('"of_kind":"gift"', autoescape=True)
    return and_(journal.c.kind == Reverse.kind, of_gift, ~_of_pool())


def _of_pool() -> ColumnElement[bool]:
    """Return the condition that a gift, or what takes it back, is of a chip-in: budgets counted it when it was chipped
    in."""
    return journal.c.body.contains('"chip_in":', autoescape=True)


def _chips_back(c: Connection, guild_id: int, after: int, last: int) -> Iterator[tuple[int, int, int]]:
    """Yield what chips of pooled gifts that were taken back were: their holder, their time, and coins."""
    query = select(journal.c.seq).where(
        journal.c.guild_id == guild_id,
        journal.c.seq > after,
        journal.c.seq <= last,
        journal.c.kind == Reverse.kind,
        _of_pool(),
        _counts(),
    )
    for row in journal_store.rows_with(c, [(guild_id, seq) for seq in c.execute(query).scalars()]):
        for at_ms, coins in row.facts.get("chips", ()):
            yield row.facts["member"], at_ms, coins


def _counts() -> ColumnElement[bool]:
    """Return the condition that a gift counts on boards, and its reversal."""
    return ~journal.c.body.contains('"counts":false', autoescape=True)


def _sums(member: Any, coins: Any, at_ms: Any, starts: Sequence[int]) -> Any:  # noqa: ANN401 - columns and a query
    sums = (func.sum(case((at_ms >= start, coins), else_=0)) for start in starts)
    return select(member, *sums).group_by(member)


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
        if command.kind in _SPENDING:
            places.add((guild_id, books.holders[guild_id, command.actor_id]))
        else:
            places.update((guild_id, holder) for holder in command.holder_ids)
    books.budgets = cache.look_up(c, "budgets", places, budgets_of)


def _save(c: Connection, effects: Sequence[tuple[int, BudgetUsed | BudgetReturned]], books: Books) -> None:
    changed = {place: books.budgets[place] for place in {(guild_id, effect.holder) for guild_id, effect in effects}}
    save(c, changed)
    # The next batch needs the budgets of those who are sending gifts, and finds them in the cache.
    cache_of(c).put("budgets", changed)


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check what is counted as gifted in the last periods against the journal."""
    for holder, budget in _of_guild(c, guild_id).items():
        starts = [use.start_ms for use in budget.uses]
        recounted = gifted_since(c, guild_id, starts, holder).get(holder, (0,) * len(PERIODS))
        if tuple(use.coins for use in budget.uses) != recounted:
            counted_coins = ", ".join(str(use.coins) for use in budget.uses)
            yield 0, f"holder {holder} has gifted {counted_coins} by their budget, by the journal {recounted}"


register("budgets", _load, saves={BudgetUsed: _save, BudgetReturned: _save}, check=_check)
