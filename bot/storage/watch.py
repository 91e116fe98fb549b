"""Audits open books: at the start, every hour, and in small pieces for as long as the bot runs.

After any finding, money is refused, and the log says what to do. This does not end on its own: somebody has to look at
the books, and restart the bot.
"""

import logging
from collections.abc import Callable, Sequence

from bot.storage.audit.auditor import Finding, audit_slice, audit_start
from bot.storage.audit.slices import ROWS, Bookmark, next_bite, place_at
from bot.storage.database import Database

log = logging.getLogger(__name__)

LOOK_EVERY_S = 20.0
"""Seconds between two looks. Almost a million rows are checked per hour, for a 300th of a processor."""

CHECK_EVERY_MS = 3_600_000

_LEAST = ROWS // 20
"""Rows that a bite counts as, at least. So one look covers at most 20 small guilds."""


class Watch:
    """Audits open books. `clock` returns milliseconds since the epoch, `chance` a random number from 0 to 1."""

    def __init__(self, database: Database, *, clock: Callable[[], int], chance: Callable[[], float]) -> None:
        self._database = database
        self._clock = clock
        self._chance = chance
        self._checked_ms = 0
        self._place: Bookmark | None = None
        self.findings = 0
        """How many findings made money be refused."""

    async def check(self) -> None:
        """Run the fast audit, which takes seconds: the newest rows, and the sums of all balances."""
        self._refuse_money(await self._database.read(audit_start))
        self._checked_ms = self._clock()

    async def look(self, serves: Callable[[int], bool]) -> None:
        """Check the next rows and members of the guilds that are served. Once an hour run `check`, too.

        Do nothing while money is refused.
        """
        if not self._database.writer.takes_money:
            return
        if self._clock() - self._checked_ms >= CHECK_EVERY_MS:
            await self.check()
        if self._place is None:
            # Start at a random place, so that a bot that is restarted every day also covers all of the books over time.
            self._place = await self._database.read(place_at, self._chance())
        rows_read = 0
        while rows_read < ROWS and self._database.writer.takes_money:
            bite = await self._database.read(next_bite, self._place, serves)
            if bite is None:
                self._place = Bookmark()
                return
            self._refuse_money(await self._database.read(audit_slice, bite))
            self._place = bite.after
            rows_read += max(bite.end.seq - bite.begin.seq, _LEAST)

    def _refuse_money(self, findings: Sequence[Finding]) -> None:
        if findings:
            self.findings = len(findings)
            self._database.writer.stop_money()
            log.critical(
                "The books do not add up, so money is refused (guild %s row %s: %s). For the full list, run: "
                "python -m bot audit. Then stop the bot and restore a backup: python -m bot restore BACKUP --force",
                findings[0].guild_id,
                findings[0].seq,
                findings[0].what,
            )
