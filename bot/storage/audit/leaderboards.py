"""Check that the totals and tallies of leaderboards match their lines, and that they count the right days."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from sqlalchemy import Connection

from bot.storage.audit.journal import NotCounted, all_stretches
from bot.storage.audit.mark import mark_of
from bot.storage.audit.rows import Findings, Tick, rows
from bot.storage.audit.spill import LadderKey, Spans, SpillFolder
from bot.storage.folds.leaderboards.rank_bins import EXACT, FEW, RECENCY_BITS, rank_bin_of
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
# Lines in a later day than their leaderboard, in a day though they are of a live event, or with sums of no day. They
# are not sorted here: SQLite would read them in that order, which takes six times as long.
_ODD_LINE = (
    "s.{0} > l.{0} OR (l.event <> 0 AND s.{0} IS NOT NULL) "
    "OR (s.{0} IS NULL AND (s.{0}_coins <> 0 OR s.{0}_pieces <> 0))"
)
_ODD_LINES = f"""
    SELECT s.ladder FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
    WHERE s.guild_id = :guild AND ({" OR ".join(_ODD_LINE.format(span) for span in SPANS)})
"""  # noqa: S608 - names of our own columns
_LINE_BINS = """
    SELECT s.ladder, s.{0}coins AS held, CASE WHEN s.{0}coins < {2} THEN last_seq >> {3} ELSE 0 END AS recency, count(*)
    FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
    WHERE s.guild_id = :guild AND l.{0}places > {4} AND {1} GROUP BY s.ladder, held, recency ORDER BY s.ladder
"""
_TALLIES = """
    SELECT ladder, cell, places FROM tallies
    WHERE guild_id = :guild AND period = :period AND places <> 0 ORDER BY ladder
"""


_RowsByLadder = Iterator[tuple[int, Iterator[tuple[int, ...]]]]
"""Rows grouped by ladder, in the order of ladder numbers."""


def check_ladders(c: Connection, guild_id: int, aside: SpillFolder, _tick: Tick) -> Findings:
    """Check the totals and tallies of every leaderboard, and which day, week and month it counts."""
    for seq in sorted(mark_of(c, guild_id).uncounted_seqs):
        yield seq, "leaderboards go on without it, because it could not be counted; `python -m bot recount` tries again"
    yield from _check_calendar(c, guild_id, aside)
    yield from check_totals(c, guild_id)


def check_totals(c: Connection, guild_id: int) -> Findings:
    """Check the totals of every leaderboard, and its tallies: how many lines are in each rank bin."""
    for (ladder,) in rows(c, _STRAYS, guild=guild_id):
        yield 0, f"standings refer to leaderboard {ladder}, which does not exist"
    for ladder in sorted({number for (number,) in rows(c, _ODD_LINES, guild=guild_id)}):
        yield 0, f"leaderboard {ladder} has lines of days that it does not count"
    for ladder, *sums in rows(c, _SUMS, guild=guild_id):
        half = len(sums) // 2
        for number, (period, *_) in enumerate(_PERIODS):
            of_period = slice(3 * number, 3 * number + 3)
            totals, line_totals = tuple(sums[:half][of_period]), tuple(sums[half:][of_period])
            if totals != line_totals:
                yield 0, f"leaderboard {ladder} has totals of {totals} ({period}), but its lines sum to {line_totals}"
    for period, prefix, current in _PERIODS:
        bin_rows = rows(c, _LINE_BINS.format(prefix, current, EXACT, RECENCY_BITS, FEW), guild=guild_id)
        tally_rows = rows(c, _TALLIES, guild=guild_id, period=period)
        yield from _check_tallies(groupby(tally_rows, itemgetter(0)), groupby(bin_rows, itemgetter(0)))


def _check_calendar(c: Connection, guild_id: int, aside: SpillFolder) -> Findings:
    """Check which day, week and month are counted, from which gift on, and which leaderboards there are."""
    mark, keys, first_seqs = mark_of(c, guild_id), [0, 0, 0], [0, 0, 0]
    days: list[tuple[int, int]] = []
    ladders: set[LadderKey] = set()
    try:
        for stretch, _ in all_stretches(c, guild_id, aside, mark, "ladders"):
            ladders.update(stretch.ladders)
            for seq, spans in stretch.turns:
                if spans[0] > keys[0]:
                    days.append((seq, spans[0]))
                _turn(keys, first_seqs, seq, spans)
    except NotCounted as error:
        yield 0, f"its leaderboards cannot be checked: {error}"
        return
    if (*keys, *first_seqs) != (*mark.keys, *mark.first_seqs):
        counted = [*mark.keys, *mark.first_seqs]
        yield 0, f"its leaderboards count {counted}, the gifts say {[*keys, *first_seqs]}"
    for first_seq, day in sorted({*days} ^ {*mark.days}):
        witness = "the gifts say so, the calendar does not" if (first_seq, day) in days else "only the calendar says so"
        yield first_seq, f"leaderboards begin to count {day} with it: {witness}"
    yield from _check_ladders(c, guild_id, ladders, mark.keys)


def _turn(keys: list[int], first_seqs: list[int], seq: int, spans: Spans) -> None:
    """Move on to the day, week and month of the gift in row `seq`."""
    for number, key in enumerate(spans):
        # No leaderboard goes back to a past day, for example when its guild moves to another time zone.
        if key > keys[number]:
            keys[number], first_seqs[number] = key, seq


def _check_ladders(c: Connection, guild_id: int, missing: set[LadderKey], keys: Spans) -> Findings:
    for number, board, scope, event, *spans in rows(c, _LADDERS, guild=guild_id):
        if (board, scope, event) not in missing:
            yield 0, f"leaderboard {number} {[board, scope, event]} is of no gift"
        missing.discard((board, scope, event))
        if any(span > key for span, key in zip(spans, keys, strict=True)):
            yield 0, f"leaderboard {number} counts {spans}, its guild {[*keys]}"
    for key in missing:
        yield 0, f"leaderboard {[*key]} is missing"


def _check_tallies(tallies: _RowsByLadder, bins: _RowsByLadder) -> Findings:
    tallied_ladder, tally_rows = next(tallies, (None, iter(())))
    for ladder, lines in bins:
        counts: dict[int, int] = {}
        for _, coins, recency, places in lines:
            rank_bin = rank_bin_of(coins, recency << RECENCY_BITS)
            counts[rank_bin] = counts.get(rank_bin, 0) + places
        while tallied_ladder is not None and tallied_ladder < ladder:
            yield 0, f"leaderboard {tallied_ladder} has tallies, but too few lines for them"
            tallied_ladder, tally_rows = next(tallies, (None, iter(())))
        stored = {rank_bin: places for _, rank_bin, places in tally_rows} if tallied_ladder == ladder else {}
        for rank_bin in sorted(stored.keys() | counts.keys()):
            pair = stored.get(rank_bin, 0), counts.get(rank_bin, 0)
            if pair[0] != pair[1]:
                yield 0, f"leaderboard {ladder} tallies {pair[0]} lines in bin {rank_bin}, but has {pair[1]}"
        if tallied_ladder == ladder:
            tallied_ladder, tally_rows = next(tallies, (None, iter(())))
    if tallied_ladder is not None:
        yield 0, f"leaderboard {tallied_ladder} has tallies, but too few lines for them"
