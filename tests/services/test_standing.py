"""News and roles follow from changed levels: once, for whoever still has them, and not while all is counted again."""

import pytest
from sqlalchemy import Connection, select

from bot.domain.deadlines import Deadline, DeadlineKind
from bot.domain.member_roles import RECHECK_MS, Trouble
from bot.domain.notices import LevelNotice
from bot.services.member_roles import MemberRoles
from bot.services.notices import Notices
from bot.services.reversals import Reversals
from bot.services.standing import Standing
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.ledger import holders
from bot.storage.sql.standing_tables import role_checks
from bot.storage.stores import deadlines, staff_acts
from tests.storage.town import ALICE, BOB, DAY, GUILD, PETAL, ROB, Clock, buy, gift, order, settle_in

STANDING = Deadline(GUILD, DeadlineKind.STANDING, 0, 0)
BRONZE, SILVER = 901, 902


class World:
    """The services of standing over one database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.books, self.clock = database, clock
        self.notices = Notices(database, clock)
        self.standing = Standing(database, clock, self.notices.expect)
        self.roles = MemberRoles(database, clock)

    async def news(self, member_id: int = ALICE) -> list[int]:
        """Settle, and return the levels that a member is told of."""
        await self.books.writer.catch_up(GUILD)
        assert await self.standing.settle(STANDING) is None
        async with self.notices.telling(GUILD, member_id) as notices:
            return [notice.level for notice in notices if isinstance(notice, LevelNotice)]

    async def target(self) -> dict[int, frozenset[int]]:
        """Return the members whose roles are to be looked at, with those that they should have."""
        return {task.member_id: task.target for task in await self.roles.due(GUILD)}

    async def undo(self, seq: int, part: int | None = None) -> None:
        reversals = Reversals(self.books, self.clock)
        await reversals.reverse(GUILD, key=f"undo {seq} {part}", actor_id=ROB, seq=seq, part=part, reason="a slip")


@pytest.fixture
async def world(database: Database, clock: Clock) -> World:
    await database.writer.perform(settle_in)
    await buy(database, order(coins=1_000))
    return World(database, clock)


async def test_a_level_is_told_once_and_only_the_highest(world: World) -> None:
    await world.books.writer.submit(gift("a"))
    await world.books.writer.submit(gift("b", quantity=5))

    assert await world.news() == [2]
    assert await world.news() == []


async def test_a_level_that_was_lost_is_not_told_and_not_told_again_when_it_comes_back(world: World) -> None:
    receipt = await world.books.writer.submit(gift("a", quantity=6))
    await world.books.writer.catch_up(GUILD)
    await world.standing.settle(STANDING)
    await world.undo(receipt.seq)
    assert await world.news() == []
    await world.books.writer.submit(gift("b", quantity=6))

    assert await world.news() == []


async def test_old_gifts_that_are_counted_for_the_first_time_are_no_news(world: World) -> None:
    await world.books.writer.submit(gift("a", quantity=6))
    world.clock.now_ms += 2 * DAY

    assert await world.news() == []


async def test_a_gift_that_changes_no_level_sets_nothing_in_motion(world: World) -> None:
    await world.books.writer.submit(gift("a"))
    await world.news()
    await world.books.writer.perform(deadlines.clear, GUILD, DeadlineKind.STANDING, 0)
    await world.books.writer.submit(gift("b", item_id=PETAL))
    await world.books.writer.submit(gift("c", anonymous=True, quantity=50))
    await world.books.writer.catch_up(GUILD)

    outlook = await world.books.read(deadlines.outlook, world.clock())
    assert DeadlineKind.STANDING not in {deadline.kind for deadline, _ in outlook.due}


async def test_members_get_the_roles_of_their_level_and_lose_them_with_a_reversal(world: World) -> None:
    await world.roles.choose(GUILD, 1, BRONZE, ROB)
    await world.roles.choose(GUILD, 2, SILVER, ROB)
    receipt = await world.books.writer.submit(gift("a", quantity=6))
    await world.news()
    assert await world.target() == {ALICE: {BRONZE, SILVER}}
    await world.undo(receipt.seq, 5)
    await world.news()

    assert await world.target() == {ALICE: {BRONZE}}


async def test_a_role_that_is_chosen_later_reaches_those_who_have_the_level(world: World) -> None:
    await buy(world.books, order(order_id=501, member_id=BOB, coins=100))
    await world.books.writer.submit(gift("a", quantity=6))
    await world.books.writer.submit(gift("b", sender_id=BOB))
    await world.news()
    assert await world.target() == {}

    await world.roles.choose(GUILD, 2, SILVER, ROB)

    assert await world.target() == {ALICE: {SILVER}}
    acts = await world.books.read(staff_acts.latest, GUILD, 1)
    assert (acts[0].act.before, acts[0].act.after) == ({"2": None}, {"2": SILVER})


async def test_whoever_has_a_role_is_looked_at_again_a_day_later(world: World) -> None:
    await world.roles.choose(GUILD, 1, BRONZE, ROB)
    await world.books.writer.submit(gift("a"))
    await world.news()
    (task,) = await world.roles.due(GUILD)
    await world.roles.note_given(GUILD, task.holder, [BRONZE])
    await world.roles.settle(GUILD, task)

    assert await world.roles.next_ms(GUILD) == world.clock() + RECHECK_MS
    await world.roles.choose(GUILD, 1, 0, ROB)
    (task,) = await world.roles.due(GUILD)
    assert (task.target, task.own) == (frozenset(), {BRONZE})
    await world.roles.forget(GUILD, task.holder, [BRONZE])
    await world.roles.settle(GUILD, task)
    assert await world.roles.next_ms(GUILD) is None


async def test_a_change_during_a_look_is_not_lost(world: World) -> None:
    await world.roles.choose(GUILD, 1, BRONZE, ROB)
    await world.books.writer.submit(gift("a"))
    await world.news()
    (task,) = await world.roles.due(GUILD)
    world.clock.now_ms += 1
    await world.books.writer.submit(gift("b", quantity=9))
    await world.news()
    await world.roles.settle(GUILD, task)

    assert await world.target() == {ALICE: {BRONZE}}


async def test_a_member_waits_longer_after_each_failure(world: World) -> None:
    await world.roles.choose(GUILD, 1, BRONZE, ROB)
    await world.books.writer.submit(gift("a"))
    await world.news()
    waits: list[int] = []
    for _ in range(3):
        (task,) = await world.roles.due(GUILD)
        await world.roles.postpone(GUILD, task)
        next_ms = await world.roles.next_ms(GUILD)
        assert next_ms is not None
        waits.append(next_ms - world.clock())
        world.clock.now_ms = next_ms

    assert waits == [5_000, 10_000, 20_000]


async def test_whoever_lacks_a_role_in_what_discord_says_is_looked_at(world: World) -> None:
    await world.roles.choose(GUILD, 1, BRONZE, ROB)
    await world.books.writer.submit(gift("a"))
    await world.news()
    (task,) = await world.roles.due(GUILD)
    await world.roles.leave(GUILD, task.holder)
    await world.roles.look(GUILD, ALICE, [BRONZE])
    await world.roles.look(GUILD, BOB, [])
    assert await world.target() == {}

    await world.roles.look(GUILD, ALICE, [])

    assert await world.target() == {ALICE: {BRONZE}}


async def test_troubles_are_kept_until_they_are_over_or_nobody_gets_the_role(world: World) -> None:
    await world.roles.choose(GUILD, 1, BRONZE, ROB)
    await world.roles.choose(GUILD, 2, SILVER, ROB)
    await world.roles.note_troubles(GUILD, {BRONZE: Trouble.PERMISSION, SILVER: Trouble.POSITION})
    await world.roles.note_troubles(GUILD, {BRONZE: Trouble.GONE, SILVER: Trouble.POSITION})
    assert await world.roles.troubles(GUILD) == {BRONZE: Trouble.GONE, SILVER: Trouble.POSITION}

    await world.roles.choose(GUILD, 2, 0, ROB)

    assert await world.roles.troubles(GUILD) == {BRONZE: Trouble.GONE}


async def test_everything_counted_again_takes_nobodys_role_and_tells_nothing(world: World) -> None:
    await world.roles.choose(GUILD, 1, BRONZE, ROB)
    await world.books.writer.submit(gift("a", quantity=6))
    await world.news()
    await world.books.writer.perform(folding.start_over, GUILD, world.clock())

    # Nothing of it is looked at before all is counted.
    assert await world.target() == {ALICE: {BRONZE}}
    assert await world.news() == []
    assert await world.target() == {ALICE: {BRONZE}}


async def test_an_erased_member_has_no_id_to_ask_discord_about(world: World) -> None:
    await world.roles.choose(GUILD, 1, BRONZE, ROB)
    await world.books.writer.submit(gift("a"))
    await world.news()
    (task,) = await world.roles.due(GUILD)
    await world.books.writer.perform(_erase)

    (erased,) = await world.roles.due(GUILD)
    assert (erased.holder, erased.member_id) == (task.holder, 0)
    await world.roles.leave(GUILD, erased.holder)
    assert await world.books.read(_checks) == []


def _erase(c: Connection) -> None:
    table = holders.holders
    c.execute(table.update().where(table.c.user_id == ALICE).values(user_id=None))


def _checks(c: Connection) -> list[int]:
    return [*c.execute(select(role_checks.c.holder)).scalars()]
