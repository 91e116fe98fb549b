"""What Discord's entitlements are worth, and how the list of them is read, whatever its order."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import ForgedWebhook
from bot.domain.packages import Package
from bot.domain.product_purchases import ProductPurchase, Worth
from bot.domain.prompts import PremiumButton
from bot.domain.store_prices import Price
from bot.payments.discord_sku import DiscordSku
from bot.payments.discord_sku.entitlements import purchase_in, worth_of
from bot.payments.discord_sku.pages import entitlements
from bot.payments.discord_sku.provider import DISCORD_EPOCH_MS, WATCH_MS
from bot.payments.provider import ProviderError, UnknownPurchase, UnreadablePurchase
from tests.domain.builders import order
from tests.payments.entitlements import ENTITLEMENT, PAGE_ORDERS, Discord, newest_first


@pytest.mark.parametrize(
    ("kind", "worth"),
    [
        (1, Worth.PAID), (2, Worth.UNCLEAR), (3, Worth.FREE), (5, Worth.FREE), (6, Worth.GIFT), (7, Worth.UNCLEAR),
        (8, Worth.UNCLEAR), (9, Worth.UNCLEAR), (10, Worth.UNCLEAR), (0, Worth.UNCLEAR), (-1, Worth.UNCLEAR),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_test_mode", [False, True])
def test_each_type_of_entitlement_has_its_worth_in_either_mode(kind: int, worth: Worth, is_test_mode: bool) -> None:
    assert worth_of(kind, is_test_mode=is_test_mode) is worth


def test_purchases_of_the_test_mode_are_worth_test_coins_only_where_it_is_on() -> None:
    assert worth_of(4, is_test_mode=True) is Worth.TEST
    assert worth_of(4, is_test_mode=False) is Worth.NOTHING


def test_an_entitlement_is_a_purchase_of_its_user() -> None:
    purchase = purchase_in(ENTITLEMENT, is_test_mode=False)

    assert purchase == ProductPurchase("discord_sku", "900", "40", 11, Worth.PAID)
    assert purchase.event_id == "bought:900"


def test_deleted_and_consumed_entitlements_are_revoked_and_used_purchases() -> None:
    purchase = purchase_in(ENTITLEMENT | {"deleted": True, "consumed": True}, is_test_mode=False)

    assert (purchase.is_revoked, purchase.is_used, purchase.event_id) == (True, True, "revoked:900")


def test_an_entitlement_without_the_optional_fields_is_neither_revoked_nor_used() -> None:
    bare = {key: ENTITLEMENT[key] for key in ("id", "sku_id", "user_id", "type")}

    purchase = purchase_in(bare, is_test_mode=False)

    assert (purchase.is_revoked, purchase.is_used) == (False, False)


def test_an_entitlement_of_a_guild_is_worth_nothing() -> None:
    assert purchase_in(ENTITLEMENT | {"user_id": None}, is_test_mode=False).worth is Worth.NOTHING


@pytest.mark.parametrize(
    "changes",
    [{"id": None}, {"id": 900}, {"id": "x"}, {"id": "0"}, {"sku_id": ""}, {"user_id": "-1"}, {"type": None},
     {"type": "1"}, {"type": True}],
    ids=str,
)  # fmt: skip
def test_what_is_no_entitlement_cannot_be_read(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="is not"):
        purchase_in(ENTITLEMENT | changes, is_test_mode=True)


def test_a_purchase_pays_its_order_at_the_price_of_the_order() -> None:
    purchase = purchase_in(ENTITLEMENT, is_test_mode=False)

    payment = purchase.as_ordered(order())

    assert (payment.amount_minor, payment.currency, payment.refunded_minor) == (499, "USD", 0)
    assert (payment.external_id, payment.live, payment.is_unclear) == ("900", True, False)


def test_a_revoked_purchase_is_a_refund_of_the_whole_price() -> None:
    revoked = purchase_in(ENTITLEMENT | {"deleted": True}, is_test_mode=False)

    assert revoked.as_ordered(order()).refunded_minor == 499


@pytest.mark.parametrize("choose", PAGE_ORDERS)
@given(ids=st.sets(st.integers(1, 2**62), max_size=60), size=st.integers(1, 9))
async def test_every_entry_is_read_once_in_any_order_of_pages(choose: Any, ids: set[int], size: int) -> None:
    source = Discord([*ids], choose, size)

    numbers = [int(entry["id"]) async for entry in entitlements(source.page)]

    assert sorted(numbers) == sorted(ids)
    assert len(source.requests) <= 2 * len(ids) + 1


@pytest.mark.parametrize("choose", PAGE_ORDERS)
async def test_only_entries_above_an_id_are_read(choose: Any) -> None:
    source = Discord([*range(1, 251)], choose, 100)

    numbers = sorted([int(entry["id"]) async for entry in entitlements(source.page, 200)])

    assert numbers == [*range(201, 251)]


async def test_entries_without_an_id_are_left_out() -> None:
    source = Discord([5, 6], newest_first, 10)
    source.entries[6] = {"type": 1}

    assert [entry["id"] async for entry in entitlements(source.page)] == ["5"]


@pytest.fixture
def provider() -> DiscordSku:
    return DiscordSku({"40": Price(499, "USD")}, is_test_mode=False)


async def test_the_first_walk_has_no_beginning_and_later_ones_go_back_120_days(provider: DiscordSku) -> None:
    now_ms = DISCORD_EPOCH_MS + WATCH_MS + 5
    old, young = 3, 6 << 22
    source = Discord([old, young], newest_first, 100)
    provider.connect(source)

    walks = [[it.external_id async for it in provider.changes(now_ms, [])] for _ in range(2)]

    assert walks == [[str(old), str(young)], [str(young)]]


async def test_the_first_walk_is_repeated_until_it_ends(provider: DiscordSku) -> None:
    source = Discord([3], newest_first, 100)
    provider.connect(source)
    source.is_down = True
    with pytest.raises(ProviderError, match="503"):
        _ = [it async for it in provider.changes(DISCORD_EPOCH_MS + 2 * WATCH_MS, [])]
    source.is_down = False

    assert [it.external_id async for it in provider.changes(DISCORD_EPOCH_MS + 2 * WATCH_MS, [])] == ["3"]


async def test_an_unreadable_entitlement_hides_no_other(provider: DiscordSku) -> None:
    source = Discord([1, 2, 3], newest_first, 100)
    source.entries[2] = {"id": "2", "type": "new"}
    provider.connect(source)

    changes = [it async for it in provider.changes(0, [])]

    assert [it.external_id for it in changes] == ["1", "2", "3"]
    assert isinstance(changes[1], UnreadablePurchase)


async def test_an_order_is_paid_on_the_button_of_its_sku(provider: DiscordSku) -> None:
    assert await provider.start(order(product="40"), "") == PremiumButton(40)
    for product in ("", "coins", "0"):
        with pytest.raises(ProviderError, match="not a SKU"):
            await provider.start(order(product=product), "")


async def test_a_purchase_is_read_and_used_up(provider: DiscordSku) -> None:
    source = Discord([900], newest_first, 100)
    provider.connect(source)

    assert (await provider.read("900")).external_id == "900"
    with pytest.raises(UnknownPurchase):
        await provider.read("901")
    await provider.acknowledge("900")

    assert source.consumed == [900]


async def test_nothing_is_known_before_the_client_is_connected(provider: DiscordSku) -> None:
    with pytest.raises(ProviderError, match="not connected"):
        await provider.read("900")
    with pytest.raises(ProviderError, match="not connected"):
        await provider.acknowledge("900")


async def test_discord_alone_refunds_and_sends_no_webhooks(provider: DiscordSku) -> None:
    with pytest.raises(ProviderError, match="only by Discord"):
        await provider.refund("900", 499, "k")
    with pytest.raises(ForgedWebhook):
        provider.verify({}, b"{}", 0)


def test_only_packages_at_the_price_of_their_sku_are_sold(provider: DiscordSku) -> None:
    package = Package(7, 1, coins=70, price_minor=499, reference="40")

    assert provider.sells(package)
    for changes in (
        {"price_minor": 498},
        {"price_minor": 500},
        {"currency": "EUR"},
        {"reference": ""},
        {"reference": "41"},
    ):
        assert not provider.sells(replace(package, **changes))
