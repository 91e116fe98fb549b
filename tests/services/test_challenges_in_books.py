"""Challenges over real books: points follow the journal, places and prizes follow the end, and each comes once.

The books are audited after each test.
"""

from dataclasses import replace

import pytest
from sqlalchemy import Connection, select, text

from bot.domain.attendance import PRESS_MS
from bot.domain.challenge_errors import ChallengeOver, ChallengePosted, CostlyPrizes, TooManyChallenges
from bot.domain.challenge_steps import What
from bot.domain.challenges import Challenge, CoinsState, Phase, Prize, Source, SourceRule
from bot.domain.deadlines import SETTLED_MS, DeadlineKind
from bot.domain.errors import NotFound
from bot.domain.grant_errors import GrantTooLarge
from bot.domain.grant_limits import GrantLimits
from bot.services import Services
from bot.services.assembly import build
from bot.services.challenge_places import Place, Winner
from bot.services.challenges import DraftChanges
from bot.storage.audit.auditor import audit
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.ledger import holders
from bot.storage.sql.tables import journal
from bot.storage.stores import challenge_awards, deadlines, grant_limits, live, role_sources, wallets
from tests.storage.town import (
    ALICE,
    BOB,
    CHANNEL,
    DAY,
    GUILD,
    HOUR,
    LIVE_CHANNEL,
    MIA,
    NOAH,
    NOON,
    ROB,
    Clock,
    buy,
    event,
    gift,
    order,
    settle_in,
)  # fmt: skip

CUP = 70
ONLY_COINS = {Source.COINS: SourceRule(2)}


@pytest.fixture
async def desk(database: Database, clock: Clock) -> Services:
    """Services over books in which Alice and Bob have coins."""
    await database.writer.perform(settle_in)
    await buy(database, order(coins=1_000))
    await buy(database, order(order_id=501, member_id=BOB, coins=1_000))
    return build(database, [], clock)


async def hold(desk: Services, number: int = CUP, **changes: object) -> Challenge:
    """Post a challenge of two days in which only coins bring points."""
    await desk.challenges.draft(GUILD, number, name="Autumn cup", days=2, by=ROB)
    await desk.challenges.change(GUILD, number, **DraftChanges(**({"sources": ONLY_COINS} | changes)))  # type: ignore[typeddict-item]
    return await desk.challenges.post(GUILD, number, channel_id=CHANNEL, by=ROB)


async def places(desk: Services, number: int = CUP) -> list[tuple[int, list[Place]]]:
    board = await desk.challenge_places.board(GUILD, number)
    return [(league.creator_id, [*league.places]) for league in board.leagues]


async def finish(desk: Services, *absent_ids: int) -> list[Winner]:
    """Do what the follower does once a challenge is over."""
    await desk.challenge_places.count_up(GUILD)
    await desk.challenge_places.settle(GUILD, CUP, absent_ids)
    await desk.challenge_places.give_coins(GUILD, CUP)
    return await desk.challenge_places.winners(GUILD, CUP)


async def undo(desk: Services, seq: int, part: int | None = None) -> None:
    await desk.reversals.reverse(GUILD, key=f"undo {seq} {part}", actor_id=ROB, seq=seq, part=part, reason="by mistake")


async def test_points_follow_gifts_under_ones_own_name_within_the_challenge(
    database: Database, desk: Services, clock: Clock
) -> None:
    await database.writer.submit(gift("before"))
    clock.now_ms += HOUR
    cup = await hold(desk)
    await database.writer.submit(gift("a", quantity=2))
    await database.writer.submit(gift("hidden", anonymous=True))
    await database.writer.submit(gift("b", sender_id=BOB, creator_id=NOAH))
    clock.now_ms = (cup.ends_ms or 0) - 1
    await database.writer.submit(gift("last", sender_id=BOB))
    clock.now_ms += 1
    await database.writer.submit(gift("late", sender_id=BOB, quantity=9))

    # Both have 40 points, and Alice had them first.
    assert await places(desk) == [(0, [Place(ALICE, 40), Place(BOB, 40)])]


async def test_a_gift_in_the_millisecond_before_the_post_is_outside(database: Database, desk: Services) -> None:
    await database.writer.submit(gift("at the same time"))
    await desk.challenge_places.count_up(GUILD)
    cup = await hold(desk)

    assert cup.starts_ms == NOON + 1
    assert await places(desk) == []


async def test_a_reversal_takes_points_also_after_the_end(database: Database, desk: Services, clock: Clock) -> None:
    await hold(desk, sources={Source.COINS: SourceRule(2, 50), Source.DAY: SourceRule(10)})
    clock.now_ms += 1
    receipt = await database.writer.submit(gift("a", quantity=3))
    assert await places(desk) == [(0, [Place(ALICE, 60)])]
    clock.now_ms += 9 * DAY
    await undo(desk, receipt.seq, 1)
    assert await places(desk) == [(0, [Place(ALICE, 50)])]
    await undo(desk, receipt.seq)

    assert await places(desk) == []


async def test_leagues_count_what_is_done_for_each_creator(database: Database, desk: Services, clock: Clock) -> None:
    await hold(desk, is_by_creator=True)
    clock.now_ms += 1
    for key, changes in {
        "a": {"quantity": 3},
        "b": {"sender_id": BOB},
        "c": {"sender_id": BOB, "creator_id": NOAH},
    }.items():
        await database.writer.submit(gift(key, **changes))

    assert await places(desk) == [(MIA, [Place(ALICE, 60), Place(BOB, 20)]), (NOAH, [Place(BOB, 20)])]
    own = (await desk.challenge_places.board(GUILD, CUP, BOB)).own
    assert sorted((each.creator_id, each.points) for each in own) == [(MIA, 20), (NOAH, 20)]


async def test_double_points_and_todays_points_are_those_of_the_guilds_day(
    database: Database, desk: Services, clock: Clock
) -> None:
    await desk.guilds.change(GUILD, by=ROB, time_zone="Asia/Tokyo")
    await hold(desk, double_from_ms=NOON + HOUR, double_hours=2)
    clock.now_ms += HOUR
    await database.writer.submit(gift("doubled"))
    # In Tokyo, the next day has begun.
    clock.now_ms += 3 * HOUR
    await database.writer.submit(gift("plain"))
    (own,) = (await desk.challenge_places.board(GUILD, CUP, ALICE)).own

    assert (own.points, own.by_source, own.today) == (60, {Source.COINS: 60}, {Source.COINS: 20})


async def test_everything_counted_again_gives_the_same(database: Database, desk: Services, clock: Clock) -> None:
    await hold(desk)
    clock.now_ms += 1
    receipt = await database.writer.submit(gift("a", quantity=3))
    await database.writer.submit(gift("b", sender_id=BOB))
    clock.now_ms += 1
    await undo(desk, receipt.seq, 2)
    before = await places(desk)
    await database.writer.perform(folding.start_over, GUILD, NOON)

    assert await places(desk) == before == [(0, [Place(BOB, 20), Place(ALICE, 20)])]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE challenge_days SET coins = coins + 1", "has [31, 3] in challenge 70"),
        ("DELETE FROM challenge_days", "has nothing in challenge 70"),
        ("UPDATE challenge_days SET challenge_id = 7", "has [30, 3] in challenge 7 "),
        ("UPDATE challenge_scores SET challenge_id = 7", "has 60 points in challenge 7,"),
        ("UPDATE challenge_scores SET points = 61", "has 61 points in challenge 70, their gifts are worth 60"),
        ("DELETE FROM challenge_scores", "in challenge 70, league 0, are missing"),
    ],
)
async def test_the_audit_finds_points_that_are_not_those_of_the_journal(
    database: Database, desk: Services, clock: Clock, change: str, what: str
) -> None:
    await hold(desk)
    clock.now_ms += 1
    await database.writer.submit(gift("a", quantity=3))
    await desk.challenge_places.count_up(GUILD)
    sentences = await database.writer.perform(_audited_after, change)

    assert any(what in sentence for sentence in sentences), sentences


def _audited_after(c: Connection, change: str) -> list[str]:
    with c.begin_nested() as savepoint:
        c.execute(text(change))
        sentences = [finding.what for finding in audit(c)]
        savepoint.rollback()
    return sentences


async def test_ending_early_keeps_what_was_counted_and_counts_nothing_more(
    database: Database, desk: Services, clock: Clock
) -> None:
    await hold(desk)
    clock.now_ms += HOUR
    await database.writer.submit(gift("a"))
    cup = await desk.challenges.end(GUILD, CUP, by=ROB)
    clock.now_ms += 1
    await database.writer.submit(gift("b"))

    assert (cup.ends_ms, cup.phase(clock.now_ms)) == (NOON + HOUR + 1, Phase.OVER)
    assert await places(desk) == [(0, [Place(ALICE, 20)])]
    with pytest.raises(ChallengeOver):
        await desk.challenges.end(GUILD, CUP, by=ROB)


async def test_a_challenge_that_has_not_begun_can_be_called_off(desk: Services, clock: Clock) -> None:
    await hold(desk, starts_ms=NOON + DAY)
    clock.now_ms += HOUR
    cup = await desk.challenges.end(GUILD, CUP, by=ROB)

    clock.now_ms += 1
    assert cup.phase(clock.now_ms) is Phase.OVER
    assert await places(desk) == []


async def test_prizes_go_to_places_and_points_and_coins_come_once(
    database: Database, desk: Services, clock: Clock
) -> None:
    prizes = (Prize(places=1, coins=500, badge="🏵️ Cup"), Prize(places=2, coins=50), Prize(points=20, role_id=44))
    cup = await hold(desk, prizes=prizes)
    clock.now_ms += 1
    await database.writer.submit(gift("a", quantity=3))
    await database.writer.submit(gift("b", sender_id=BOB))
    clock.now_ms = (cup.ends_ms or 0) + SETTLED_MS
    winners = await finish(desk)

    assert winners == [Winner(0, ALICE, 1, 60, (0, 1, 2)), Winner(0, BOB, 2, 20, (1, 2))]
    assert await promo(database, ALICE, BOB) == [550, 50]
    assert await finish(build(database, [], clock)) == winners
    assert await promo(database, ALICE, BOB) == [550, 50]
    assert len(await database.read(_grant_keys)) == 3
    assert await database.read(_roles, BOB) == {44}
    assert await database.read(_badges, ALICE) == [("🏵️ Cup", "Autumn cup")]


async def promo(database: Database, *member_ids: int) -> list[int]:
    return [(await database.read(wallets.wallet, GUILD, member_id)).promo for member_id in member_ids]


def _grant_keys(c: Connection) -> list[str]:
    return [*c.execute(select(journal.c.key).where(journal.c.kind == "grant")).scalars()]


def _roles(c: Connection, member_id: int) -> set[int]:
    return {*role_sources.target(c, GUILD, holders.ensure(c, GUILD, member_id))}


def _badges(c: Connection, member_id: int) -> list[tuple[str, str]]:
    return challenge_awards.badges_of(c, GUILD, holders.holder_id(c, GUILD, member_id) or 0, 9)


@pytest.mark.parametrize("is_maker_deleted", [False, True])
async def test_a_kill_between_two_prizes_gives_each_once(
    database: Database, desk: Services, clock: Clock, is_maker_deleted: bool
) -> None:
    cup = await hold(desk, prizes=(Prize(places=2, coins=50),))
    clock.now_ms += 1
    await database.writer.submit(gift("a", quantity=3))
    await database.writer.submit(gift("b", sender_id=BOB))
    clock.now_ms = (cup.ends_ms or 0) + SETTLED_MS
    await desk.challenge_places.count_up(GUILD)
    await desk.challenge_places.settle(GUILD, CUP, ())
    # Dead after the first grant was booked, and before anybody noted that.
    await desk.challenge_places.give_coins(GUILD, CUP)
    await database.writer.perform(_forget_coins)
    if is_maker_deleted:
        await desk.personal_data.erase(GUILD, ROB)
    again = build(database, [], clock)
    await again.challenge_places.give_coins(GUILD, CUP)

    assert await promo(database, ALICE, BOB) == [50, 50]
    stored = await database.read(challenge_awards.of_challenge, GUILD, CUP)
    assert [each.coins_state for each in stored] == [CoinsState.GIVEN] * 2


def _forget_coins(c: Connection) -> None:
    c.execute(text("UPDATE challenge_awards SET coins_state = 'open'"))


async def test_those_who_left_make_room_and_whoever_made_it_wins_no_coins(
    database: Database, desk: Services, clock: Clock
) -> None:
    await buy(database, order(order_id=502, member_id=ROB, coins=100))
    cup = await hold(desk, prizes=(Prize(places=1, coins=50),))
    clock.now_ms += 1
    await database.writer.submit(gift("a", quantity=3))
    await database.writer.submit(gift("r", sender_id=ROB, quantity=2))
    await database.writer.submit(gift("b", sender_id=BOB))
    clock.now_ms = (cup.ends_ms or 0) + SETTLED_MS
    winners = await finish(desk, ALICE)

    assert winners == [Winner(0, ROB, 1, 40, (0,))]
    assert await promo(database, ROB) == [0]
    stored = await database.read(challenge_awards.of_challenge, GUILD, CUP)
    assert [each.coins_state for each in stored] == [CoinsState.REFUSED]
    assert await desk.challenges.refused_coins(GUILD) == {CUP: 1}


@pytest.mark.parametrize("is_by_creator", [False, True])
async def test_half_an_hour_at_live_events_brings_points_and_can_win(
    database: Database, desk: Services, clock: Clock, is_by_creator: bool
) -> None:
    shows = [event(), event(event_id=901, channel_id=LIVE_CHANNEL + 1, creator_id=NOAH)]
    for show in shows:
        await database.writer.perform(live.insert, show)
    attendance = {Source.ATTENDANCE: SourceRule(100, 300)}
    await hold(desk, sources=ONLY_COINS | attendance, is_by_creator=is_by_creator)
    clock.now_ms += 1
    await database.writer.submit(gift("a", quantity=3))
    # Half an hour at both at once is half an hour; ten minutes more are not another half.
    for _ in range(4):
        for show in shows:
            await desk.attendance.hop_on(GUILD, show.event_id, BOB)
        clock.now_ms += PRESS_MS
    own = (await desk.challenge_places.board(GUILD, CUP, BOB)).own

    if is_by_creator:
        assert await places(desk) == [(MIA, [Place(BOB, 100), Place(ALICE, 60)]), (NOAH, [Place(BOB, 100)])]
    else:
        assert await places(desk) == [(0, [Place(BOB, 100), Place(ALICE, 60)])]
    assert [each.by_source for each in own] == [{Source.ATTENDANCE: 100}] * len(own)


async def test_limits_on_grants_hold_for_prizes(database: Database, desk: Services) -> None:
    await database.writer.perform(grant_limits.save, GUILD, GrantLimits(per_grant=500, per_day=1_000))
    await desk.challenges.draft(GUILD, CUP, name="Cup", days=2, by=ROB)
    for prizes, refusal in (
        ((Prize(places=1, coins=501),), GrantTooLarge),
        ((Prize(places=3, coins=400),), CostlyPrizes),
        ((Prize(points=5, coins=1),), CostlyPrizes),
    ):
        await desk.challenges.change(GUILD, CUP, prizes=prizes)
        with pytest.raises(refusal):
            await desk.challenges.post(GUILD, CUP, channel_id=CHANNEL, by=ROB)
    await desk.challenges.change(GUILD, CUP, prizes=(Prize(places=2, coins=400),))

    assert (await desk.challenges.post(GUILD, CUP, channel_id=CHANNEL, by=ROB)).posted_ms == NOON


async def test_what_is_posted_stays_as_it_is_and_a_draft_can_be_thrown_away(desk: Services) -> None:
    await desk.challenges.draft(GUILD, 71, name="Draft", days=1, by=ROB)
    assert await desk.challenge_places.shown(GUILD) == []
    await desk.challenges.discard(GUILD, 71)
    with pytest.raises(NotFound):
        await desk.challenges.find(GUILD, 71)
    cup = await hold(desk)
    for act in (
        desk.challenges.change(GUILD, CUP, name="Other"),
        desk.challenges.discard(GUILD, CUP),
        desk.challenges.post(GUILD, CUP, channel_id=CHANNEL, by=ROB),
    ):
        with pytest.raises(ChallengePosted):
            await act

    assert await desk.challenge_places.shown(GUILD) == [cup]
    assert await desk.challenges.listed(GUILD) == [cup]


async def test_there_are_five_open_ones_at_most(desk: Services) -> None:
    for number in range(5):
        await desk.challenges.draft(GUILD, number, name="Cup", days=1, by=ROB)
    with pytest.raises(TooManyChallenges):
        await desk.challenges.draft(GUILD, 9, name="Cup", days=1, by=ROB)


async def test_each_step_is_due_when_the_last_is_done(database: Database, desk: Services, clock: Clock) -> None:
    cup = await hold(desk)
    assert [each.kind for each, _ in (await database.read(deadlines.outlook, clock.now_ms)).due] == [
        DeadlineKind.CHALLENGE
    ]
    assert (await desk.challenge_places.agenda(GUILD, CUP))[1].what is What.ANNOUNCE
    await desk.challenge_places.note_message(GUILD, CUP, 900)
    _, step = await desk.challenge_places.agenda(GUILD, CUP)
    assert (step.what, step.at_ms) == (What.WAIT, (cup.ends_ms or 0) + SETTLED_MS)
    clock.now_ms = step.at_ms
    assert (await desk.challenge_places.agenda(GUILD, CUP))[1].what is What.SETTLE
    await desk.challenge_places.settle(GUILD, CUP, ())
    assert (await desk.challenge_places.agenda(GUILD, CUP))[1].what is What.GIVE
    await desk.challenge_places.note_result(GUILD, CUP, 901)
    challenge, step = await desk.challenge_places.agenda(GUILD, CUP)

    assert step.what is What.NOTHING
    assert challenge == replace(cup, message_id=900, result_id=901, over_ms=clock.now_ms)
