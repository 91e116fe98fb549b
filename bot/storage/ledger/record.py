"""Write what a batch decided, with one statement per table however many transactions there are."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.domain.accounts import AccountKind
from bot.domain.ledger.books import Books, Decision
from bot.domain.ledger.journal import JournalRow
from bot.storage.ledger import journal
from bot.storage.ledger.batch_cache import cache_of
from bot.storage.ledger.projections import save_projections
from bot.storage.sql.statements import InsertMany
from bot.storage.sql.tables import balances, entries, heads, notes

Record = tuple[JournalRow, Decision]
"""A new row of a journal, and the decision that it records."""

# AccountKind is a str subclass, and the driver looks for an adapter for every value that is not exactly a str.
_PLAIN: dict[str, str] = {member: member.value for member in AccountKind}

_ENTRIES = InsertMany(
    (entries.c.guild_id, entries.c.seq, entries.c.leg, entries.c.kind, entries.c.owner, entries.c.amount)
)
_NOTES = InsertMany((notes.c.guild_id, notes.c.seq, notes.c.text))
_HEADS = InsertMany(
    (heads.c.guild_id, heads.c.seq, heads.c.hash), update=lambda new: {"seq": new.seq, "hash": new.hash}
)
_BALANCES = InsertMany(
    (balances.c.guild_id, balances.c.owner, balances.c.kind, balances.c.amount),
    update=lambda new: {"amount": new.amount},
)


def record(c: Connection, records: Sequence[Record], books: Books) -> None:
    """Write the rows of `records`, and update every projection that they touch to the state in `books`."""
    rows = [row for row, _ in records]
    journal.insert(c, rows)
    _ENTRIES.run(
        c,
        [
            (row.guild_id, row.seq, leg, _PLAIN[account.kind], account.owner, amount)
            for row in rows
            for leg, (account, amount) in enumerate(row.entries)
        ],
    )
    _NOTES.run(c, [(row.guild_id, row.seq, decision.note) for row, decision in records if decision.note])
    guild_ids = {row.guild_id for row in rows}
    _HEADS.run(c, [(guild_id, books.heads[guild_id].seq, books.heads[guild_id].hash) for guild_id in guild_ids])
    # The next batch needs the time of the last rows, and finds it in the cache.
    cache_of(c).put("times", {(guild_id, books.heads[guild_id].seq): books.ends_ms[guild_id] for guild_id in guild_ids})
    accounts = {(row.guild_id, account) for row in rows for account, _ in row.entries}
    _BALANCES.run(
        c,
        [
            (guild_id, account.owner, _PLAIN[account.kind], books.balance(guild_id, account))
            for guild_id, account in accounts
        ],
    )
    save_projections(c, [(row.guild_id, effect) for row, decision in records for effect in decision.effects], books)
