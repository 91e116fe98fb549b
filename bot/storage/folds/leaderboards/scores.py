"""Add gifts to leaderboards, or take them back: their lines, their totals, and the counts of their rank bins.

Callers of `count` hold the fold's lock, so what is read here cannot change before it is written back.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, delete, func, select, true

from bot.domain.leaderboards import CREATOR_BOARDS, ITEM_BOARDS, Board, Credit, PeriodKeys, sender_boards
from bot.domain.ledger.books import STEP_BACK_MS
from bot.storage.folds.fold import Fold, FoldRow
from bot.storage.folds.leaderboards.calendar import Calendar, Counts, days_of
from bot.storage.folds.leaderboards.rank_bins import FEW, rank_bin_of
from bot.storage.folds.leaderboards.scoreboard import BoardKey, PeriodTotals, Scoreboard, ScoreLine
from bot.storage.folds.uncounted import seqs_left_out
from bot.storage.sql.leaderboard_tables import (
    FOLLOWER,
    SPANS,
    ladders,
    leaderboard_calendars,
    leaderboard_days,
    past_standings,
    standings,
    tallies,
)
from bot.storage.sql.statements import InsertMany, Lookup, Query, add_many, delete_many
from bot.storage.sql.tables import heads

TABLES = (tallies, past_standings, standings, ladders, leaderboard_days)

# Board is a str subclass, and the driver looks for an adapter for every value that is not exactly a str.
_PLAIN: dict[str, str] = {member: member.value for member in Board}

_LEADERBOARDS = Lookup(select(*ladders.c), (ladders.c.guild_id, ladders.c.board, ladders.c.scope, ladders.c.event))
_LAST_NUMBER = Query(
    select(func.max(ladders.c.ladder)).where(ladders.c.guild_id == bindparam("guild_id", type_=BigInteger))
)
_LINE_KEY = (standings.c.guild_id, standings.c.subject, standings.c.ladder)
_LINES = Lookup(select(*standings.c), _LINE_KEY)
_SAVE_LEADERBOARDS = InsertMany(
    tuple(ladders.c), update=lambda new: {column.name: new[column.name] for column in [*ladders.c][5:]}
)
_SAVE_LINES = InsertMany(
    tuple(standings.c), update=lambda new: {column.name: new[column.name] for column in [*standings.c][3:]}
)
_DELETE_LINES = delete_many(_LINE_KEY)
_PAST_KEY = tuple(past_standings.primary_key)
_PAST_LINES = Lookup(select(*past_standings.c), _PAST_KEY)
_SAVE_PAST_LINES = InsertMany(
    tuple(past_standings.c), update=lambda new: {name: new[name] for name in ("last_seq", "coins", "pieces")}
)
_DELETE_PAST_LINES = delete_many(_PAST_KEY)
_BIN_KEY = (tallies.c.guild_id, tallies.c.ladder, tallies.c.period, tallies.c.cell)
_ADD_TO_BINS = InsertMany((*_BIN_KEY, tallies.c.places), update=lambda new: {"places": tallies.c.places + new.places})
_TAKE_FROM_BINS = add_many(tallies.c.places, _BIN_KEY)

_BinCount = tuple[int, int, str, int, int]
"""A row of `tallies`."""


class _Increment:
    """What is added to a line: coins, pieces, and the last gift, 0 if there is none among what is added."""

    __slots__ = ("coins", "gift_seq", "pieces")

    def __init__(self) -> None:
        self.coins = self.pieces = self.gift_seq = 0


_Lines = list[dict[int, _Increment]]
"""What is added to leaderboards, by subject."""

_Places = tuple[_Lines, _Lines, _Lines]
"""Where a credit counts for its sender, its creator and its item."""


class _Stretch(NamedTuple):
    """Consecutive credits that count for the same periods, by leaderboard and subject. `keys` are the current ones.

    `places` is a lookup that many credits share: by creator, anonymity and live event.
    """

    keys: PeriodKeys
    counts: Counts
    increments: dict[BoardKey, dict[int, _Increment]]
    places: dict[tuple[int, bool, int], _Places]


def fold(c: Connection, guild_id: int, rows: Sequence[FoldRow]) -> None:
    """Count the gifts among `rows`, which are in order and follow all that were counted before."""
    changes = [(row.seq, row.credit) for row in rows if row.credit is not None]
    if any(credit.gift_seq != seq for seq, credit in changes):
        # What undoes a gift that was never counted has nothing to take back.
        uncounted_seqs = seqs_left_out(c, guild_id, FOLLOWER)
        changes = [(seq, credit) for seq, credit in changes if credit.gift_seq not in uncounted_seqs]
    count(c, guild_id, changes)


def count(c: Connection, guild_id: int, changes: Sequence[tuple[int, Credit]]) -> None:
    """Add credits, (row, credit) each and in the order of rows, to every leaderboard that they concern."""
    if not changes:
        return
    calendar = Calendar.load(c, guild_id)
    if any(credit.gift_seq != seq for seq, credit in changes):
        calendar.past_days = days_of(c, guild_id)
    stretches = [*_stretches(calendar, changes)]
    boards = _load_leaderboards(c, guild_id, {key for stretch in stretches for key in stretch.increments})
    scores = _load_scores(c, guild_id, boards, stretches)
    for stretch in stretches:
        for key, increments in stretch.increments.items():
            board = boards[key]
            board.turn(stretch.keys)
            for subject, increment in increments.items():
                score = scores.get((subject, board.number))
                if score is None:
                    score = scores[subject, board.number] = board.new_score(subject)
                board.add(score, stretch.counts, increment.coins, increment.pieces, increment.gift_seq)
    _save(c, guild_id, scores, boards)
    calendar.save(c, guild_id)


def _stretches(calendar: Calendar, changes: Iterable[tuple[int, Credit]]) -> Iterator[_Stretch]:
    """Yield the credits in stretches, and move `calendar` on to the end."""
    stretch = None
    for seq, credit in changes:
        counts = calendar.turn(credit, seq)
        # When a period begins, what counts for it differs from all that came before.
        if stretch is None or counts != stretch.counts:
            if stretch is not None:
                yield stretch
            stretch = _Stretch(calendar.keys, counts, {}, {})
        _add(stretch, credit, seq)
    if stretch is not None:
        yield stretch


def _add(stretch: _Stretch, credit: Credit, seq: int) -> None:
    coins, pieces = credit.coins, credit.pieces
    # A line keeps the time of its last gift, also when a gift is taken back.
    gift_seq = seq if coins > 0 else 0
    like = credit.creator, credit.is_anonymous, credit.event_id
    places = stretch.places.get(like) or _places_of(stretch, credit)
    for subject, boards in zip((credit.sender, credit.creator, credit.item), places, strict=True):
        for of_board in boards:
            increment = of_board.get(subject)
            if increment is None:
                increment = of_board[subject] = _Increment()
            increment.coins += coins
            increment.pieces += pieces
            increment.gift_seq = gift_seq or increment.gift_seq


def _places_of(stretch: _Stretch, credit: Credit) -> _Places:
    """Return where credits like this one count: for the sender, the creator and the item."""
    event_ids = (0, credit.event_id) if credit.event_id else (0,)
    boards_of_all = sender_boards(credit.creator, is_anonymous=credit.is_anonymous), CREATOR_BOARDS, ITEM_BOARDS
    senders, creators, items = (
        [
            stretch.increments.setdefault((_PLAIN[board], scope, event_id), {})
            for event_id in event_ids
            for board, scope in boards
        ]
        for boards in boards_of_all
    )
    places = stretch.places[credit.creator, credit.is_anonymous, credit.event_id] = senders, creators, items
    return places


def _load_leaderboards(c: Connection, guild_id: int, keys: Collection[BoardKey]) -> dict[BoardKey, Scoreboard]:
    """Return the leaderboards of `keys`. New ones get the next numbers of their guild."""
    rows = _LEADERBOARDS.rows(c, [(guild_id, *key) for key in keys])
    boards = {(row[2], row[3], row[4]): Scoreboard.of_row(row) for row in rows}
    new_keys = sorted(keys - boards.keys())
    if new_keys:
        ((last,),) = _LAST_NUMBER.rows(c, guild_id=guild_id)
        boards.update((key, Scoreboard(key, number)) for number, key in enumerate(new_keys, (last or 0) + 1))
    return boards


def _load_scores(
    c: Connection, guild_id: int, boards: dict[BoardKey, Scoreboard], stretches: Iterable[_Stretch]
) -> dict[tuple[int, int], ScoreLine]:
    """Return the lines that change, by subject and number of leaderboard."""
    keys = {
        (guild_id, subject, boards[key].number)
        for stretch in stretches
        for key, increments in stretch.increments.items()
        for subject in increments
    }
    return {(row[1], row[2]): ScoreLine.of_row(row) for row in _LINES.rows(c, keys)}


def _save(
    c: Connection, guild_id: int, scores: dict[tuple[int, int], ScoreLine], boards: dict[BoardKey, Scoreboard]
) -> None:
    _SAVE_LINES.run(c, [score.row(guild_id, number) for (_, number), score in scores.items() if score.sums[0].coins])
    vanished = [(guild_id, *key) for key, score in scores.items() if not score.sums[0].coins]
    _DELETE_LINES.run(c, vanished)
    _SAVE_LEADERBOARDS.run(c, [board.row(guild_id) for board in boards.values()])
    _save_bins(c, guild_id, boards.values())
    _save_past(c, guild_id, boards.values())


def _save_past(c: Connection, guild_id: int, boards: Iterable[Scoreboard]) -> None:
    """Write the days and months that lines have left behind, and take back what was undone in earlier ones."""
    undone: dict[tuple[int, int, int, int], list[int]] = {}
    ended: list[tuple[int, ...]] = []
    for board in boards:
        ended += [(guild_id, board.number, *sums) for sums in board.ended]
        undone |= {(guild_id, board.number, *place): part for place, part in board.undone.items()}
    _SAVE_PAST_LINES.run(c, ended)
    smaller: list[tuple[int, ...]] = []
    vanished: list[tuple[int, ...]] = []
    for _, number, period, subject, last_seq, coins, pieces in _PAST_LINES.rows(c, undone.keys()):
        key = (guild_id, number, period, subject)
        less_coins, less_pieces = undone[key]
        assert coins + less_coins >= 0, "more was taken back than was given"
        if coins + less_coins:
            smaller.append((*key, last_seq, coins + less_coins, pieces + less_pieces))
        else:
            vanished.append(key)
    _SAVE_PAST_LINES.run(c, smaller)
    _DELETE_PAST_LINES.run(c, vanished)


def _save_bins(c: Connection, guild_id: int, boards: Iterable[Scoreboard]) -> None:
    """Write the counts that changed. Lines are saved first: a period that has become large is counted from them."""
    more: list[_BinCount] = []
    fewer: list[tuple[int, int, int, str, int]] = []
    for board in boards:
        for name, totals in zip(("all", *SPANS), board.totals, strict=False):
            if totals.has_outdated_bins or (totals.has_bins and totals.places <= FEW):
                _delete_bins(c, guild_id, board.number, name)
            if totals.places <= FEW:
                continue
            if not totals.has_bins:
                more += _count_bins(c, guild_id, board.number, name, totals)
                continue
            for rank_bin, change in totals.bin_changes.items():
                if change > 0:
                    more.append((guild_id, board.number, name, rank_bin, change))
                elif change < 0:
                    fewer.append((change, guild_id, board.number, name, rank_bin))
    _ADD_TO_BINS.run(c, more)
    _TAKE_FROM_BINS.run(c, fewer)


def _delete_bins(c: Connection, guild_id: int, number: int, period: str) -> None:
    key = (tallies.c.guild_id == guild_id, tallies.c.ladder == number, tallies.c.period == period)
    c.execute(delete(tallies).where(*key))


def _count_bins(c: Connection, guild_id: int, number: int, period: str, totals: PeriodTotals) -> Iterator[_BinCount]:
    """Yield how many lines of one period are in each bin, counted from the stored lines."""
    lines = standings.c
    coins, is_current = lines.coins, true()
    if period in SPANS:
        coins, is_current = lines[f"{period}_coins"], lines[period] == totals.key
    query = select(coins, lines.last_seq).where(lines.guild_id == guild_id, lines.ladder == number, is_current)
    for rank_bin, places in Counter(rank_bin_of(*line) for line in c.execute(query)).items():
        yield guild_id, number, period, rank_bin, places


def is_astray(c: Connection, guild_id: int, now_ms: int) -> bool:
    """Return whether a gift counts for a day that has not come, because a clock that was wrong booked it."""
    return Calendar.load(c, guild_id).is_ahead_of(now_ms)


def reset(c: Connection, guild_id: int, now_ms: int) -> None:
    """Remove the leaderboards of a guild. Rows so far that are later than `now_ms` will count for all time only."""
    for table in TABLES:
        c.execute(delete(table).where(table.c.guild_id == guild_id))
    head: Any = c.execute(select(heads.c.seq).where(heads.c.guild_id == guild_id)).scalar_one_or_none() or 0
    Calendar(ahead_seq=head, ahead_ms=now_ms + STEP_BACK_MS).save(c, guild_id)


FOLD = Fold(FOLLOWER, fold, is_astray, reset, (*TABLES, leaderboard_calendars))
