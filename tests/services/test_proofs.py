"""Monthly proofs over real books: every coin is accounted for, whatever happened, and no later row changes a month."""

import asyncio
from contextlib import closing

import pytest

from bot.domain.deadlines import DeadlineKind
from bot.domain.errors import UnknownGuild
from bot.domain.periods import PastPeriod
from bot.domain.proofs import MonthlyProof, Takings
from bot.services import Services
from bot.services.assembly import build
from bot.services.proofs import proof
from bot.storage.audit.reader import open_reader
from bot.storage.database import Database
from bot.storage.stores import deadlines
from tests.storage.town import CHANNEL, DAY, GUILD, NOON, ROB, ROSETTE, Clock, buy, gift, grant, order, settle_in

FEBRUARY = PastPeriod(2026_02)


@pytest.fixture
async def desk(database: Database, clock: Clock) -> Services:
    """Services over books in which Alice has bought, tested and given on 5 February, and some of it went back."""
    await database.writer.perform(settle_in)
    await buy(database, order(coins=2_000))
    await buy(database, order(order_id=501, coins=700, price_minor=999))
    await buy(database, order(order_id=502, coins=5_000, test=True))
    await database.writer.submit(grant("grant"))
    receipt = await database.writer.submit(gift("gift", item_id=ROSETTE, quantity=2))
    services = build(database, [], clock)
    await services.reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=receipt.seq, part=1, reason="by mistake")
    await services.reversals.reverse(GUILD, key="back", actor_id=ROB, seq=2, part=None, reason="sent back")
    return services


async def february(database: Database) -> MonthlyProof:
    return await database.read(proof, GUILD, FEBRUARY)


async def test_every_coin_is_accounted_for(database: Database, desk: Services) -> None:
    sums = await february(database)

    assert (sums.bought, sums.granted, sums.returned, sums.came_in) == (2_700, 100, 700, 2_100)
    assert sums.agrees
    # Test coins are spent first, and granted ones together with them: one of two thousand-coin gifts stands.
    assert sums.given == 0
    assert sums.in_wallets + sums.in_tests == 2_100
    assert sums.takings == [Takings("pretend", "USD", 2, 1_498)]


async def test_what_is_given_is_earned_or_the_guilds(database: Database, desk: Services) -> None:
    before = await february(database)
    await database.writer.submit(gift("all tests", item_id=ROSETTE, quantity=4))
    await buy(database, order(order_id=503, coins=2_000))
    await database.writer.submit(gift("two", item_id=ROSETTE, quantity=2))
    sums = await february(database)

    assert sums.agrees
    assert sums.given == 2_000
    assert sums.earned == sums.on_account == sums.house == 1_000
    assert sums.hash != before.hash


async def test_a_month_that_is_over_never_changes(database: Database, desk: Services, clock: Clock) -> None:
    before = await february(database)
    clock.now_ms += 40 * DAY
    await buy(database, order(order_id=503, coins=2_000))
    await database.writer.submit(gift("late", item_id=ROSETTE))

    assert await february(database) == before
    assert await desk.proofs.last_month(GUILD) == before


async def test_a_guild_without_books_has_none(database: Database, desk: Services) -> None:
    with pytest.raises(UnknownGuild):
        await desk.proofs.last_month(GUILD + 1)
    with pytest.raises(UnknownGuild):
        await desk.proofs.choose(GUILD + 1, CHANNEL, ROB)


async def test_it_is_due_when_the_month_ends_where_the_guild_is(database: Database, desk: Services) -> None:
    await desk.guilds.change(GUILD, time_zone="Asia/Tokyo")
    await desk.proofs.choose(GUILD, CHANNEL, ROB)
    outlook = await database.read(deadlines.outlook, NOON + 40 * DAY)
    due_ms = next(due.at_ms for due, _ in outlook.due if due.kind is DeadlineKind.PROOF)

    # 1 March, 00:00 in Tokyo.
    assert due_ms == 1_772_290_800_000
    assert await desk.proofs.channel(GUILD) == CHANNEL
    assert await desk.proofs.next_ms(GUILD) == due_ms


async def test_the_operators_command_computes_the_same(database: Database, desk: Services, address: str) -> None:
    def read() -> MonthlyProof:
        with closing(open_reader(address)) as reader:
            return reader.look(proof, GUILD, FEBRUARY)

    assert await asyncio.to_thread(read) == await february(database)
