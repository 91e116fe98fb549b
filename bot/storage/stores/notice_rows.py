"""Writes the notices about rows of the journal, each for a holder, in the transaction that books the row."""

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection

from bot.domain.ledger.books import Books
from bot.domain.notices import NoticeKind
from bot.storage.sql.notice_tables import notices as table
from bot.storage.sql.statements import InsertMany

_INSERT = InsertMany((table.c.guild_id, table.c.holder_id, table.c.kind, table.c.number, table.c.since_ms))


class Noticed(Protocol):
    """An effect: a holder hears of the row under `key`."""

    @property
    def holder(self) -> int:
        """Who hears of it."""
        ...

    @property
    def key(self) -> str:
        """The key of the row."""
        ...


def save(kind: NoticeKind, c: Connection, effects: Sequence[tuple[int, Noticed]], books: Books) -> None:
    """Have holders told of rows with their next reply."""
    rows = [(guild_id, effect.holder, books.recorded[guild_id, effect.key]) for guild_id, effect in effects]
    _INSERT.run(c, [(guild_id, holder, kind.value, row.seq, row.at_ms) for guild_id, holder, row in rows])
