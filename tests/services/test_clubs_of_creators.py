"""Fan clubs: a heart joins, a missed live event pauses after seven days, one gift resumes, a break pauses nobody."""

import pytest

from bot.domain.clubs import PATIENCE_MS
from bot.domain.deadlines import Deadline, DeadlineKind
from bot.domain.notices import ClubNotice, LevelNotice
from bot.services.clubs import Clubs
from bot.services.member_roles import MemberRoles
from bot.services.notices import Notices
from bot.services.profiles import Profiles
from bot.services.reception import Reception
from bot.services.reversals import Reversals
from bot.services.standing import Standing
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.ledger import holders
from bot.storage.stores import clubs, deadlines, live
from tests.storage.town import (
    ALICE,
    BOB,
    DAY,
    GUILD,
    HOUR,
    MIA,
    NOAH,
    NOON,
    PETAL,
    ROB,
    Clock,
    buy,
    event,
    gift,
    order,
    settle_in,
)

STANDING = Deadline(GUILD, DeadlineKind.STANDING, 0, 0)
FAN = 900
"""The role of Mia's club."""


class Fans:
    """The services of clubs over one database in which Mia's club has a role."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.books, self.clock = database, clock
        self.notices = Notices(database, clock)
        self.standing = Standing(database, clock, self.notices.expect)
        self.clubs = Clubs(database, clock, self.notices.expect)
        self.roles = MemberRoles(database, clock)
        self.profiles = Profiles(database, clock)
        self.reception = Reception(database, clock)

    async def give(self, key: str, **changes: object) -> int:
        """Have Alice gift Mia a Warm Heart, or something else, and let everything follow from it."""
        receipt = await self.books.writer.submit(gift(key)._replace(**changes))  # pyright: ignore[reportArgumentType]
        await self.settle()
        return receipt.seq

    async def settle(self) -> None:
        await self.books.writer.catch_up(GUILD)
        await self.standing.settle(STANDING)

    async def show(self) -> None:
        """Let Mia be live for an hour, from now on."""
        show = event(event_id=self.clock.now_ms, started_ms=self.clock.now_ms, ends_ms=self.clock.now_ms + HOUR)
        await self.books.writer.perform(live.insert, show)
        self.clock.now_ms += HOUR
        await self.books.writer.perform(live.end, GUILD, show.event_id, self.clock.now_ms)

    async def look(self) -> int | None:
        """Deal with the deadline of Mia's club, and return when it is due again."""
        creator = await self.books.read(holders.holder_id, GUILD, MIA)
        assert creator is not None
        return await self.clubs.pause(Deadline(GUILD, DeadlineKind.CLUB_PAUSES, creator, 0))

    async def news(self) -> list[ClubNotice]:
        async with self.notices.telling(GUILD, ALICE) as notices:
            return [notice for notice in notices if not isinstance(notice, LevelNotice)]  # pyright: ignore[reportReturnType]

    async def has_role(self) -> bool:
        """Whether Alice should have the role of Mia's club now."""
        tasks = [task for task in await self.roles.due(GUILD) if task.member_id == ALICE]
        return any(FAN in task.target for task in tasks)

    async def members(self) -> dict[int, set[int]]:
        """Return the creators in whose clubs Alice and Bob are, as the bot has acted upon it."""
        known = await self.books.read(holders.holder_ids, [(GUILD, each) for each in (ALICE, BOB, MIA, NOAH)])
        member_ids = {holder: member_id for (_, member_id), holder in known.items()}
        gifters = [known[GUILD, ALICE], known[GUILD, BOB]]
        memberships = await self.books.read(clubs.memberships_of, GUILD, gifters)
        return {
            member_ids[gifter]: {member_ids[creator] for creator in of_gifter}
            for gifter, of_gifter in memberships.items()
        }

    async def clubs_of_alice(self) -> list[tuple[int, int, bool]]:
        return [tuple(club) for club in (await self.profiles.profile(GUILD, ALICE)).clubs]  # pyright: ignore[reportReturnType]


@pytest.fixture
async def fans(database: Database, clock: Clock) -> Fans:
    await database.writer.perform(settle_in)
    await buy(database, order(coins=1_000))
    fans = Fans(database, clock)
    await fans.clubs.choose_role(GUILD, MIA, FAN, ROB)
    return fans


async def test_a_heart_joins_the_club_and_other_gifts_earn_points(fans: Fans) -> None:
    await fans.give("a", item_id=PETAL)
    assert await fans.clubs_of_alice() == []
    await fans.give("b")

    assert await fans.clubs_of_alice() == [(MIA, 11, False)]
    assert await fans.news() == [ClubNotice(MIA, is_paused=False)]
    assert await fans.has_role()
    assert await fans.clubs.roles(GUILD) == {MIA: FAN}


async def test_whoever_takes_the_heart_back_is_in_the_club_no_more(fans: Fans) -> None:
    seq = await fans.give("a", quantity=2)
    reversals = Reversals(fans.books, fans.clock)
    await reversals.reverse(GUILD, key="u1", actor_id=ROB, seq=seq, part=1, reason="a slip")
    await fans.settle()
    assert await fans.clubs_of_alice() == [(MIA, 10, False)]
    await reversals.reverse(GUILD, key="u2", actor_id=ROB, seq=seq, part=None, reason="a slip")
    await fans.settle()

    assert await fans.clubs_of_alice() == []
    assert await fans.news() == []
    assert not await fans.has_role()


async def test_of_members_whose_clubs_change_together_each_is_in_their_own(fans: Fans) -> None:
    await buy(fans.books, order(order_id=501, member_id=BOB, coins=100))
    await fans.books.writer.submit(gift("a"))
    await fans.books.writer.submit(gift("b", creator_id=NOAH))
    of_bob = (await fans.books.writer.submit(gift("c", sender_id=BOB))).seq
    await fans.settle()
    joined = await fans.members()
    await Reversals(fans.books, fans.clock).reverse(
        GUILD, key="undo", actor_id=ROB, seq=of_bob, part=None, reason="a slip"
    )
    await fans.books.writer.submit(gift("d", creator_id=NOAH))
    await fans.settle()

    assert joined == {ALICE: {MIA, NOAH}, BOB: {MIA}}
    assert await fans.members() == {ALICE: {MIA, NOAH}, BOB: set()}


async def test_a_missed_live_event_pauses_after_seven_days_and_one_gift_resumes(fans: Fans) -> None:
    await fans.give("a")
    await fans.news()
    fans.clock.now_ms += DAY
    await fans.show()
    due_ms = fans.clock.now_ms + PATIENCE_MS
    outlook = await fans.books.read(deadlines.outlook, fans.clock.now_ms)
    assert DeadlineKind.CLUB_PAUSES in {deadline.kind for deadline, _ in outlook.due}
    assert await fans.look() == due_ms
    assert await fans.has_role()
    fans.clock.now_ms = due_ms
    assert await fans.look() is None

    assert await fans.clubs_of_alice() == [(MIA, 10, True)]
    assert await fans.news() == [ClubNotice(MIA, is_paused=True)]
    assert await fans.news() == []
    assert not await fans.has_role()
    assert await fans.look() is None
    assert await fans.news() == []

    await fans.give("b", item_id=PETAL)

    assert await fans.clubs_of_alice() == [(MIA, 11, False)]
    assert await fans.has_role()
    assert await fans.news() == []


async def test_a_gift_during_the_live_event_keeps_the_place(fans: Fans) -> None:
    await fans.give("a")
    fans.clock.now_ms += DAY
    show = event(started_ms=fans.clock.now_ms, ends_ms=fans.clock.now_ms + HOUR)
    await fans.books.writer.perform(live.insert, show)
    await fans.give("b", item_id=PETAL)
    await fans.books.writer.perform(live.end, GUILD, show.event_id, fans.clock.now_ms)
    fans.clock.now_ms += 2 * PATIENCE_MS
    await fans.look()

    assert await fans.clubs_of_alice() == [(MIA, 11, False)]


async def test_a_break_of_the_creator_pauses_nobody(fans: Fans) -> None:
    await fans.give("a")
    fans.clock.now_ms += DAY
    await fans.show()
    ended_ms = fans.clock.now_ms
    fans.clock.now_ms += 2 * DAY
    await fans.reception.pause(GUILD, MIA, 20)
    fans.clock.now_ms = ended_ms + 8 * DAY
    assert await fans.look() == ended_ms + PATIENCE_MS + 20 * DAY
    # She comes back after six of the twenty days.
    await fans.reception.resume(GUILD, MIA)
    assert await fans.look() == ended_ms + PATIENCE_MS + 6 * DAY
    assert await fans.clubs_of_alice() == [(MIA, 10, False)]
    fans.clock.now_ms = ended_ms + PATIENCE_MS + 6 * DAY
    await fans.look()

    assert await fans.clubs_of_alice() == [(MIA, 10, True)]


async def test_an_anonymous_heart_joins_nothing_and_resumes_nothing(fans: Fans) -> None:
    await fans.give("a", anonymous=True)

    assert await fans.clubs_of_alice() == []
    assert await fans.news() == []


async def test_everything_counted_again_tells_nobody_anything(fans: Fans) -> None:
    await fans.give("a")
    await fans.news()
    await fans.books.writer.perform(folding.start_over, GUILD, NOON)
    await fans.settle()

    assert await fans.news() == []
    assert await fans.clubs_of_alice() == [(MIA, 10, False)]
