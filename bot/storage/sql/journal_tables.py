"""The tables of the journal: its end, its rows, their entries, and the texts that belong to them."""

from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, PrimaryKeyConstraint, UniqueConstraint, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.storage.sql.columns import (
    blob,
    holder,
    index,
    integer,
    of_guild,
    of_journal,
    string,
    table,
    words,
)

# The end of each guild's journal. A transaction locks this row first.
heads = table(
    "heads",
    integer("guild_id"),
    integer("seq"),
    blob("hash"),
    PrimaryKeyConstraint("guild_id"),
    of_guild(),
    rowid=True,
)

# One row per transaction, without gaps per guild, never changed. Each holds the hash of the one before.
journal = table(
    "journal",
    integer("guild_id"),
    integer("seq"),
    string("kind"),
    string("key"),
    holder("actor"),
    integer("at_ms"),
    string("body"),
    blob("previous"),
    blob("hash"),
    PrimaryKeyConstraint("guild_id", "seq"),
    UniqueConstraint("guild_id", "key"),
    of_guild(),
    CheckConstraint("seq > 0", name="seq_counts_from_one"),
)

GIFTS = text("kind = 'gift'")
"""The condition of the index below. Queries that are to use it have to repeat it like this."""


class receiver_of(FunctionElement[int]):  # noqa: N801 - used like a function of SQL
    """The creator, a holder, in the body of a gift's row, in SQL. Written as the index has it."""

    inherit_cache = True
    type = BigInteger()

    def __init__(self) -> None:
        super().__init__(journal.c.body)


@compiles(receiver_of, "sqlite")
def _receiver_in_sqlite(receiver: receiver_of, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - its own
    return f"json_extract({compiler.process(receiver.clauses, **options)}, '$.creator')"


@compiles(receiver_of, "postgresql")
def _receiver_in_postgresql(receiver: receiver_of, compiler: SQLCompiler, **options: Any) -> str:  # noqa: ANN401 - its own
    # An index takes jsonb, and not json, which PostgreSQL does not call immutable.
    return f"(CAST(CAST({compiler.process(receiver.clauses, **options)} AS jsonb) ->> 'creator' AS bigint))"


# Without the guild: a holder belongs to one guild only, because holders are drawn from 53 bits.
index("ix_journal_gifts", receiver_of(), journal.c.seq, where=GIFTS)

# The legs of each transaction, which sum to zero.
entries = table(
    "entries",
    integer("guild_id"),
    integer("seq"),
    integer("leg"),
    string("kind"),
    holder("owner"),
    integer("amount"),
    PrimaryKeyConstraint("guild_id", "seq", "leg"),
    of_journal(),
    CheckConstraint("amount <> 0", name="amount_moves"),
)
MEMBERS_OWN = text("owner <> 0")
index(None, entries.c.guild_id, entries.c.owner, entries.c.seq, where=MEMBERS_OWN)

# The text that a member wrote with a transaction. It is not in the journal, because it may have to be erased.
notes = table(
    "notes",
    integer("guild_id"),
    integer("seq"),
    words("text", "journal.actor"),
    PrimaryKeyConstraint("guild_id", "seq"),
    of_journal(),
)
