"""Payments by hand: coins only after enough people saw the money, never twice, and taken back as it goes back."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.domain.buying_errors import OrderEnded
from bot.domain.confirmation_errors import (
    AlreadyConfirmed,
    OwnPayment,
    PaymentDecided,
    ReferenceUsed,
    RefundChanged,
)
from bot.domain.errors import NotFound
from bot.domain.order_states import OrderState
from bot.domain.payment_cases import CaseKind, Outcome
from bot.domain.staff_errors import OwnCase
from bot.payments.noted import ManualProvider
from bot.services import Services
from bot.services.assembly import build
from bot.services.payment_notes import PaymentNotes
from bot.storage.database import Database
from tests.services.noted import OLIVE, SAM, order_at, settle
from tests.services.paying import GUILD, MIA, ORDER, paid_coins
from tests.storage.town import Clock


@pytest.fixture
async def services(database: Database, clock: Clock) -> AsyncIterator[Services]:
    """The services of a guild that takes money by hand."""
    shop = build(database, [ManualProvider(PaymentNotes(database))], clock)
    await shop.guilds.welcome(GUILD)
    await shop.packages.edit(GUILD, 1, archived=False)
    await shop.guild_providers.connect(GUILD, "manual", "IBAN DE00 1234")
    yield shop
    await shop.payment_events.stop()


async def state(services: Services, order_id: int = ORDER) -> OrderState:
    order = await services.orders.find(GUILD, order_id)
    assert order is not None
    return order.state


async def claimed(services: Services, order_id: int = ORDER, member_id: int = MIA) -> str:
    """Have a member order and say that the money is on its way; return the claim code."""
    _, code = await order_at(services, "manual", order_id, member_id)
    await services.manual_payments.claim_sent(GUILD, order_id, member_id)
    await settle(services)
    return code


async def confirmed(services: Services, order_id: int = ORDER, reference: str = "7XY") -> None:
    """Have two people confirm a payment."""
    await services.manual_payments.confirm(GUILD, order_id, SAM, reference)
    await services.manual_payments.confirm(GUILD, order_id, OLIVE)
    await settle(services)


async def test_a_buyer_reads_the_instructions_and_the_same_code_every_time(services: Services) -> None:
    _, code = await order_at(services, "manual")
    _, again = await order_at(services, "manual", ORDER + 1)

    assert code == again
    assert (await services.manual_payments.find_named(GUILD, code.lower())).order.order_id == ORDER


async def test_two_people_confirm_and_the_coins_are_there_once(services: Services) -> None:
    await claimed(services)
    waiting = await state(services)
    await services.manual_payments.confirm(GUILD, ORDER, SAM, "7XY")
    await settle(services)
    after_one = await paid_coins(services)
    await services.manual_payments.confirm(GUILD, ORDER, OLIVE)
    await settle(services)

    assert (waiting, after_one) == (OrderState.PENDING, 0)
    assert await paid_coins(services) == 70
    assert await state(services) is OrderState.CREDITED
    with pytest.raises(PaymentDecided):
        await services.manual_payments.confirm(GUILD, ORDER, SAM, "7XY")
    with pytest.raises(PaymentDecided):
        await services.manual_payments.deny(GUILD, ORDER, SAM)


async def test_the_case_of_a_claim_closes_with_the_confirmation(services: Services) -> None:
    code = await claimed(services)
    (report,) = await services.payment_cases.undecided(GUILD)
    await confirmed(services)

    assert (report.case.kind, report.code) == (CaseKind.AWAITING, code)
    assert (await services.payment_cases.find(GUILD, report.case.case_id)).case.outcome is Outcome.CONFIRMED
    assert await services.payment_cases.undecided(GUILD) == []


async def test_saying_twice_that_the_money_is_on_its_way_is_one_case(services: Services) -> None:
    await claimed(services)
    await services.manual_payments.claim_sent(GUILD, ORDER, MIA)

    assert len(await services.payment_cases.undecided(GUILD)) == 1


async def test_nobody_claims_for_another_member_or_for_an_order_that_ended(services: Services) -> None:
    await order_at(services, "manual")
    with pytest.raises(NotFound):
        await services.manual_payments.claim_sent(GUILD, ORDER, SAM)
    await services.orders.cancel(GUILD, ORDER, MIA)
    with pytest.raises(OrderEnded):
        await services.manual_payments.claim_sent(GUILD, ORDER, MIA)


async def test_one_person_is_enough_where_the_guild_says_so(services: Services) -> None:
    await services.guild_providers.connect(GUILD, "manual", "cash", confirmations=1)
    await claimed(services)
    await services.manual_payments.confirm(GUILD, ORDER, SAM, "7XY")
    await settle(services)

    assert await paid_coins(services) == 70


async def test_neither_the_buyer_nor_one_person_alone_confirms(services: Services) -> None:
    await claimed(services)
    with pytest.raises(OwnPayment):
        await services.manual_payments.confirm(GUILD, ORDER, MIA, "7XY")
    await services.manual_payments.confirm(GUILD, ORDER, SAM, "7XY")
    with pytest.raises(AlreadyConfirmed):
        await services.manual_payments.confirm(GUILD, ORDER, SAM, "7XY")
    with pytest.raises(OwnPayment):
        await services.manual_payments.confirm(GUILD, ORDER, MIA)
    await settle(services)

    assert await paid_coins(services) == 0


async def test_a_buyer_on_the_staff_decides_nothing_about_their_own_payment(services: Services) -> None:
    await claimed(services)
    with pytest.raises(OwnCase):
        await services.manual_payments.deny(GUILD, ORDER, MIA)
    await confirmed(services)
    with pytest.raises(OwnCase):
        await services.manual_payments.record_refund(GUILD, ORDER, MIA, amount_minor=33, refunded_minor=0)

    assert await paid_coins(services) == 70


async def test_one_payment_confirms_one_order(services: Services) -> None:
    await claimed(services, 500)
    await claimed(services, 501, SAM)
    await confirmed(services, 500)

    with pytest.raises(ReferenceUsed):
        await services.manual_payments.confirm(GUILD, 501, OLIVE, "7xy")


async def test_twenty_confirmations_at_once_credit_once(services: Services) -> None:
    await claimed(services)
    outcomes = await asyncio.gather(
        *(services.manual_payments.confirm(GUILD, ORDER, 100 + number, "7XY") for number in range(20)),
        return_exceptions=True,
    )
    await settle(services)

    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 2
    assert await paid_coins(services) == 70


async def test_what_was_denied_can_still_be_confirmed_by_two(services: Services) -> None:
    code = await claimed(services)
    await services.manual_payments.confirm(GUILD, ORDER, SAM, "7XY")
    await services.manual_payments.deny(GUILD, ORDER, OLIVE)
    await settle(services)
    denied = await state(services)
    handled = await services.manual_payments.find_named(GUILD, f"my code: {code}")
    await services.manual_payments.confirm(GUILD, ORDER, OLIVE, "8AB")
    await settle(services)
    after_one = await paid_coins(services)
    await services.manual_payments.confirm(GUILD, ORDER, SAM)
    await settle(services)

    assert (denied, handled.confirmations, after_one) == (OrderState.FAILED, (), 0)
    assert await paid_coins(services) == 70


async def test_money_that_arrives_before_the_buyer_says_so_is_found_by_its_code(services: Services) -> None:
    _, code = await order_at(services, "manual")
    handled = await services.manual_payments.find_named(GUILD, code)
    await confirmed(services, handled.order.order_id)

    assert await paid_coins(services) == 70


async def test_a_cancelled_order_is_credited_when_its_money_comes_all_the_same(services: Services) -> None:
    await order_at(services, "manual")
    await services.orders.cancel(GUILD, ORDER, MIA)
    await confirmed(services)

    assert await paid_coins(services) == 70


async def test_money_that_goes_back_takes_its_coins_in_parts(services: Services) -> None:
    await claimed(services)
    await confirmed(services)
    refund = services.manual_payments.record_refund
    await refund(GUILD, ORDER, SAM, amount_minor=33, refunded_minor=0)
    await settle(services)
    left = await paid_coins(services)
    with pytest.raises(RefundChanged):
        await refund(GUILD, ORDER, SAM, amount_minor=33, refunded_minor=0)
    with pytest.raises(RefundChanged):
        await refund(GUILD, ORDER, SAM, amount_minor=67, refunded_minor=33)
    await refund(GUILD, ORDER, SAM, amount_minor=66, refunded_minor=33)
    await settle(services)

    assert left == 70 - 23
    assert await paid_coins(services) == 0
    assert await state(services) is OrderState.REFUNDED
    with pytest.raises(NotFound):
        await refund(GUILD, ORDER, SAM, amount_minor=1, refunded_minor=99)


async def test_what_is_confirmed_is_settled_though_the_bot_stops_right_then(
    services: Services, database: Database, clock: Clock
) -> None:
    await claimed(services)
    await services.manual_payments.confirm(GUILD, ORDER, SAM, "7XY")
    await services.manual_payments.confirm(GUILD, ORDER, OLIVE)
    await services.payment_events.stop()
    restarted = build(database, [ManualProvider(PaymentNotes(database))], clock)
    await settle(restarted)

    assert await paid_coins(restarted) == 70


async def test_an_order_is_found_by_its_number(services: Services) -> None:
    _, code = await order_at(services, "manual")

    assert (await services.manual_payments.find_named(GUILD, f" {ORDER} ")).code == code


@pytest.mark.parametrize("text", ["", "RO-2222", "hello", "RO-", "12345", "9" * 40])
async def test_an_unknown_code_finds_nothing(services: Services, text: str) -> None:
    await order_at(services, "manual")
    with pytest.raises(NotFound):
        await services.manual_payments.find_named(GUILD, text)
