"""Check that the totals and tallies of leaderboards match their lines, and that they count the right days."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from bot.domain.standings import EXACT, FEW, SLICE, cell_of
from bot.storage.audit.journal import NotCounted, all_stretches
from bot.storage.audit.leaderboard_rows import reach
from bot.storage.audit.rows import Findings, Tick, rows
from bot.storage.audit.spill import LadderKey, Spans, SpillFolder
from bot.storage.sql.leaderboard_tables import SPANS

_LADDERS = "SELECT ladder, board, scope, event, day, week, month FROM ladders WHERE guild_id = :guild ORDER BY ladder"
_ALL = ("all", "", "s.ladder IS NOT NULL")
_PERIODS = (_ALL, *((span, f"{span}_", f"s.{span} = l.{span}") for span in SPANS))
"""Each period: its name, the prefix of its columns, and the condition under which a line (s) of a ladder (l) counts."""

_STORED_TOTALS = ", ".join(f"l.{prefix}{name}" for _, prefix, _ in _PERIODS for name in ("places", "coins", "pieces"))
_LINE_TOTALS = ", ".join(
    f"count(CASE WHEN {current} THEN 1 END), "
    f"CAST(coalesce(sum(CASE WHEN {current} THEN s.{prefix}coins END), 0) AS bigint), "
    f"CAST(coalesce(sum(CASE WHEN {current} THEN s.{prefix}pieces END), 0) AS bigint)"
    for _, prefix, current in _PERIODS
)
_SUMS = f"""
    SELECT l.ladder, {_STORED_TOTALS}, {_LINE_TOTALS}
    FROM ladders AS l LEFT JOIN standings AS s ON s.guild_id = l.guild_id AND s.ladder = l.ladder
    WHERE l.guild_id = :guild GROUP BY l.guild_id, l.ladder ORDER BY l.ladder
"""  # noqa: S608 - names of our own columns
_STRAYS = """
    SELECT DISTINCT s.ladder FROM standings AS s
    LEFT JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
    WHERE s.guild_id = :guild AND l.ladder IS NULL
"""
_LINE_CELLS = """
    SELECT s.ladder, s.{0}coins AS held, CASE WHEN s.{0}coins < {2} THEN last_seq >> {3} ELSE 0 END AS slice, count(*)
    FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
    WHERE s.guild_id = :guild AND l.{0}places > {4} AND {1} GROUP BY s.ladder, held, slice ORDER BY s.ladder
"""
_TALLIES = """
    SELECT ladder, cell, places FROM tallies
    WHERE guild_id = :guild AND period = :period AND places <> 0 ORDER BY ladder
"""


_RowsByLadder = Iterator[tuple[int, Iterator[tuple[int, ...]]]]
"""Rows grouped by ladder, in the order of ladder numbers."""


def check_ladders(c: Connection, guild_id: int, aside: SpillFolder, _tick: Tick) -> Findings:
    """Check the totals and tallies of every leaderboard, and which day, week and month it counts."""
    yield from _check_spans(c, guild_id, aside)
    yield from check_totals(c, guild_id)


def check_totals(c: Connection, guild_id: int) -> Findings:
    """Check the totals of every leaderboard, and its tallies: how many lines are in each cell."""
    for (ladder,) in rows(c, _STRAYS, guild=guild_id):
        yield 0, f"standings refer to leaderboard {ladder}, which does not exist"
    for ladder, *sums in rows(c, _SUMS, guild=guild_id):
        half = len(sums) // 2
        for number, (period, *_) in enumerate(_PERIODS):
            of_period = slice(3 * number, 3 * number + 3)
            totals, line_totals = tuple(sums[:half][of_period]), tuple(sums[half:][of_period])
            if totals != line_totals:
                yield 0, f"leaderboard {ladder} has totals of {totals} ({period}), but its lines sum to {line_totals}"
    for period, prefix, current in _PERIODS:
        cell_rows = rows(c, _LINE_CELLS.format(prefix, current, EXACT, SLICE, FEW), guild=guild_id)
        tally_rows = rows(c, _TALLIES, guild=guild_id, period=period)
        yield from _check_tallies(groupby(tally_rows, itemgetter(0)), groupby(cell_rows, itemgetter(0)))


def _check_spans(c: Connection, guild_id: int, aside: SpillFolder) -> Findings:
    reached: dict[LadderKey, Spans] = {}
    try:
        for stretch, _ in all_stretches(c, guild_id, aside, "ladders"):
            reach(reached, stretch)
    except NotCounted as error:
        yield 0, f"its leaderboards cannot be checked: {error}"
        return
    for number, board, scope, event, *spans in rows(c, _LADDERS, guild=guild_id):
        reached_spans = reached.pop((board, scope, event), None)
        if tuple(spans) != reached_spans:
            yield 0, f"leaderboard {number} counts {spans}, but its gifts sum to {reached_spans}"
    for key in reached:
        yield 0, f"leaderboard {list(key)} is missing"


def _check_tallies(tallies: _RowsByLadder, cells: _RowsByLadder) -> Findings:
    tallied_ladder, tally_rows = next(tallies, (None, iter(())))
    for ladder, lines in cells:
        counts: dict[int, int] = {}
        for _, coins, seq_slice, places in lines:
            cell = cell_of(coins, seq_slice << SLICE)
            counts[cell] = counts.get(cell, 0) + places
        while tallied_ladder is not None and tallied_ladder < ladder:
            yield 0, f"leaderboard {tallied_ladder} has tallies, but too few lines for them"
            tallied_ladder, tally_rows = next(tallies, (None, iter(())))
        stored = {cell: places for _, cell, places in tally_rows} if tallied_ladder == ladder else {}
        for cell in sorted(stored.keys() | counts.keys()):
            pair = stored.get(cell, 0), counts.get(cell, 0)
            if pair[0] != pair[1]:
                yield 0, f"leaderboard {ladder} tallies {pair[0]} lines in cell {cell}, but has {pair[1]}"
        if tallied_ladder == ladder:
            tallied_ladder, tally_rows = next(tallies, (None, iter(())))
    if tallied_ladder is not None:
        yield 0, f"leaderboard {tallied_ladder} has tallies, but too few lines for them"
