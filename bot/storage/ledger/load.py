"""Load everything that a batch of commands touches, with one query per table however many commands there are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count

from sqlalchemy import Connection, select

from bot.domain.accounts import NOBODY, Account, AccountKind
from bot.domain.ledger import KINDS
from bot.domain.ledger.books import Books
from bot.domain.ledger.earlier_keys import earlier_key
from bot.domain.ledger.kinds import Command
from bot.domain.receipts import Receipt
from bot.storage.ledger import heads, holders, journal
from bot.storage.ledger.batch_cache import BatchCache, cache_of
from bot.storage.ledger.projections import load_projections
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import balances

_SELECT_BALANCES = select(balances.c.guild_id, balances.c.kind, balances.c.owner, balances.c.amount)
_BALANCES = Lookup(_SELECT_BALANCES, (balances.c.guild_id, balances.c.owner), lock=True)
_BALANCES_AS_READ = Lookup(_SELECT_BALANCES, (balances.c.guild_id, balances.c.owner))
_KINDS = {kind.value: kind for kind in AccountKind}


@dataclass(slots=True)
class BatchState:
    """The books of a batch, the receipts of keys that are already recorded, and holder ids for new members."""

    books: Books
    receipts: dict[tuple[int, str], Receipt]
    newcomers: dict[tuple[int, int], int] = field(default_factory=dict[tuple[int, int], int])


def load(c: Connection, commands: Sequence[Command], new_holder: Callable[[], int]) -> BatchState:
    """Load everything needed to decide `commands`. Members without a holder id get a new one, not stored yet."""
    # Heads come first: if several processes write, locking the heads keeps everything below from changing.
    books = Books(heads=heads.lock(c, {command.guild_id for command in commands}))
    cache = cache_of(c)
    cache.check(c)
    keys = _keys_of(commands)
    commands = _with_parts(commands)
    newcomers = _load_members(c, commands, books, cache, new_holder)
    _load_balances(c, commands, books, _BALANCES, newcomers)
    rows = journal.recorded(c, keys)
    asked_keys = [keys[row.guild_id, row.key] for row in rows]
    books.recorded = dict(zip(asked_keys, rows, strict=True))
    load_projections(c, commands, books, cache)
    receipts = dict(zip(asked_keys, journal.receipts_of(c, rows), strict=True))
    return BatchState(books, receipts, newcomers)


def load_for_preview(c: Connection, *of_guild: Command) -> Books:
    """Load everything needed to decide commands of one guild, on a connection that only reads.

    Nothing is locked or cached.
    """
    guild_id = of_guild[0].guild_id
    books = Books(heads={guild_id: journal.head(c, guild_id)})
    # Holder ids are never negative, so members without one get an id here that nobody has.
    commands = _with_parts(of_guild)
    newcomers = _load_members(c, commands, books, BatchCache(), partial(next, count(-1, -1)))
    _load_balances(c, commands, books, _BALANCES_AS_READ, newcomers)
    load_projections(c, commands, books, BatchCache())
    return books


def _keys_of(commands: Sequence[Command]) -> dict[tuple[int, str], tuple[int, str]]:
    """Return each (guild id, key) under which a command may be recorded, mapped to the command's own (guild id,
    key)."""
    keys = {(command.guild_id, command.key): (command.guild_id, command.key) for command in commands}
    for command in commands:
        earlier = earlier_key(command.key, command.actor_id)
        if earlier is not None:
            keys[command.guild_id, earlier] = command.guild_id, command.key
    return keys


def _with_parts(commands: Sequence[Command]) -> Sequence[Command]:
    """Return `commands`, and the parts of those that write several rows."""
    parts = [part for command in commands if (parts_of := KINDS[command.kind].parts) for part in parts_of(command)]
    return [*commands, *parts] if parts else commands


def _load_members(
    c: Connection, commands: Sequence[Command], books: Books, cache: BatchCache, new_holder: Callable[[], int]
) -> dict[tuple[int, int], int]:
    """Load the holders of the members of `commands`. Return the holder ids of new members."""
    head_rows = {(guild_id, head.seq) for guild_id, head in books.heads.items()}
    times = cache.look_up(c, "times", head_rows, journal.times_of)
    books.ends_ms = {guild_id: at_ms for (guild_id, _), at_ms in times.items()}
    members = {(command.guild_id, member_id) for command in commands for member_id in command.member_ids}
    # Members without a holder are not cached: this batch may be about to insert them.
    rows = cache.look_up(c, "holders", members, holders.holders_of, keep=bool)
    books.holders = {member: row.holder_id for member, row in rows.items()}
    books.anonymous = {member for member, row in rows.items() if row.anonymous_since_ms is not None}
    books.quiet = {member for member, row in rows.items() if row.quiet_since_ms is not None}
    newcomers = {member: new_holder() for member in members - books.holders.keys()}
    books.holders.update(newcomers)
    return newcomers


def _load_balances(
    c: Connection,
    commands: Sequence[Command],
    books: Books,
    lookup: Lookup,
    newcomers: Mapping[tuple[int, int], int],
) -> None:
    owners = {(member[0], holder_id) for member, holder_id in books.holders.items() if member not in newcomers}
    owners |= {(command.guild_id, NOBODY) for command in commands}
    owners |= {(command.guild_id, holder_id) for command in commands for holder_id in command.holder_ids}
    books.balances = {
        (guild_id, Account(_KINDS[kind], owner)): amount for guild_id, kind, owner, amount in lookup.rows(c, owners)
    }
