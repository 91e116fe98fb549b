"""Ko-fi: every notice with a guild's token is one payment, and what fits no order waits for people."""

import asyncio
import random
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.confirmation_errors import PaymentAssigned, SecretTaken
from bot.domain.errors import ForgedWebhook, NotFound
from bot.domain.order_states import OrderState
from bot.domain.payment_cases import CaseKind, Outcome, Report
from bot.domain.staff_errors import OwnCase
from bot.payments.noted import KofiProvider, ManualProvider
from bot.services import Services
from bot.services.assembly import build
from bot.services.payment_notes import PaymentNotes
from bot.services.settlements import Settlement
from bot.storage.database import Database
from tests.payments.kofi_bodies import EMAIL, NAME, TOKEN, encoded, notice
from tests.services.noted import OLIVE, PAGE, SAM, order_at, send, set_up, settle
from tests.services.paying import GUILD, MIA, ORDER, paid_coins
from tests.storage.town import Clock

OTHER_GUILD = 8
OTHER_TOKEN = "another-guilds-token"


@pytest.fixture
async def services(database: Database, clock: Clock) -> AsyncIterator[Services]:
    """The services of two guilds that take money through Ko-fi; the first one also by hand."""
    notes = PaymentNotes(database)
    shop = build(database, [KofiProvider(notes, "https://ko-fi.test"), ManualProvider(notes)], clock)
    for guild_id in (GUILD, OTHER_GUILD):
        await shop.guilds.welcome(guild_id)
        await shop.packages.edit(guild_id, 1, archived=False)
    await set_up(shop)
    await shop.guild_providers.connect(OTHER_GUILD, "kofi", "otherpage", secret=OTHER_TOKEN)
    yield shop
    await shop.payment_events.stop()


def bytes_of(address: str) -> bytes:
    """Return all that is in the files of a SQLite database."""
    file = Path(address.partition("///")[2])
    return b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))


async def cases(services: Services, guild_id: int = GUILD) -> list[Report]:
    return await services.payment_cases.undecided(guild_id)


async def case_kinds(services: Services, guild_id: int = GUILD) -> list[CaseKind]:
    return [report.case.kind for report in await cases(services, guild_id)]


async def test_a_payment_that_quotes_its_code_is_credited_once_however_often_it_is_delivered(
    services: Services,
) -> None:
    _, code = await order_at(services, "kofi")
    await asyncio.gather(*(send(services, message=f"for the coins: {code}") for _ in range(60)))
    await settle(services)
    await send(services, message=code)
    await settle(services)

    assert await paid_coins(services) == 70
    assert await cases(services) == []


async def test_two_payments_with_one_code_are_both_credited_and_staff_hear_of_it(services: Services) -> None:
    _, code = await order_at(services, "kofi")
    for number in range(2):
        await send(services, message=code, message_id=f"payment-{number}")
        await settle(services)

    coins = await paid_coins(services)
    (report,) = await cases(services)
    second = await services.manual_payments.find_by_payment(GUILD, "kofi", report.case.external_id)
    assert second is not None
    await services.manual_payments.record_refund(GUILD, second.order.order_id, SAM, amount_minor=99, refunded_minor=0)
    await settle(services)

    assert (coins, report.case.kind) == (140, CaseKind.PAID_TWICE)
    assert (second.order.order_id != ORDER, second.code) == (True, "")
    assert await paid_coins(services) == 70


@pytest.mark.parametrize(("amount", "currency"), [("0.98", "USD"), ("1.00", "USD"), ("0.99", "EUR"), ("99", "JPY")])
async def test_another_amount_or_currency_waits_for_staff_who_can_add_the_coins(
    services: Services, amount: str, currency: str
) -> None:
    _, code = await order_at(services, "kofi")
    await send(services, message=code, amount=amount, currency=currency)
    await settle(services)
    before = await paid_coins(services)
    (report,) = await cases(services)
    await services.payment_cases.credit(GUILD, report.case.case_id, SAM)

    assert (before, report.case.kind) == (0, CaseKind.DIFFERS)
    assert await paid_coins(services) == 70


async def test_a_payment_without_a_code_is_assigned_to_an_order(services: Services) -> None:
    await order_at(services, "kofi")
    await send(services, message="just because")
    await settle(services)
    (report,) = await cases(services)
    assignable = await services.assignments.find(GUILD, report.case.case_id)
    assert assignable is not None
    await services.assignments.assign(GUILD, report.case.case_id, ORDER, SAM)
    await settle(services)

    assert report.case.kind is CaseKind.NO_ORDER
    assert [order.order_id for _, order in assignable.orders] == [ORDER]
    assert await paid_coins(services) == 70
    assert (await services.payment_cases.find(GUILD, report.case.case_id)).case.outcome is Outcome.ASSIGNED
    with pytest.raises(PaymentAssigned):
        await services.assignments.assign(GUILD, report.case.case_id, ORDER, SAM)


async def test_a_payment_without_an_order_is_assigned_to_a_member_and_a_package(services: Services) -> None:
    news: list[Settlement] = []

    async def hear(settlement: Settlement) -> None:
        news.append(settlement)

    services.orders.on_settled(hear)
    await send(services)
    await settle(services)
    (report,) = await cases(services)
    order_id = await services.assignments.assign_to_member(
        GUILD, report.case.case_id, member_id=MIA, package_id=1, locale="de", by=SAM
    )
    await settle(services)
    order = await services.orders.find(GUILD, order_id)

    assert await paid_coins(services) == 70
    assert order is not None
    assert (order.state, order.consent_version) == (OrderState.CREDITED, 0)
    assert [(it.order.member_id, it.contact.locale) for it in news] == [(MIA, "de")]


async def test_nobody_assigns_a_payment_to_themselves(services: Services) -> None:
    await order_at(services, "kofi", member_id=SAM)
    await send(services, message="just because")
    await settle(services)
    (report,) = await cases(services)
    case_id = report.case.case_id
    with pytest.raises(OwnCase):
        await services.assignments.assign(GUILD, case_id, ORDER, SAM)
    with pytest.raises(OwnCase):
        await services.assignments.assign_to_member(GUILD, case_id, member_id=SAM, package_id=1, locale="de", by=SAM)
    await settle(services)

    assert await paid_coins(services, SAM) == 0
    assert [report.case.kind for report in await cases(services)] == [CaseKind.NO_ORDER]
    await services.assignments.assign(GUILD, case_id, ORDER, OLIVE)
    await settle(services)
    assert await paid_coins(services, SAM) == 70


async def test_ten_assignments_at_once_are_one(services: Services) -> None:
    for number in range(10):
        await order_at(services, "kofi", 500 + number, 100 + number)
    await send(services, message="")
    await settle(services)
    (report,) = await cases(services)
    assign = services.assignments.assign
    outcomes = await asyncio.gather(
        *(assign(GUILD, report.case.case_id, 500 + number, SAM) for number in range(10)), return_exceptions=True
    )
    await settle(services)

    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum([await paid_coins(services, 100 + number) for number in range(10)]) == 70


async def test_a_shop_order_puts_its_package_first(services: Services) -> None:
    await services.packages.edit(GUILD, 3, archived=False, reference="1a2b3c4d5e")
    items = [{"direct_link_code": "1a2b3c4d5e", "variation_name": "", "quantity": 1}]
    await send(services, type="Shop Order", message="", shop_items=items, amount="9.99")
    await settle(services)
    (report,) = await cases(services)
    assignable = await services.assignments.find(GUILD, report.case.case_id)

    assert assignable is not None
    assert assignable.packages[0].package_id == 3


async def test_what_cannot_be_read_exactly_waits_for_staff_and_is_credited_to_nobody(services: Services) -> None:
    _, code = await order_at(services, "kofi")
    await send(services, message=code, amount="0,99")
    await settle(services)
    (report,) = await cases(services)

    assert (report.case.kind, report.case.amount_minor) == (CaseKind.NO_ORDER, 0)
    assert await services.assignments.find(GUILD, report.case.case_id) is None


async def test_two_codes_in_one_message_are_for_people(services: Services) -> None:
    codes = [(await order_at(services, "kofi", 500 + number, 100 + number))[1] for number in range(2)]
    await send(services, message=" or ".join(codes))
    await settle(services)

    assert await case_kinds(services) == [CaseKind.NO_ORDER]


async def test_the_code_of_an_order_at_another_provider_is_for_people(services: Services) -> None:
    _, code = await order_at(services, "manual")
    await send(services, message=code)
    await settle(services)

    assert await case_kinds(services) == [CaseKind.NO_ORDER]
    assert await paid_coins(services) == 0


async def test_a_guilds_token_pays_only_its_own_orders(services: Services) -> None:
    _, code = await order_at(services, "kofi")
    await send(services, message=code, verification_token=OTHER_TOKEN)
    await settle(services)
    # The same id of a message, from whoever knows another guild's token, takes no payment away.
    await send(services, message=code)
    await settle(services)

    assert await case_kinds(services, OTHER_GUILD) == [CaseKind.NO_ORDER]
    assert await paid_coins(services) == 70
    assert await cases(services) == []


async def test_no_forged_notice_is_accepted(services: Services) -> None:
    """1,000 notices whose token differs in one to three characters. None leaves anything behind."""
    _, code = await order_at(services, "kofi")
    chance = random.Random(13)
    for _ in range(1_000):
        letters = list(TOKEN)
        for place in chance.sample(range(len(TOKEN)), chance.randint(1, 3)):
            letters[place] = chance.choice([letter for letter in "0123456789abcdef-" if letter != letters[place]])
        with pytest.raises(ForgedWebhook):
            await send(services, message=code, verification_token="".join(letters))
    await settle(services)

    assert await paid_coins(services) == 0
    assert await cases(services) == []


async def test_a_token_works_until_another_takes_its_place(services: Services) -> None:
    _, code = await order_at(services, "kofi")
    await services.guild_providers.connect(GUILD, "kofi", PAGE, secret="a new token")
    with pytest.raises(ForgedWebhook):
        await send(services, message=code)
    await send(services, message=code, verification_token="a new token")
    await settle(services)

    assert await paid_coins(services) == 70


async def test_an_empty_token_field_keeps_the_token(services: Services) -> None:
    await services.guild_providers.connect(GUILD, "kofi", "newpage")
    _, code = await order_at(services, "kofi")
    await send(services, message=code)
    await settle(services)

    assert await paid_coins(services) == 70


async def test_two_guilds_never_have_one_token(services: Services) -> None:
    with pytest.raises(SecretTaken):
        await services.guild_providers.connect(OTHER_GUILD, "kofi", "otherpage", secret=TOKEN)


async def test_money_that_staff_sent_back_at_ko_fi_is_recorded(services: Services) -> None:
    _, code = await order_at(services, "kofi")
    await send(services, message=code)
    await settle(services)
    handled = await services.manual_payments.find_named(GUILD, code)
    await services.manual_payments.record_refund(GUILD, ORDER, SAM, amount_minor=99, refunded_minor=0)
    await settle(services)

    assert handled.payment is not None
    assert handled.payment.kind == "Donation"
    assert await paid_coins(services) == 0


async def test_staff_do_not_confirm_a_payment_that_ko_fi_must_report(services: Services) -> None:
    await order_at(services, "kofi")
    with pytest.raises(NotFound):
        await services.manual_payments.confirm(GUILD, ORDER, SAM, "7XY")


async def test_a_late_payment_credits_a_cancelled_order(services: Services) -> None:
    order, code = await order_at(services, "kofi")
    await services.orders.cancel(GUILD, ORDER, MIA)
    await send(services, message=code)
    await settle(services)

    assert await paid_coins(services) == 70
    assert replace(order, state=OrderState.OPEN) == order


async def test_what_was_noted_is_settled_though_the_bot_stops_right_then(
    services: Services, database: Database, clock: Clock
) -> None:
    _, code = await order_at(services, "kofi")
    await send(services, message=code)
    restarted = build(database, [KofiProvider(PaymentNotes(database), "https://ko-fi.test")], clock)
    await settle(restarted)

    assert await paid_coins(restarted) == 70


@pytest.mark.databases("sqlite")
async def test_no_secret_and_nothing_personal_is_stored(
    services: Services, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    _, code = await order_at(services, "kofi")
    await send(services, message=f"kiss kiss {code}")
    await send(services, message="unmatched kiss", message_id="other")
    with pytest.raises(ForgedWebhook):
        await services.payment_events.receive("kofi", {}, encoded(notice(verification_token="forged-token")))
    await settle(services)
    stored = bytes_of(address)

    for canary in (TOKEN, OTHER_TOKEN, EMAIL, NAME, "kiss", "forged-token"):
        assert canary.encode() not in stored
        assert canary not in caplog.text
