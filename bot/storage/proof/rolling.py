"""The books checked a bite at a time, round and round, while the bot runs: what costs too much to do at once.

Rows are checked as an audit does, and members' balances against their entries. With both, and balances that sum to
zero, no coin is where it should not be; leaderboards hold no coins, and are for a whole audit.
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import Connection

from bot.storage.proof.chain import check_chain
from bot.storage.proof.reading import Seen, Tick, rows, value

ROWS = 5_000
"""Rows of the journal in a bite, about: 50 ms."""

MEMBERS = 200
"""Members in a bite. Most have few entries, and it is the database that sums them up."""

EVERYBODY = 2**63 - 1
"""No owner's id is higher."""

_HEADS = "SELECT guild_id, seq FROM heads WHERE guild_id >= :guild ORDER BY guild_id"
_LAST_MEMBER = """
    SELECT max(owner) FROM (
        SELECT DISTINCT owner FROM balances WHERE guild_id = :guild AND owner > :after ORDER BY owner LIMIT :most
    ) AS members
"""
# The index of entries by their owners leaves the accounts of the guild out, and a query has to do so in these words.
_DIFFERENCES = """
    SELECT owner, kind, CAST(sum(held) AS bigint), CAST(sum(moved) AS bigint) FROM (
        SELECT owner, kind, amount AS held, 0 AS moved FROM balances
        WHERE guild_id = :guild AND owner > :after AND owner <= :last AND owner <> 0
        UNION ALL
        SELECT owner, kind, 0, amount FROM entries
        WHERE guild_id = :guild AND owner > :after AND owner <= :last AND owner <> 0
    ) AS amounts GROUP BY owner, kind HAVING sum(held) <> sum(moved)
"""


class Place(NamedTuple):
    """How far a round has come: the guild, and its row and its member that were checked last."""

    guild_id: int = 0
    seq: int = 0
    owner: int = 0


class Bite(NamedTuple):
    """What is checked at a time: the rows and the members that follow those of `begin`, up to those of `end`."""

    begin: Place
    end: Place
    after: Place
    """Where the next bite begins: at `end`, or with the next guild."""


def place_at(c: Connection, share: float) -> Place:
    """Return the place that a round is at when `share` (0 to 1) of all rows is checked."""
    left = int(share * value(c, "SELECT CAST(coalesce(sum(seq), 0) AS bigint) FROM heads"))
    for guild_id, seq in rows(c, _HEADS, guild=0):
        if left < seq:
            return Place(guild_id, left)
        left -= seq
    return Place()


def next_bite(
    c: Connection, place: Place, serves: Callable[[int], bool], *, most: int = ROWS, members: int = MEMBERS
) -> Bite | None:
    """Return what follows `place` in the guilds that are served; None at the end of a round."""
    found = ((guild_id, seq) for guild_id, seq in rows(c, _HEADS, guild=place.guild_id) if serves(guild_id))
    guild_id, head = next(found, (None, 0))
    if guild_id is None:
        return None
    begin = place if guild_id == place.guild_id else Place(guild_id)
    until = max(begin.seq, min(begin.seq + most, head))
    last = value(c, _LAST_MEMBER, guild=guild_id, after=begin.owner, most=members)
    end = Place(guild_id, until, last or EVERYBODY)
    return Bite(begin, end, Place(guild_id + 1) if until >= head and last is None else end)


def check_bite(c: Connection, guild_id: int, bite: Bite, tick: Tick) -> Seen:
    """Check rows and members."""
    begin, end, _after = bite
    if begin.seq < end.seq:
        yield from check_chain(c, guild_id, begin.seq, end.seq, tick)
    for owner, kind, held, moved in rows(c, _DIFFERENCES, guild=guild_id, after=begin.owner, last=end.owner):
        yield 0, f"{kind} of {owner} holds {held}, its entries sum to {moved}"
