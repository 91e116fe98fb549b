"""Withdrawing: exactly the unspent part of a purchase goes back, once, and so does its money."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.domain.deadlines import DeadlineKind, refund_of
from bot.domain.errors import NotFound
from bot.domain.ledger.gift import SendGift
from bot.domain.order_states import OrderState
from bot.domain.payment_cases import CaseKind
from bot.domain.withdrawal_errors import (
    NothingToWithdraw,
    WithdrawalChanged,
    WithdrawalElsewhere,
    WithdrawalOff,
    WithdrawalOver,
)
from bot.domain.withdrawals import WITHDRAWAL_MS
from bot.payments.provider import Capability, ProviderError
from bot.services import Services
from bot.services.assembly import build
from bot.storage.audit.auditor import audit
from bot.storage.database import Database
from bot.storage.stores import deadlines
from tests.services.paying import GUILD, MIA, ORDER, Till, order, paid_coins
from tests.storage.town import Clock

CHECKOUT = f"till-{ORDER}"
REFUND = refund_of(GUILD, ORDER)


@pytest.fixture
async def shop(services: Services, till: Till) -> Services:
    """Mia has bought 70 coins for 99 cents, where withdrawing is allowed."""
    await services.limits.let_withdraw(GUILD, allowed=True)
    await order(services)
    await reported(services, till)
    return services


async def reported(services: Services, till: Till, **changes: object) -> None:
    till.becomes(CHECKOUT, "paid", **changes)
    for _ in range(2):
        await services.payment_events.reconcile(0)


async def spend(services: Services, database: Database, coins: int) -> None:
    await services.creators.approve(GUILD, 12, 3, is_bot=False)
    item = await services.catalogue.add(GUILD, item_id=900, name="Pebble", emoji="🪨", price=coins)
    gift = SendGift(GUILD, "gift", MIA, 12, item_id=item.item_id, quantity=1, channel_id=1)
    await database.writer.submit(gift)


async def state(services: Services) -> OrderState:
    current = await services.orders.find(GUILD, ORDER)
    assert current is not None
    return current.state


async def due(database: Database, clock: Clock) -> list[DeadlineKind]:
    outlook = await database.read(deadlines.outlook, clock() + 1)
    return [deadline.kind for deadline, _ in outlook.due]


async def test_a_whole_purchase_goes_back_and_so_does_all_of_its_money(shop: Services, till: Till) -> None:
    offer = (await shop.withdrawals.offer(GUILD, MIA, ORDER)).withdrawal
    withdrawn = await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70)
    assert await shop.withdrawals.send_back(REFUND) is None

    assert (offer.coins, offer.amount_minor, offer.currency) == (70, 99, "USD")
    assert withdrawn.is_automatic
    assert await paid_coins(shop) == 0
    assert await state(shop) is OrderState.WITHDRAWN
    assert till.refunds == {f"withdrawal:{ORDER}": 99}


async def test_pressing_twice_withdraws_once(shop: Services, till: Till) -> None:
    first, second = [await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70) for _ in range(2)]
    for _ in range(2):
        await shop.withdrawals.send_back(REFUND)

    assert first.receipt.seq == second.receipt.seq
    assert await shop.withdrawals.find(GUILD, MIA, ORDER) == second
    assert till.refunds == {f"withdrawal:{ORDER}": 99}


@pytest.mark.parametrize(("spent", "coins", "minor"), [(1, 69, 98), (35, 35, 50), (69, 1, 1)])
async def test_what_was_spent_stays_spent(
    shop: Services, database: Database, till: Till, spent: int, coins: int, minor: int
) -> None:
    await spend(shop, database, spent)
    with pytest.raises(WithdrawalChanged) as change:
        await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70)
    await shop.withdrawals.withdraw(GUILD, MIA, ORDER, coins)
    await shop.withdrawals.send_back(REFUND)
    await reported(shop, till, refunded_minor=minor)

    assert change.value.unspent == coins
    assert till.refunds == {f"withdrawal:{ORDER}": minor}
    wallet = (await shop.wallets.overview(GUILD, MIA)).wallet
    assert (wallet.test, wallet.test_debt) == (0, 0)
    assert await state(shop) is OrderState.WITHDRAWN


async def test_a_purchase_that_is_spent_has_nothing_to_give_back(shop: Services, database: Database) -> None:
    await spend(shop, database, 70)
    with pytest.raises(NothingToWithdraw) as refusal:
        await shop.withdrawals.offer(GUILD, MIA, ORDER)
    assert refusal.value.is_spent


async def test_after_fourteen_days_it_is_too_late(shop: Services, clock: Clock) -> None:
    until_ms = (await shop.withdrawals.offer(GUILD, MIA, ORDER)).until_ms
    assert until_ms == clock() + WITHDRAWAL_MS
    clock.now_ms = until_ms - 1
    await shop.withdrawals.offer(GUILD, MIA, ORDER)
    clock.now_ms = until_ms
    with pytest.raises(WithdrawalOver):
        await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70)
    assert await paid_coins(shop) == 70


async def test_only_where_the_guild_allows_it_and_only_ones_own(shop: Services) -> None:
    with pytest.raises(NotFound):
        await shop.withdrawals.withdraw(GUILD, 12, ORDER, 70)
    await shop.limits.let_withdraw(GUILD, allowed=False)
    with pytest.raises(WithdrawalOff):
        await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70)
    assert await paid_coins(shop) == 70


async def test_a_process_that_dies_before_the_refund_leaves_it_due(
    shop: Services, database: Database, till: Till, clock: Clock
) -> None:
    await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70)

    assert DeadlineKind.WITHDRAWAL_REFUND in await due(database, clock)
    after_restart = build(database, [till], clock)
    assert await after_restart.withdrawals.send_back(REFUND) is None
    assert till.refunds == {f"withdrawal:{ORDER}": 99}


class DeafTill(Till):
    """A provider that sends no money back."""

    async def refund(self, external_id: str, amount_minor: int, key: str) -> None:
        raise ProviderError("answered with 500")


async def test_a_provider_that_fails_is_asked_again_and_after_days_staff_are(
    shop: Services, database: Database, clock: Clock
) -> None:
    await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70)
    services = build(database, [DeafTill()], clock)
    again_ms = await services.withdrawals.send_back(REFUND)
    assert again_ms == clock() + 30_000
    clock.now_ms += 3 * 24 * 3600 * 1000

    for _ in range(2):
        assert await services.withdrawals.send_back(REFUND) is None
    (report,) = await services.payment_cases.undecided(GUILD)
    assert (report.case.kind, report.case.amount_minor) == (CaseKind.WITHDRAWN, 99)
    assert not services.payment_cases.can_return(report)


async def test_money_that_staff_have_sent_back_meanwhile_is_not_asked_for_again(
    shop: Services, database: Database, till: Till, clock: Clock
) -> None:
    await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70)
    deaf = DeafTill(purchases=till.purchases)
    deaf.becomes(CHECKOUT, "paid", refunded_minor=99)
    services = build(database, [deaf], clock)
    clock.now_ms += 3 * 24 * 3600 * 1000

    assert await services.withdrawals.send_back(REFUND) is None
    assert await services.payment_cases.undecided(GUILD) == []


async def test_staff_are_asked_only_for_what_they_have_not_sent_themselves(
    shop: Services, database: Database, till: Till, clock: Clock
) -> None:
    await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70)
    deaf = DeafTill(purchases=till.purchases)
    deaf.becomes(CHECKOUT, "paid", refunded_minor=60)
    services = build(database, [deaf], clock)
    clock.now_ms += 3 * 24 * 3600 * 1000

    assert await services.withdrawals.send_back(REFUND) is None
    (report,) = await services.payment_cases.undecided(GUILD)
    assert (report.case.kind, report.case.amount_minor) == (CaseKind.WITHDRAWN, 39)


async def test_what_only_the_provider_refunds_is_asked_for_there(
    shop: Services, database: Database, till: Till, clock: Clock
) -> None:
    services = build(database, [replace(till, capabilities=frozenset({Capability.OWN_REFUNDS}))], clock)

    with pytest.raises(WithdrawalElsewhere):
        await services.withdrawals.offer(GUILD, MIA, ORDER)
    assert await services.withdrawals.possible(GUILD, MIA) == []


async def test_only_purchases_of_the_last_fourteen_days_with_coins_left_are_listed(
    shop: Services, database: Database, till: Till, clock: Clock
) -> None:
    clock.now_ms += WITHDRAWAL_MS - 1
    await order(shop, 501)
    till.becomes("till-501", "paid")
    await shop.payment_events.reconcile(0)
    both = await shop.withdrawals.possible(GUILD, MIA)
    clock.now_ms += 1
    newer = await shop.withdrawals.possible(GUILD, MIA)
    await spend(shop, database, 140)

    assert [order_id for _, order_id in both] == [501, ORDER]
    assert [order_id for _, order_id in newer] == [501]
    assert await shop.withdrawals.possible(GUILD, MIA) == []


async def test_where_the_provider_cannot_refund_staff_get_one_case(
    shop: Services, database: Database, till: Till, clock: Clock
) -> None:
    unable = replace(till, capabilities=frozenset({Capability.RECORD}))
    services = build(database, [unable], clock)
    withdrawn = await services.withdrawals.withdraw(GUILD, MIA, ORDER, 70)
    for _ in range(2):
        assert await services.withdrawals.send_back(REFUND) is None

    assert not withdrawn.is_automatic
    assert [report.case.kind for report in await services.payment_cases.undecided(GUILD)] == [CaseKind.WITHDRAWN]
    assert till.refunds == {}


async def test_after_a_partial_refund_the_rest_goes_back_and_no_coin_is_taken_twice(shop: Services, till: Till) -> None:
    await reported(shop, till, refunded_minor=33)
    offer = (await shop.withdrawals.offer(GUILD, MIA, ORDER)).withdrawal
    await shop.withdrawals.withdraw(GUILD, MIA, ORDER, offer.coins)
    await reported(shop, till, refunded_minor=33 + offer.amount_minor)

    assert (offer.coins, offer.amount_minor) == (47, 66)
    wallet = (await shop.wallets.overview(GUILD, MIA)).wallet
    assert (wallet.test, wallet.test_debt) == (0, 0)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE withdrawals SET coins = 69", "is of 69 coins, the journal took 70"),
        ("UPDATE withdrawals SET amount_minor = 100", "sends back 100 USD, which is not what its coins cost"),
        ("UPDATE withdrawals SET currency = 'EUR'", "sends back 99 EUR, which is not what its coins cost"),
        ("DELETE FROM withdrawals", "is withdrawn, but nobody knows what goes back"),
        ("UPDATE journal SET body = '\"nonsense\"' WHERE kind = 'reversal'", "is of 70 coins, the journal took 0"),
    ],
)
async def test_the_audit_names_what_is_wrong_with_a_withdrawal(
    shop: Services, database: Database, statement: str, says: str
) -> None:
    await shop.withdrawals.withdraw(GUILD, MIA, ORDER, 70)
    findings = await database.writer.perform(_findings_after, statement)

    assert [what for what in findings if what.endswith(says)], findings


def _findings_after(c: Connection, statement: str) -> list[str]:
    """Return what an audit says after a change, which is undone again."""
    with c.begin_nested() as change:
        c.exec_driver_sql(statement)
        sentences = [finding.what for finding in audit(c, GUILD)]
        change.rollback()
    return sentences
