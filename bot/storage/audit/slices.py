"""Check the books a bite at a time, round after round, while the bot runs: a whole check at once would cost too much.

Rows are checked as in an audit, and members' balances are compared with their entries and their lots. If all of that
holds, and all balances sum to zero, no coin is in the wrong place. Leaderboards hold no coins, so only a full audit
checks them.
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection

from bot.storage.audit.hash_chain import check_chain
from bot.storage.audit.lots import check_lots
from bot.storage.audit.rows import Findings, Tick, rows, value

ROWS = 5_000
"""Rows of the journal in a bite: about 50 ms."""

MEMBERS = 200
"""Members in a bite. Most have few entries, and the database sums them up."""

EVERYBODY = 2**63 - 1
"""An upper bound of owner ids."""

_HEADS = "SELECT guild_id, seq FROM heads WHERE guild_id >= :guild ORDER BY guild_id"
_LAST_MEMBER = """
    SELECT max(owner) FROM (
        SELECT DISTINCT owner FROM balances WHERE guild_id = :guild AND owner > :after ORDER BY owner LIMIT :most
    ) AS members
"""
# The partial index of entries by owner leaves out the guild's own accounts. It serves only queries that repeat its
# condition, owner <> 0.
_DIFFERENCES = """
    SELECT owner, kind, CAST(sum(held) AS bigint), CAST(sum(moved) AS bigint) FROM (
        SELECT owner, kind, amount AS held, 0 AS moved FROM balances
        WHERE guild_id = :guild AND owner > :after AND owner <= :last AND owner <> 0
        UNION ALL
        SELECT owner, kind, 0, amount FROM entries
        WHERE guild_id = :guild AND owner > :after AND owner <= :last AND owner <> 0
    ) AS amounts GROUP BY owner, kind HAVING sum(held) <> sum(moved)
"""


class Bookmark(NamedTuple):
    """The progress of a round: the guild, and the last row and the last member of it that were checked."""

    guild_id: int = 0
    seq: int = 0
    owner: int = 0


class Slice(NamedTuple):
    """One step of a round: the rows and members after those of `begin`, up to and including those of `end`."""

    begin: Bookmark
    end: Bookmark
    after: Bookmark
    """Where the next bite begins: at `end`, or at the next guild."""


def place_at(c: Connection, share: float) -> Bookmark:
    """Return the place of a round that has checked `share` (0 to 1) of all rows."""
    remaining = int(share * value(c, "SELECT CAST(coalesce(sum(seq), 0) AS bigint) FROM heads"))
    for guild_id, seq in rows(c, _HEADS, guild=0):
        if remaining < seq:
            return Bookmark(guild_id, remaining)
        remaining -= seq
    return Bookmark()


def next_bite(
    c: Connection, place: Bookmark, serves: Callable[[int], bool], *, most: int = ROWS, members: int = MEMBERS
) -> Slice | None:
    """Return the bite that follows `place` in the guilds that are served, None at the end of a round.

    It has up to `most` rows and `members` members.
    """
    heads = ((guild_id, seq) for guild_id, seq in rows(c, _HEADS, guild=place.guild_id) if serves(guild_id))
    guild_id, head = next(heads, (None, 0))
    if guild_id is None:
        return None
    begin = place if guild_id == place.guild_id else Bookmark(guild_id)
    until = max(begin.seq, min(begin.seq + most, head))
    last = value(c, _LAST_MEMBER, guild=guild_id, after=begin.owner, most=members)
    end = Bookmark(guild_id, until, last or EVERYBODY)
    return Slice(begin, end, Bookmark(guild_id + 1) if until >= head and last is None else end)


def check_bite(c: Connection, guild_id: int, bite: Slice, tick: Tick) -> Findings:
    """Check the rows of a bite, and the balances of its members against their entries."""
    begin, end, _after = bite
    if begin.seq < end.seq:
        yield from check_chain(c, guild_id, begin.seq, end.seq, tick)
    for owner, kind, balance, total in rows(c, _DIFFERENCES, guild=guild_id, after=begin.owner, last=end.owner):
        yield 0, f"{kind} of {owner} holds {balance}, but its entries sum to {total}"
    yield from check_lots(c, guild_id, begin.owner, end.owner)
