"""How a transaction tells whoever runs it which rows of journals somebody will be told of, and which it has written.

They are noted on the connection, as deadlines are. Only where a server may have standbys does anybody ask for them.
"""

from collections.abc import Callable, Iterable, MutableMapping
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection

T = TypeVar("T")

_NOTES = "row_notes"


class RowNotes(NamedTuple):
    """The newest row of each guild, of those that were read for receipts and of those that were written."""

    read: dict[int, int]
    written: dict[int, int]


def note_read(c: Connection, rows: Iterable[tuple[int, int]]) -> None:
    """Note that somebody will be told of `rows`, (guild id, sequence number) each."""
    notes: RowNotes | None = c.info.get(_NOTES)
    if notes is not None:
        raise_to(notes.read, rows)


def note_written(c: Connection, rows: Iterable[tuple[int, int]]) -> None:
    """Note that the transaction has written `rows`, (guild id, sequence number) each."""
    notes: RowNotes | None = c.info.get(_NOTES)
    if notes is not None:
        raise_to(notes.written, rows)


def run(c: Connection, work: Callable[[Connection], T]) -> tuple[T, RowNotes]:
    """Run `work`; return its result, and what it has noted."""
    # A connection that is lost meanwhile would not give it once more.
    info = c.info
    notes = info[_NOTES] = RowNotes({}, {})
    try:
        return work(c), notes
    finally:
        info.pop(_NOTES, None)


def raise_to(newest: MutableMapping[int, int], rows: Iterable[tuple[int, int]]) -> None:
    """Raise the newest row of each guild to that among `rows`, if it is newer."""
    for guild_id, seq in rows:
        if seq > newest.get(guild_id, 0):
            newest[guild_id] = seq
