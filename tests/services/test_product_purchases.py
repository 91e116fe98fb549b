"""Purchases on Discord: each is credited once, in the one guild that it can be for, whatever is heard of it."""

import asyncio
from typing import Any

import pytest

from bot.domain.buying_errors import NothingForSale, PackageChanged, ProviderOff
from bot.domain.order_states import OrderState
from bot.domain.packages import Terms
from bot.domain.payment_cases import CaseKind
from bot.domain.prompts import PremiumButton
from bot.domain.staff_errors import StorePriceDiffers, UnknownSku
from bot.payments.discord_sku import DiscordSku
from bot.payments.provider import ProviderError
from bot.services import Services
from bot.services.product_purchases import FreeCoins, WaitingPurchase
from bot.services.settlements import Settlement
from tests.payments.entitlements import PAGE_ORDERS, Discord
from tests.services.discord_buying import OTHER_GUILD, OTHER_SKU, balances, order, state, walk
from tests.services.paying import GUILD, MIA, paid_coins, worked_off
from tests.services.planning import KAI, STAFF, found, short_gift
from tests.thoroughness import by_thoroughness


@pytest.fixture
def news(shop: Services) -> list[Any]:
    """What members are told."""
    outcomes: list[Any] = []

    async def hear(outcome: Settlement | WaitingPurchase | FreeCoins) -> None:
        outcomes.append(outcome)

    shop.orders.on_settled(hear)
    shop.product_purchases.on_waiting(hear)
    shop.product_purchases.on_free_coins(hear)
    return outcomes


async def test_an_order_is_paid_on_the_button_and_its_purchase_is_used_up_after_the_coins(
    shop: Services, discord: Discord, news: list[Any]
) -> None:
    opening = await order(shop)
    discord.sells(900)
    await walk(shop)

    assert opening.prompt == PremiumButton(40)
    assert (await balances(shop), discord.consumed, await state(shop)) == ((70, 0), [900], OrderState.ACKNOWLEDGED)
    assert [(it.order.external_id, it.payment.amount_minor) for it in news] == [("900", 99)]


async def test_what_is_heard_three_times_and_listed_is_credited_once(shop: Services, discord: Discord) -> None:
    await order(shop)
    discord.sells(900)
    for change in ("create", "create", "create", "update"):
        await shop.discord_shop.notice(change, 900)

    async def is_used() -> bool:
        return await state(shop) is OrderState.ACKNOWLEDGED

    await worked_off(shop, is_used)
    await walk(shop)
    await walk(shop)

    # Reports at the same time may each use it up, of which Discord takes the first.
    assert (await balances(shop), {*discord.consumed}) == ((70, 0), {900})


async def test_a_purchase_that_cannot_be_used_up_is_tried_again_and_again(shop: Services, discord: Discord) -> None:
    await order(shop)
    discord.sells(900)
    discord.is_jammed = True
    for _ in range(3):
        await walk(shop)
    before = await balances(shop), [*discord.consumed], await state(shop)
    discord.is_jammed = False
    await walk(shop)

    assert before == ((70, 0), [], OrderState.CREDITED)
    assert (await balances(shop), discord.consumed, await state(shop)) == ((70, 0), [900], OrderState.ACKNOWLEDGED)


async def test_a_purchase_without_an_order_waits_and_pays_the_next_order_of_its_product(
    shop: Services, discord: Discord, news: list[Any]
) -> None:
    discord.sells(900)
    await walk(shop)
    await walk(shop)
    waiting = [it.record.external_id for it in news]
    offers = await shop.orders.offer(OTHER_GUILD, MIA)
    opening = await order(shop, 501, OTHER_GUILD)
    await walk(shop)

    assert waiting == ["900"]
    assert [(it.package.package_id, it.is_prepaid) for it in offers] == [(1, True)]
    assert (opening.prompt, opening.order.state) == (None, OrderState.ACKNOWLEDGED)
    assert opening.order.consent_version == 1
    assert (await balances(shop), discord.consumed) == ((0, 70), [900])
    assert not any(it.is_prepaid for it in await shop.orders.offer(GUILD, MIA))


async def test_of_two_open_orders_none_is_guessed_and_the_one_that_is_chosen_is_paid_once(
    shop: Services, discord: Discord, news: list[Any]
) -> None:
    await order(shop, 500, GUILD)
    await order(shop, 501, OTHER_GUILD)
    discord.sells(900)
    await walk(shop)
    undecided = await balances(shop)
    await order(shop, 502, OTHER_GUILD)
    await order(shop, 503, GUILD)
    await walk(shop)

    assert (undecided, await balances(shop)) == ((0, 0), (0, 70))
    assert [it.locale for it in news if isinstance(it, WaitingPurchase)] == ["de"]
    # What is still open waits for a purchase of its own.
    assert (await state(shop, 500), await state(shop, 501, OTHER_GUILD)) == (OrderState.OPEN, OrderState.ACKNOWLEDGED)


async def test_orders_of_others_and_of_other_products_are_not_paid(shop: Services, discord: Discord) -> None:
    await shop.packages.edit(GUILD, 2, reference=OTHER_SKU, archived=False)
    await order(shop, 500, member_id=12)
    await order(shop, 501, package_id=2, accepted=Terms(350, 499, "USD"))
    discord.sells(900)
    await walk(shop)

    assert await balances(shop) == (0, 0)
    assert await paid_coins(shop, 12) == 0


async def test_two_purchases_of_one_product_pay_one_order_each(shop: Services, discord: Discord) -> None:
    await order(shop)
    discord.sells(900)
    discord.sells(901, type=6)
    await walk(shop)
    once = await balances(shop)
    await order(shop, 501)
    await walk(shop)

    assert (once, await balances(shop), discord.consumed) == ((70, 0), (140, 0), [900, 901])


@pytest.mark.parametrize(("kind", "is_test"), [(1, False), (4, True), (6, False)])
async def test_what_somebody_paid_for_brings_paid_coins_and_the_test_mode_test_coins(
    shop: Services, discord: Discord, kind: int, is_test: bool
) -> None:
    await order(shop)
    discord.sells(900, type=kind)
    await walk(shop)

    paid_order = await shop.orders.find(GUILD, 500)
    assert paid_order is not None
    assert (paid_order.state, paid_order.test, discord.consumed) == (OrderState.ACKNOWLEDGED, is_test, [900])


async def test_without_test_mode_its_purchases_bring_nothing_and_are_not_used_up(
    shop: Services, store: DiscordSku, discord: Discord
) -> None:
    await order(shop)
    store.test = False
    discord.sells(900, type=4)
    await walk(shop)

    assert (await balances(shop), discord.consumed, await state(shop)) == ((0, 0), [], OrderState.OPEN)


@pytest.mark.parametrize("kind", [3, 5])
@pytest.mark.parametrize("is_late", [False, True])
async def test_what_nobody_paid_for_brings_promo_coins_once(
    shop: Services, discord: Discord, news: list[Any], kind: int, is_late: bool
) -> None:
    if not is_late:
        await order(shop)
    discord.sells(900, type=kind)
    await walk(shop)
    if is_late:
        news.clear()
        assert (await order(shop)).prompt is None
    await walk(shop)

    wallet = (await shop.wallets.overview(GUILD, MIA)).wallet
    assert (wallet.paid, wallet.promo, discord.consumed) == (0, 70, [900])
    assert await state(shop) is OrderState.CANCELLED
    assert [type(it) for it in news] == [FreeCoins]


async def test_what_nobody_paid_for_still_sends_the_gift_that_it_was_for(
    shop: Services, discord: Discord, news: list[Any]
) -> None:
    await shop.creators.approve(GUILD, KAI, STAFF, is_bot=False)
    await order(shop, gift=(await found(shop, short_gift())).gift)
    discord.sells(900, type=5)
    await walk(shop)
    await walk(shop)

    wallet = (await shop.wallets.overview(GUILD, MIA)).wallet
    assert (wallet.promo, discord.consumed) == (70 - 49, [900])
    (free,) = news
    assert free.gift.receipt.other_id == KAI


async def test_a_payment_that_staff_add_sends_its_gift_at_once(shop: Services, discord: Discord) -> None:
    await shop.creators.approve(GUILD, KAI, STAFF, is_bot=False)
    await order(shop, gift=(await found(shop, short_gift())).gift)
    discord.sells(900, type=2)
    await walk(shop)
    (report,) = await shop.payment_cases.undecided(GUILD)
    await shop.payment_cases.credit(GUILD, report.case.case_id, 13)

    assert await paid_coins(shop) == 70 - 49
    await walk(shop)
    assert await paid_coins(shop) == 70 - 49


async def test_free_coins_go_back_with_their_entitlement(shop: Services, discord: Discord) -> None:
    await order(shop)
    discord.sells(900, type=5)
    await walk(shop)
    discord.sells(900, deleted=True)
    await walk(shop)
    await walk(shop)

    wallet = (await shop.wallets.overview(GUILD, MIA)).wallet
    assert (wallet.paid, wallet.promo) == (0, 0)


@pytest.mark.parametrize("kind", [2, 7, 8, 99])
async def test_unknown_types_wait_for_staff_who_may_add_the_coins(shop: Services, discord: Discord, kind: int) -> None:
    await order(shop)
    discord.sells(900, type=kind)
    await walk(shop)
    await walk(shop)
    (report,) = await shop.payment_cases.undecided(GUILD)
    before = await balances(shop), await state(shop), [*discord.consumed]
    await shop.payment_cases.credit(GUILD, report.case.case_id, 13)
    await walk(shop)

    assert (report.case.kind, before) == (CaseKind.UNKNOWN_ORIGIN, ((0, 0), OrderState.REVIEW, []))
    assert not shop.payment_cases.can_return(report)
    assert (await balances(shop), discord.consumed) == ((70, 0), [900])
    assert await shop.payment_cases.undecided(GUILD) == []


async def test_a_deletion_that_is_seen_twice_takes_the_coins_back_once(
    shop: Services, discord: Discord, news: list[Any]
) -> None:
    await order(shop)
    discord.sells(900)
    await walk(shop)
    discord.sells(900, deleted=True)
    await shop.discord_shop.notice("delete", 900)
    await walk(shop)
    await walk(shop)

    assert (await balances(shop), await state(shop)) == ((0, 0), OrderState.REFUNDED)
    assert [it.order.state for it in news if isinstance(it, Settlement)][-1] is OrderState.REFUNDED


async def test_what_is_deleted_before_it_has_an_order_never_brings_coins(shop: Services, discord: Discord) -> None:
    discord.sells(900)
    await walk(shop)
    discord.sells(900, deleted=True)
    await walk(shop)
    offers = await shop.orders.offer(GUILD, MIA)
    opening = await order(shop)

    assert not any(it.is_prepaid for it in offers)
    assert opening.prompt == PremiumButton(40)
    assert await balances(shop) == (0, 0)


async def test_what_was_deleted_unheard_brings_no_coins_to_the_order_that_it_is_chosen_for(
    shop: Services, discord: Discord
) -> None:
    discord.sells(900)
    await walk(shop)
    discord.sells(900, deleted=True)

    opening = await order(shop)

    assert (opening.order.state, await balances(shop)) == (OrderState.REFUNDED, (0, 0))


async def test_what_was_used_up_elsewhere_brings_nothing(shop: Services, discord: Discord) -> None:
    await order(shop)
    discord.sells(900, consumed=True)
    await walk(shop)

    assert (await balances(shop), await state(shop)) == ((0, 0), OrderState.OPEN)


async def test_an_archived_package_is_still_credited_and_can_still_be_chosen(shop: Services, discord: Discord) -> None:
    await order(shop)
    await shop.packages.archive(GUILD, 1)
    discord.sells(900)
    await walk(shop)
    discord.sells(901)
    await walk(shop)
    opening = await order(shop, 501)

    assert (await balances(shop), opening.order.state) == ((140, 0), OrderState.ACKNOWLEDGED)
    with pytest.raises(PackageChanged):
        await order(shop, 502)


async def test_what_waits_can_be_chosen_where_the_provider_is_off_and_above_the_limit(
    shop: Services, discord: Discord
) -> None:
    await shop.packages.edit(GUILD, 1, limit=1)
    await order(shop)
    discord.sells(900)
    await walk(shop)
    discord.sells(901)
    await walk(shop)
    await shop.guild_providers.choose(GUILD, [])
    offers = await shop.orders.offer(GUILD, MIA)
    await order(shop, 501)

    assert [it.is_prepaid for it in offers] == [True]
    assert await balances(shop) == (140, 0)
    assert [report.case.kind for report in await shop.payment_cases.undecided(GUILD)] == [CaseKind.OVER_LIMIT]
    with pytest.raises(ProviderOff):
        await order(shop, 502)
    with pytest.raises(NothingForSale):
        await shop.orders.offer(GUILD, MIA)


async def test_a_purchase_does_not_revive_a_cancelled_order_and_waits(shop: Services, discord: Discord) -> None:
    await order(shop)
    await shop.orders.cancel(GUILD, 500, MIA)
    discord.sells(900)
    await walk(shop)

    assert await balances(shop) == (0, 0)
    assert [it.external_id for it in await shop.product_purchases.waiting(MIA)] == ["900"]


async def credited_after_an_absence(shop: Services, discord: Discord, purchases: int) -> list[int]:
    """Have members buy while the bot is away, read what Discord lists, and return the coins that each of them has."""
    buyers = range(1_000, 1_000 + purchases)
    await asyncio.gather(*(order(shop, buyer, member_id=buyer) for buyer in buyers))
    for buyer in buyers:
        discord.sells(8_000 + buyer, user_id=str(buyer))
    await walk(shop)
    return [await paid_coins(shop, buyer) for buyer in buyers]


async def test_more_purchases_than_a_page_made_while_the_bot_was_away_are_all_credited(
    shop: Services, discord: Discord
) -> None:
    count = by_thoroughness(quick=101, full=101, long=250)

    assert await credited_after_an_absence(shop, discord, count) == [70] * count
    assert len(discord.consumed) == count


@pytest.mark.parametrize("choose", PAGE_ORDERS)
async def test_purchases_made_while_the_bot_was_away_are_credited_in_whatever_order_discord_lists_them(
    shop: Services, discord: Discord, choose: Any
) -> None:
    discord.choose, discord.size = choose, 10

    assert await credited_after_an_absence(shop, discord, 25) == [70] * 25
    assert len(discord.consumed) == 25


async def test_only_packages_at_the_price_of_their_sku_are_sold_on_discord(shop: Services) -> None:
    with pytest.raises(UnknownSku):
        await shop.packages.edit(GUILD, 2, reference="coins", archived=False)
    for price_minor in (98, 100):
        with pytest.raises(StorePriceDiffers):
            await shop.packages.edit(GUILD, 1, price_minor=price_minor)
    with pytest.raises(StorePriceDiffers):
        await shop.packages.edit(GUILD, 1, currency="EUR")
    await shop.packages.edit(GUILD, 2, archived=False)
    offers = await shop.orders.offer(GUILD, MIA)
    freed = await shop.packages.edit(GUILD, 1, reference="0", price_minor=98)

    # The second package has no SKU, and there is no other way to pay for it.
    assert [it.package.package_id for it in offers] == [1]
    assert (freed.reference, freed.price_minor) == ("", 98)


async def test_discord_cannot_be_asked_to_refund(shop: Services, store: DiscordSku) -> None:
    with pytest.raises(ProviderError):
        await store.refund("900", 99, "k")
