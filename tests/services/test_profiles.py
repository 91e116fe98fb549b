"""Profiles: what gifts under a member's own name add up to, and nothing that anonymous ones would reveal."""

from dataclasses import replace

import pytest

from bot.domain.profiles import ClubPlace, Favourite
from bot.domain.streaks import Streak
from bot.services.profiles import Profiles
from bot.services.wallets import Wallets
from bot.storage.database import Database
from bot.storage.stores import guilds
from tests.storage.town import ALICE, BOB, DAY, GUILD, MIA, NOAH, PETAL, Clock, buy, gift, order, settle_in


@pytest.fixture
async def profiles(database: Database, clock: Clock) -> Profiles:
    await database.writer.perform(settle_in)
    await buy(database, order(coins=1_000))
    return Profiles(database, clock)


async def test_gifts_make_level_badges_streak_and_favourites(
    profiles: Profiles, database: Database, clock: Clock
) -> None:
    await database.writer.submit(gift("a", quantity=11))
    clock.now_ms += 7 * DAY
    await database.writer.submit(gift("b", creator_id=NOAH, quantity=2))

    profile = await profiles.profile(GUILD, ALICE)

    assert (profile.progress.coins, profile.progress.level, profile.progress.missing) == (130, 2, 10)
    assert profile.badges == (1, 100)
    assert profile.streak == Streak(2, 2, has_this_week=True)
    assert profile.favourites == [Favourite(MIA, 110), Favourite(NOAH, 20)]
    assert profile.creator is None
    assert profile.clubs == [ClubPlace(MIA, 110), ClubPlace(NOAH, 20)]
    assert [club.level for club in profile.clubs] == [2, 1]


async def test_anonymous_gifts_change_nothing_that_others_see(profiles: Profiles, database: Database) -> None:
    await database.writer.submit(gift("a", item_id=PETAL))
    before = await profiles.profile(GUILD, ALICE)
    await database.writer.submit(gift("b", anonymous=True, quantity=50))
    await database.writer.submit(gift("c", creator_id=NOAH, anonymous=True))

    assert await profiles.profile(GUILD, ALICE) == before


async def test_the_week_of_a_streak_ends_in_the_time_zone_of_the_guild(
    profiles: Profiles, database: Database, clock: Clock
) -> None:
    await database.writer.submit(gift("a"))
    # The second Monday after, at 05:00 UTC. West of it, it is still Sunday.
    clock.now_ms += 11 * DAY - 7 * 3_600_000
    assert (await profiles.profile(GUILD, ALICE)).streak == Streak(1, 1, is_grace_used=True)
    rules = await database.read(guilds.rules, GUILD)
    assert rules is not None
    await database.writer.perform(guilds.save, replace(rules, time_zone="America/Los_Angeles"))

    assert (await profiles.profile(GUILD, ALICE)).streak == Streak(1, 1)


async def test_a_creators_profile_tells_how_many_gifted_and_what_creators_earn(
    profiles: Profiles, database: Database
) -> None:
    await database.writer.submit(gift("a"))

    creator = (await profiles.profile(GUILD, MIA)).creator

    assert creator is not None
    assert (creator.fans, creator.rules.share_percent, creator.changes) == (1, 50, [])


async def test_a_member_whom_the_books_do_not_know_has_reached_nothing(profiles: Profiles) -> None:
    profile = await profiles.profile(GUILD, BOB)

    assert (profile.progress.level, profile.badges, profile.streak, profile.favourites) == (0, (), Streak(), [])


async def test_the_balance_knows_the_level(profiles: Profiles, database: Database, clock: Clock) -> None:
    await database.writer.submit(gift("a"))
    wallets = Wallets(database, clock, lambda _guild, _member: None)

    assert (await wallets.overview(GUILD, ALICE)).progress.level == 1
