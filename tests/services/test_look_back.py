"""Providers are asked about all the time since they last answered, so that a bot that was away misses no payment."""

import pytest

from bot.payments.provider import ProviderError
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from tests.services.paying import Till, order, paid_coins
from tests.storage.town import DAY, HOUR, Clock


async def reconcile(services: Services, clock: Clock) -> None:
    """Ask about the last three days, as the bot does all the time."""
    await services.payment_events.reconcile(clock.now_ms - 3 * DAY)


async def pay_and_wait(services: Services, till: Till, clock: Clock, days: int) -> None:
    """Have Mia pay in an hour, and let so many days go by without a webhook."""
    await order(services)
    clock.now_ms += HOUR
    till.becomes("till-500", "paid")
    till.changed_ms["till-500"] = clock.now_ms
    clock.now_ms += days * DAY


async def test_a_bot_that_was_away_for_a_week_finds_what_was_paid_meanwhile(
    services: Services, till: Till, database: Database, clock: Clock
) -> None:
    await reconcile(services, clock)
    await pay_and_wait(services, till, clock, days=7)
    restarted = build(database, [till], clock)
    await reconcile(restarted, clock)

    assert await paid_coins(restarted) == 70


async def test_a_provider_that_did_not_answer_for_a_week_is_asked_about_all_of_it(
    services: Services, till: Till, clock: Clock
) -> None:
    await reconcile(services, clock)
    await pay_and_wait(services, till, clock, days=7)
    till.is_down = True
    with pytest.raises(ProviderError):
        await reconcile(services, clock)
    till.is_down = False
    await reconcile(services, clock)

    assert await paid_coins(services) == 70


@pytest.mark.parametrize(("days", "coins"), [(29, 70), (31, 0)])
async def test_a_provider_that_was_never_asked_is_asked_about_thirty_days(
    services: Services, till: Till, clock: Clock, days: int, coins: int
) -> None:
    await pay_and_wait(services, till, clock, days)
    await reconcile(services, clock)

    assert await paid_coins(services) == coins


async def test_a_provider_that_has_just_answered_is_asked_about_three_days(
    services: Services, till: Till, clock: Clock
) -> None:
    await pay_and_wait(services, till, clock, days=4)
    purchase = till.purchases.pop("till-500")
    await reconcile(services, clock)
    till.purchases["till-500"] = purchase
    await reconcile(services, clock)

    assert await paid_coins(services) == 0
