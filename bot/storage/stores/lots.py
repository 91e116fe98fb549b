"""The store of lots: which purchase the bought coins on an account come from."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, select

from bot.domain.accounts import IN_LOTS, Account
from bot.domain.ledger.books import Books
from bot.domain.ledger.lots import LotsChanged
from bot.domain.lots import Lot, Lots
from bot.storage.ledger.batch_cache import BatchCache, cache_of
from bot.storage.ledger.projections import register
from bot.storage.sql.statements import InsertMany, Lookup, delete_many
from bot.storage.sql.tables import lots as table
from bot.storage.sql.tables import unlisted_lots

_COLUMNS = (table.c.guild_id, table.c.owner, table.c.kind, table.c.seq, table.c.coins)
_BY_ACCOUNT = Lookup(select(*_COLUMNS), _COLUMNS[:3])
_UNLISTED = Lookup(
    select(unlisted_lots.c.guild_id, unlisted_lots.c.seq, unlisted_lots.c.lot, unlisted_lots.c.coins),
    (unlisted_lots.c.guild_id, unlisted_lots.c.seq),
)
_SAVE = InsertMany(_COLUMNS, update=lambda new: {"coins": new.coins})
_DELETE = delete_many(_COLUMNS[:-1])
# Before Python 3.12, asking a member for its value costs a function call.
_NAMES = {kind: kind.value for kind in IN_LOTS}
_KINDS = {kind.value: kind for kind in IN_LOTS}

Place = tuple[int, Account]
"""A guild and an account of it."""


def lots_of(c: Connection, places: Collection[Place]) -> dict[Place, Lots]:
    """Return the lots of accounts, oldest first. Accounts without lots are left out."""
    keys = [(guild_id, account.owner, _NAMES[account.kind]) for guild_id, account in places]
    lots: dict[Place, Lots] = {}
    for guild_id, owner, kind, seq, coins in sorted(_BY_ACCOUNT.rows(c, keys)):
        place = guild_id, Account(_KINDS[kind], owner)
        lots[place] = (*lots.get(place, ()), Lot(seq, coins))
    return lots


def unlisted(c: Connection, rows: Collection[tuple[int, int]]) -> dict[tuple[int, int], Lots]:
    """Return the lots of those of `rows`, (guild id, number) each, that are too old to list them."""
    lots: dict[tuple[int, int], Lots] = {}
    for guild_id, seq, lot, coins in sorted(_UNLISTED.rows(c, rows)):
        lots[guild_id, seq] = (*lots.get((guild_id, seq), ()), Lot(lot, coins))
    return lots


def _load(c: Connection, _commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    # Most gifts are paid with promo coins alone, and an empty account has no lots.
    places = [place for place, coins in books.balances.items() if coins and place[1].kind in IN_LOTS]
    books.lots = cache.look_up(c, "lots", places, lots_of)


def _load_unlisted(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    books.unlisted_lots = unlisted(c, {(command.guild_id, command.seq) for command in commands})


def _save(c: Connection, effects: Sequence[tuple[int, LotsChanged]], books: Books) -> None:
    stored: dict[Place, Lots] = {}
    for guild_id, effect in effects:
        stored.setdefault((guild_id, effect.account), effect.before)
    changed_rows: list[tuple[Any, ...]] = []
    empty_rows: list[tuple[Any, ...]] = []
    for place, before in stored.items():
        guild_id, account = place
        key = guild_id, account.owner, _NAMES[account.kind]
        stored_coins = dict(before)
        for seq, coins in books.lots[place]:
            if stored_coins.pop(seq, 0) != coins:
                changed_rows.append((*key, seq, coins))
        empty_rows += [(*key, seq) for seq in stored_coins]
    _SAVE.run(c, changed_rows)
    _DELETE.run(c, empty_rows)
    # The next batch needs the lots of those who are sending gifts, and finds them in the cache.
    cache_of(c).put("lots", {place: books.lots[place] for place in stored})


register("lots", _load, saves={LotsChanged: _save})
register("unlisted_lots", _load_unlisted)
