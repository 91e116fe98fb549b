"""What can be checked in seconds, however large the books are: enough to refuse money before more harm is done."""

from sqlalchemy import Connection

from bot.storage.engine import file_of
from bot.storage.proof.chain import LAST, check_chain
from bot.storage.proof.reading import Seen, Tick, rows

NEWEST = 100_000
"""Rows that are checked in all, the newest of each guild; no more than a thousand of one."""

SMALL = 64 * 1024 * 1024
"""Bytes up to which every page of a SQLite file is looked at; of a larger one, the pages that money needs first."""


def check_start(c: Connection, _every: int, tick: Tick) -> Seen:
    """Check that accounts sum to zero and that the newest rows are whole; rows are those of any guild."""
    yield from _check_pages(c)
    sums = "SELECT guild_id, CAST(sum(amount) AS bigint) FROM balances GROUP BY guild_id HAVING sum(amount) <> 0"
    for guild_id, total in rows(c, sums):
        yield 0, f"the accounts of guild {guild_id} sum to {total}"
    ends = list(rows(c, "SELECT guild_id, seq FROM heads ORDER BY guild_id"))
    newest = min(1_000, max(10, NEWEST // max(len(ends), 1)))
    for guild_id, seq in ends:
        for row, what in check_chain(c, guild_id, max(seq - newest, 0), LAST, tick):
            yield row, f"{what} (guild {guild_id})"


def _check_pages(c: Connection) -> Seen:
    if c.dialect.name != "sqlite":
        return
    small = file_of(c.engine.url).stat().st_size <= SMALL
    for check in (
        ("quick_check(1)",) if small else ("quick_check(guilds)", "quick_check(heads)", "quick_check(balances)")
    ):
        for (what,) in rows(c, f"PRAGMA {check}"):
            if what != "ok":
                yield 0, f"the file is damaged: {what}"
