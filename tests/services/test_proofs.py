"""Monthly proofs over real books: every coin is accounted for, whatever happened, and no later row changes a month."""

import asyncio
from contextlib import closing
from dataclasses import replace

import pytest

from bot.domain.deadlines import DeadlineKind
from bot.domain.errors import UnknownGuild
from bot.domain.noted_payments import NO_ORDER, NotedPayment
from bot.domain.orders import PaymentStatus
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.periods import PastPeriod
from bot.domain.proofs import MonthlyProof, Takings
from bot.services import Services
from bot.services.assembly import build
from bot.services.proofs import proof
from bot.storage.audit.reader import open_reader
from bot.storage.database import Database
from bot.storage.stores import deadlines, noted_payments
from tests.services import paying
from tests.services.paying import Till
from tests.storage.town import ALICE, CHANNEL, DAY, GUILD, NOON, ROB, ROSETTE, Clock, buy, gift, grant, order, settle_in

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


async def test_what_providers_told_of_stands_beside_what_was_credited(database: Database, desk: Services) -> None:
    await buy(database, order(order_id=503, coins=100, provider="kofi"))
    paid = NotedPayment("kofi", "k-1", GUILD, 503, PaymentStatus.PAID, 499, "USD", NOON)
    for payment in (paid, replace(paid, external_id="k-2", order_id=NO_ORDER, amount_minor=300)):
        await database.writer.perform(noted_payments.note, payment)
    before = (await february(database)).takings[0]
    case = PaymentCase(GUILD, "kofi", "k-2", CaseKind.NO_ORDER, NO_ORDER, 300, "USD", NOON)
    await desk.payment_cases.open(case)
    after = (await february(database)).takings[0]

    assert before == Takings("kofi", "USD", 1, 499, reported_minor=799)
    assert before.unexplained_minor == 300
    assert after == Takings("kofi", "USD", 1, 499, waiting_minor=300, reported_minor=799)
    assert after.unexplained_minor == 0


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


async def test_what_becomes_of_payments_after_a_month_changes_nothing_of_it(
    database: Database, desk: Services, clock: Clock
) -> None:
    till = Till(test=False)
    shop = build(database, [till], clock)
    await paying.order(shop, order_id=600, member_id=ALICE)
    till.becomes("till-600", "paid")
    await shop.payment_events.reconcile(0)
    till.becomes("till-600", "paid", refunded_minor=33)
    await shop.payment_events.reconcile(0)
    await shop.payment_cases.open(PaymentCase(GUILD, "till", "pay_9", CaseKind.DIFFERS, 600, 500, "USD", clock.now_ms))
    before = await february(database)
    clock.now_ms += 40 * DAY
    till.becomes("till-600", "paid", refunded_minor=99)
    await shop.payment_events.reconcile(0)
    await shop.payment_cases.close(GUILD, 1, ROB)
    after = await february(database)

    assert before.takings[-1] == Takings("till", "USD", 1, 99, refunded_minor=33, waiting_minor=500)
    assert before.open_cases == 1
    assert after == before


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
