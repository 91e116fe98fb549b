"""Check gift trains against the gifts of their live events, joint trains against each other, and who rode them.

Each live event says up to which row its trains were worked out, and when they had to be over. So they are worked out
again from the same gifts, without what the same rows had taken back of them. The record of a guild is its train with
the most joint coins, and nothing that is stored besides.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import orjson
from sqlalchemy import Connection, select

from bot.domain.ledger.gift import KIND as _GIFT
from bot.domain.ledger.reversal import Reverse
from bot.domain.momentum import LEVEL_MS, LEVELS, Momentum, Ride
from bot.domain.trains import levels_of
from bot.storage.audit.rows import Findings, Tick, rows
from bot.storage.ledger.journal import fact_of
from bot.storage.sql.tables import journal

_CUTOFFS = """
    SELECT event_id, start_seq, trains_seq, trains_ms FROM live_events
    WHERE guild_id = :guild AND trains_seq IS NOT NULL AND trains_ms IS NOT NULL
"""
_TRAINS = """
    SELECT event_id, started_seq, started_ms, ended_ms, coins, joint_coins, levels FROM live_trains
    WHERE guild_id = :guild ORDER BY started_ms, event_id
"""
_RIDERS = "SELECT event_id, started_seq, rider FROM train_riders WHERE guild_id = :guild"
_ABOARD = """
    SELECT live_trains.event_id, started_seq, attendee FROM live_trains JOIN attendance
    ON attendance.guild_id = live_trains.guild_id AND attendance.event_id = live_trains.event_id
    AND from_ms < ended_ms AND until_ms > started_ms WHERE live_trains.guild_id = :guild
"""
_ERASED = "SELECT holder_id FROM holders WHERE guild_id = :guild AND user_id IS NULL"
_PIECE = 1_000

_LONGEST_MS = LEVELS * LEVEL_MS
"""No train runs longer."""

_Key = tuple[int, int]
"""A live event, and the gift that started a train there."""


class _Cutoff(NamedTuple):
    """What the trains of a live event follow from: the rows after `start_seq` up to `seq`, if over by `over_ms`."""

    start_seq: int
    seq: int
    over_ms: int


class _Train(NamedTuple):
    """A train as it is stored."""

    event_id: int
    started_seq: int
    started_ms: int
    ended_ms: int
    coins: int
    joint_coins: int
    levels: int

    @property
    def key(self) -> _Key:
        return self.event_id, self.started_seq


def check_trains(c: Connection, guild_id: int, tick: Tick) -> Findings:
    """Check the trains of one guild that are over."""
    trains = [_Train(*row) for row in rows(c, _TRAINS, guild=guild_id)]
    cutoffs = {event_id: _Cutoff(*cutoff) for event_id, *cutoff in rows(c, _CUTOFFS, guild=guild_id)}
    rides = _rides(c, guild_id, cutoffs) if cutoffs else {}
    yield from _check_rides(trains, cutoffs, rides)
    yield from _check_riders(c, guild_id, rides, {train.key for train in trains})
    yield from _check_joint(trains)
    tick(1)


def _rides(c: Connection, guild_id: int, cutoffs: Mapping[int, _Cutoff]) -> dict[_Key, Ride]:
    """Work out the trains of all live events anew, in one pass over the gifts."""
    first = min(cutoff.start_seq for cutoff in cutoffs.values())
    last = max(cutoff.seq for cutoff in cutoffs.values())
    lost = _pieces_lost(c, guild_id, cutoffs, first, last)
    events: defaultdict[int, Momentum] = defaultdict(Momentum)
    for seq, at_ms, gifter, body in _rows_of_events(c, guild_id, _GIFT.name, first, last):
        gift = orjson.loads(body)
        cutoff = cutoffs.get(gift["event"])
        if cutoff is None or not cutoff.start_seq < seq <= cutoff.seq or not gift.get("counts", True):
            continue
        if pieces := gift["count"] - lost[seq]:
            sender = None if gift["anonymous"] else gifter
            events[gift["event"]].feed(seq, at_ms, sender, gift["price"] * pieces)
    return {
        (event_id, ride.train.started_seq): ride
        for event_id, momentum in events.items()
        for ride in momentum.rides(cutoffs[event_id].over_ms)
    }


def _pieces_lost(c: Connection, guild_id: int, cutoffs: Mapping[int, _Cutoff], first: int, last: int) -> Counter[int]:
    """Return how many pieces of which gifts were taken back in the rows that trains follow from."""
    lost: Counter[int] = Counter()
    for seq, _, _, body in _rows_of_events(c, guild_id, Reverse.kind, first, last):
        reversal = orjson.loads(body)
        cutoff = cutoffs.get(reversal["event"])
        if cutoff is not None and seq <= cutoff.seq:
            lost[reversal["of"]] += reversal["part"]
    return lost


def _rows_of_events(
    c: Connection, guild_id: int, kind: str, first: int, last: int
) -> Iterator[tuple[int, int, int, str]]:
    """Yield the number, time, actor and body of rows of a kind that belong to live events, in order."""
    query = select(journal.c.seq, journal.c.at_ms, journal.c.actor, journal.c.body)
    query = query.where(journal.c.guild_id == guild_id, journal.c.seq > first, journal.c.seq <= last)
    query = query.where(journal.c.kind == kind, fact_of("event") != 0).order_by(journal.c.seq)
    for row in c.execute(query.execution_options(yield_per=_PIECE)):
        yield row.seq, row.at_ms, row.actor, row.body


def _check_rides(trains: list[_Train], cutoffs: Mapping[int, _Cutoff], rides: Mapping[_Key, Ride]) -> Findings:
    missing = dict(rides)
    for train in trains:
        if train.event_id not in cutoffs:
            continue
        ride = missing.pop(train.key, None)
        stored = train.started_ms, train.ended_ms, train.coins
        if ride is None:
            yield train.started_seq, f"it started no train in live event {train.event_id}, but one is written down"
        elif stored != (of_gifts := (ride.train.started_ms, ride.train.ended_ms, ride.train.total)):
            yield train.started_seq, f"its train is {stored}, the gifts say {of_gifts}"
    for event_id, seq in missing:
        yield seq, f"it started a train in live event {event_id}, which is not written down"


def _check_riders(c: Connection, guild_id: int, rides: Mapping[_Key, Ride], known: set[_Key]) -> Findings:
    erased = {holder for (holder,) in rows(c, _ERASED, guild=guild_id)}
    stored: defaultdict[_Key, set[int]] = defaultdict(set)
    for event_id, seq, rider in rows(c, _RIDERS, guild=guild_id):
        stored[event_id, seq].add(rider)
    riders = {key: {*ride.riders} for key, ride in rides.items() if key in known}
    for event_id, seq, attendee in rows(c, _ABOARD, guild=guild_id):
        if (event_id, seq) in riders:
            riders[event_id, seq].add(attendee)
    for key, people in riders.items():
        # Whoever was erased has no badges any more, but their gifts stay.
        if wrong := (people ^ stored[key]) - erased:
            yield key[1], f"holders {sorted(wrong)} rode its train or did not, the gifts and presses say otherwise"


def _check_joint(trains: list[_Train]) -> Findings:
    """Check what trains come to with those beside them, and their levels. They are in the order of their starts."""
    first = 0
    for train in trains:
        while trains[first].started_ms <= train.started_ms - _LONGEST_MS:
            first += 1
        joint_coins = train.coins
        for other in trains[first:]:
            if other.started_ms >= train.ended_ms:
                break
            if other.event_id != train.event_id and train.started_ms < other.ended_ms:
                joint_coins += other.coins
        stored = train.joint_coins, train.levels
        if stored != (right := (joint_coins, levels_of(joint_coins))):
            yield train.started_seq, f"its train came to {stored} coins and levels, with those beside it to {right}"
