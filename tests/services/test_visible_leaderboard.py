"""A page of a leaderboard among those who are still there: the right one, and found with few reads."""

import asyncio
from collections.abc import Collection

import pytest

from bot.domain.leaderboards import Board
from bot.domain.periods import Period
from bot.services.leaderboards import PAGE, BoardPage, BoardQuery, Leaderboards
from bot.services.visible_leaderboard import VisiblePage, visible_around, visible_page
from bot.storage.database import Database
from bot.ui.kit.membership import Membership, Profile
from tests.storage.town import CHANNEL, GUILD, PETAL, Clock, gift, grant, settle_in

GIFTERS = [*range(1_000, 1_000 + 6 * PAGE)]
"""Members by their places: the first one has sent the most petals."""


class CountedLeaderboards(Leaderboards):
    """Leaderboards that count how often they are read, and how many rows."""

    reads = rows = 0

    async def leaderboard(self, query: BoardQuery, rows: range | None = None) -> BoardPage:
        """Read, and count it."""
        board = await super().leaderboard(query, rows)
        self.reads += 1
        self.rows += len(board.leaderboard.standings)
        return board


@pytest.fixture
async def leaderboards(database: Database, clock: Clock) -> CountedLeaderboards:
    """The leaderboards of a guild in which everybody has given."""
    await database.writer.perform(settle_in)
    submit = database.writer.submit
    await asyncio.gather(*(submit(grant(f"grant {member}", member_id=member)) for member in GIFTERS))
    gifts = [
        gift(f"gift {member}", sender_id=member, item_id=PETAL, quantity=len(GIFTERS) - place)
        for place, member in enumerate(GIFTERS)
    ]
    await asyncio.gather(*map(submit, gifts))
    await database.writer.catch_up(GUILD)
    return CountedLeaderboards(database, clock)


async def page_of(leaderboards: Leaderboards, page: int, absent: Collection[int] = ()) -> VisiblePage:
    """Return a page as the last gifter sees it while `absent` are not in the guild."""

    async def look_up(_guild_id: int, member_id: int) -> Profile:
        return Profile(is_member=member_id not in absent, name="Member")

    query = BoardQuery(GUILD, Board.GIFTERS, Period.ALL, GIFTERS[-1], CHANNEL, page=page)
    return await visible_page(leaderboards, Membership(look_up), query)


def places_on(page: VisiblePage) -> list[tuple[int, int]]:
    """Return the places of a page with who is on them."""
    return [(standing.place, standing.subject_id) for standing in page.standings]


async def test_a_page_is_one_read_however_deep_it_is(leaderboards: CountedLeaderboards) -> None:
    for page in (0, 1, 5):
        leaderboards.reads = leaderboards.rows = 0
        visible = await page_of(leaderboards, page)

        first = page * PAGE
        assert places_on(visible) == list(enumerate(GIFTERS[first : first + PAGE], first + 1))
        assert (visible.number, visible.pages) == (page, 6)
        assert (leaderboards.reads, leaderboards.rows) == (1, first + PAGE)


LEFT = {"a few": GIFTERS[3:50:9], "the first half": GIFTERS[:30], "most": [m for m in GIFTERS if m % 6]}


@pytest.mark.parametrize("absent", LEFT.values(), ids=LEFT)
async def test_whoever_left_is_on_no_page_and_costs_few_reads(
    leaderboards: CountedLeaderboards, absent: list[int]
) -> None:
    present = [*enumerate((member for member in GIFTERS if member not in absent), 1)]
    last = (len(present) - 1) // PAGE
    for page in range(6):
        leaderboards.reads = leaderboards.rows = 0
        visible = await page_of(leaderboards, page, absent)

        number = min(page, last)
        assert places_on(visible) == present[number * PAGE :][:PAGE]
        # Each read doubles the rows. From 10 on, the fourth reaches the end of 60.
        assert leaderboards.reads <= 4
        assert leaderboards.rows <= len(GIFTERS)


async def test_a_page_far_behind_the_end_is_the_last_one(leaderboards: CountedLeaderboards) -> None:
    visible = await page_of(leaderboards, 2**60)

    assert places_on(visible) == [*enumerate(GIFTERS, 1)][-PAGE:]
    assert (visible.number, leaderboards.reads) == (5, 1)


async def test_nobody_is_asked_about_who_is_not_needed_for_the_page(leaderboards: CountedLeaderboards) -> None:
    looked_up_ids: list[int] = []

    async def look_up(_guild_id: int, member_id: int) -> Profile:
        looked_up_ids.append(member_id)
        return Profile(is_member=member_id != GIFTERS[0], name="Member")

    query = BoardQuery(GUILD, Board.GIFTERS, Period.ALL, GIFTERS[-1], CHANNEL, page=2)
    await visible_page(leaderboards, Membership(look_up), query)

    assert looked_up_ids == GIFTERS[: 4 * PAGE]


async def around(leaderboards: Leaderboards, viewer_id: int, absent: Collection[int] = ()) -> VisiblePage | None:
    """Return what is around a member's place while `absent` are not in the guild."""

    async def look_up(_guild_id: int, member_id: int) -> Profile:
        return Profile(is_member=member_id not in absent, name="Member")

    query = BoardQuery(GUILD, Board.GIFTERS, Period.ALL, viewer_id, CHANNEL)
    return await visible_around(leaderboards, Membership(look_up), query)


@pytest.mark.parametrize(("place", "first"), [(1, 1), (5, 1), (6, 2), (30, 26), (50, 46), (51, 47), (58, 51), (60, 51)])
async def test_a_place_stands_in_the_middle_of_those_around_it(
    leaderboards: CountedLeaderboards, place: int, first: int
) -> None:
    page = await around(leaderboards, GIFTERS[place - 1])

    assert page is not None
    assert places_on(page) == [*enumerate(GIFTERS, 1)][first - 1 :][:PAGE]
    assert page.own is not None
    assert page.own.place == place


@pytest.mark.parametrize("absent", LEFT.values(), ids=LEFT)
async def test_around_a_place_stands_nobody_who_left(leaderboards: CountedLeaderboards, absent: list[int]) -> None:
    here = [member for member in GIFTERS if member not in absent]
    viewer = next(member for member in reversed(here) if GIFTERS.index(member) < 50)
    page = await around(leaderboards, viewer, absent)

    assert page is not None
    assert page.own is not None
    assert (page.own.place, viewer) in places_on(page)
    assert not {standing.subject_id for standing in page.standings} & {*absent}
    assert page.own.place == here.index(viewer) + 1


async def test_who_has_no_place_has_nobody_around(leaderboards: CountedLeaderboards) -> None:
    assert await around(leaderboards, 5) is None
