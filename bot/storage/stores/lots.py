"""The store of lots: which purchase the bought coins on an account come from."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, literal, select, union_all

from bot.domain.accounts import IN_LOTS, Account
from bot.domain.ledger.books import Books
from bot.domain.ledger.lots import LotsChanged
from bot.domain.lots import Lot, Lots
from bot.storage.ledger.batch_cache import BatchCache, cache_of
from bot.storage.ledger.projections import register
from bot.storage.sql.statements import InsertMany, Lookup, delete_many
from bot.storage.sql.tables import balances, unlisted_lots
from bot.storage.sql.tables import lots as table

_KEY = (table.c.guild_id, table.c.owner, table.c.kind)
_BY_ACCOUNT = Lookup(select(*_KEY, table.c.seq, table.c.coins), _KEY)
_UNLISTED = Lookup(
    select(unlisted_lots.c.guild_id, unlisted_lots.c.seq, unlisted_lots.c.lot, unlisted_lots.c.coins),
    (unlisted_lots.c.guild_id, unlisted_lots.c.seq),
)
_SAVE = InsertMany((*_KEY, table.c.seq, table.c.coins), update=lambda new: {"coins": new.coins})
_DELETE = delete_many((*_KEY, table.c.seq))

AccountKey = tuple[int, int, str]
"""Guild, owner and kind of an account."""


def lots_of(c: Connection, accounts: Collection[AccountKey]) -> dict[AccountKey, Lots]:
    """Return the lots of `accounts`, oldest first. Those without lots are left out."""
    lots: dict[AccountKey, Lots] = {}
    for guild_id, owner, kind, seq, coins in sorted(_BY_ACCOUNT.rows(c, accounts)):
        key = guild_id, owner, kind
        lots[key] = (*lots.get(key, ()), Lot(seq, coins))
    return lots


def unlisted(c: Connection, rows: Collection[tuple[int, int]]) -> dict[tuple[int, int], Lots]:
    """Return the lots of those of `rows`, (guild id, number) each, that are too old to list them."""
    lots: dict[tuple[int, int], Lots] = {}
    for guild_id, seq, lot, coins in sorted(_UNLISTED.rows(c, rows)):
        lots[guild_id, seq] = (*lots.get((guild_id, seq), ()), Lot(lot, coins))
    return lots


def _load(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    owners = {
        (command.guild_id, owner)
        for command in commands
        for owner in (*(books.holders[command.guild_id, member] for member in command.member_ids), *command.holder_ids)
    }
    # Most gifts are paid with promo coins alone, and an empty account has no lots.
    accounts = {
        (guild_id, owner, kind.value): (guild_id, account)
        for guild_id, owner in owners
        for kind in IN_LOTS
        if books.balance(guild_id, account := Account(kind, owner))
    }
    stored = cache.look_up(c, "lots", accounts.keys(), lots_of)
    books.lots = {accounts[key]: lots for key, lots in stored.items()}


def _load_unlisted(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    books.unlisted_lots = unlisted(c, {(command.guild_id, command.seq) for command in commands})


def _save(c: Connection, effects: Sequence[tuple[int, LotsChanged]], books: Books) -> None:
    changes: dict[tuple[int, Account], set[int]] = {}
    for guild_id, (account, more, less) in effects:
        changes.setdefault((guild_id, account), set()).update([seq for seq, _ in (*more, *less)])
    rows: list[tuple[Any, ...]] = []
    empty_rows: list[tuple[Any, ...]] = []
    lots_by_account: dict[AccountKey, Lots] = {}
    for place, seqs in changes.items():
        guild_id, (kind, owner) = place
        key = guild_id, owner, kind.value
        lots_by_account[key] = books.lots[place]
        coins = dict(books.lots[place])
        rows += [(*key, seq, coins[seq]) for seq in seqs if seq in coins]
        empty_rows += [(*key, seq) for seq in seqs if seq not in coins]
    _SAVE.run(c, rows)
    _DELETE.run(c, empty_rows)
    # The next batch needs the lots of those who are sending gifts, and finds them in the cache.
    cache_of(c).put("lots", lots_by_account)


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check that the lots of each account add up to its balance."""
    held = select(balances.c.owner, balances.c.kind, balances.c.amount.label("held"), literal(0).label("in_lots"))
    in_lots = select(table.c.owner, table.c.kind, literal(0), table.c.coins)
    both = union_all(
        held.where(balances.c.guild_id == guild_id, balances.c.kind.in_([kind.value for kind in IN_LOTS])),
        in_lots.where(table.c.guild_id == guild_id),
    ).subquery()
    held_sum, lots_sum = func.sum(both.c.held), func.sum(both.c.in_lots)
    query = select(both.c.owner, both.c.kind, held_sum, lots_sum).group_by(both.c.owner, both.c.kind)
    for owner, kind, balance, coins in c.execute(query.having(held_sum != lots_sum).order_by(both.c.owner)):
        yield 0, f"{kind} of {owner} holds {balance}, but its lots add up to {coins}"


register("lots", _load, saves={LotsChanged: _save}, check=_check)
register("unlisted_lots", _load_unlisted)
