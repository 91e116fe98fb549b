"""Histories: what a member's coins went through, entry by entry, by month, by creator, and by purchase."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.errors import NotFound
from bot.domain.ids import HIGHEST
from bot.domain.orders import Order
from bot.domain.wallets import WalletLine
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.folds.leaderboards import spending
from bot.storage.ledger import holders, journal
from bot.storage.stores import guilds, orders, payment_cases, perk_spending, wallets

PAGE: Final = 6
"""Entries on a page."""
PURCHASES: Final = 5
"""Purchases on a page."""
MONTHS: Final = 12
"""Months that are added up, the current one included."""
CREATORS: Final = 15
"""Creators that are listed, those with most coins."""
FILE_ROWS: Final = 5_000
"""Entries in one file. The next file begins where it ends."""


class EntriesPage(NamedTuple):
    """Entries, newest first, and whether there are newer and older ones."""

    lines: list[WalletLine]
    has_newer: bool
    has_older: bool


class MonthSpent(NamedTuple):
    """The coins that were spent in a month (202611) of the guild's calendar, perks included, and the gifts' pieces."""

    month: int
    coins: int
    pieces: int


class CreatorSpent(NamedTuple):
    """The coins and the pieces that a creator was given. The id is 0 for one who was erased."""

    creator_id: int
    coins: int
    pieces: int


@dataclass(frozen=True, slots=True)
class Purchase:
    """An order, and the row of the journal that has its coins, None if they never came."""

    order: Order
    seq: int | None


class Histories:
    """The use-cases of a member's own history."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def entries(
        self, guild_id: int, member_id: int, *, before: int | None = None, after: int | None = None
    ) -> EntriesPage:
        """Return the newest entries, or the last ones before row `before`, or the first ones after row `after`.

        If there are none, return the newest.
        """
        before, after = (None if seq is None else min(seq, HIGHEST) for seq in (before, after))
        page = await self._database.read(_entries, guild_id, member_id, before, after)
        return page if page.lines else await self._database.read(_entries, guild_id, member_id, None, None)

    async def receipt(self, guild_id: int, member_id: int, seq: int) -> WalletLine:
        """Return one entry of a member. Raise NotFound for one that is not theirs, as for one that does not exist."""
        lines = await self._database.read(_receipt, guild_id, member_id, seq)
        if not lines:
            raise NotFound("receipt")
        return lines[0]

    async def months(self, guild_id: int, member_id: int) -> list[MonthSpent]:
        """Return what was spent in each of the last months, newest first, without empty ones; raise UnknownGuild."""
        return await self._database.read_folded(guild_id, _months, guild_id, member_id, self._clock())

    async def creators(self, guild_id: int, member_id: int) -> list[CreatorSpent]:
        """Return the creators to whom a member has gifted most, anonymous gifts included."""
        return await self._database.read_folded(guild_id, _creators, guild_id, member_id)

    async def purchases(self, guild_id: int, member_id: int, page: int) -> tuple[list[Purchase], int, int]:
        """Return a page of a member's purchases, newest first, which one it is, and how many there are."""
        return await self._database.read(_purchases, guild_id, member_id, page)

    async def file(self, guild_id: int, member_id: int, before: int | None = None) -> list[WalletLine]:
        """Return many entries before a row, newest first."""
        before = None if before is None else min(before, HIGHEST)
        return await self._database.read(wallets.lines, guild_id, member_id, limit=FILE_ROWS, before_seq=before)


def _entries(
    connection: Connection, guild_id: int, member_id: int, before: int | None, after: int | None
) -> EntriesPage:
    lines = wallets.lines(
        connection, guild_id, member_id, limit=PAGE + 1, before_seq=before, after_seq=None if before else after
    )
    is_more = len(lines) > PAGE
    if after is not None and before is None:
        # Those nearest to the row are the last ones.
        return EntriesPage(lines[-PAGE:], is_more, has_older=True)
    has_newer = before is not None and bool(
        wallets.lines(connection, guild_id, member_id, limit=1, after_seq=before - 1)
    )
    return EntriesPage(lines[:PAGE], has_newer, is_more)


def _receipt(connection: Connection, guild_id: int, member_id: int, seq: int) -> list[WalletLine]:
    if not 0 < seq <= HIGHEST - 1:
        return []
    lines = wallets.lines(connection, guild_id, member_id, limit=1, before_seq=seq + 1)
    return [line for line in lines if line.seq == seq]


def _months(connection: Connection, guild_id: int, member_id: int, now_ms: int) -> list[MonthSpent]:
    rules = guilds.required(connection, guild_id)
    holder = holders.holder_id(connection, guild_id, member_id)
    if holder is None:
        return []
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(rules.time_zone))
    # The next one, too: a guild that moves west may count tomorrow already.
    numbers = [today.year * 12 + today.month - 1 + ahead for ahead in range(1, -MONTHS, -1)]
    months = [number // 12 * 100 + number % 12 + 1 for number in numbers]
    sums = spending.by_month(connection, guild_id, holder, months)
    on_perks = perk_spending.by_month(connection, guild_id, holder, ZoneInfo(rules.time_zone))
    every = {month: sums.get(month, (0, 0)) for month in months if month in sums or on_perks[month]}
    return [MonthSpent(month, coins + on_perks[month], pieces) for month, (coins, pieces) in every.items()]


def _creators(connection: Connection, guild_id: int, member_id: int) -> list[CreatorSpent]:
    holder = holders.holder_id(connection, guild_id, member_id)
    if holder is None:
        return []
    sums = spending.by_creator(connection, guild_id, holder, CREATORS)
    ids = holders.member_ids(connection, guild_id, [creator for creator, *_ in sums])
    return [CreatorSpent(ids.get(creator, 0), coins, pieces) for creator, coins, pieces in sums]


def _purchases(connection: Connection, guild_id: int, member_id: int, page: int) -> tuple[list[Purchase], int, int]:
    count = orders.count_of_member(connection, guild_id, member_id)
    pages = max(1, -(-count // PURCHASES))
    page = min(max(page, 0), pages - 1)
    of_page = orders.of_member(connection, guild_id, member_id, limit=PURCHASES, offset=page * PURCHASES)
    rows = journal.recorded(connection, [(guild_id, order.key) for order in of_page])
    seqs = {row.key: row.seq for row in rows}
    of_page = payment_cases.as_paid(connection, guild_id, of_page)
    return [Purchase(order, seqs.get(order.key)) for order in of_page], page, pages
