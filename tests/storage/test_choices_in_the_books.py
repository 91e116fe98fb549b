"""What members have chosen, as gifts, boards and announcements find it in the books."""

import pytest
from sqlalchemy import Connection

from bot.domain.leaderboards import Board
from bot.domain.member_choices import NO_CHOICES, Choice, MemberChoices
from bot.domain.periods import Period
from bot.services.leaderboards import BoardQuery, Leaderboards
from bot.services.member_choices import OwnChoices
from bot.storage.database import Database
from bot.storage.folds.leaderboards import queries
from bot.storage.ledger import holders, member_choices
from bot.storage.stores import live, live_displays
from tests.storage.town import ALICE, BOB, CHANNEL, GUILD, MIA, NOON, Clock, event, gift, grant

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
def own_choices(books: Database, clock: Clock) -> OwnChoices:
    return OwnChoices(books, clock)


def test_all_choices_are_kept_by_member_and_by_pseudonym(c: Connection):
    everything = MemberChoices(True, 1, 2, 3, 4)
    for choices in (everything, NO_CHOICES, everything):
        member_choices.save(c, GUILD, ALICE, choices)

        assert member_choices.choices(c, GUILD, ALICE) == choices
        holder = holders.holder_id(c, GUILD, ALICE)
        assert holder is not None
        assert member_choices.choices_of_holders(c, GUILD, [holder]) == {holder: choices}


def test_nobody_gets_a_pseudonym_for_a_choice_that_gifts_need_not_know(c: Connection):
    member_choices.save(c, GUILD, BOB, MemberChoices(no_pings=True, hidden_since_ms=NOON))

    assert holders.holder_id(c, GUILD, BOB) is None


async def test_gifts_follow_the_choice_of_their_sender_from_the_next_one_on(books: Database, own_choices: OwnChoices):
    await books.writer.submit(grant("g"))
    anonymous: list[bool] = []
    for number, is_on in enumerate((False, True, False)):
        await own_choices.choose(GUILD, ALICE, {Choice.ANONYMOUS: is_on, Choice.QUIET: is_on})
        receipt = await books.writer.submit(gift(f"gift {number}", anonymous=None))
        anonymous.append(receipt.facts["anonymous"])
        assert receipt.facts.get("quiet", False) is is_on

    assert anonymous == [False, True, False]


async def test_places_stay_without_sums_and_hidden_members_lead_no_show(
    books: Database, own_choices: OwnChoices, clock: Clock
):
    for member in (ALICE, BOB):
        await books.writer.submit(grant(f"grant {member}", member_id=member))
    await books.writer.perform(live.insert, event())
    await books.writer.submit(gift("a", quantity=3))
    await books.writer.submit(gift("b", sender_id=BOB))
    await own_choices.choose(GUILD, ALICE, {Choice.AMOUNTS_HIDDEN: True})
    await own_choices.choose(GUILD, BOB, {Choice.QUIET: True})

    query = BoardQuery(GUILD, Board.GIFTERS, Period.ALL, ALICE, CHANNEL)
    board = (await Leaderboards(books, clock).leaderboard(query, range(5))).leaderboard
    leaders = (await books.read_folded(GUILD, queries.event_totals, GUILD, 900)).top
    await own_choices.choose(GUILD, ALICE, {Choice.HIDDEN: True})
    rest = (await books.read_folded(GUILD, queries.event_totals, GUILD, 900)).top
    gifts = (await books.read(live_displays.gifts_after, event(), 0, 50)).gifts

    assert [(each.subject_id, each.hides_amount) for each in board.standings] == [(ALICE, True), (BOB, False)]
    assert board.own is not None
    assert board.own.hides_amount
    assert [each.subject_id for each in leaders] == [ALICE, BOB]
    assert [(each.place, each.subject_id) for each in rest] == [(1, BOB)]
    assert [(each.joins_combos, each.shows_quantity) for each in gifts] == [(False, False), (False, False)]


async def test_an_anonymous_gift_looks_like_any_other_whatever_its_sender_has_chosen(
    books: Database, own_choices: OwnChoices
):
    await books.writer.submit(grant("g"))
    await books.writer.perform(live.insert, event())
    await own_choices.choose(GUILD, ALICE, dict.fromkeys(Choice, True))
    await books.writer.submit(gift("named", anonymous=False))
    await books.writer.submit(gift("hidden", anonymous=None, creator_id=MIA))

    open_gift, secret_gift = (await books.read(live_displays.gifts_after, event(), 0, 50)).gifts

    assert (open_gift.joins_combos, open_gift.shows_quantity) == (False, False)
    assert (secret_gift.sender, secret_gift.joins_combos, secret_gift.shows_quantity) == (None, True, True)
