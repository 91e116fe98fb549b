"""What leaderboards are told apart and counted by is what their lines make it."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from bot.domain.standings import EXACT, FEW, SLICE, cell_of
from bot.storage.board_tables import SPANS
from bot.storage.proof.reading import Seen, Tick, rows

_SUMS = """
    SELECT l.ladder, l.{0}places, l.{0}coins, l.{0}pieces,
           coalesce(s.places, 0), coalesce(s.coins, 0), coalesce(s.pieces, 0)
    FROM ladders AS l LEFT JOIN (
        SELECT s.ladder, count(*) AS places, CAST(sum(s.{0}coins) AS bigint) AS coins,
               CAST(sum(s.{0}pieces) AS bigint) AS pieces
        FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
        WHERE s.guild_id = :guild AND {1} GROUP BY s.ladder
    ) AS s ON s.ladder = l.ladder
    WHERE l.guild_id = :guild ORDER BY l.ladder
"""
_STRAYS = """
    SELECT DISTINCT s.ladder FROM standings AS s
    LEFT JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
    WHERE s.guild_id = :guild AND l.ladder IS NULL
"""
_AS_MANY = """
    SELECT s.ladder, s.{0}coins AS held, CASE WHEN s.{0}coins < {2} THEN last_seq >> {3} ELSE 0 END AS slice, count(*)
    FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
    WHERE s.guild_id = :guild AND l.{0}places > {4} AND {1} GROUP BY s.ladder, held, slice ORDER BY s.ladder
"""
_TALLIED = """
    SELECT ladder, cell, places FROM tallies
    WHERE guild_id = :guild AND period = :period AND places <> 0 ORDER BY ladder
"""


_Grouped = Iterator[tuple[int, Iterator[tuple[int, ...]]]]
"""Rows of one ladder after the other."""


def check_ladders(c: Connection, guild_id: int, _tick: Tick) -> Seen:
    """Check the totals of every leaderboard, and how many of its lines are said to have about as much."""
    for (ladder,) in rows(c, _STRAYS, guild=guild_id):
        yield 0, f"standings of leaderboard {ladder}, which does not exist"
    for period, prefix, current in (
        ("all", "", "l.places >= 0"),
        *((span, f"{span}_", f"s.{span} = l.{span}") for span in SPANS),
    ):
        for ladder, *sums in rows(c, _SUMS.format(prefix, current), guild=guild_id):
            said, counted = tuple(sums[:3]), tuple(sums[3:])
            if said != counted:
                yield 0, f"leaderboard {ladder} has totals of {said} ({period}), its lines sum to {counted}"
        lines = rows(c, _AS_MANY.format(prefix, current, EXACT, SLICE, FEW), guild=guild_id)
        tallied = rows(c, _TALLIED, guild=guild_id, period=period)
        yield from _check_tallies(groupby(tallied, itemgetter(0)), groupby(lines, itemgetter(0)))


def _check_tallies(tallied: _Grouped, counting: _Grouped) -> Seen:
    ladder_said, said = next(tallied, (None, iter(())))
    for ladder, lines in counting:
        counted: dict[int, int] = {}
        for _, coins, part, places in lines:
            cell = cell_of(coins, part << SLICE)
            counted[cell] = counted.get(cell, 0) + places
        while ladder_said is not None and ladder_said < ladder:
            yield 0, f"leaderboard {ladder_said} has tallies, and few lines"
            ladder_said, said = next(tallied, (None, iter(())))
        stored = {cell: places for _, cell, places in said} if ladder_said == ladder else {}
        for cell in sorted(stored.keys() | counted.keys()):
            pair = stored.get(cell, 0), counted.get(cell, 0)
            if pair[0] != pair[1]:
                yield 0, f"leaderboard {ladder} tallies {pair[0]} lines in cell {cell}, there are {pair[1]}"
        if ladder_said == ladder:
            ladder_said, said = next(tallied, (None, iter(())))
    if ladder_said is not None:
        yield 0, f"leaderboard {ladder_said} has tallies, and few lines"
