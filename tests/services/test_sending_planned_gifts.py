"""Exactly this gift: it goes out once, with the coins bought for it, or the coins stay and the buyer hears why."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.ledger.gift import SendGift, facts_of
from bot.domain.order_states import OrderState
from bot.domain.planned_gifts import GOOD_FOR_MS, Lapse, PlannedGift
from bot.services import Services
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import planned_gifts
from tests.services.paying import GUILD, MIA, ORDER, Till, order, paid_coins
from tests.services.planning import ITEM, KAI, STAFF, Ears, plan, stored_plan
from tests.storage.town import Clock


@pytest.fixture
async def ears(services: Services) -> Ears:
    """What buyers hear, in a guild with one creator."""
    await services.creators.approve(GUILD, KAI, STAFF, is_bot=False)
    return Ears(services)


async def note_of(database: Database) -> str:
    """Return what is stored of the message of the gift."""
    stored = await stored_plan(database)
    assert stored is not None
    return stored.note


async def settle(services: Services, till: Till, order_id: int = ORDER) -> None:
    """Have an order paid and settled."""
    till.becomes(f"till-{order_id}", "paid")
    await services.payment_events.reconcile(0)


async def test_it_goes_out_with_the_coins_as_its_sender_wrote_it(
    services: Services, till: Till, database: Database, ears: Ears
) -> None:
    await plan(services, anonymous=True, note="  for *you*  ", quantity=1)
    await settle(services, till)

    facts = facts_of(ears.receipt)
    assert (facts["item"], facts["count"], facts["coins"], facts["anonymous"]) == (ITEM, 1, 49, True)
    assert (ears.receipt.actor_id, ears.receipt.other_id, ears.receipt.note) == (MIA, KAI, "for *you*")
    assert facts.get("test")
    assert await paid_coins(services) == 70 - 49
    assert ears.news[-1].order.state is OrderState.CREDITED
    assert await note_of(database) == ""


async def test_it_goes_out_once_however_often_the_payment_is_reported(
    services: Services, till: Till, database: Database, ears: Ears
) -> None:
    await plan(services)
    till.becomes(f"till-{ORDER}", "paid")
    await asyncio.gather(*(services.payment_events.reconcile(0) for _ in range(5)))
    await settle(services, till)

    assert await paid_coins(services) == 70 - 49
    assert len(ears.news) == 1


async def test_until_it_is_paid_nothing_goes_out(
    services: Services, till: Till, database: Database, ears: Ears
) -> None:
    gift = await plan(services, note="soon")
    till.becomes(f"till-{ORDER}", "pending")
    await services.payment_events.reconcile(0)

    stored = await stored_plan(database)
    assert stored is not None
    assert (stored.note, stored.ceiling, stored.key) == ("soon", gift.ceiling, f"planned:{ORDER}")
    assert await database.read(journal.find, GUILD, stored.key) is None


async def remove_creator(services: Services, _clock: Clock) -> None:
    await services.creators.remove(GUILD, KAI)


async def raise_price(services: Services, _clock: Clock) -> None:
    await services.catalogue.edit(GUILD, str(ITEM), price=50)


async def archive(services: Services, _clock: Clock) -> None:
    await services.catalogue.edit(GUILD, str(ITEM), archived=True)


async def require_live(services: Services, _clock: Clock) -> None:
    await services.catalogue.edit(GUILD, str(ITEM), live_only=True)


async def wait(_services: Services, clock: Clock) -> None:
    clock.now_ms += GOOD_FOR_MS + 1


async def leave(services: Services, _clock: Clock) -> None:
    async def has_left(_gift: PlannedGift) -> Lapse:
        return Lapse.CREATOR

    services.planned_gifts.check_with(has_left)


async def lose_message(services: Services, _clock: Clock) -> None:
    async def is_gone(_gift: PlannedGift) -> Lapse:
        return Lapse.MESSAGE

    services.planned_gifts.check_with(is_gone)


async def pause(services: Services, _clock: Clock) -> None:
    await services.budgets.pause(GUILD, MIA, 1)


OBSTACLES: list[tuple[Callable[[Services, Clock], Awaitable[None]], Lapse]] = [
    (wait, Lapse.LATE),
    (raise_price, Lapse.PRICE),
    (archive, Lapse.ITEM),
    (require_live, Lapse.LIVE_ONLY),
    (remove_creator, Lapse.CREATOR),
    (leave, Lapse.CREATOR),
    (lose_message, Lapse.MESSAGE),
    (pause, Lapse.BUDGET),
]


@pytest.mark.parametrize(("obstacle", "lapse"), OBSTACLES, ids=lambda value: getattr(value, "__name__", str(value)))
async def test_if_it_can_no_longer_be_sent_the_coins_stay_and_the_buyer_hears_why(
    services: Services,
    till: Till,
    database: Database,
    clock: Clock,
    ears: Ears,
    obstacle: Callable[[Services, Clock], Awaitable[None]],
    lapse: Lapse,
) -> None:
    await plan(services, note="secret")
    await obstacle(services, clock)
    await settle(services, till)

    assert (ears.gift.gift.lapse, ears.gift.receipt, ears.gift.gift.note) == (lapse, None, "")
    assert await paid_coins(services) == 70
    assert await note_of(database) == ""


async def test_of_two_that_are_paid_at_once_and_count_on_the_same_coins_one_stays(
    services: Services, till: Till, ears: Ears
) -> None:
    await order(services, 400)
    await settle(services, till, 400)
    await services.catalogue.edit(GUILD, "7", price=410)
    await plan(services, 500, item_id=6, ceiling=99)
    await plan(services, 501, item_id=7, ceiling=410)
    for number in (500, 501):
        till.becomes(f"till-{number}", "paid")
    await asyncio.gather(*(services.payment_events.reconcile(0) for _ in range(2)))

    outcomes = [news.gift for news in ears.news[1:] if news.gift is not None]
    assert sorted(outcome.receipt is None for outcome in outcomes) == [False, True]
    assert {outcome.gift.lapse for outcome in outcomes} == {None, Lapse.COINS}
    assert await paid_coins(services) in {490 - 99, 490 - 410}


async def test_what_another_process_lets_lapse_in_the_meantime_is_not_sent(
    services: Services, till: Till, database: Database, ears: Ears
) -> None:
    await plan(services)

    async def lose_the_race(gift: PlannedGift) -> None:
        await database.writer.perform(planned_gifts.let_lapse, gift, Lapse.MESSAGE)

    services.planned_gifts.check_with(lose_the_race)
    await settle(services, till)

    assert (ears.gift.gift.lapse, ears.gift.receipt) == (Lapse.MESSAGE, None)
    assert await paid_coins(services) == 70


async def test_coins_that_are_taken_back_first_pay_for_no_gift(
    services: Services, till: Till, database: Database, ears: Ears
) -> None:
    await plan(services)
    till.becomes(f"till-{ORDER}", "paid", refunded_minor=99)
    await services.payment_events.reconcile(0)

    assert ears.news[-1].gift is None
    assert ears.news[-1].order.state is OrderState.REFUNDED
    assert await database.read(journal.find, GUILD, f"planned:{ORDER}") is None


async def test_a_debt_takes_the_coins_first(services: Services, till: Till, database: Database, ears: Ears) -> None:
    await order(services, 400)
    await settle(services, till, 400)
    receipt = await database.read(journal.find, GUILD, "order:400")
    assert receipt is not None
    await services.gifts.send(SendGift(GUILD, "spend", MIA, KAI, ITEM, 1, 21))
    await plan(services, quantity=1)
    await services.reversals.reverse(GUILD, key="back", actor_id=STAFF, seq=receipt.seq, part=70, reason="asked")
    await settle(services, till)

    assert ears.gift.gift.lapse is Lapse.COINS


async def test_a_cancelled_order_keeps_its_coins_even_if_it_is_paid(
    services: Services, till: Till, database: Database, ears: Ears
) -> None:
    await plan(services)
    await services.orders.cancel(GUILD, ORDER, MIA)
    after = await stored_plan(database)
    await settle(services, till)

    assert after is None
    assert ears.news[-1].gift is None
    assert await paid_coins(services) == 70


async def test_the_newest_form_of_an_open_order_decides(
    services: Services, till: Till, database: Database, ears: Ears
) -> None:
    await plan(services)
    await order(services, 501)
    without = await stored_plan(database)
    await plan(services, 502, note="another")
    await settle(services, till)

    assert without is None
    assert ears.receipt.note == "another"


async def test_a_second_payment_of_the_order_brings_only_coins(services: Services, till: Till, ears: Ears) -> None:
    await plan(services)
    await settle(services, till)
    till.purchases["again"] = replace(till.purchases[f"till-{ORDER}"], external_id="again")
    await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 2 * 70 - 49
    assert [news.gift is None for news in ears.news] == [False, True]


async def test_a_gift_that_went_out_is_forgotten_within_an_hour(
    services: Services, till: Till, database: Database, clock: Clock, ears: Ears
) -> None:
    await plan(services)
    await settle(services, till)
    await services.planned_gifts.forget()
    soon = await stored_plan(database)
    clock.now_ms += GOOD_FOR_MS + 1
    await services.planned_gifts.forget()

    assert soon is not None
    assert await stored_plan(database) is None


async def test_what_nobody_pays_for_is_forgotten_its_message_first(
    services: Services, database: Database, clock: Clock, ears: Ears
) -> None:
    await plan(services, note="secret")
    await services.planned_gifts.forget()
    fresh = await stored_plan(database)
    clock.now_ms += GOOD_FOR_MS + 1
    await services.planned_gifts.forget()
    late = await stored_plan(database)
    clock.now_ms += 31 * 24 * 3600 * 1000
    await services.planned_gifts.forget()

    assert fresh is not None
    assert late is not None
    assert (fresh.note, late.note) == ("secret", "")
    assert await stored_plan(database) is None
