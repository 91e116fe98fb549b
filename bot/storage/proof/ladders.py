"""What leaderboards are told apart and counted by is what their lines make it."""

from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from bot.domain.standings import EXACT, SLICE, cell_of
from bot.storage.proof.reading import Seen, Tick, rows

_SUMS = """
    SELECT l.ladder, l.places, l.coins, l.pieces, coalesce(s.places, 0), coalesce(s.coins, 0), coalesce(s.pieces, 0)
    FROM ladders AS l LEFT JOIN (
        SELECT ladder, count(*) AS places, CAST(sum(coins) AS bigint) AS coins, CAST(sum(pieces) AS bigint) AS pieces
        FROM standings WHERE guild_id = :guild GROUP BY ladder
    ) AS s ON s.ladder = l.ladder
    WHERE l.guild_id = :guild ORDER BY l.ladder
"""
_STRAYS = """
    SELECT DISTINCT s.ladder FROM standings AS s
    LEFT JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
    WHERE s.guild_id = :guild AND l.ladder IS NULL
"""
_AS_MANY = f"""
    SELECT ladder, coins, CASE WHEN coins < {EXACT} THEN last_seq >> {SLICE} ELSE 0 END AS slice, count(*)
    FROM standings WHERE guild_id = :guild GROUP BY ladder, coins, slice ORDER BY ladder
"""  # noqa: S608 - two numbers of ours
_TALLIED = "SELECT ladder, cell, places FROM tallies WHERE guild_id = :guild AND places <> 0 ORDER BY ladder"


def check_ladders(c: Connection, guild_id: int, _tick: Tick) -> Seen:
    """Check the totals of every leaderboard, and how many of its lines are said to have about as much."""
    for ladder, *sums in rows(c, _SUMS, guild=guild_id):
        said, counted = tuple(sums[:3]), tuple(sums[3:])
        if said != counted:
            yield 0, f"leaderboard {ladder} has totals of {said}, its lines sum to {counted}"
    for (ladder,) in rows(c, _STRAYS, guild=guild_id):
        yield 0, f"standings of leaderboard {ladder}, which does not exist"
    yield from _check_tallies(c, guild_id)


def _check_tallies(c: Connection, guild_id: int) -> Seen:
    tallied = groupby(rows(c, _TALLIED, guild=guild_id), itemgetter(0))
    ladder_said, said = next(tallied, (None, iter(())))
    for ladder, lines in groupby(rows(c, _AS_MANY, guild=guild_id), itemgetter(0)):
        counted: dict[int, int] = {}
        for _, coins, part, places in lines:
            cell = cell_of(coins, part << SLICE)
            counted[cell] = counted.get(cell, 0) + places
        while ladder_said is not None and ladder_said < ladder:
            yield 0, f"leaderboard {ladder_said} has tallies, and no lines"
            ladder_said, said = next(tallied, (None, iter(())))
        stored = {cell: places for _, cell, places in said} if ladder_said == ladder else {}
        for cell in sorted(stored.keys() | counted.keys()):
            pair = stored.get(cell, 0), counted.get(cell, 0)
            if pair[0] != pair[1]:
                yield 0, f"leaderboard {ladder} tallies {pair[0]} lines in cell {cell}, there are {pair[1]}"
        if ladder_said == ladder:
            ladder_said, said = next(tallied, (None, iter(())))
    if ladder_said is not None:
        yield 0, f"leaderboard {ladder_said} has tallies, and no lines"
