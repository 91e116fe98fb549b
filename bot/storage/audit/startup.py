"""A check that takes seconds, however large the books are. If it fails, money is refused before more harm is done."""

from sqlalchemy import Connection

from bot.storage.audit.hash_chain import LAST, check_chain
from bot.storage.audit.rows import Findings, Tick, rows
from bot.storage.connect.address import file_of

NEWEST = 100_000
"""Rows that are checked in total: the newest of each guild, at most a thousand per guild."""

SMALL = 64 * 1024 * 1024
"""Size in bytes up to which all pages of a SQLite file are checked. Of a larger one, only the most vital tables are."""


def check_start(c: Connection, _every: int, tick: Tick) -> Findings:
    """Check that the accounts of every guild sum to zero, and that its newest rows are whole."""
    yield from _check_pages(c)
    sums = "SELECT guild_id, CAST(sum(amount) AS bigint) FROM balances GROUP BY guild_id HAVING sum(amount) <> 0"
    for guild_id, total in rows(c, sums):
        yield 0, f"the accounts of guild {guild_id} sum to {total}, not to zero"
    heads = list(rows(c, "SELECT guild_id, seq FROM heads ORDER BY guild_id"))
    rows_each = min(1_000, max(10, NEWEST // max(len(heads), 1)))
    for guild_id, seq in heads:
        for row, what in check_chain(c, guild_id, max(seq - rows_each, 0), LAST, tick):
            yield row, f"{what} (guild {guild_id})"


def _check_pages(c: Connection) -> Findings:
    if c.dialect.name != "sqlite":
        return
    small = file_of(c.engine.url).stat().st_size <= SMALL
    for check in (
        ("quick_check(1)",) if small else ("quick_check(guilds)", "quick_check(heads)", "quick_check(balances)")
    ):
        for (what,) in rows(c, f"PRAGMA {check}"):
            if what != "ok":
                yield 0, f"the file is damaged: {what}"
