"""What is left of a show after a gift is taken back: as if that much of it had never been sent."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.domain.catalogue import GiftItem
from bot.domain.deadlines import DeadlineKind
from bot.domain.errors import ItemUnavailable, NobodyToThank
from bot.domain.leaderboards import PUBLIC_BOARDS, Board
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.live import Recap
from bot.domain.match import ROUND_MS, Invitation, Score
from bot.domain.member_choices import Choice
from bot.domain.periods import Period
from bot.domain.policy import Actor
from bot.domain.posts import Post, PostForm
from bot.domain.receipts import Receipt
from bot.domain.thanks import ThankYou
from bot.services import Services
from bot.services.assembly import build
from bot.services.leaderboards import BoardQuery
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.memory.announcements import StoredAnnouncementMemory
from bot.storage.stores import announcements, catalogue, deadlines
from tests.storage.town import (
    ALICE,
    BOB,
    CHANNEL,
    DAY,
    GUILD,
    MIA,
    NOAH,
    ROB,
    ROSETTE,
    WARM_HEART,
    Clock,
    gift,
    grant,
    settle_in,
)

EVENT, MATCH = 900, 700
NORTHERN_LIGHTS = 13
"""The next larger gift after a Rosette."""
HOST = Actor(MIA, frozenset(), manages_guild=False, is_creator=True)


@pytest.fixture
async def show(database: Database, clock: Clock) -> AsyncIterator[Services]:
    """Services over books in which Mia's show runs, for which three members have plenty of coins."""
    await database.writer.perform(settle_in)
    for member in (ALICE, BOB, ROB):
        await database.writer.submit(grant(f"coins {member}", actor_id=NOAH, member_id=member, amount=10_000))
    services = build(database, [], clock)
    await services.live.start(
        GUILD, event_id=EVENT, channel_id=CHANNEL, caller=HOST, creator_id=MIA, title="", goal=None, minutes=None
    )
    yield services
    await database.writer.catch_up(GUILD)


async def give(database: Database, clock: Clock, quantity: int, **changes: Any) -> int:
    """Send hearts of 10 coins each, a second later, and return the number of the gift's row."""
    clock.now_ms += 1_000
    command: SendGift = gift(f"gift {clock.now_ms}", quantity=quantity)._replace(**changes)
    return (await database.writer.submit(command)).seq


async def undo(show: Services, seq: int, part: int | None = None) -> None:
    await show.reversals.reverse(GUILD, key=f"undo {seq}", actor_id=ROB, seq=seq, part=part, reason="by mistake")


async def recap_of(show: Services) -> Recap:
    recap = (await show.live_displays.recap(GUILD, EVENT)).recap
    assert recap is not None
    return recap


@pytest.mark.parametrize("part", [11, None])
async def test_a_train_that_too_few_coins_are_left_for_has_never_started(
    database: Database, show: Services, clock: Clock, part: int | None
) -> None:
    seqs = [await give(database, clock, 20, sender_id=member) for member in (ALICE, BOB, ROB)]
    event = (await show.live.of_event(GUILD, EVENT)).event
    before = (await show.live_displays.show(event)).progress.momentum
    await show.live.end(GUILD, EVENT, HOST)
    recap_before = await recap_of(show)

    await undo(show, seqs[1], part)
    after = (await show.live_displays.show(event)).progress.momentum

    assert before.train is not None
    assert (after.train, recap_before.train, (await recap_of(show)).train) == (None, 0, None)


@pytest.mark.parametrize(("part", "coins"), [(11, 490), (None, 0)])
async def test_a_level_of_a_train_is_reached_by_what_is_left(
    database: Database, show: Services, clock: Clock, part: int | None, coins: int
) -> None:
    for member in (ALICE, BOB, ROB):
        await give(database, clock, 20, sender_id=member)
    seq = await give(database, clock, 60)
    event = (await show.live.of_event(GUILD, EVENT)).event
    before = (await show.live_displays.show(event)).progress.momentum
    await undo(show, seq, part)
    after = (await show.live_displays.show(event)).progress.momentum
    await show.live.end(GUILD, EVENT, HOST)

    assert before.train is not None
    assert after.train is not None
    assert [(train.levels_done, train.coins) for train in (before.train, after.train)] == [(1, 100), (0, coins)]
    assert (await recap_of(show)).train == 0


@pytest.mark.parametrize(("part", "score"), [(10, Score(100, 150)), (None, Score(0, 150))])
async def test_the_score_and_the_winner_of_a_match_are_those_of_what_is_left(
    database: Database, show: Services, clock: Clock, part: int | None, score: Score
) -> None:
    await show.guilds.change(GUILD, matches_since_ms=clock())
    await show.matches.invite(HOST, Invitation(GUILD, MATCH, CHANNEL, MIA, NOAH, 1, frozen=False))
    await show.matches.accept(GUILD, MATCH, NOAH)
    seq = await give(database, clock, 20)
    await give(database, clock, 15, sender_id=BOB, creator_id=NOAH)
    clock.now_ms += ROUND_MS
    await show.live.end(GUILD, EVENT, HOST)
    (before,) = (await recap_of(show)).matches
    await database.writer.perform(deadlines.clear, GUILD, DeadlineKind.MATCH_CARD, MATCH)

    await undo(show, seq, part)
    card = await show.matches.card(GUILD, MATCH)
    (after,) = (await recap_of(show)).matches
    due = (await database.read(deadlines.outlook, clock.now_ms)).due

    assert (before.points, before.winner_id) == (Score(200, 150), MIA)
    assert (after.points, after.winner_id) == (score, NOAH)
    assert card is not None
    assert card.state is not None
    assert (card.state.scores, card.state.winner_id) == ((score,), NOAH)
    # The card that stands in the channel is shown anew.
    assert (DeadlineKind.MATCH_CARD, MATCH) in [(deadline.kind, deadline.subject) for deadline, _ in due]


@pytest.mark.parametrize(("part", "best"), [(2, 5), (None, 3)])
async def test_the_best_combo_loses_what_is_taken_back(
    database: Database, show: Services, clock: Clock, part: int | None, best: int
) -> None:
    await give(database, clock, 3)
    seq = await give(database, clock, 4)
    await show.live.end(GUILD, EVENT, HOST)
    before = (await recap_of(show)).best
    await undo(show, seq, part)
    after = (await recap_of(show)).best

    assert before is not None
    assert after is not None
    assert (before.quantity, after.quantity) == (7, best)


@pytest.mark.parametrize("choice", [Choice.HIDDEN, Choice.AMOUNTS_HIDDEN, Choice.QUIET])
async def test_the_largest_gift_is_the_next_one_once_it_is_taken_back_and_names_nobody_who_hides(
    database: Database, show: Services, clock: Clock, choice: Choice
) -> None:
    await give(database, clock, 30, sender_id=ROB)
    await give(database, clock, 1, sender_id=BOB, item_id=ROSETTE)
    team = await show.gifts.send_team(SendTeamGift(GUILD, "team", ALICE, (MIA, NOAH), NORTHERN_LIGHTS, CHANNEL))

    async def largest() -> tuple[str, int] | None:
        status = await show.live_displays.recap(GUILD, EVENT)
        assert status.recap is not None
        return (status.recap.largest.name, status.largest_id) if status.recap.largest else None

    await show.live.end(GUILD, EVENT, HOST)
    names = [await largest()]
    await undo(show, team.seq)
    names.append(await largest())
    await show.own_choices.choose(GUILD, BOB, {choice: True})
    names.append(await largest())

    assert names == [("Northern Lights", ALICE), ("Rosette", BOB), ("Rosette", 0)]


@pytest.mark.parametrize("is_anonymous", [False, True])
@pytest.mark.parametrize("part", [2, None])
async def test_a_creator_thanks_for_what_is_left_before_and_after_their_thanks(
    database: Database, show: Services, clock: Clock, part: int | None, *, is_anonymous: bool
) -> None:
    await give(database, clock, 1, anonymous=is_anonymous)
    seqs = [await give(database, clock, 5, anonymous=is_anonymous) for _ in range(2)]
    pieces = 0 if part is None else 5 - part
    await undo(show, seqs[0], part)
    (entry,) = (await show.thanks.queue(GUILD, MIA)).entries
    thanked = await show.thanks.thank(GUILD, MIA, thanks_id=1)
    await undo(show, seqs[1], part)
    queue_after = await show.thanks.queue(GUILD, MIA)
    await give(database, clock, 1, anonymous=is_anonymous)
    again = await show.thanks.thank(GUILD, MIA, thanks_id=2)

    assert (entry.pieces, entry.coins) == (thanked.pieces, thanked.coins) == (6 + pieces, 60 + 10 * pieces)
    assert queue_after.entries == ()
    assert (again.pieces, again.coins) == (1, 10)


@pytest.mark.parametrize("is_anonymous", [False, True])
@pytest.mark.parametrize("has_thanked", [False, True])
async def test_a_gift_that_is_taken_back_while_a_creator_thanks_is_neither_thanked_for_nor_missed_later(
    database: Database, show: Services, clock: Clock, *, is_anonymous: bool, has_thanked: bool
) -> None:
    seq = await give(database, clock, 5, anonymous=is_anonymous)
    if has_thanked:
        await show.thanks.thank(GUILD, MIA, thanks_id=1)
    await give(database, clock, 1, anonymous=is_anonymous)

    holder_ids = await database.read(holders.holder_ids, [(GUILD, ALICE), (GUILD, MIA)])
    reversal = Reverse(
        GUILD, "undo", ROB, ALICE, seq, "by mistake", holder_ids=(*holder_ids.values(),), item_id=WARM_HEART
    )

    # The gifts are counted for the press, then the reversal is booked, and only then the thank-you.
    message, _ = await asyncio.gather(show.thanks.thank(GUILD, MIA, thanks_id=2), database.writer.submit(reversal))
    await give(database, clock, 2, anonymous=is_anonymous)
    queue = await show.thanks.queue(GUILD, MIA)

    assert (message.pieces, message.coins) == (1, 10)
    assert [(entry.pieces, entry.coins) for entry in queue.entries] == [(2, 20)]


async def test_presses_beside_new_gifts_thank_for_each_gift_once(
    database: Database, show: Services, clock: Clock
) -> None:
    await give(database, clock, 1)
    presses = (show.thanks.thank(GUILD, MIA, thanks_id=number) for number in range(1, 7))
    gifts = (database.writer.submit(gift(f"beside {number}")) for number in range(6))
    outcomes = await asyncio.gather(
        *(step for pair in zip(presses, gifts, strict=True) for step in pair), return_exceptions=True
    )
    with contextlib.suppress(NobodyToThank):
        outcomes.append(await show.thanks.thank(GUILD, MIA, thanks_id=7))
    messages = [outcome for outcome in outcomes if isinstance(outcome, ThankYou)]

    assert sum(message.pieces for message in messages) == 7
    assert not (await show.thanks.queue(GUILD, MIA)).entries
    assert {type(outcome) for outcome in outcomes} <= {ThankYou, Receipt, NobodyToThank}


async def board_of(show: Services, board: Board, period: Period, fans_of: int | None = None) -> dict[int, int]:
    """Return the coins of each line."""
    page = await show.leaderboards.leaderboard(BoardQuery(GUILD, board, period, NOAH, CHANNEL, fans_of))
    return {line.subject_id: line.coins for line in page.leaderboard.standings}


def without_nothing(coins: dict[int, int]) -> dict[int, int]:
    return {subject: amount for subject, amount in coins.items() if amount}


@pytest.mark.parametrize("is_anonymous", [False, True])
@pytest.mark.parametrize("part", [2, None])
@pytest.mark.parametrize(
    ("days", "periods"),
    [
        (0, {Period.TODAY, Period.WEEK, Period.MONTH, Period.LAST_30_DAYS, Period.ALL, Period.LIVE}),
        (1, {Period.WEEK, Period.MONTH, Period.LAST_30_DAYS, Period.ALL, Period.LIVE}),
        (7, {Period.MONTH, Period.LAST_30_DAYS, Period.ALL, Period.LIVE}),
        (30, {Period.ALL, Period.LIVE}),
    ],
)
async def test_every_board_loses_what_is_taken_back_in_the_periods_that_it_was_in(
    database: Database,
    show: Services,
    clock: Clock,
    days: int,
    periods: set[Period],
    part: int | None,
    *,
    is_anonymous: bool,
) -> None:
    """The gift is taken back days later, after a new one to another creator outside of the event."""
    await give(database, clock, 9, sender_id=BOB)
    seq = await give(database, clock, 5, anonymous=is_anonymous)
    clock.now_ms += days * DAY
    await give(database, clock, 2, creator_id=NOAH)
    await database.writer.catch_up(GUILD)

    await undo(show, seq, part)

    rest = 0 if part is None else 10 * (5 - part)
    named_rest = 0 if is_anonymous else rest
    for period in Period:
        was_in, later = period in periods, 20 * (period is not Period.LIVE)
        boards = {board: await board_of(show, board, period) for board in PUBLIC_BOARDS}
        assert boards == {
            Board.GIFTERS: without_nothing({BOB: 90 * was_in, ALICE: named_rest * was_in + later}),
            Board.CREATORS: without_nothing({MIA: (90 + rest) * was_in, NOAH: later}),
            Board.GIFTS: without_nothing({WARM_HEART: (90 + rest) * was_in + later}),
        }
        fans = await board_of(show, Board.GIFTERS, period, MIA)
        assert fans == without_nothing({BOB: 90 * was_in, ALICE: named_rest * was_in})


@pytest.mark.parametrize("by_staff", [False, True])
async def test_a_gift_that_is_declined_is_on_no_board_and_in_no_total(
    database: Database, show: Services, clock: Clock, *, by_staff: bool
) -> None:
    await give(database, clock, 9, sender_id=BOB)
    seq = await give(database, clock, 5)
    decliner = ROB if by_staff else MIA
    await show.desk.declines.decline(GUILD, decliner, seq, key="decline", by_staff=by_staff)
    event = (await show.live.of_event(GUILD, EVENT)).event

    for period in Period:
        boards = {board: await board_of(show, board, period) for board in PUBLIC_BOARDS}
        assert boards == {Board.GIFTERS: {BOB: 90}, Board.CREATORS: {MIA: 90}, Board.GIFTS: {WARM_HEART: 90}}
        assert await board_of(show, Board.GIFTERS, period, MIA) == {BOB: 90}
    totals = (await show.live_displays.status(event)).totals
    assert (totals.coins, totals.gifts, totals.gifters) == (90, 9, 1)
    progress = [(await show.profiles.profile(GUILD, member)).progress for member in (ALICE, BOB)]
    assert [each.coins for each in progress] == [0, 90]


@pytest.mark.parametrize("part", [2, None])
async def test_what_is_taken_back_is_in_stock_again(
    database: Database, show: Services, clock: Clock, part: int | None
) -> None:
    await database.writer.perform(catalogue.save, GiftItem(GUILD, 100, "Rare", "💎", 1, stock=3))
    seq = await give(database, clock, 3, item_id=100)
    with pytest.raises(ItemUnavailable):
        await give(database, clock, 1, item_id=100)
    await undo(show, seq, part)
    item = await database.read(catalogue.item, GUILD, 100)
    await give(database, clock, part or 3, item_id=100)

    assert item is not None
    assert item.stock == (part or 3)


@pytest.mark.parametrize(("part", "pieces"), [(2, 3), (None, 0)])
async def test_totals_below_messages_lose_what_is_taken_back(
    database: Database, show: Services, clock: Clock, part: int | None, pieces: int
) -> None:
    memory = StoredAnnouncementMemory(database, clock)
    seqs = [await give(database, clock, 5, message_id=message) for message in (31, 32)]
    roundup = Post(GUILD, CHANNEL, 0, seqs[0], seqs[1], PostForm.ROUNDUP, clock.now_ms, clock.now_ms)
    replies = [
        Post(GUILD, CHANNEL, message, seq, seq, PostForm.TOTALS, clock.now_ms, clock.now_ms, roundup=seqs[0])
        for message, seq in zip((31, 32), seqs, strict=True)
    ]
    await memory.follow(GUILD, "announcer", seqs[1], [roundup, *replies], [(31, seqs[0]), (32, seqs[1])], [])

    await undo(show, seqs[0], part)

    totals = await memory.totals(roundup)
    assert {message: (gifts.pieces, gifts.coins) for message, gifts in totals.items()} == {
        31: (pieces, 10 * pieces),
        32: (5, 50),
    }


@pytest.mark.parametrize(("part", "pieces", "notes"), [(2, 4, ["for you"]), (None, 1, [])])
@pytest.mark.parametrize("is_anonymous", [False, True])
async def test_an_announcement_shows_what_is_left_also_after_a_restart(
    database: Database,
    show: Services,
    clock: Clock,
    part: int | None,
    pieces: int,
    notes: list[str],
    *,
    is_anonymous: bool,
) -> None:
    memory = StoredAnnouncementMemory(database, clock)
    seqs = [await give(database, clock, 5, note="for you", anonymous=is_anonymous), await give(database, clock, 1)]
    post = Post(GUILD, CHANNEL, 0, seqs[0], seqs[1], PostForm.SHARED, clock.now_ms, clock.now_ms)
    await database.writer.perform(announcements.save, [post])
    (announcement,) = (await memory.state(GUILD)).announcements[CHANNEL]

    await undo(show, seqs[0], part)
    (restored,) = (await memory.state(GUILD)).announcements[CHANNEL]

    for contents in (await memory.contents(announcement), await memory.contents(restored)):
        assert (contents.pieces, contents.coins, [note.text for note in contents.notes]) == (pieces, 10 * pieces, notes)
    assert announcement.contents.pieces == 6
