"""Matches by a clock that is moved: when one may still be left, and when another may begin."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.domain.leaderboards import Board
from bot.domain.match import FREEZE_MS, INVITATION_MS, ROUND_MS, Answer, Invitation, MatchResult, Score
from bot.domain.match_errors import InvitationOver, MatchRuns, NoMatch, NotInvited, ScoreHidden
from bot.domain.periods import Period
from bot.domain.policy import Actor, Staff
from bot.services import Services
from bot.services.assembly import build
from bot.services.leaderboards import BoardQuery
from bot.storage.database import Database
from bot.ui.looks.live_card import Scene, live_card
from bot.ui.text.reader import reader_for
from tests.storage.town import ALICE, BOB, CHANNEL, GUILD, MIA, NOAH, Clock, gift, grant, settle_in

MATCH = 700
MIA_HERSELF, NOAH_HIMSELF = (Actor(member, frozenset(), manages_guild=False, is_creator=True) for member in (MIA, NOAH))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def books(address: str, clock: Clock) -> AsyncIterator[Database]:
    database = await Database.open(address, clock=clock)
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("coins", amount=1_000))
    yield database
    await database.close()


@pytest.fixture
async def services(books: Database, clock: Clock) -> Services:
    """Mia is live, and Noah has accepted the best of three rounds."""
    services_of_match = build(books, [], clock)
    await services_of_match.guilds.change(GUILD, matches_since_ms=clock())
    await services_of_match.live.start(
        GUILD, event_id=900, channel_id=CHANNEL, caller=MIA_HERSELF, creator_id=MIA, title="", goal=None, minutes=None
    )
    invitation = await services_of_match.matches.invite(MIA_HERSELF, invitation_of(MATCH, rounds=3))
    assert invitation.answer is None
    await services_of_match.matches.accept(GUILD, MATCH, NOAH)
    return services_of_match


def invitation_of(match_id: int, *, rounds: int = 1) -> Invitation:
    return Invitation(GUILD, match_id, CHANNEL, MIA, NOAH, rounds, frozen=False)


async def test_a_match_can_be_left_until_nobody_can_catch_up(services: Services, books: Database, clock: Clock) -> None:
    await books.writer.submit(gift("first round"))
    clock.now_ms += ROUND_MS
    await books.writer.submit(gift("second round"))
    with pytest.raises(MatchRuns):
        await services.matches.invite(MIA_HERSELF, invitation_of(MATCH + 1))
    clock.now_ms += ROUND_MS

    with pytest.raises(NoMatch):
        await services.matches.leave(GUILD, MATCH, NOAH_HIMSELF)

    another = await services.matches.invite(MIA_HERSELF, invitation_of(MATCH + 1))
    assert another.answer is Answer.ACCEPTED


async def test_a_match_that_was_left_is_broken_off_where_it_was(
    services: Services, books: Database, clock: Clock
) -> None:
    await books.writer.submit(gift("first round"))
    clock.now_ms += ROUND_MS + 1

    card = await services.matches.leave(GUILD, MATCH, NOAH_HIMSELF)

    assert card.state is not None
    assert (card.state.over_ms, card.state.is_decided) == (clock.now_ms, False)
    with pytest.raises(NoMatch):
        await services.matches.leave(GUILD, MATCH, MIA_HERSELF)


async def test_the_last_seconds_of_a_round_hide_its_score_everywhere(
    services: Services, books: Database, clock: Clock
) -> None:
    async def board() -> str:
        status = await services.live.of_event(GUILD, 900)
        show = await services.live_displays.show(status.event)
        card = live_card(status, reader_for("en-US"), Scene.of(show.progress, show.members, clock()))
        return next(part.text for part in card.parts if "Match" in (part.heading or ""))

    await services.matches.leave(GUILD, MATCH, NOAH_HIMSELF)
    await services.matches.invite(MIA_HERSELF, replace(invitation_of(MATCH + 1), frozen=True))
    end_ms = clock() + ROUND_MS
    await books.writer.submit(gift("early"))
    before = await board()
    clock.now_ms = end_ms - FREEZE_MS
    await books.writer.submit(gift("late"))
    in_the_dark = await board()
    creators = BoardQuery(GUILD, Board.CREATORS, Period.LIVE, ALICE, CHANNEL)
    for query in (creators, replace(creators, board=Board.GIFTERS, fans_of=MIA)):
        with pytest.raises(ScoreHidden) as refusal:
            await services.leaderboards.leaderboard(query)
        assert refusal.value.ends_ms == end_ms
    # A board of the day has the same sums, and whoever remembers the one before could subtract.
    for period in (Period.TODAY, Period.WEEK, Period.MONTH, Period.ALL):
        for query in (creators, replace(creators, board=Board.GIFTERS, fans_of=NOAH)):
            with pytest.raises(ScoreHidden):
                await services.leaderboards.leaderboard(replace(query, period=period))
    for query in (replace(creators, board=Board.GIFTERS), replace(creators, board=Board.GIFTERS, fans_of=ALICE)):
        await services.leaderboards.leaderboard(query)
    clock.now_ms = end_ms
    for period in (Period.LIVE, Period.TODAY):
        await services.leaderboards.leaderboard(replace(creators, period=period))
    card = await services.matches.card(GUILD, MATCH + 1)

    assert "**10** : **0**" in before
    assert "**?** : **?**" in in_the_dark
    assert "The score is hidden until the round ends" in in_the_dark
    assert card is not None
    assert card.state is not None
    assert (card.state.scores, card.state.winner_id) == ((Score(20, 0),), MIA)


async def test_an_invitation_is_answered_by_whom_it_is_for_and_only_while_it_stands(
    services: Services, clock: Clock
) -> None:
    await services.matches.leave(GUILD, MATCH, NOAH_HIMSELF)
    await services.live.set_creators(GUILD, 900, MIA_HERSELF, [])
    for match_id in (MATCH + 1, MATCH + 2):
        await services.matches.invite(MIA_HERSELF, invitation_of(match_id))
    with pytest.raises(NotInvited):
        await services.matches.decline(GUILD, MATCH + 1, MIA)
    declined = await services.matches.decline(GUILD, MATCH + 1, NOAH)
    with pytest.raises(InvitationOver):
        await services.matches.accept(GUILD, MATCH + 1, NOAH)
    clock.now_ms += INVITATION_MS
    with pytest.raises(InvitationOver):
        await services.matches.accept(GUILD, MATCH + 2, NOAH)
    expired = await services.matches.card(GUILD, MATCH + 2)

    assert declined.invitation.answer is Answer.DECLINED
    assert expired is not None
    assert (expired.is_open, expired.state) == (False, None)


async def test_an_invitation_ends_with_its_show(services: Services, clock: Clock) -> None:
    await services.matches.leave(GUILD, MATCH, NOAH_HIMSELF)
    await services.live.set_creators(GUILD, 900, MIA_HERSELF, [])
    await services.matches.invite(MIA_HERSELF, invitation_of(MATCH + 1))
    clock.now_ms += INVITATION_MS
    await services.matches.invite(MIA_HERSELF, invitation_of(MATCH + 2))

    await services.live.end(GUILD, 900, MIA_HERSELF)
    expired, ended = [await services.matches.card(GUILD, match_id) for match_id in (MATCH + 1, MATCH + 2)]

    assert expired is not None
    assert ended is not None
    assert [expired.invitation.answer, ended.invitation.answer] == [None, Answer.ENDED]
    assert not ended.is_open
    for press in (services.matches.accept, services.matches.decline):
        with pytest.raises(InvitationOver):
            await press(GUILD, MATCH + 2, NOAH)


async def test_an_invitation_ends_when_whoever_sent_it_leaves_the_show(services: Services) -> None:
    await services.matches.leave(GUILD, MATCH, NOAH_HIMSELF)
    await services.creators.approve(GUILD, BOB, MIA, is_bot=False)
    await services.matches.invite(NOAH_HIMSELF, replace(invitation_of(MATCH + 1), creator_id=NOAH, opponent_id=BOB))

    await services.live.set_creators(GUILD, 900, MIA_HERSELF, [])
    card = await services.matches.card(GUILD, MATCH + 1)

    assert card is not None
    assert card.invitation.answer is Answer.ENDED


async def test_a_host_invites_in_the_name_of_whoever_is_on_stage(services: Services) -> None:
    await services.matches.leave(GUILD, MATCH, NOAH_HIMSELF)
    await services.live.set_creators(GUILD, 900, MIA_HERSELF, [])
    host = Actor(ALICE, frozenset({Staff.HOST}), manages_guild=False, is_creator=False)

    invitation = await services.matches.invite(host, replace(invitation_of(MATCH + 1), creator_id=ALICE))
    card = await services.matches.accept(GUILD, MATCH + 1, NOAH)

    assert invitation.creator_id == MIA
    assert card.state is not None
    assert card.state.match.creator_id == MIA


async def test_the_end_of_the_show_breaks_a_match_off_and_its_recap_says_so(
    services: Services, books: Database, clock: Clock
) -> None:
    await books.writer.submit(gift("first round"))
    clock.now_ms += ROUND_MS + 1

    await services.live.end(GUILD, 900, MIA_HERSELF)
    (result,) = [*await results(services)]
    again = await results(services)

    assert (result.is_decided, result.winner_id, result.points) == (False, None, Score(1, 0))
    assert again == (result,)


async def results(services: Services) -> tuple[MatchResult, ...]:
    status = await services.live_displays.recap(GUILD, 900)
    assert status.recap is not None
    return status.recap.matches
