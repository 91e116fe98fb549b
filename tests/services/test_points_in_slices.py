"""Points of challenges while gifts come and go for days: after each slice they are what all gifts are worth.

The books are audited after each test.
"""

from random import Random

import pytest
from sqlalchemy import Connection, select

from bot.domain.challenge_points import day_points, in_league, total
from bot.domain.challenges import ONE_LEAGUE, Source, SourceRule
from bot.services import Services
from bot.services.assembly import build
from bot.services.challenges import DraftChanges
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.sql.challenge_tables import challenge_scores
from bot.storage.stores import challenges
from tests.storage.town import (
    ALICE,
    BOB,
    CHANNEL,
    GUILD,
    HOUR,
    MIA,
    NOAH,
    NOON,
    ROB,
    Clock,
    buy,
    gift,
    order,
    settle_in,
)

DAYS = 3
ROWS = 7
"""Rows of the journal in a slice."""
CUPS: dict[int, DraftChanges] = {
    70: {"sources": {Source.COINS: SourceRule(2, 90), Source.DAY: SourceRule(50), Source.CREATOR: SourceRule(20, 30)}},
    71: {"is_by_creator": True, "double_from_ms": NOON + 20 * HOUR, "double_hours": 9},
    72: {"sources": {Source.CREATOR: SourceRule(7)}},
}

Points = dict[tuple[int, int, int], int]
"""Points by challenge, league and gifter."""


@pytest.fixture
async def desk(database: Database, clock: Clock) -> Services:
    """Services over books in which Alice and Bob have coins, and three challenges run."""
    await database.writer.perform(settle_in)
    await buy(database, order(coins=5_000))
    await buy(database, order(order_id=501, member_id=BOB, coins=5_000))
    desk = build(database, [], clock)
    for number, changes in CUPS.items():
        await desk.challenges.draft(GUILD, number, name="Cup", days=DAYS, by=ROB)
        await desk.challenges.change(GUILD, number, **changes)
        await desk.challenges.post(GUILD, number, channel_id=CHANNEL, by=ROB)
    clock.now_ms += 1
    return desk


def counted_in_slices(c: Connection) -> list[tuple[Points, Points]]:
    """Count everything again, a slice at a time. Return what is stored after each, and what all gifts are worth."""
    folding.start_over(c, GUILD, NOON)
    states: list[tuple[Points, Points]] = []
    backlog = 1
    while backlog:
        backlog = folding.fold_slice(c, GUILD, ROWS, None).backlog
        scores = stored(c)
        states.append((scores, worth(c, scores)))
    return states


def stored(c: Connection) -> Points:
    t = challenge_scores.c
    rows = c.execute(select(t.challenge_id, t.league, t.gifter, t.points).where(t.guild_id == GUILD))
    return {(number, league, gifter): points for number, league, gifter, points in rows}


def worth(c: Connection, scores: Points) -> Points:
    """Return what all gifts of these scores are worth, as far as they are counted."""
    points: Points = {}
    for number, league, gifter in scores:
        cup = challenges.find(c, GUILD, number)
        assert cup is not None
        gifts = challenges.gifts_in(c, cup, gifter)
        counted = gifts if league == ONE_LEAGUE else in_league(gifts, league)
        points[number, league, gifter] = total(day_points(cup.sources, counted))
    return points


@pytest.mark.parametrize("seed", range(3))
async def test_points_are_those_of_all_gifts_after_each_slice(
    database: Database, desk: Services, clock: Clock, seed: int
) -> None:
    random = Random(seed)
    seqs: list[int] = []
    for number in range(60):
        clock.now_ms += random.randrange(2 * HOUR)
        if len(seqs) > 5 and random.random() < 0.4:
            seq = seqs.pop(random.randrange(len(seqs)))
            await desk.reversals.reverse(GUILD, key=f"undo {seq}", actor_id=ROB, seq=seq, part=None, reason="mistake")
            continue
        people = {"sender_id": random.choice((ALICE, BOB)), "creator_id": random.choice((MIA, NOAH))}
        receipt = await database.writer.submit(gift(f"gift {number}", quantity=random.randint(1, 4), **people))
        seqs.append(receipt.seq)
    states = await database.writer.perform(counted_in_slices)

    assert len(states) > 5
    for scores, worths in states:
        assert scores == worths
    assert len(states[-1][0]) == 8
