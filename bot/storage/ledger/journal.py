"""The store of the journal, which is the single source of truth about money. Rows are read as receipts."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.domain.ledger.earlier_keys import earlier_key
from bot.domain.ledger.journal import Head, JournalRow
from bot.domain.receipts import Receipt, other_holder, people_in
from bot.storage.ledger import holders
from bot.storage.sql import row_notes
from bot.storage.sql.statements import InsertMany, Lookup, Query
from bot.storage.sql.tables import heads, journal, notes

_COLUMNS = (
    journal.c.guild_id,
    journal.c.seq,
    journal.c.kind,
    journal.c.key,
    journal.c.actor,
    journal.c.at_ms,
    journal.c.body,
    journal.c.previous,
    journal.c.hash,
)
_SELECT = select(*_COLUMNS)
_BY_KEY = Lookup(_SELECT, (journal.c.guild_id, journal.c.key))
_BY_SEQ = Lookup(_SELECT, (journal.c.guild_id, journal.c.seq))
_AFTER = Query(
    _SELECT.where(journal.c.guild_id == bindparam("guild_id"), journal.c.seq > bindparam("seq"))
    .order_by(journal.c.seq)
    .limit(bindparam("most", type_=BigInteger))
)
_NOTES = Lookup(select(notes.c.guild_id, notes.c.seq, notes.c.text), (notes.c.guild_id, notes.c.seq))
_NOTED = Query(
    select(notes.c.seq)
    .where(
        notes.c.guild_id == bindparam("guild_id"), notes.c.seq > bindparam("after"), notes.c.seq <= bindparam("until")
    )
    .order_by(notes.c.seq)
    .limit(bindparam("most", type_=BigInteger))
)
_TIMES = Lookup(select(journal.c.guild_id, journal.c.seq, journal.c.at_ms), (journal.c.guild_id, journal.c.seq))
_HASHES = Lookup(select(journal.c.guild_id, journal.c.seq, journal.c.hash), (journal.c.guild_id, journal.c.seq))
_INSERT = InsertMany(_COLUMNS)


class fact_of(FunctionElement[int]):  # noqa: N801 - used like a function of SQL
    """A whole number among the facts of a row, in SQL. NULL if the row's kind has no such fact."""

    inherit_cache = True
    type = BigInteger()

    def __init__(self, name: str) -> None:
        assert name.isidentifier(), name
        self.name = name
        super().__init__(journal.c.body, literal_column(f"'{name}'"))


@compiles(fact_of, "sqlite")
def _fact_in_sqlite(fact: fact_of, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    body, name = fact.clauses
    return f"json_extract({compiler.process(body, **options)}, '$.' || {compiler.process(name, **options)})"


@compiles(fact_of, "postgresql")
def _fact_in_postgresql(fact: fact_of, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - the compiler's own
    body, name = fact.clauses
    return f"CAST(CAST({compiler.process(body, **options)} AS json) ->> {compiler.process(name, **options)} AS bigint)"


def head(c: Connection, guild_id: int) -> Head:
    """Return the end of a guild's journal: the number and hash of its last row."""
    row = c.execute(select(heads.c.seq, heads.c.hash).where(heads.c.guild_id == guild_id)).one_or_none()
    return Head(*row) if row else Head()


def times_of(c: Connection, rows: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the time, in milliseconds, of each of `rows`, (guild id, sequence number) each."""
    return {(guild_id, seq): at_ms for guild_id, seq, at_ms in _TIMES.rows(c, rows)}


def hashes_of(c: Connection, rows: Collection[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """Return the hash of each of `rows`, (guild id, sequence number) each, that there is."""
    return {(guild_id, seq): bytes(digest) for guild_id, seq, digest in _HASHES.rows(c, rows)}


def all_heads(c: Connection) -> tuple[tuple[int, int, bytes], ...]:
    """Return the end of every journal that has rows, as (guild id, row, hash), by guild."""
    query = select(heads.c.guild_id, heads.c.seq, heads.c.hash).where(heads.c.seq > 0).order_by(heads.c.guild_id)
    rows = c.execute(query)
    return tuple((guild_id, seq, bytes(digest)) for guild_id, seq, digest in rows)


def after(c: Connection, guild_id: int, seq: int, limit: int) -> list[Receipt]:
    """Return up to `limit` transactions that follow `seq`, oldest first."""
    return receipts_of(c, [_row(row) for row in _AFTER.rows(c, guild_id=guild_id, seq=seq, most=limit)])


def noted_between(c: Connection, guild_id: int, after: int, until: int, limit: int) -> list[Receipt]:
    """Return up to `limit` transactions with a member's message among the rows `after` + 1 to `until`, oldest first."""
    seqs = [seq for (seq,) in _NOTED.rows(c, guild_id=guild_id, after=after, until=until, most=limit)]
    return sorted(receipts_with(c, guild_id, seqs), key=lambda row: row.seq)


def seq_before(c: Connection, guild_id: int, at_ms: int) -> int:
    """Return the last row that was booked before `at_ms`, 0 for none.

    Times have no index. They grow with the row numbers, which have no gaps, so a binary search finds the row. If a
    wrong clock booked rows ahead of time, a row nearby is found.
    """
    low, high = 0, head(c, guild_id).seq
    # Most callers ask for a time after the last row.
    if high and times_of(c, [(guild_id, high)])[guild_id, high] < at_ms:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if times_of(c, [(guild_id, middle)])[guild_id, middle] < at_ms:
            low = middle
        else:
            high = middle - 1
    return low


def find(c: Connection, guild_id: int, key: str) -> Receipt | None:
    """Return the transaction that was recorded under `key`, None if there is none."""
    receipts = receipts_of(c, recorded(c, [(guild_id, key)]))
    return receipts[0] if receipts else None


def find_own(c: Connection, guild_id: int, key: str, member_id: int) -> Receipt | None:
    """Return the receipt of what a member had recorded under `key`, None if there is none, or it is somebody else's."""
    keys = [(guild_id, each) for each in (key, earlier_key(key, member_id)) if each is not None]
    receipts = receipts_of(c, recorded(c, keys))
    return next((each for each in receipts if each.actor_id == member_id), None)


def receipt(c: Connection, guild_id: int, seq: int) -> Receipt | None:
    """Return one transaction, None if there is no such row."""
    receipts = receipts_with(c, guild_id, [seq])
    return receipts[0] if receipts else None


def receipts_with(c: Connection, guild_id: int, seqs: Collection[int]) -> list[Receipt]:
    """Return the transactions with the sequence numbers `seqs`, in no particular order."""
    return receipts_of(c, rows_with(c, [(guild_id, seq) for seq in seqs]))


def rows_with(c: Connection, seqs: Collection[tuple[int, int]]) -> list[JournalRow]:
    """Return the rows `seqs`, (guild id, sequence number) each, without their entries, in no particular order."""
    return [_row(row) for row in _BY_SEQ.rows(c, seqs)]


def recorded(c: Connection, keys: Collection[tuple[int, str]]) -> list[JournalRow]:
    """Return the rows recorded under `keys`, (guild id, key) each, without their entries."""
    return [_row(row) for row in _BY_KEY.rows(c, keys)]


def receipts_of(c: Connection, rows: Sequence[JournalRow]) -> list[Receipt]:
    """Return the receipts of `rows`, in the same order, with member ids in place of holder ids."""
    row_notes.note_read(c, ((row.guild_id, row.seq) for row in rows))
    members: dict[tuple[int, int], int] = {}
    facts = [row.facts for row in rows]
    people = {(row.guild_id, row.seq): people_in(each) for row, each in zip(rows, facts, strict=True)}
    # Guild by guild, because holder ids are unique only within a guild.
    for guild_id in {row.guild_id for row in rows}:
        guild_rows = [row for row in rows if row.guild_id == guild_id]
        holder_ids = {row.actor for row in guild_rows} | {other_holder(row) for row in guild_rows} - {0}
        holder_ids |= {holder for row in guild_rows for holder, _ in people[guild_id, row.seq]}
        for holder_id, member_id in holders.member_ids(c, guild_id, holder_ids).items():
            members[guild_id, holder_id] = member_id
    texts = {(guild_id, seq): text for guild_id, seq, text in _NOTES.rows(c, [(r.guild_id, r.seq) for r in rows])}
    return [
        Receipt(
            guild_id=row.guild_id,
            seq=row.seq,
            kind=row.kind,
            at_ms=row.at_ms,
            actor_id=members.get((row.guild_id, row.actor), 0),
            other_id=members.get((row.guild_id, other_holder(row)), 0),
            facts=row_facts,
            note=texts.get((row.guild_id, row.seq), ""),
            people=tuple(
                [(members.get((row.guild_id, holder), 0), coins) for holder, coins in people[row.guild_id, row.seq]]
            ),
        )
        for row, row_facts in zip(rows, facts, strict=True)
    ]


def insert(c: Connection, rows: Sequence[JournalRow]) -> None:
    """Append rows. Their entries are inserted separately."""
    row_notes.note_written(c, ((row.guild_id, row.seq) for row in rows))
    _INSERT.run(
        c,
        [(r.guild_id, r.seq, r.kind, r.key, r.actor, r.at_ms, r.body.decode(), r.previous, r.hash) for r in rows],
    )


def _row(row: tuple[Any, ...]) -> JournalRow:
    guild_id, seq, kind, key, actor, at_ms, body, previous, digest = row
    return JournalRow(guild_id, seq, kind, key, actor, at_ms, body.encode(), previous, digest)
