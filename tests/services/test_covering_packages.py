"""Which package is offered to somebody who is short of coins for a gift."""

import pytest

from bot.domain.errors import CreatorLeft, NotACreator, PriceChanged
from bot.domain.ledger.fans import FansOnly
from bot.domain.ledger.grant import Grant
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from tests.services.paying import GUILD, MIA, Till, order
from tests.services.planning import KAI, STAFF, found, short_gift
from tests.storage.town import Clock


@pytest.fixture
async def shop(services: Services) -> Services:
    """A guild with one creator, and packages of 70, 350, 721, 1,470 … coins."""
    await services.creators.approve(GUILD, KAI, STAFF, is_bot=False)
    return services


@pytest.mark.parametrize(("quantity", "package"), [(1, 70), (2, 350), (7, 350), (8, 721), (20, 1_470)])
async def test_the_smallest_package_that_covers_the_gift_is_offered(
    shop: Services, quantity: int, package: int
) -> None:
    top_up = await found(shop, short_gift(quantity=quantity, ceiling=None))

    assert top_up.offer.package.total == package


async def test_what_the_member_has_already_counts(shop: Services) -> None:
    await shop.wallets.grant(Grant(GUILD, "grant", STAFF, MIA, 40, "a test"))
    within = await found(shop, short_gift(quantity=2, ceiling=98))

    assert within.offer.package.total == 70


async def test_where_no_package_is_large_enough_none_is_offered(shop: Services) -> None:
    assert await shop.top_ups.find(short_gift(item_id=18, quantity=1, ceiling=None)) is None


async def test_a_package_that_the_member_may_not_buy_any_more_is_passed_over(shop: Services) -> None:
    await shop.packages.edit(GUILD, 1, limit=1)
    await order(shop, 400)
    await shop.orders.cancel(GUILD, 400, MIA)
    before = await found(shop, short_gift())
    await shop.limits.change(GUILD, currency="USD", daily_minor=50, held_minor=None, account_days=0)

    assert before.offer.package.total == 70
    assert await shop.top_ups.find(short_gift()) is None


async def test_a_package_that_is_off_the_shelf_is_not_offered(shop: Services) -> None:
    await shop.packages.edit(GUILD, 1, archived=True)

    assert (await found(shop, short_gift())).offer.package.total == 350


async def test_only_payment_methods_whose_coins_would_do_are_offered(
    database: Database, clock: Clock, till: Till, shop: Services
) -> None:
    """Test coins and bought coins never pay for one gift together."""
    await order(shop, 400)
    till.becomes("till-400", "paid")
    await shop.payment_events.reconcile(0)
    both = build(database, [till, Till(name="real", test=False)], clock)

    with_tests = await found(both, short_gift(quantity=2, ceiling=98))
    either = await found(both, short_gift(quantity=7, ceiling=343))

    assert (with_tests.offer.package.total, [it.provider for it in with_tests.offer.methods]) == (70, ["till"])
    assert (either.offer.package.total, [it.provider for it in either.offer.methods]) == (350, ["till", "real"])


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"creator_id": 99}, NotACreator),
        ({"creator_is_here": False}, CreatorLeft),
        ({"ceiling": 48}, PriceChanged),
        ({"item_id": 6, "ceiling": None}, FansOnly),
    ],
)
async def test_a_gift_that_would_be_refused_anyway_is_not_sold(
    shop: Services, changes: dict[str, int], refusal: type[Exception]
) -> None:
    await shop.catalogue.edit(GUILD, "6", fans_only=True)
    with pytest.raises(refusal):
        await shop.top_ups.find(short_gift(**changes))
