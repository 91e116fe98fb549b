"""Buying: a limit that nobody passes by opening first, and payments that are for nothing, or not what was ordered."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, insert

from bot.domain.buying_errors import OrderEnded, PackageChanged, PackageLimit, PaymentUndecided
from bot.domain.order_states import OrderState
from bot.domain.orders import Contact, Reference
from bot.domain.packages import Terms
from bot.domain.payment_cases import CaseKind, Report
from bot.domain.prompts import Checkout
from bot.services import Services
from bot.services.assembly import build
from bot.services.settlements import Settlement
from bot.storage.database import Database
from bot.storage.sql.tables import bare_references
from tests.services.paying import GUILD, Till, order, paid_coins
from tests.storage.town import Clock

OTHER_GUILD = 8


@pytest.fixture
def news(services: Services) -> list[Settlement]:
    """What buyers are told."""
    outcomes: list[Settlement] = []

    async def hear(outcome: Settlement) -> None:
        outcomes.append(outcome)

    services.orders.on_settled(hear)
    return outcomes


async def limited(services: Services, limit: int = 1) -> None:
    """Limit how often a member may buy the smallest package."""
    await services.packages.edit(GUILD, 1, limit=limit)


def page(order_id: int) -> Checkout:
    """Return where the order with an id is paid."""
    return Checkout(f"till-{order_id}", f"https://till.example/till-{order_id}")


async def cases(services: Services, guild_id: int = GUILD) -> list[tuple[CaseKind, int]]:
    """Return (kind, order) of what staff have not seen yet."""
    return [(report.case.kind, report.case.order_id) for report in await services.payment_cases.unreported(guild_id)]


async def test_of_five_panels_of_a_package_with_a_limit_of_one_all_lead_to_one_checkout(
    services: Services, till: Till
) -> None:
    await limited(services)
    checkouts = [await order(services, 500 + number) for number in range(5)]
    for external_id in till.purchases:
        till.becomes(external_id, "paid")

    await services.payment_events.reconcile(0)

    assert {checkout.prompt for checkout in checkouts} == {page(500)}
    assert [len(checkout.outdated) for checkout in checkouts] == [0, 1, 1, 1, 1]
    assert await paid_coins(services) == 70
    with pytest.raises(PackageLimit):
        await order(services, 600)


async def test_an_abandoned_order_goes_on_in_the_newer_panel(
    services: Services, till: Till, news: list[Settlement]
) -> None:
    await limited(services)
    await order(services, 500)
    again = await order(services, 501)
    till.becomes("till-500", "paid")
    await services.payment_events.reconcile(0)

    assert again.outdated == (Contact("en-US", "token 500"),)
    assert [outcome.contact.reply_token for outcome in news] == ["token 501"]


async def test_an_order_at_an_older_price_gives_way(services: Services, till: Till) -> None:
    await limited(services)
    first = await order(services, 500)
    await services.packages.edit(GUILD, 1, price_minor=199)
    newer = await order(services, 501, accepted=Terms(70, 199, "USD"))

    assert newer.prompt == page(501)
    assert (await services.orders.find(GUILD, 500)) == replace(first.order, state=OrderState.CANCELLED)


@pytest.mark.parametrize("status", ["expired", "failed"])
async def test_an_order_whose_checkout_ended_unheard_gives_way(services: Services, till: Till, status: str) -> None:
    await limited(services)
    await order(services, 500)
    till.becomes("till-500", status)

    assert (await order(services, 501)).prompt == page(501)


async def test_an_order_whose_checkout_is_gone_gives_way(services: Services, till: Till) -> None:
    await limited(services)
    await order(services, 500)
    till.purchases.clear()

    assert (await order(services, 501)).prompt == page(501)


async def test_an_order_that_was_paid_unheard_is_credited_when_its_buyer_comes_again(
    services: Services, till: Till
) -> None:
    await limited(services)
    await order(services, 500)
    till.becomes("till-500", "paid")
    again = await order(services, 501)

    assert (again.prompt, again.order.state) == (None, OrderState.CREDITED)
    assert await paid_coins(services) == 70


async def test_a_payment_on_its_way_counts_towards_the_limit(services: Services, till: Till) -> None:
    await limited(services)
    await order(services, 500)
    till.becomes("till-500", "pending")
    await services.payment_events.reconcile(0)

    with pytest.raises(PaymentUndecided):
        await order(services, 501)
    assert (await order(services, 502, member_id=12)).prompt


async def test_what_was_paid_all_the_same_is_credited_and_staff_hear_of_it_once(services: Services, till: Till) -> None:
    await limited(services, 2)
    for number in range(500, 504):
        await order(services, number)
        await services.orders.cancel(GUILD, number, 11)
    for external_id in till.purchases:
        till.becomes(external_id, "paid")

    for _ in range(2):
        await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 4 * 70
    assert await cases(services) == [(CaseKind.OVER_LIMIT, 502), (CaseKind.OVER_LIMIT, 503)]


async def test_a_cancelled_order_is_not_opened_again_by_its_old_button(services: Services) -> None:
    await order(services, 500)
    await services.orders.cancel(GUILD, 500, 11)

    with pytest.raises(OrderEnded):
        await order(services, 500)


@pytest.mark.parametrize(
    ("changes", "now"),
    [
        ({"price_minor": 999}, Terms(70, 999, "USD")),
        ({"coins": 60}, Terms(60, 99, "USD")),
        ({"bonus_percent": 50}, Terms(105, 99, "USD")),
        ({"currency": "EUR"}, Terms(70, 99, "EUR")),
        ({"archived": True}, None),
    ],
)
async def test_a_package_that_changed_is_refused_with_what_it_is_now(
    services: Services, till: Till, changes: dict[str, int], now: Terms | None
) -> None:
    await services.packages.edit(GUILD, 1, **changes)  # pyright: ignore[reportArgumentType] - by name

    with pytest.raises(PackageChanged) as refusal:
        await order(services)

    assert refusal.value == PackageChanged(Terms(70, 99, "USD"), now)
    assert till.purchases == {}


async def test_the_same_order_id_in_two_guilds_is_credited_in_each(services: Services, till: Till) -> None:
    await services.guilds.welcome(OTHER_GUILD)
    await order(services)
    await order(services, guild_id=OTHER_GUILD, member_id=12)
    for external_id in till.purchases:
        till.becomes(external_id, "paid")

    await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 70
    assert await paid_coins(services, 12, OTHER_GUILD) == 70


def _known_barely(*guild_ids: int) -> Callable[[Connection], None]:
    """Return what makes order 500 one from before references named guilds."""

    def note(c: Connection) -> None:
        c.execute(insert(bare_references), [{"order_id": 500, "guild_id": guild_id} for guild_id in guild_ids])

    return note


async def test_an_order_from_before_guilds_were_named_is_credited(
    services: Services, till: Till, database: Database
) -> None:
    await order(services)
    await database.writer.perform(_known_barely(GUILD))
    till.becomes("till-500", "paid", reference=Reference(None, 500))

    await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 70


async def test_an_old_double_is_told_apart_by_its_checkout(services: Services, till: Till, database: Database) -> None:
    await services.guilds.welcome(OTHER_GUILD)
    await order(services)
    await order(services, guild_id=OTHER_GUILD, member_id=12)
    await database.writer.perform(_known_barely(GUILD, OTHER_GUILD))
    till.becomes("till-8-500", "paid", reference=Reference(None, 500))

    await services.payment_events.reconcile(0)

    assert (await paid_coins(services), await paid_coins(services, 12, OTHER_GUILD)) == (0, 70)


async def test_an_old_double_at_one_checkout_waits_for_the_staff_of_both(
    services: Services, till: Till, database: Database
) -> None:
    await services.guilds.welcome(OTHER_GUILD)
    till.forgets_guilds = True
    await order(services)
    await order(services, guild_id=OTHER_GUILD, member_id=12)
    await database.writer.perform(_known_barely(GUILD, OTHER_GUILD))
    till.becomes("till-500", "paid", reference=Reference(None, 500))

    await services.payment_events.reconcile(0)

    assert await cases(services) == await cases(services, OTHER_GUILD) == [(CaseKind.UNCLEAR, 500)]


@pytest.mark.parametrize("changes", [{"amount_minor": 50}, {"amount_minor": 100}, {"currency": "EUR"}, {"live": True}])
async def test_another_payment_than_ordered_waits_once_for_staff_and_its_buyer_hears(
    services: Services,
    till: Till,
    database: Database,
    clock: Clock,
    news: list[Settlement],
    changes: dict[str, int],
    caplog: pytest.LogCaptureFixture,
) -> None:
    await order(services)
    till.becomes("till-500", "paid", **changes)
    await services.payment_events.reconcile(0)
    (report,) = await services.payment_cases.unreported(GUILD)
    await services.payment_cases.mark_reported([report])
    # Nobody hears it again, neither from the provider nor after a restart.
    await services.payment_events.reconcile(0)
    restarted = build(database, [till], clock)
    await restarted.payment_events.reconcile(0)

    assert [(outcome.order.state, outcome.receipt) for outcome in news] == [(OrderState.REVIEW, None)]
    assert report == Report(report.case, await services.orders.find(GUILD, 500))
    assert (report.case.kind, report.case.amount_minor) == (CaseKind.DIFFERS, till.purchases["till-500"].amount_minor)
    assert await paid_coins(services) == 0
    assert await cases(services) == []
    assert sum("till-500" in record.getMessage() for record in caplog.records) == 1


async def test_an_order_in_review_is_credited_if_its_provider_corrects_itself(
    services: Services, till: Till, news: list[Settlement]
) -> None:
    await order(services)
    till.becomes("till-500", "paid", amount_minor=50)
    await services.payment_events.reconcile(0)
    till.becomes("till-500", "paid", amount_minor=99)
    await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 70
    assert [outcome.order.state for outcome in news] == [OrderState.REVIEW, OrderState.CREDITED]


async def test_a_payment_after_a_failed_one_is_credited_and_told(
    services: Services, till: Till, news: list[Settlement]
) -> None:
    await order(services)
    till.becomes("till-500", "failed")
    await services.payment_events.reconcile(0)
    till.becomes("till-500", "paid")
    await services.payment_events.reconcile(0)

    assert [outcome.order.state for outcome in news] == [OrderState.FAILED, OrderState.CREDITED]


async def test_an_order_that_is_paid_twice_is_credited_twice_and_told_to_staff(services: Services, till: Till) -> None:
    await order(services)
    till.becomes("till-500", "paid")
    till.purchases["till-other"] = replace(till.purchases["till-500"], external_id="till-other")

    for _ in range(2):
        await services.payment_events.reconcile(0)

    assert await paid_coins(services) == 140
    assert await cases(services) == [(CaseKind.PAID_TWICE, 500)]


async def test_a_payment_for_an_order_that_its_guild_does_not_have_waits_for_staff(
    services: Services, till: Till
) -> None:
    await order(services)
    till.becomes("till-500", "paid", reference=Reference(GUILD, 4711))

    for _ in range(2):
        await services.payment_events.reconcile(0)

    assert await cases(services) == [(CaseKind.NO_ORDER, 4711)]


async def test_tokens_are_forgotten_once_discord_no_longer_takes_them(
    services: Services, till: Till, news: list[Settlement], clock: Clock
) -> None:
    await order(services)
    clock.now_ms += 15 * 60_000 + 1
    await services.orders.forget_tokens()
    till.becomes("till-500", "paid")
    await services.payment_events.reconcile(0)

    # They hear all the same, in their language: as a direct message.
    assert [outcome.contact for outcome in news] == [Contact("en-US", None)]
