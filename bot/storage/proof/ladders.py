"""What leaderboards are told apart and counted by is what their lines make it, and they count the right day."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from bot.domain.standings import EXACT, FEW, SLICE, cell_of
from bot.storage.board_tables import SPANS
from bot.storage.proof.aside import Aside, LadderKey, Spans
from bot.storage.proof.journal import NotCounted, everything
from bot.storage.proof.lines import reach
from bot.storage.proof.reading import Seen, Tick, rows

_LADDERS = "SELECT ladder, board, scope, event, day, week, month FROM ladders WHERE guild_id = :guild ORDER BY ladder"
_ALL = ("all", "", "s.ladder IS NOT NULL")
_PERIODS = (_ALL, *((span, f"{span}_", f"s.{span} = l.{span}") for span in SPANS))
"""Names of stretches of time, what their columns begin with, and which lines (s) of a ladder (l) count."""

_SAID = ", ".join(f"l.{prefix}{name}" for _, prefix, _ in _PERIODS for name in ("places", "coins", "pieces"))
_COUNTED = ", ".join(
    f"count(CASE WHEN {current} THEN 1 END), "
    f"CAST(coalesce(sum(CASE WHEN {current} THEN s.{prefix}coins END), 0) AS bigint), "
    f"CAST(coalesce(sum(CASE WHEN {current} THEN s.{prefix}pieces END), 0) AS bigint)"
    for _, prefix, current in _PERIODS
)
_SUMS = f"""
    SELECT l.ladder, {_SAID}, {_COUNTED}
    FROM ladders AS l LEFT JOIN standings AS s ON s.guild_id = l.guild_id AND s.ladder = l.ladder
    WHERE l.guild_id = :guild GROUP BY l.guild_id, l.ladder ORDER BY l.ladder
"""  # noqa: S608 - names of our own columns
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


def check_ladders(c: Connection, guild_id: int, aside: Aside, _tick: Tick) -> Seen:
    """Check which day, week and month every leaderboard counts, and its totals."""
    yield from _check_spans(c, guild_id, aside)
    yield from check_totals(c, guild_id)


def check_totals(c: Connection, guild_id: int) -> Seen:
    """Check the totals of every leaderboard, and how many of its lines are said to have about as much."""
    for (ladder,) in rows(c, _STRAYS, guild=guild_id):
        yield 0, f"standings of leaderboard {ladder}, which does not exist"
    for ladder, *sums in rows(c, _SUMS, guild=guild_id):
        half = len(sums) // 2
        for number, (period, *_) in enumerate(_PERIODS):
            of_period = slice(3 * number, 3 * number + 3)
            said, counted = tuple(sums[:half][of_period]), tuple(sums[half:][of_period])
            if said != counted:
                yield 0, f"leaderboard {ladder} has totals of {said} ({period}), its lines sum to {counted}"
    for period, prefix, current in _PERIODS:
        lines = rows(c, _AS_MANY.format(prefix, current, EXACT, SLICE, FEW), guild=guild_id)
        tallied = rows(c, _TALLIED, guild=guild_id, period=period)
        yield from _check_tallies(groupby(tallied, itemgetter(0)), groupby(lines, itemgetter(0)))


def _check_spans(c: Connection, guild_id: int, aside: Aside) -> Seen:
    reached: dict[LadderKey, Spans] = {}
    try:
        for stretch, _ in everything(c, guild_id, aside, "ladders"):
            reach(reached, stretch)
    except NotCounted as error:
        yield 0, f"its leaderboards cannot be checked: {error}"
        return
    for number, board, scope, event, *found in rows(c, _LADDERS, guild=guild_id):
        counted = reached.pop((board, scope, event), None)
        if tuple(found) != counted:
            yield 0, f"leaderboard {number} counts {found}, the gifts say {counted}"
    for key in reached:
        yield 0, f"leaderboard {list(key)} is missing"


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
