"""Bringing leaderboards up to date: their lines, their totals, and how many lines have about as many coins.

The writer holds the heads of the guilds meanwhile: what is read here cannot change before it is written back.
"""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from bot.domain.periods import Period
from bot.domain.standings import Board, Line, Scoring, When, cell_of
from bot.storage.statements import InsertMany, Lookup, UpdateMany
from bot.storage.tables import ladders, standings, tallies

# The driver asks for an adapter for every value that is not exactly a str.
_PLAIN: dict[str, str] = {member: member.value for kind in (Board, Period) for member in kind}

_KEY = (ladders.c.guild_id, ladders.c.board, ladders.c.scope, ladders.c.period, ladders.c.bucket)
_LADDERS = Lookup(select(*_KEY, ladders.c.ladder, ladders.c.places, ladders.c.coins, ladders.c.pieces), _KEY)
_LINES = Lookup(select(*standings.c), (standings.c.guild_id, standings.c.ladder, standings.c.subject))
_KEEP_LADDERS = InsertMany(
    tuple(ladders.c),
    update=lambda new: {"places": new.places, "coins": new.coins, "pieces": new.pieces},
)
_KEEP_LINES = InsertMany(
    tuple(standings.c), update=lambda new: {"coins": new.coins, "pieces": new.pieces, "last_seq": new.last_seq}
)
_TALLY = (tallies.c.guild_id, tallies.c.ladder, tallies.c.cell)
_MORE = InsertMany((*_TALLY, tallies.c.places), update=lambda new: {"places": tallies.c.places + new.places})
_FEWER = UpdateMany(tallies.c.places, _TALLY)

_LadderKey = tuple[int, str, int, str, int]
"""Guild, board, scope, period and bucket, plain."""

_LineKey = tuple[int, int, int]
"""Guild, ladder and subject."""


class Scored(NamedTuple):
    """A gift: its guild, its sequence number there, and what it counts for."""

    guild_id: int
    seq: int
    scoring: Scoring


class _Added(NamedTuple):
    coins: int
    pieces: int
    last_seq: int


class _Ladder:
    """A ladder's number and totals, as the batch leaves them."""

    __slots__ = ("coins", "number", "pieces", "places")

    def __init__(self, number: int, places: int = 0, coins: int = 0, pieces: int = 0) -> None:
        self.number = number
        self.places = places
        self.coins = coins
        self.pieces = pieces


_Sums = dict[tuple[int, tuple[When, ...]], dict[Line, _Added]]
"""What a batch adds to each line, by guild and stretches of time: the gifts of a batch share most of them."""


def count(c: Connection, scored: Iterable[Scored]) -> None:
    """Count gifts, ordered by their sequence numbers, for every leaderboard that they are on."""
    sums = _sums_of(scored)
    found = _load(c, {key for (guild_id, whens), lines in sums.items() for key in _keys_of(guild_id, whens, lines)})
    added = _added_to(found, sums)
    if added:
        _keep_lines(c, added, {(guild_id, ladder.number): ladder for (guild_id, *_), ladder in found.items()})
        _KEEP_LADDERS.run(
            c,
            [
                (guild_id, ladder.number, *key, ladder.places, ladder.coins, ladder.pieces)
                for (guild_id, *key), ladder in found.items()
            ],
        )


def _sums_of(scored: Iterable[Scored]) -> _Sums:
    sums: _Sums = {}
    for guild_id, seq, (lines, whens, coins, pieces) in scored:
        so_far = sums.setdefault((guild_id, whens), {})
        for line in lines:
            known = so_far.get(line)
            so_far[line] = _Added(known[0] + coins, known[1] + pieces, seq) if known else _Added(coins, pieces, seq)
    return sums


def _keys_of(guild_id: int, whens: tuple[When, ...], lines: Iterable[Line]) -> Iterable[_LadderKey]:
    boards = {(board, scope) for board, scope, _ in lines}
    return (
        (guild_id, _PLAIN[board], scope, _PLAIN[period], bucket) for board, scope in boards for period, bucket in whens
    )


def _load(c: Connection, keys: Collection[_LadderKey]) -> dict[_LadderKey, _Ladder]:
    """Return the ladders of `keys`; those that nobody was on yet get their numbers now."""
    found = {
        (guild_id, board, scope, period, bucket): _Ladder(*rest)
        for guild_id, board, scope, period, bucket, *rest in _LADDERS.rows(c, keys)
    }
    new = sorted(keys - found.keys())
    if new:
        guild_ids = {guild_id for guild_id, *_ in new}
        query = select(ladders.c.guild_id, func.max(ladders.c.ladder).label("last")).where(
            ladders.c.guild_id.in_(guild_ids)
        )
        last = {row.guild_id: row.last for row in c.execute(query.group_by(ladders.c.guild_id))}
        for key in new:
            number = last[key[0]] = last.get(key[0], 0) + 1
            found[key] = _Ladder(number)
    return found


def _added_to(found: dict[_LadderKey, _Ladder], sums: _Sums) -> dict[_LineKey, _Added]:
    """Return what is added to each line, and add it to the ladders' totals."""
    added: dict[_LineKey, _Added] = {}
    for (guild_id, whens), lines in sums.items():
        on: dict[tuple[Board, int], list[_Ladder]] = {}
        for (board, scope, subject), more in lines.items():
            here = on.get((board, scope))
            if here is None:
                here = on[board, scope] = [
                    found[guild_id, _PLAIN[board], scope, _PLAIN[period], bucket] for period, bucket in whens
                ]
            for ladder in here:
                key = (guild_id, ladder.number, subject)
                known = added.get(key)
                added[key] = _together(known, more) if known else more
                ladder.coins += more[0]
                ladder.pieces += more[1]
    return added


def _together(one: _Added, other: _Added) -> _Added:
    return _Added(one.coins + other.coins, one.pieces + other.pieces, max(one.last_seq, other.last_seq))


def _keep_lines(c: Connection, added: dict[_LineKey, _Added], numbered: dict[tuple[int, int], _Ladder]) -> None:
    before = {(row[0], row[1], row[2]): row for row in _LINES.rows(c, added.keys())}
    moved: dict[tuple[int, int, int], int] = {}
    rows: list[tuple[int, ...]] = []
    for line, (coins, pieces, last_seq) in added.items():
        guild_id, number, subject = line
        known = before.get(line)
        if known is None:
            numbered[guild_id, number].places += 1
            rows.append((guild_id, number, subject, coins, pieces, last_seq))
            tally = guild_id, number, cell_of(coins, last_seq)
            moved[tally] = moved.get(tally, 0) + 1
            continue
        held = known[3]
        rows.append((guild_id, number, subject, held + coins, known[4] + pieces, last_seq))
        left, reached = cell_of(held, known[5]), cell_of(held + coins, last_seq)
        if left != reached:
            tally = guild_id, number, reached
            moved[tally] = moved.get(tally, 0) + 1
            tally = guild_id, number, left
            moved[tally] = moved.get(tally, 0) - 1
    _KEEP_LINES.run(c, rows)
    _MORE.run(c, [(*tally, change) for tally, change in moved.items() if change > 0])
    _FEWER.run(c, [(change, *tally) for tally, change in moved.items() if change < 0])
