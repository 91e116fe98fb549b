"""A process that dies, or is overtaken, while a purchase on Discord becomes coins."""

from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from bot.payments.discord_sku import DiscordSku
from bot.services import Services
from bot.services.notices import Notices
from bot.services.payment_cases import PaymentCases
from bot.services.planned_gifts import PlannedGifts
from bot.services.product_purchases import ProductPurchases
from bot.services.settlements import Settlements
from bot.storage.database import Database
from tests.payments.entitlements import Discord
from tests.services.discord_buying import GUILDS, PRICES, order
from tests.services.interrupting import Death, Places, die, interrupted
from tests.services.paying import GUILD, paid_coins
from tests.storage.town import Clock

MOST_PLACES = 40


class Process:
    """A process that settles what Discord lists, and passes `places` on the way."""

    def __init__(self, database: Database, clock: Clock, discord: Discord, places: Places) -> None:
        self.places = places
        store = DiscordSku(PRICES, is_test_mode=True)
        store.connect(self)
        books, self._discord = interrupted(database, places), discord
        gifts = PlannedGifts(books, clock)
        cases = PaymentCases(books, clock, [store], gifts)
        settlements = Settlements(books, clock, [store], cases, gifts, Notices(books, clock).expect)
        self.purchases = ProductPurchases(books, clock, [store], settlements, gifts)
        self.store = store

    async def page(self, *, before: int | None, after: int | None) -> Any:
        return await self._discord.page(before=before, after=after)

    async def find(self, entitlement_id: int) -> Any:
        return await self._discord.find(entitlement_id)

    async def consume(self, entitlement_id: int) -> None:
        await self.places.pass_by("before consume")
        await self._discord.consume(entitlement_id)
        await self.places.pass_by("after consume")

    async def settle(self, entitlement_id: int) -> None:
        await self.purchases.settle(await self.store.read(str(entitlement_id)))


@pytest.mark.parametrize("kind", [1, 5])
@pytest.mark.parametrize("is_late", [False, True])
async def test_a_settlement_that_died_anywhere_is_completed_once_by_the_next_process(
    shop: Services, database: Database, clock: Clock, discord: Discord, kind: int, is_late: bool
) -> None:
    at = 0
    for at in range(1, MOST_PLACES):
        member_id, places = 1_000 + at, Places(at, die)
        discord.sells(9_000 + at, type=kind, user_id=str(member_id))
        if not is_late:
            await order(shop, member_id, member_id=member_id)
        with suppress(Death):
            await Process(database, clock, discord, places).settle(9_000 + at)
        if is_late:
            await order(shop, member_id, member_id=member_id)
        await Process(database, clock, discord, Places()).settle(9_000 + at)

        wallet = (await shop.wallets.overview(GUILD, member_id)).wallet
        assert (wallet.paid, wallet.promo) == ((70, 0) if kind == 1 else (0, 70)), places.struck
        assert discord.entries[9_000 + at]["consumed"] is True
        if not places.struck:
            break
    assert (2 if is_late else 5) <= at < MOST_PLACES - 1


async def test_of_two_guilds_that_take_a_purchase_at_once_one_gets_it(
    shop: Services, database: Database, clock: Clock, discord: Discord
) -> None:
    for at in range(1, MOST_PLACES):
        member_id = 1_000 + at
        for guild_id in GUILDS:
            await order(shop, member_id, guild_id, member_id=member_id)
        discord.sells(9_000 + at, user_id=str(member_id))
        await Process(database, clock, discord, Places()).settle(9_000 + at)
        orders_of_both = [await shop.orders.find(guild_id, member_id) for guild_id in GUILDS]
        own_order, rival_order = [it for it in orders_of_both if it is not None]
        rival = Process(database, clock, discord, Places()).purchases
        places = Places(at, partial(rival.assign, rival_order))

        await Process(database, clock, discord, places).purchases.assign(own_order)
        await Process(database, clock, discord, Places()).settle(9_000 + at)

        coins = [await paid_coins(shop, member_id, guild_id) for guild_id in GUILDS]
        assert sorted(coins) == [0, 70]
        if not places.struck:
            return
    pytest.fail("there is no end of places")
