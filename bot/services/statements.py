"""Statements of creators: by month, which are closed when they are first asked for, and by year."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.errors import NotFound
from bot.domain.statements import Month, Statement, YearFile
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.ledger import holders
from bot.storage.stores import guilds, statements


@dataclass(frozen=True, slots=True)
class Statements:
    """A creator's statements, oldest first. The last one may be of the month that is not over."""

    creator_id: int
    by_month: Sequence[Statement]

    def of(self, month: Month) -> Statement:
        """Return the statement of a month. Raise NotFound if nothing moved in it."""
        for each in self.by_month:
            if each.month == month:
                return each
        raise NotFound("receipt")

    @property
    def years(self) -> list[int]:
        """The years in which anything moved."""
        return [*dict.fromkeys(each.month.year for each in self.by_month)]

    def year(self, year: int) -> YearFile:
        """Return the file of a year."""
        return YearFile(year, [each for each in self.by_month if each.month.year == year])


class CreatorStatements:
    """The use-cases of statements."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def of_creator(self, guild_id: int, creator_id: int) -> Statements:
        """Return all statements of a creator. Those of months that are over get their number now.

        Raises Busy while so much is counted again that it would take long.
        """
        now_ms = self._clock()
        overview, is_complete = await self._database.read_folded(guild_id, _read, guild_id, creator_id, now_ms)
        if not is_complete:
            overview, _ = await self._database.writer.perform(_close, guild_id, creator_id, now_ms)
        return overview


def _read(connection: Connection, guild_id: int, creator_id: int, now_ms: int) -> tuple[Statements, bool]:
    """Return the statements, and whether those of all months that are over are stored."""
    # Nobody has the holder 0: it stands for members whom the books do not know.
    creator = holders.holder_id(connection, guild_id, creator_id) or 0
    by_month = statements.stored(connection, guild_id, creator)
    missing = [month for month in statements.months(connection, guild_id, creator) if month not in by_month]
    drafts = {month: statements.counted(connection, guild_id, creator, month) for month in missing}
    in_order = [each for _, each in sorted((by_month | drafts).items())]
    return Statements(creator_id, in_order), not any(month.is_closed(now_ms) for month in missing)


def _close(connection: Connection, guild_id: int, creator_id: int, now_ms: int) -> tuple[Statements, bool]:
    guilds.lock(connection, guild_id)
    # What is stored never changes, so nothing may be left to be counted.
    folding.fold_rest(connection, guild_id)
    creator = holders.holder_id(connection, guild_id, creator_id) or 0
    by_month = statements.stored(connection, guild_id, creator)
    for month in statements.months(connection, guild_id, creator):
        if month not in by_month and month.is_closed(now_ms):
            statements.close(connection, guild_id, creator, month, now_ms)
    return _read(connection, guild_id, creator_id, now_ms)
