"""Checks continually whether a gift could be booked now, by asking the books themselves.

Without this, nothing in an idle bot would reveal a hanging writer, a full disk or a lost server, or a database that was
deleted, replaced, or put back to an earlier state behind the bot's back.
"""

from collections.abc import Callable

from sqlalchemy import Connection

from bot.domain.errors import BooksClosed, Busy
from bot.storage.connect.address import BooksGone
from bot.storage.ledger import journal
from bot.storage.ledger.writer import Writer
from bot.storage.stores import app_state

PROBE_EVERY_S = 2.0
"""Seconds between two looks. For so long, gifts may be acknowledged and lost on a replaced database of a server."""
WRITE_EVERY_S = 10.0
"""Seconds between two looks that also write, while all is well. Other looks touch no disk."""
PATIENCE_S = 5.0
"""Seconds that a command may wait for the writer, or for another process's lock, before it counts as trouble."""

WROTE = "probe"
BOOKS = "books"


class Probe:
    """Probes the books, and remembers the outcome. `clock` returns seconds, `new_id` an id for books without one."""

    def __init__(self, writer: Writer, *, clock: Callable[[], float], new_id: Callable[[], str]) -> None:
        self._writer = writer
        self._clock = clock
        self._new_id = new_id
        self._books_id: str | None = None
        self._last_write_s: float | None = None
        self._failure: str | None = None

    def trouble(self) -> str | None:
        """Return why no gift could be booked now, None if one could."""
        if not self._writer.takes_money:
            return "money is refused because the books did not pass a check"
        if self._writer.waiting_s > PATIENCE_S:
            return f"the writer has not answered for {PATIENCE_S:.0f} s"
        return self._failure

    async def look(self) -> None:
        """Check that the books are still the same, and every `WRITE_EVERY_S` seconds that they can be written."""
        now = self._clock()
        is_due = self._failure is not None or self._last_write_s is None or now - self._last_write_s >= WRITE_EVERY_S
        try:
            if self._books_id is None:
                self._books_id = await self._writer.perform(identify, self._new_id())
            await self._writer.perform(probe, self._books_id, self._writer.newest, str(now) if is_due else None)
        except BooksClosed as error:
            self._failure = f"the books cannot be written: {error.__cause__ or 'they are closed'}"
        except Busy:
            self._failure = "another process holds a lock on the books"
        else:
            self._failure = None
            if is_due:
                self._last_write_s = now


def identify(c: Connection, new_id: str) -> str:
    """Return the id of these books. If they have none, it becomes `new_id`."""
    app_state.put_new(c, BOOKS, new_id)
    return app_state.get(c, BOOKS) or new_id


def probe(c: Connection, books_id: str, newest: tuple[int, int] | None, mark: str | None) -> None:
    """Raise BooksGone if these are not the books `books_id`, or lack the row `newest`, (guild id, row).

    `mark`, if given, is written, to see whether anything can be.
    """
    stored_id = app_state.get(c, BOOKS)
    if stored_id != books_id:
        fate = "replaced by other books" if stored_id else "emptied"
        raise BooksGone(f"The books were {fate} while the bot was running")
    if newest is not None and journal.head(c, newest[0]).seq < newest[1]:
        raise BooksGone(
            f"The books were set back to an earlier state while the bot was running: row {newest[1]} of guild "
            f"{newest[0]} is missing"
        )
    if mark is not None:
        app_state.put(c, WROTE, mark)
