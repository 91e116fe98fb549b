"""What an application sells on Discord: bought by people, heard of never or often, listed in pages, used up."""

import re
from typing import Any

import pytest

from sandbox.discord.model.commerce import EntitlementType
from sandbox.discord.people import Refused
from sandbox.discord.state.shop import AlreadyOwnedError, PageOrder
from tests.sandbox.wire import Place, Socket

PREMIUM = {"type": 2, "style": 6}


async def offer(place: Place, *sku_ids: int) -> Any:
    buttons = [{**PREMIUM, "sku_id": str(sku_id)} for sku_id in sku_ids]
    return await place.posted(content="Coins", components=[{"type": 1, "components": buttons}])


async def test_pressing_a_premium_button_buys_and_sends_no_interaction(place: Place) -> None:
    sku = place.world.add_sku("Coins", price_minor=99)
    message = await offer(place, sku.id)
    async with Socket(place) as socket:
        await socket.identify()

        purchase = place.person(place.mia).purchase(message)

        entitlement = await socket.event("ENTITLEMENT_CREATE")

    assert entitlement == purchase.to_json()
    assert (entitlement["type"], entitlement["user_id"], "guild_id" in entitlement) == (1, str(place.mia.id), False)


async def test_one_of_several_premium_buttons_is_named_by_its_item(place: Place) -> None:
    skus = [place.world.add_sku(name, price_minor=99) for name in ("Few", "Many")]
    message = await offer(place, *(sku.id for sku in skus))

    assert place.person(place.mia).purchase(message, skus[1].id).sku_id == skus[1].id
    with pytest.raises(Refused, match="no such premium button"):
        place.person(place.mia).purchase(message, 5)


@pytest.mark.parametrize("is_test_shop", [False, True])
async def test_an_item_is_bought_again_only_once_it_is_used_up(place: Place, is_test_shop: bool) -> None:
    place.world.is_test_shop = is_test_shop
    sku = place.world.add_sku("Coins", price_minor=99)
    message = await offer(place, sku.id)
    mia, noah = place.person(place.mia), place.person(place.noah)
    first = mia.purchase(message)
    noah.purchase(message)

    with pytest.raises(Refused, match="not used up"):
        mia.purchase(message)
    await place.ask("POST", f"/applications/{place.app}/entitlements/{first.id}/consume")
    again = mia.purchase(message)

    assert (again.type, again.consumed, first.consumed) == (4 if is_test_shop else 1, False, True)


async def test_a_revoked_item_can_be_bought_again_and_not_be_used_up(place: Place) -> None:
    sku = place.world.add_sku("Coins", price_minor=99)
    revoked = place.world.buy(place.mia, sku)
    place.world.refund(revoked)

    answer = await place.ask("POST", f"/applications/{place.app}/entitlements/{revoked.id}/consume")

    assert answer.code == 10029
    assert place.world.buy(place.mia, sku) is place.world.owned(place.mia, sku)


async def test_a_gift_belongs_to_the_person_who_gets_it(place: Place) -> None:
    sku = place.world.add_sku("Coins", price_minor=99)

    gift = place.world.buy(place.noah, sku, kind=EntitlementType.USER_GIFT)

    listed = await place.ask("GET", f"/applications/{place.app}/entitlements?user_id={place.noah.id}")
    assert [(it["id"], it["type"], it["gifter_user_id"]) for it in listed.body] == [(str(gift.id), 6, None)]


async def test_the_gateway_tells_of_a_purchase_never_or_more_than_once(place: Place) -> None:
    quiet, loud = (place.world.add_sku(name, price_minor=99) for name in ("Quiet", "Loud"))
    async with Socket(place) as socket:
        await socket.identify()
        place.world.buy(place.mia, quiet, events=0)
        purchase = place.world.buy(place.mia, loud, events=3)
        place.world.refund(purchase, events=2)

        creations = [await socket.event("ENTITLEMENT_CREATE") for _ in range(3)]
        deleted = [await socket.event("ENTITLEMENT_DELETE") for _ in range(2)]

    assert [it["sku_id"] for it in creations] == [str(loud.id)] * 3
    assert [it["deleted"] for it in deleted] == [True, True]


PAGES = {
    PageOrder.NEAREST: ([4, 3], [1, 0], [3, 4]),
    PageOrder.NEWEST_FIRST: ([4, 3], [1, 0], [4, 3]),
    PageOrder.OLDEST_FIRST: ([0, 1], [0, 1], [3, 4]),
}


@pytest.mark.parametrize("order", PageOrder)
async def test_pages_of_entitlements_come_in_the_order_that_is_set(place: Place, order: PageOrder) -> None:
    place.world.page_order = order
    sku = place.world.add_sku("Coins", price_minor=99)
    ids = [place.world.buy(place.world.add_user(f"buyer{n}"), sku).id for n in range(5)]
    base = f"/applications/{place.app}/entitlements?limit=2"

    pages = [await place.ask("GET", base + bound) for bound in ("", f"&before={ids[2]}", f"&after={ids[2]}")]

    assert tuple([ids.index(int(it["id"])) for it in page.body] for page in pages) == PAGES[order]


async def test_deleted_and_ended_entitlements_are_listed_on_request(place: Place) -> None:
    sku = place.world.add_sku("Coins", price_minor=99)
    old, deleted, whole = (place.world.buy(place.world.add_user(name), sku) for name in ("a", "b", "c"))
    old.ends_at = place.clock.at - 1
    place.world.refund(deleted)

    async def listed(query: str) -> set[int]:
        answer = await place.ask("GET", f"/applications/{place.app}/entitlements?{query}")
        return {int(it["id"]) for it in answer.body}

    assert await listed("") == {old.id, whole.id}
    assert await listed("exclude_deleted=0") == {old.id, deleted.id, whole.id}
    assert await listed("exclude_ended=1") == {whole.id}


async def test_a_second_test_entitlement_is_refused_while_the_first_is_not_used_up(place: Place) -> None:
    sku = place.world.add_sku("Coins", price_minor=99)
    body = {"sku_id": str(sku.id), "owner_id": str(place.mia.id), "owner_type": 2}
    path = f"/applications/{place.app}/entitlements"

    first, second = [await place.ask("POST", path, body) for _ in range(2)]

    assert (first.body["type"], second.code) == (4, 50035)
    with pytest.raises(AlreadyOwnedError, match=re.escape("Coins")):
        place.world.buy(place.mia, sku)
