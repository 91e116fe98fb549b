"""Writes deadlines, for stores and folds alike. `bot.storage.stores.deadlines` does all else with them."""

from collections.abc import Collection, Sequence

from sqlalchemy import Connection, case, literal_column, or_

from bot.domain.deadlines import Deadline, DeadlineKind
from bot.storage.sql import deadline_notes
from bot.storage.sql.deadline_tables import deadlines as table
from bot.storage.sql.statements import InsertMany

KEY = (table.c.guild_id, table.c.kind, table.c.subject)
COLUMNS = (*KEY, table.c.at_ms, table.c.claim_ms)

_SET = InsertMany(COLUMNS, update=lambda new: {"at_ms": new.at_ms})
_IS_CLAIMED = table.c.claim_ms > literal_column("0")
_SET_EARLIEST = InsertMany(
    COLUMNS,
    # The bot that has claimed the row handles what was due until then. The new time must survive when it has finished.
    update=lambda new: {"at_ms": case((or_(_IS_CLAIMED, new.at_ms < table.c.at_ms), new.at_ms), else_=table.c.at_ms)},
)


def put(c: Connection, *deadlines: Deadline | None) -> None:
    """Set deadlines of different keys, in place of those that are set. None stands for no deadline."""
    _put(c, _SET, [deadline for deadline in deadlines if deadline is not None])


def put_earliest(c: Connection, deadlines: Collection[Deadline]) -> None:
    """Set deadlines that are shared: of those with the same key, the earliest counts."""
    earliest: dict[tuple[int, DeadlineKind, int], Deadline] = {}
    for deadline in sorted(deadlines, key=lambda deadline: deadline.at_ms):
        earliest.setdefault(deadline.key, deadline)
    _put(c, _SET_EARLIEST, [*earliest.values()])


def row_key(deadline: Deadline) -> tuple[int, str, int]:
    """Return the key of a deadline's row."""
    # The driver looks for an adapter for every value that is not exactly a str.
    return deadline.guild_id, deadline.kind.value, deadline.subject


def _put(c: Connection, statement: InsertMany, deadlines: Sequence[Deadline]) -> None:
    statement.run(c, [(*row_key(deadline), deadline.at_ms, 0) for deadline in deadlines])
    for deadline in deadlines:
        deadline_notes.note(c, deadline.at_ms)
