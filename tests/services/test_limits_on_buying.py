"""Limits on buying over the books: what counts towards them, and what is paid beyond them all the same."""

from typing import Any

import pytest

from bot.domain.buying_errors import CurrencyUnrated, DailyLimit, HeldLimit, YoungAccount
from bot.domain.buying_limits import BuyingLimits
from bot.domain.errors import InvalidAmount, InvalidCurrency
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.packages import Terms
from bot.domain.payment_cases import CaseKind
from bot.services import Services
from bot.services.orders import Opened
from bot.storage.database import Database
from tests.services.paying import GUILD, MIA, Till, order, paid_coins
from tests.storage.town import DAY, HOUR, MINUTE, NOAH, ROB, Clock, gift

LARGEST = {"package_id": 7, "accepted": Terms(20_125, 24_999, "USD")}
"""Two of them and a dollar are the limit of a day."""


async def set_limits(services: Services, **changes: Any) -> None:
    values: dict[str, Any] = {"currency": "USD", "daily_minor": 50_000, "held_minor": None, "account_days": 0}
    await services.limits.change(GUILD, **(values | changes))


async def buy(services: Services, till: Till, order_id: int, **changes: Any) -> Opened:
    """Have Mia order and pay, and settle that."""
    opened = await order(services, order_id, **changes)
    await pay(services, till, opened)
    return opened


async def pay(services: Services, till: Till, opened: Opened) -> None:
    till.becomes(opened.order.external_id, "paid")
    await services.payment_events.reconcile(0)


async def kinds(services: Services) -> list[tuple[CaseKind, int]]:
    return [(report.case.kind, report.case.order_id) for report in await services.payment_cases.undecided(GUILD)]


async def test_a_guild_that_chose_nothing_has_limits_in_the_currency_of_its_first_package(services: Services) -> None:
    before = await services.limits.limits(GUILD)
    await services.packages.edit(GUILD, 1, currency="EUR", price_minor=99)

    assert before == BuyingLimits(GUILD, "USD", 50_000, 200_000, 0, adults_only=False)
    assert (await services.limits.limits(GUILD)).currency == "EUR"


async def test_more_than_a_day_allows_is_refused_until_the_first_purchase_is_a_day_old(
    services: Services, till: Till, clock: Clock
) -> None:
    await buy(services, till, 501, **LARGEST)
    clock.now_ms += 2 * HOUR
    await buy(services, till, 502, **LARGEST)
    with pytest.raises(DailyLimit) as refusal:
        await order(services, 503)
    assert refusal.value == DailyLimit(50_000, "USD", clock.now_ms + 22 * HOUR)

    clock.now_ms += 22 * HOUR
    await order(services, 503)


async def test_open_and_pending_orders_count_and_cancelled_ones_do_not(services: Services, till: Till) -> None:
    first = await order(services, 501, **LARGEST)
    second = await order(services, 502, package_id=6, accepted=Terms(7_840, 9_999, "USD"))
    till.becomes(second.order.external_id, "pending")
    await services.payment_events.reconcile(0)
    third = {"package_id": 5, "accepted": Terms(3_780, 4_999, "USD")}
    await buy(services, till, 503, **third)
    await buy(services, till, 504, **third)
    await buy(services, till, 505)

    with pytest.raises(DailyLimit):
        await order(services, 506, **third)
    await services.orders.cancel(GUILD, first.order.order_id, MIA)
    await order(services, 506, **third)


async def test_an_order_that_continues_is_not_counted_against_itself(services: Services, clock: Clock) -> None:
    await set_limits(services, daily_minor=99)
    first = await order(services, 501)
    clock.now_ms += MINUTE

    assert (await order(services, 502)).order.order_id == first.order.order_id


async def test_members_have_limits_of_their_own(services: Services) -> None:
    await set_limits(services, daily_minor=99)
    await order(services, 501)

    await order(services, 502, member_id=12)


async def test_a_refund_makes_room_for_another_purchase(services: Services, till: Till) -> None:
    await set_limits(services, daily_minor=150)
    opened = await buy(services, till, 501)
    till.becomes(opened.order.external_id, "paid", refunded_minor=48)
    await services.payment_events.reconcile(0)

    await order(services, 502)


async def test_what_is_paid_beyond_a_limit_is_credited_and_becomes_a_case(services: Services, till: Till) -> None:
    await set_limits(services, daily_minor=150)
    late = await order(services, 501)
    await services.orders.cancel(GUILD, 501, MIA)
    await buy(services, till, 502)
    for _ in range(2):
        await pay(services, till, late)

    assert await paid_coins(services) == 140
    assert await kinds(services) == [(CaseKind.OVER_AMOUNT, 501)]


async def test_what_has_a_case_does_not_make_later_purchases_cases(services: Services, till: Till) -> None:
    await set_limits(services, daily_minor=550)
    late = await order(services, 501, package_id=2, accepted=Terms(350, 499, "USD"))
    await services.orders.cancel(GUILD, 501, MIA)
    await buy(services, till, 502)
    waiting = await order(services, 503)
    await pay(services, till, late)
    await pay(services, till, waiting)

    assert await kinds(services) == [(CaseKind.OVER_AMOUNT, 501)]


async def test_unspent_coins_have_a_limit_that_gifts_make_room_under(
    services: Services, till: Till, database: Database
) -> None:
    await set_limits(services, daily_minor=None, held_minor=150)
    await buy(services, till, 501)
    with pytest.raises(HeldLimit) as refusal:
        await order(services, 502)
    assert refusal.value == HeldLimit(150, 99, "USD")

    await services.creators.approve(GUILD, NOAH, ROB, is_bot=False)
    # Half of the coins are worth half of the price, rounded up.
    await database.writer.submit(gift("half", sender_id=MIA, creator_id=NOAH, item_id=1, quantity=35))
    await order(services, 502)


async def test_orders_on_the_way_count_as_held_until_their_checkout_is_over(
    services: Services, till: Till, clock: Clock
) -> None:
    await set_limits(services, daily_minor=None, held_minor=600)
    await order(services, 501)
    other = {"package_id": 2, "accepted": Terms(350, 499, "USD")}
    await order(services, 502, **other)
    with pytest.raises(HeldLimit) as refusal:
        await order(services, 503, package_id=3, accepted=Terms(721, 999, "USD"))
    assert refusal.value == HeldLimit(600, 598, "USD")

    till.becomes("till-501", "pending")
    await services.payment_events.reconcile(0)
    clock.now_ms += DAY
    with pytest.raises(HeldLimit) as refusal:
        await order(services, 503, package_id=3, accepted=Terms(721, 999, "USD"))
    assert refusal.value == HeldLimit(600, 99, "USD")


async def test_coins_held_beyond_the_limit_become_a_case(services: Services, till: Till) -> None:
    await set_limits(services, daily_minor=None, held_minor=150)
    late = await order(services, 501)
    await services.orders.cancel(GUILD, 501, MIA)
    await buy(services, till, 502)
    await pay(services, till, late)

    assert await paid_coins(services) == 140
    assert await kinds(services) == [(CaseKind.OVER_AMOUNT, 501)]


async def test_a_young_account_waits(services: Services, clock: Clock) -> None:
    await set_limits(services, account_days=7)
    member_id = (clock.now_ms - 6 * DAY - DISCORD_EPOCH_MS) << 22
    with pytest.raises(YoungAccount) as refusal:
        await order(services, 501, member_id=member_id)
    assert refusal.value == YoungAccount(7, clock.now_ms + DAY)

    clock.now_ms += DAY
    await order(services, 501, member_id=member_id)


async def test_another_currency_needs_a_rate_and_counts_by_it(services: Services, till: Till) -> None:
    await services.packages.edit(GUILD, 2, currency="EUR", price_minor=499)
    euros = {"package_id": 2, "accepted": Terms(350, 499, "EUR")}
    with pytest.raises(CurrencyUnrated):
        await order(services, 501, **euros)
    assert await services.limits.currencies(GUILD) == ["EUR"]

    await services.limits.set_rates(GUILD, {"EUR": 2_000_000})
    await set_limits(services, daily_minor=1_000)
    await buy(services, till, 501, **euros)
    with pytest.raises(DailyLimit):
        await order(services, 502)


async def test_rates_end_with_the_currency_that_they_are_in(services: Services) -> None:
    await services.limits.set_rates(GUILD, {"EUR": 1_080_000, "GBP": 1_300_000})
    await services.limits.set_rates(GUILD, {"GBP": None})
    before = await services.limits.limits(GUILD)
    await services.packages.edit(GUILD, 1, currency="EUR", price_minor=99)
    pinned = await services.limits.limits(GUILD)
    await set_limits(services, currency="chf")

    assert before.rates == {"EUR": 1_080_000}
    assert pinned.currency == "USD"
    assert await services.limits.limits(GUILD) == BuyingLimits(GUILD, "CHF", 50_000, None)


async def test_age_restricted_channels_are_chosen_without_touching_the_limits(services: Services) -> None:
    await services.limits.sell_to_adults(GUILD, only=True)

    assert await services.limits.limits(GUILD) == BuyingLimits(GUILD, "USD", 50_000, 200_000, adults_only=True)


async def test_impossible_limits_are_refused(services: Services) -> None:
    for change in ({"daily_minor": 0}, {"held_minor": 10**9}, {"account_days": 366}):
        with pytest.raises(InvalidAmount):
            await set_limits(services, **change)
    with pytest.raises(InvalidCurrency):
        await set_limits(services, currency="XYZ")
