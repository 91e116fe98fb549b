"""Coins follow the money of their order, whatever is reported in which order, and however often."""

from dataclasses import replace
from itertools import permutations

import pytest

from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.order import CreditOrder
from bot.domain.notices import EarningsNotice
from bot.domain.order_states import OrderState
from bot.domain.orders import Dispute, DisputeStatus, PaymentStatus
from bot.domain.payment_cases import CaseKind, Outcome
from bot.payments.provider import Capability
from bot.services import Services
from bot.services.assembly import build
from bot.services.settlements import Settlement
from bot.storage.database import Database
from tests.services.paying import GUILD, MIA, Till, order, paid_coins
from tests.storage.town import Clock

CHECKOUT = "till-500"


@pytest.fixture
def news(services: Services) -> list[Settlement]:
    """What buyers are told."""
    outcomes: list[Settlement] = []

    async def hear(outcome: Settlement) -> None:
        outcomes.append(outcome)

    services.orders.on_settled(hear)
    return outcomes


def dispute(status: str, amount_minor: int = 99, dispute_id: str = "dp_1") -> tuple[Dispute, ...]:
    return (Dispute(dispute_id, DisputeStatus(status), amount_minor),)


async def reported(services: Services, till: Till, checkout: str = CHECKOUT, **changes: object) -> None:
    """Have a paid purchase change, and let it be reconciled, twice."""
    till.becomes(checkout, "paid", **changes)
    for _ in range(2):
        await services.payment_events.reconcile(0)


async def state(services: Services, order_id: int = 500) -> OrderState:
    found_order = await services.orders.find(GUILD, order_id)
    assert found_order is not None
    return found_order.state


async def cases(services: Services) -> list[CaseKind]:
    return [report.case.kind for report in await services.payment_cases.unreported(GUILD)]


async def debt(services: Services) -> int:
    wallet = (await services.wallets.overview(GUILD, MIA)).wallet
    return wallet.debt + wallet.test_debt


async def test_refunds_take_back_the_coins_that_they_are_for(
    services: Services, till: Till, news: list[Settlement]
) -> None:
    await order(services)
    await reported(services, till)
    balances = []
    for refunded_minor in (33, 66, 99):
        await reported(services, till, refunded_minor=refunded_minor)
        balances.append(await paid_coins(services))

    # 70 coins cost 99 cents, so 33 cents are 23.3 coins.
    assert balances == [47, 24, 0]
    assert await debt(services) == 0
    assert [outcome.order.state for outcome in news] == [
        OrderState.CREDITED,
        OrderState.PARTIALLY_REFUNDED,
        OrderState.REFUNDED,
    ]


async def test_a_refund_that_came_before_the_coins_leaves_the_rest(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till, refunded_minor=33)
    assert (await paid_coins(services), await state(services)) == (47, OrderState.PARTIALLY_REFUNDED)

    await order(services, 501)
    await reported(services, till, "till-501", refunded_minor=99)
    assert (await paid_coins(services), await state(services, 501)) == (47, OrderState.REFUNDED)


async def test_a_dispute_takes_the_coins_and_gives_them_back_if_it_is_won(
    services: Services, till: Till, news: list[Settlement]
) -> None:
    await order(services)
    await reported(services, till)
    await reported(services, till, disputes=dispute("open"))
    assert (await paid_coins(services), await cases(services)) == (0, [CaseKind.DISPUTED])
    assert len(await services.payment_cases.undecided(GUILD)) == 1

    await reported(services, till, disputes=dispute("won"))

    assert await paid_coins(services) == 70
    states = [outcome.order.state for outcome in news]
    assert states == [OrderState.CREDITED, OrderState.DISPUTED, OrderState.WON]
    assert await services.payment_cases.undecided(GUILD) == []
    assert (await services.payment_cases.find(GUILD, 1)).case.outcome is Outcome.RESOLVED


@pytest.mark.parametrize("status", ["won", "lost"])
async def test_a_case_that_staff_have_closed_stays_as_they_left_it(services: Services, till: Till, status: str) -> None:
    await order(services)
    await reported(services, till, disputes=dispute("open"))
    await services.payment_cases.close(GUILD, 1, by=3)
    await reported(services, till, disputes=dispute(status))

    assert (await services.payment_cases.find(GUILD, 1)).case.outcome is Outcome.CLOSED


@pytest.mark.parametrize("is_closed_by_staff", [False, True])
async def test_a_second_dispute_opens_the_case_of_the_first_again(
    services: Services, till: Till, is_closed_by_staff: bool
) -> None:
    await order(services)
    await reported(services, till, disputes=dispute("open"))
    if is_closed_by_staff:
        await services.payment_cases.close(GUILD, 1, by=3)
    await reported(services, till, disputes=dispute("won"))
    await services.payment_cases.mark_reported(await services.payment_cases.unreported(GUILD))
    await reported(services, till, disputes=dispute("won") + dispute("open", dispute_id="dp_2"))

    (report,) = await services.payment_cases.undecided(GUILD)
    assert (report.case.case_id, report.case.outcome, report.case.decided_by) == (1, Outcome.NONE, 0)
    assert [case.case_id for case in await services.payment_cases.unannounced(GUILD)] == [1]
    assert await cases(services) == [CaseKind.DISPUTED]


async def test_a_case_that_staff_have_closed_stays_so_while_its_dispute_grows(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till, disputes=dispute("open", 33))
    await services.payment_cases.close(GUILD, 1, by=3)
    await reported(services, till, disputes=dispute("open", 66))

    assert await services.payment_cases.undecided(GUILD) == []


async def test_coins_that_were_spent_are_owed_until_the_dispute_is_won(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till)
    await services.creators.approve(GUILD, 12, 13, is_bot=False)
    gift = SendGift(GUILD, "gift", MIA, 12, item_id=4, quantity=1, channel_id=1)
    await services.gifts.send(gift)
    await reported(services, till, disputes=dispute("open"))
    # 50 coins were left, the house had its half of the gift, and the rest is owed.
    owed = await debt(services)
    await reported(services, till, disputes=dispute("won"))

    assert (owed, await debt(services), await paid_coins(services)) == (10, 0, 50)
    assert await state(services) is OrderState.WON


@pytest.mark.databases("sqlite")
async def test_reports_in_any_order_end_in_the_same_books(services: Services, till: Till) -> None:
    """The last report says everything: what was reported before it, or missed, makes no difference."""
    await services.packages.edit(GUILD, 1, coins=7_000, price_minor=9_999)
    reports: list[dict[str, object]] = [
        {"refunded_minor": 3_333},
        {"disputes": dispute("open", 6_666)},
        {"disputes": dispute("lost", 9_999), "refunded_minor": 3_333},
        {"disputes": dispute("won", 6_666), "refunded_minor": 0},
    ]
    last = {"refunded_minor": 3_333, "disputes": dispute("won", 6_666)}
    paths = [path for length in range(len(reports) + 1) for path in permutations(reports, length)]
    for number, path in enumerate(paths):
        terms = (await services.packages.packages(GUILD))[0].terms
        await order(services, 1_000 + number, member_id=100 + number, accepted=terms)
        for changes in (*path, last):
            checkout = f"till-{1_000 + number}"
            till.becomes(checkout, "paid", **({"refunded_minor": 0, "disputes": ()} | changes))
            await services.payment_events.reconcile(0)

        assert await paid_coins(services, 100 + number) == 7_000 - 7_000 * 3_333 // 9_999, path
        assert await state(services, 1_000 + number) is OrderState.PARTIALLY_REFUNDED


async def test_a_refund_that_fails_is_a_case_and_gives_nothing_back_by_itself(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till, refunded_minor=99)
    await order(services, 501)
    await reported(services, till, "till-501")
    await reported(services, till, "till-501", refunded_minor=50)
    coins = await paid_coins(services)
    await reported(services, till, "till-501", refunded_minor=0)

    assert await paid_coins(services) == coins == 35
    assert await cases(services) == [CaseKind.REFUND_FAILED]


async def test_a_refund_after_staff_took_the_coins_takes_only_what_is_left(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till)
    (line,) = (await services.wallets.overview(GUILD, MIA)).lines
    await services.reversals.reverse(GUILD, key="undo", actor_id=13, seq=line.seq, part=30, reason="asked")
    await reported(services, till, refunded_minor=99)

    assert (await paid_coins(services), await debt(services)) == (0, 0)


async def test_a_second_payment_of_one_order_is_credited_too_and_staff_hear_of_it(
    services: Services, till: Till, news: list[Settlement]
) -> None:
    await order(services)
    await reported(services, till)
    till.purchases["till-other"] = replace(till.purchases[CHECKOUT], external_id="till-other")
    await services.payment_events.reconcile(0)
    await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 140
    assert await cases(services) == [CaseKind.PAID_TWICE]
    assert [outcome.receipt is not None for outcome in news] == [True, True]

    # A refund of one of them takes its coins, and only those.
    till.becomes("till-other", "paid", refunded_minor=99)
    await services.payment_events.reconcile(0)
    assert (await paid_coins(services), await state(services)) == (70, OrderState.CREDITED)


async def test_a_provider_that_wants_to_know_hears_of_the_coins_after_they_are_there(
    database: Database, clock: Clock
) -> None:
    till = Till(capabilities=frozenset(Capability))
    services = build(database, [till], clock)
    await services.guilds.welcome(GUILD)
    await order(services)
    await reported(services, till)

    assert till.acknowledged == [CHECKOUT]
    assert (await paid_coins(services), await state(services)) == (70, OrderState.ACKNOWLEDGED)


async def test_a_refund_beside_a_dispute_takes_its_own_coins_and_keeps_them_if_the_dispute_is_won(
    services: Services, till: Till
) -> None:
    await order(services)
    await reported(services, till)
    balances = []
    for status, refunded_minor in (("open", 0), ("open", 33), ("won", 33), ("won", 66)):
        await reported(services, till, disputes=dispute(status, 66), refunded_minor=refunded_minor)
        balances.append(await paid_coins(services))
    assert balances == [24, 0, 47, 24]

    await order(services, 501)
    await reported(services, till, "till-501")
    balances = []
    for status, refunded_minor in (("open", 0), ("open", 66), ("won", 66)):
        await reported(services, till, "till-501", disputes=dispute(status, 33), refunded_minor=refunded_minor)
        balances.append(await paid_coins(services) - 24)
    assert balances == [47, 0, 24]


async def test_a_refund_that_a_dispute_covered_takes_its_coins_again_once_it_is_won(
    services: Services, till: Till
) -> None:
    """The refund took coins, the dispute of all the rest came and went, and the refund grew meanwhile."""
    await order(services)
    await reported(services, till)
    await reported(services, till, disputes=dispute("open", 66))
    await reported(services, till, disputes=dispute("open", 66), refunded_minor=99)
    await reported(services, till, disputes=dispute("won", 66), refunded_minor=99)

    assert (await paid_coins(services), await state(services)) == (0, OrderState.REFUNDED)


async def test_a_dispute_that_grows_or_returns_takes_more(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till)
    balances = []
    for status, amount_minor in (("open", 33), ("open", 66), ("won", 66), ("lost", 99), ("won", 99)):
        await reported(services, till, disputes=dispute(status, amount_minor))
        balances.append(await paid_coins(services))

    assert balances == [47, 24, 70, 0, 70]


async def test_the_order_of_a_second_payment_knows_nothing_of_the_refunds_of_the_first(
    services: Services, till: Till
) -> None:
    await order(services)
    await reported(services, till, refunded_minor=33)
    till.purchases["till-other"] = replace(till.purchases[CHECKOUT], external_id="till-other", refunded_minor=0)
    await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 47 + 70
    assert await cases(services) == [CaseKind.PAID_TWICE]


async def test_the_payment_that_an_order_was_credited_for_is_no_second_one_before_its_report_is_settled(
    services: Services, till: Till, database: Database
) -> None:
    opened = await order(services)
    # Another page was paid, and whoever settled that stopped right after the coins.
    await database.writer.submit(CreditOrder(GUILD, opened.order.key, 500, MIA, "till-other"))
    paid = replace(till.purchases[CHECKOUT], external_id="till-other", status=PaymentStatus.PAID)
    till.purchases["till-other"] = paid
    await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 70
    assert await cases(services) == []


async def test_coins_that_staff_added_for_another_amount_follow_that_amount(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till, amount_minor=50, currency="EUR")
    (report,) = await services.payment_cases.undecided(GUILD)
    await services.payment_cases.credit(GUILD, report.case.case_id, 13)
    balances = []
    for refunded_minor, disputes in ((0, ()), (25, ()), (25, dispute("open", 25)), (25, dispute("won", 25)), (50, ())):
        await reported(services, till, refunded_minor=refunded_minor, disputes=disputes)
        balances.append(await paid_coins(services))

    assert balances == [70, 35, 0, 35, 0]
    assert await state(services) is OrderState.REFUNDED


async def test_a_payment_that_went_back_can_no_longer_be_credited_by_staff(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till, amount_minor=50)
    await reported(services, till, amount_minor=50, refunded_minor=50)
    (report,) = await services.payment_cases.undecided(GUILD)

    assert not report.is_creditable


@pytest.mark.parametrize("is_known", [True, False])
async def test_staff_send_back_only_what_is_left_of_a_payment(services: Services, till: Till, is_known: bool) -> None:
    await order(services)
    await reported(services, till, amount_minor=50)
    till.becomes(CHECKOUT, "paid", refunded_minor=20)
    if is_known:
        await services.payment_events.reconcile(0)
    (report,) = await services.payment_cases.undecided(GUILD)
    await services.payment_cases.send_back(GUILD, report.case.case_id, 13)

    assert report.left_minor == (30 if is_known else 50)
    assert [*till.refunds.values()] == [30]


async def test_a_payment_that_has_gone_back_already_is_not_sent_again(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till, amount_minor=50, refunded_minor=50)
    (report,) = await services.payment_cases.undecided(GUILD)
    decided = await services.payment_cases.send_back(GUILD, report.case.case_id, 13)

    assert till.refunds == {}
    assert decided.case.outcome is Outcome.RETURNED


async def test_creators_hear_at_once_that_a_dispute_took_held_earnings_and_that_it_was_won(
    services: Services, till: Till
) -> None:
    till.test = False
    await order(services)
    await reported(services, till)
    await services.creators.approve(GUILD, 12, 13, is_bot=False)
    await services.gifts.send(SendGift(GUILD, "gift", MIA, 12, item_id=4, quantity=1, channel_id=1))

    async def earnings_news() -> list[EarningsNotice]:
        if not await services.notices.has_any(GUILD, 12):
            return []
        async with services.notices.telling(GUILD, 12) as entries:
            return [entry for entry in entries if isinstance(entry, EarningsNotice)]

    await earnings_news()
    await reported(services, till, disputes=dispute("open"))
    (lost,) = await earnings_news()
    assert (lost.is_back, len(lost.gifts)) == (False, 1)
    await reported(services, till, disputes=dispute("won"))
    (won,) = await earnings_news()
    assert (won.is_back, won.diamonds) == (True, lost.diamonds)
