"""Budgets over the books: gifts never pass one, purchases neither, and what comes back makes room."""

import asyncio
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, update

from bot.domain.budget_errors import BudgetPaused, OverBudget
from bot.domain.budgets import DAY_MS, BudgetPeriod
from bot.domain.errors import Refusal
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.ledger.gift import SendGift
from bot.domain.packages import Terms
from bot.domain.periods import Period
from bot.services import Services
from bot.services.assembly import build
from bot.services.budgets import Standing
from bot.services.gifts import SendableGifts
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.sql.budget_tables import budgets as table
from bot.storage.stores import budgets, guilds
from tests.services.paying import GUILD, MIA, Till, order, paid_coins
from tests.storage.town import CHANNEL, HOUR, PETAL, ROB, WARM_HEART, Clock, grant

KAI, LEO = 12, 13
MISTAKE: dict[str, Any] = {"actor_id": ROB, "reason": "by mistake"}
SECOND: dict[str, Any] = {"package_id": 2, "accepted": Terms(350, 499, "USD")}


@pytest.fixture
async def town(services: Services) -> Services:
    """Kai is a creator, and Mia has 1,000 promo coins."""
    await services.creators.approve(GUILD, KAI, ROB, is_bot=False)
    await services.wallets.grant(grant("start", member_id=MIA, amount=1_000))
    return services


def heart(number: int, **changes: Any) -> SendGift:
    """Ten coins from Mia to Kai."""
    return SendGift(GUILD, f"gift:{number}", MIA, KAI, WARM_HEART, 1, CHANNEL)._replace(**changes)


async def limit(services: Services, member_id: int = MIA, **coins: int) -> Standing:
    limits = {BudgetPeriod(name): number for name, number in coins.items()}
    return await services.budgets.limit(GUILD, member_id, limits)


async def gifted(services: Services, member_id: int = MIA) -> list[int]:
    return [line.used for line in (await services.budgets.standing(GUILD, member_id)).gifted]


async def test_a_hundred_gifts_at_once_never_pass_a_budget(town: Services) -> None:
    await limit(town, day=200, week=155, month=500)
    gifts = (town.gifts.send(heart(number)) for number in range(100))
    outcomes = await asyncio.gather(*gifts, return_exceptions=True)
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]

    assert len(outcomes) - len(refusals) == 15
    assert {type(refusal) for refusal in refusals} == {OverBudget}
    assert (await town.wallets.overview(GUILD, MIA)).wallet.promo == 850
    assert await gifted(town) == [150, 150, 150]


async def test_what_was_gifted_before_counts_and_what_comes_back_does_not(town: Services, clock: Clock) -> None:
    clock.now_ms -= 2 * DAY_MS
    receipts = [await town.gifts.send(heart(number, quantity=2)) for number in range(2)]
    await town.reversals.reverse(GUILD, seq=receipts[0].seq, key="back:1", part=1, **MISTAKE)
    clock.now_ms += 2 * DAY_MS
    await town.gifts.send(heart(3))

    await limit(town, day=100, week=100, month=100)
    assert await gifted(town) == [10, 40, 40]
    await town.reversals.reverse(GUILD, seq=receipts[1].seq, key="back:2", part=None, **MISTAKE)
    assert await gifted(town) == [10, 20, 20]


@pytest.mark.parametrize("rows_at_once", [1, 2, 100])
async def test_counting_in_parts_comes_to_the_same_whatever_happens_between_two_of_them(
    town: Services, database: Database, clock: Clock, rows_at_once: int
) -> None:
    receipts = [await town.gifts.send(heart(number, quantity=2)) for number in range(3)]
    holder = await database.read(holders.holder_id, GUILD, MIA) or 0
    rules = await database.read(guilds.required, GUILD)
    count = await database.read(budgets.begun, rules, holder, clock())
    assert count is not None
    for _ in range(3):
        count = await database.read(budgets.counted_further, GUILD, holder, count, rows_at_once)
    await town.reversals.reverse(GUILD, seq=receipts[0].seq, key="back:1", part=1, **MISTAKE)
    await town.gifts.send(heart(4))

    budget = await database.read(budgets.counted, rules, holder, clock(), count)
    at_once = await database.read(budgets.counted, rules, holder, clock(), None)

    assert [use.coins for use in budget.uses] == [60, 60, 60]
    assert budget == at_once


async def test_another_time_zone_counts_anew_from_its_own_midnight(town: Services, clock: Clock) -> None:
    await limit(town, day=30)
    await town.gifts.send(heart(1))
    clock.now_ms += 11 * HOUR
    await town.gifts.send(heart(2))
    await town.guilds.change(GUILD, time_zone="Asia/Tokyo")
    in_tokyo = await gifted(town)
    await town.guilds.change(GUILD, time_zone="America/New_York")

    # 23:00 UTC is 8 in the morning in Tokyo, where the new day is as old as that.
    assert in_tokyo == [10]
    assert await gifted(town) == [20]
    with pytest.raises(OverBudget):
        await town.gifts.send(heart(3, quantity=2))


async def test_a_raise_and_a_clear_wait_a_day_and_a_cut_does_not(town: Services, clock: Clock) -> None:
    await limit(town, day=20)
    await limit(town, day=500)
    with pytest.raises(OverBudget):
        await town.gifts.send(heart(1, quantity=3))
    clock.now_ms += DAY_MS
    await town.gifts.send(heart(2, quantity=3))
    await limit(town, day=25)
    with pytest.raises(OverBudget):
        await town.gifts.send(heart(3))
    await town.budgets.clear(GUILD, MIA)
    assert (await town.budgets.keep(GUILD, MIA)).is_changing is False
    await town.budgets.clear(GUILD, MIA)
    clock.now_ms += DAY_MS
    await town.gifts.send(heart(4, quantity=40))

    assert await gifted(town) == []
    # What is gifted without a limit counts once there is one again.
    assert [line.used for line in (await limit(town, week=1_000)).gifted] == [430]


async def test_a_pause_stops_gifts_and_purchases_and_lets_money_in_that_is_on_its_way(
    town: Services, till: Till, clock: Clock
) -> None:
    await order(town, 501)
    await town.budgets.pause(GUILD, MIA, 3)
    with pytest.raises(BudgetPaused):
        await town.gifts.send(heart(1))
    with pytest.raises(BudgetPaused):
        await town.gifts.offer(GUILD, MIA, KAI)
    with pytest.raises(BudgetPaused):
        await order(town, 502)
    till.becomes("till-501", "paid")
    await town.payment_events.reconcile(0)

    assert await paid_coins(town) == 70
    clock.now_ms += 3 * DAY_MS
    await town.gifts.send(heart(1))
    await order(town, 502)


async def test_open_and_pending_orders_use_a_budget_and_cancelled_and_refunded_ones_do_not(
    town: Services, till: Till
) -> None:
    await limit(town, month=420)
    await order(town, 501)
    await order(town, 502, **SECOND)
    till.becomes("till-502", "pending")
    await town.payment_events.reconcile(0)
    with pytest.raises(OverBudget) as refusal:
        await order(town, 503, **SECOND)
    assert (refusal.value.room, refusal.value.is_purchase, refusal.value.period) == (0, True, Period.MONTH)

    await town.orders.cancel(GUILD, 501, MIA)
    await order(town, 504)
    till.becomes("till-502", "paid", refunded_minor=499)
    await town.payment_events.reconcile(0)
    assert [line.used for line in (await town.budgets.standing(GUILD, MIA)).bought] == [70]


async def test_a_cut_also_stops_an_order_that_is_open_and_its_money_is_credited_all_the_same(
    town: Services, till: Till
) -> None:
    await limit(town, day=100)
    await order(town, 501)
    assert (await order(town, 502)).order.order_id == 501
    await limit(town, day=50)
    with pytest.raises(OverBudget):
        await order(town, 503)
    till.becomes("till-501", "paid")
    await town.payment_events.reconcile(0)

    assert await paid_coins(town) == 70
    assert [(line.used, line.room) for line in (await town.budgets.standing(GUILD, MIA)).bought] == [(70, 0)]


@pytest.mark.usefixtures("town")
async def test_beside_real_money_a_test_uses_no_budget_and_warns_of_none(
    database: Database, till: Till, clock: Clock
) -> None:
    bank = Till("bank", test=False)
    services = build(database, [till, bank], clock)
    await services.guild_providers.choose(GUILD, ["till", "bank"])
    await limit(services, month=80)
    purchase = (await order(services, 501, provider="bank")).order
    bank.becomes("till-501", "paid")
    await services.payment_events.reconcile(0)
    test = (await order(services, 502)).order

    warning = await services.budgets.crossed_by(purchase)
    assert warning is not None
    assert (warning.used, warning.limit) == (70, 80)
    assert await services.budgets.crossed_by(test) is None
    assert [line.used for line in await services.budgets.to_buy(GUILD, MIA, 10)] == [80]
    assert await services.budgets.to_buy(GUILD, MIA, 70, is_test=True) == ()


async def test_what_is_withdrawn_makes_room(town: Services, till: Till) -> None:
    await town.limits.let_withdraw(GUILD, allowed=True)
    await limit(town, week=70)
    await order(town, 501)
    till.becomes("till-501", "paid")
    await town.payment_events.reconcile(0)
    with pytest.raises(OverBudget):
        await order(town, 502)
    await town.withdrawals.withdraw(GUILD, MIA, 501, 70)

    await order(town, 503)


async def test_ten_forms_sent_at_once_open_no_more_than_the_budget_allows(town: Services) -> None:
    await limit(town, day=500)
    forms = [order(town, 501 + n, package_id=p, accepted=t) for n, (p, t) in enumerate(PACKAGES * 3)]
    outcomes = await asyncio.gather(*forms, return_exceptions=True)

    assert sum(line.used for line in (await town.budgets.standing(GUILD, MIA)).bought) <= 500
    assert any(isinstance(outcome, OverBudget) for outcome in outcomes)


PACKAGES = [(1, Terms(70, 99, "USD")), (2, Terms(350, 499, "USD")), (3, Terms(721, 999, "USD"))]


async def test_young_accounts_keep_to_the_guilds_limit_with_what_they_gifted_before(
    town: Services, clock: Clock
) -> None:
    young = (clock.now_ms - 2 * DAY_MS - DISCORD_EPOCH_MS) << 22
    await town.wallets.grant(grant("young", member_id=young, amount=200))
    await town.gifts.send(heart(1, sender_id=young))
    await town.guilds.change(GUILD, young_limit=25)
    await town.gifts.send(heart(2, sender_id=young))
    with pytest.raises(OverBudget) as refusal:
        await town.gifts.send(heart(3, sender_id=young))
    with pytest.raises(OverBudget):
        await order(town, 501, member_id=young)
    await town.gifts.send(heart(4, quantity=30))

    assert (refusal.value.room, refusal.value.is_young) == (5, True)
    clock.now_ms += 28 * DAY_MS
    await town.gifts.send(heart(5, sender_id=young, quantity=9))
    await order(town, 501, member_id=young)


async def test_the_budget_of_a_young_account_begins_with_its_first_gifts(town: Services, clock: Clock) -> None:
    young = (clock.now_ms - 2 * DAY_MS - DISCORD_EPOCH_MS) << 22
    await town.guilds.change(GUILD, young_limit=45)
    await town.wallets.grant(grant("young", member_id=young, amount=200))
    await asyncio.gather(*(town.gifts.send(heart(number, sender_id=young)) for number in range(3)))
    await town.gifts.send(heart(3, sender_id=young))

    assert await gifted(town, young) == [40]
    with pytest.raises(OverBudget):
        await town.gifts.send(heart(4, sender_id=young))


async def test_a_declined_gift_makes_room_again(town: Services) -> None:
    await limit(town, day=10)
    receipt = await town.gifts.send(heart(1))
    await town.desk.declines.decline(GUILD, KAI, receipt.seq, key="decline")

    assert await gifted(town) == [0]
    await town.gifts.send(heart(2))


async def test_the_picker_knows_the_tightest_limit(town: Services) -> None:
    await limit(town, day=20, week=15)
    offer = await town.gifts.offer(GUILD, MIA, KAI)

    assert isinstance(offer, SendableGifts)
    assert offer.budget is not None
    assert (offer.budget.period, offer.budget.room) == (Period.WEEK, 15)
    assert (offer.is_over_budget(15), offer.is_over_budget(16)) == (False, True)


async def test_a_night_that_repeats_an_hour_is_still_one_day(town: Services, clock: Clock) -> None:
    await town.guilds.change(GUILD, time_zone="Europe/Berlin")
    berlin = ZoneInfo("Europe/Berlin")
    clock.now_ms = int(datetime(2026, 10, 25, 0, 0, 30, tzinfo=berlin).timestamp()) * 1000
    await limit(town, day=20)
    await town.gifts.send(heart(1))
    clock.now_ms += 24 * HOUR + 59 * 60_000
    await town.gifts.send(heart(2))
    with pytest.raises(OverBudget):
        await town.gifts.send(heart(3, item_id=PETAL))
    clock.now_ms += 60_000
    await town.gifts.send(heart(4, item_id=PETAL))


async def test_the_audit_notices_a_budget_that_was_tampered_with(
    town: Services, database: Database, address: str
) -> None:
    await limit(town, day=20)
    await town.gifts.send(heart(1))
    await database.writer.perform(_use, 9)
    findings = [finding.what for finding in audit_database(address)]
    await database.writer.perform(_use, 10)

    assert len(findings) == 1
    assert "has gifted 9, 10, 10 by their budget" in findings[0]


async def test_the_audit_counts_each_budget_in_its_own_periods(
    town: Services, database: Database, address: str, clock: Clock
) -> None:
    await limit(town, day=200)
    await town.wallets.grant(grant("second", member_id=LEO, amount=1_000))
    await limit(town, LEO, day=200)
    for number, member_id in enumerate((MIA, LEO)):
        await town.gifts.send(heart(number, sender_id=member_id))
    clock.now_ms += DAY_MS
    receipts = [await town.gifts.send(heart(number, sender_id=LEO)) for number in range(2, 5)]
    await town.reversals.reverse(GUILD, seq=receipts[0].seq, key="back", part=None, **MISTAKE)
    before = [*audit_database(address)]
    await database.writer.perform(_use, 17)
    findings = [finding.what for finding in audit_database(address)]
    await database.writer.perform(_use, 10)
    await database.writer.perform(_use, 20, LEO)

    assert before == []
    assert sorted(finding.split(" has gifted ")[1] for finding in findings) == [
        "17, 10, 10 by their budget, by the journal (10, 10, 10)",
        "17, 30, 30 by their budget, by the journal (20, 30, 30)",
    ]


def _use(c: Connection, coins: int, member_id: int | None = None) -> None:
    """Change what budgets have counted in a day: those of everybody, or only one member's."""
    change = update(table).values(day_used=coins)
    c.execute(
        change if member_id is None else change.where(table.c.holder_id == holders.holder_id(c, GUILD, member_id))
    )
