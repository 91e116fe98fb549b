"""What a purchase has unlocked goes when its money does, as far as the coins that are left do not cover it."""

from typing import Any

import pytest

from bot.domain.errors import InvalidAmount, NotFound
from bot.domain.ledger.perk import BuyPerk
from bot.domain.notices import PerkNotice
from bot.domain.perks import PerkKind, UnlockState
from bot.services import Services
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import journal
from tests.services.paying import GUILD, MIA, Till, order, paid_coins
from tests.services.test_clawbacks import debt, dispute, reported
from tests.storage.town import NOAH, ROB, grant


async def test_money_that_goes_back_takes_the_perks_that_it_paid_for(
    services: Services, till: Till, address: str
) -> None:
    await order(services)
    await reported(services, till)
    offers: list[tuple[int, str, dict[str, Any]]] = [
        (40, "Backstage", {"kind": PerkKind.ROLE, "role_id": 77}),
        (41, "Setlist", {"kind": PerkKind.TEXT, "text": "One"}),
    ]
    for perk_id, name, values in offers:
        await services.perks.catalogue.add(GUILD, perk_id=perk_id, by=ROB, name=name, price=30, stock=1, **values)
        await services.perks.shop.buy(BuyPerk(GUILD, f"perk:{perk_id}", MIA, perk_id, perk_id, 30))
    assert (await services.perks.shop.content(GUILD, MIA, 41))[1].text == "One"

    # 10 coins are left, and the newest perk covers the rest.
    await reported(services, till, refunded_minor=50)
    assert [perk.stock for perk in await services.perks.catalogue.perks(GUILD)] == [0, 1]
    with pytest.raises(NotFound):
        await services.perks.shop.content(GUILD, MIA, 41)
    await reported(services, till, refunded_minor=50, disputes=dispute("open", 49))

    assert [perk.stock for perk in await services.perks.catalogue.perks(GUILD)] == [1, 1]
    assert (await services.perks.shop.own(GUILD, MIA)).pairs == []
    assert (await paid_coins(services), await debt(services)) == (0, 0)
    assert await services.notices.has_any(GUILD, MIA)
    assert [*audit_database(address)] == []


async def test_perks_that_other_coins_paid_for_stay(services: Services, till: Till) -> None:
    await services.wallets.grant(grant("start", member_id=MIA, amount=30))
    await services.perks.catalogue.add(
        GUILD, perk_id=40, by=ROB, name="Backstage", kind=PerkKind.ROLE, role_id=77, price=30
    )
    await services.perks.shop.buy(BuyPerk(GUILD, "perk:1", MIA, 40, 1, 30))
    await order(services)
    await reported(services, till)
    await services.perks.catalogue.add(
        GUILD, perk_id=41, by=ROB, name="Lounge", kind=PerkKind.ROLE, role_id=78, price=70
    )
    await services.perks.shop.buy(BuyPerk(GUILD, "perk:2", MIA, 41, 2, 70))

    await reported(services, till, disputes=dispute("open"))

    assert [perk.perk_id for _, perk in (await services.perks.shop.own(GUILD, MIA)).pairs] == [40]


async def offer(services: Services, perk_id: int, name: str, **values: Any) -> None:
    """Offer a perk for 30 coins, of which there is one."""
    terms: dict[str, Any] = {"kind": PerkKind.TEXT, "text": name, "price": 30, "stock": 1}
    await services.perks.catalogue.add(GUILD, perk_id=perk_id, by=ROB, name=name, **(terms | values))


async def unlocked(services: Services) -> list[tuple[int, UnlockState]]:
    """Return what Mia has: perks, the newest first, with their states."""
    return [(entry.perk_id, entry.state) for entry, _ in (await services.perks.shop.own(GUILD, MIA)).pairs]


async def news(services: Services) -> list[tuple[str, int]]:
    """Return what Mia is told of perks, as the kinds and coins of receipts. It is told once."""
    async with services.notices.telling(GUILD, MIA) as entries:
        receipts = [entry.receipt for entry in entries if isinstance(entry, PerkNotice)]
    return [(receipt.kind, receipt.facts["coins"]) for receipt in receipts]


async def test_a_dispute_that_is_won_gives_back_the_perks_that_it_took_and_says_so(
    services: Services, till: Till, address: str
) -> None:
    await order(services)
    await reported(services, till)
    for perk_id in (40, 41):
        await offer(services, perk_id, f"Perk {perk_id}")
        await services.perks.shop.buy(BuyPerk(GUILD, f"perk:{perk_id}", MIA, perk_id, perk_id, 30))
    await reported(services, till, disputes=dispute("open"))
    assert (await unlocked(services), await paid_coins(services)) == ([], 0)
    assert await news(services) == [("perk_return", 30)] * 2

    await reported(services, till, disputes=dispute("won"))

    assert await unlocked(services) == [(41, UnlockState.DONE), (40, UnlockState.DONE)]
    assert (await paid_coins(services), await debt(services)) == (10, 0)
    assert [perk.stock for perk in await services.perks.catalogue.perks(GUILD)] == [0, 0]
    assert await news(services) == [("perk", 30)] * 2
    # A second dispute takes them again, and is won as well.
    for status in ("open", "won"):
        await reported(services, till, disputes=dispute("won") + dispute(status, dispute_id="dp_2"))
    assert len(await unlocked(services)) == 2
    assert [*audit_database(address)] == []


async def test_a_perk_that_is_sold_out_when_the_dispute_is_won_leaves_its_coins(services: Services, till: Till) -> None:
    await services.wallets.grant(grant("start", member_id=NOAH, amount=30))
    await order(services)
    await reported(services, till)
    for perk_id in (40, 41):
        await offer(services, perk_id, f"Perk {perk_id}")
        await services.perks.shop.buy(BuyPerk(GUILD, f"perk:{perk_id}", MIA, perk_id, perk_id, 30))
    await reported(services, till, disputes=dispute("open"))
    await services.perks.shop.buy(BuyPerk(GUILD, "quick", NOAH, 40, 50, 30))
    await news(services)

    await reported(services, till, disputes=dispute("won"))

    assert await unlocked(services) == [(41, UnlockState.DONE)]
    assert await paid_coins(services) == 40
    assert await news(services) == [("reinstatement", 70), ("perk", 30)]


async def test_a_refund_that_is_not_of_the_dispute_keeps_its_perks_gone(services: Services, till: Till) -> None:
    await order(services)
    await reported(services, till)
    await offer(services, 40, "Backstage")
    await services.perks.shop.buy(BuyPerk(GUILD, "perk:40", MIA, 40, 40, 30))
    await reported(services, till, refunded_minor=90)
    assert await unlocked(services) == []
    await reported(services, till, refunded_minor=90, disputes=dispute("open", 9))
    await reported(services, till, refunded_minor=90, disputes=dispute("won", 9))

    assert await unlocked(services) == []


async def test_staff_who_reverse_a_purchase_take_the_perks_that_its_coins_paid_for(
    services: Services, database: Database, till: Till, address: str
) -> None:
    await order(services)
    await reported(services, till)
    for perk_id in (40, 41):
        await offer(services, perk_id, f"Perk {perk_id}")
        await services.perks.shop.buy(BuyPerk(GUILD, f"perk:{perk_id}", MIA, perk_id, perk_id, 30))
    purchase = await services.orders.find(GUILD, 500)
    assert purchase is not None
    sale = await database.read(journal.find, GUILD, purchase.key)
    assert sale is not None
    terms: dict[str, Any] = {"actor_id": ROB, "seq": sale.seq, "reason": "a stolen card"}

    # 10 coins are left, and the newest perk covers the rest.
    preview = await services.reversals.preview(GUILD, part=40, **terms)
    assert [perk.perk_id for perk in preview.perks] == [41]
    part = await services.reversals.reverse(GUILD, key="part", part=40, **terms)
    assert part.receipt.facts == preview.decision.facts
    assert await unlocked(services) == [(40, UnlockState.DONE)]
    for _ in range(2):
        await services.reversals.reverse(GUILD, key="part", part=40, **terms)
    assert await unlocked(services) == [(40, UnlockState.DONE)]
    with pytest.raises(InvalidAmount):
        await services.reversals.reverse(GUILD, key="too much", part=31, **terms)
    assert await unlocked(services) == [(40, UnlockState.DONE)]

    rest = await services.reversals.reverse(GUILD, key="rest", part=None, **terms)
    assert (rest.receipt.facts["paid"], rest.receipt.facts["house"], rest.receipt.facts["debt"]) == (30, 0, 0)
    assert await unlocked(services) == []
    assert await services.notices.has_any(GUILD, MIA)
    assert [*audit_database(address)] == []
