"""What is known of a server's synchronous standbys, so that nobody is told of what may be lost with the primary.

A commit that waits for them shows its rows to nobody. But when the waiting is given up, by a timeout, an operator, or a
restart of the server, the rows are there to be read by everybody, and nowhere else.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from bot.domain.errors import BooksClosed
from bot.storage.connect.outcomes import Unreachable
from bot.storage.sql.row_notes import RowNotes, raise_to

PATIENCE_S = 2.0
"""How long a read waits for the standbys. Discord waits three seconds for an answer."""


class NotReplicated(Exception):  # noqa: N818 - a state of affairs
    """Somebody else has ended the waiting for standbys: what was committed may be on the primary alone."""


class Replication:
    """Up to which row the standbys have each guild's journal, as far as the connections of this process know.

    They have all rows before one that they have: whoever adds a row waits for the end of the commit before it.
    """

    def __init__(self, *, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._newest: dict[int, int] = {}
        self._asking = asyncio.Lock()
        self._begun = self._answered = 0

    def has(self, rows: Mapping[int, int]) -> bool:
        """Whether the standbys are known to have `rows`, the newest of each guild."""
        return all(seq <= self._newest.get(guild_id, 0) for guild_id, seq in rows.items())

    def note(self, notes: RowNotes) -> None:
        """Note that the standbys have what a transaction has read and written."""
        raise_to(self._newest, notes.read.items())
        raise_to(self._newest, notes.written.items())

    async def confirm(self, notes: RowNotes, ask: Callable[[], Awaitable[None]]) -> None:
        """Wait until the standbys have the rows that were read. Raises BooksClosed if that takes too long.

        `ask` returns when they have everything that could be read before. Many readers share one such question.
        """
        if self.has(notes.read):
            return
        begun_before = self._begun
        try:
            async with asyncio.timeout(self._patience_s), self._asking:
                # One that was under way may have been asked before these rows were there.
                if self._answered <= begun_before:
                    self._begun += 1
                    await ask()
                    self._answered = self._begun
        except (NotReplicated, TimeoutError, Unreachable) as error:
            raise BooksClosed from error
        self.note(notes)
