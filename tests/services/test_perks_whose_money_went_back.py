"""What a purchase has unlocked goes when its money does, as far as the coins that are left do not cover it."""

from typing import Any

import pytest

from bot.domain.errors import NotFound
from bot.domain.ledger.perk import BuyPerk
from bot.domain.perks import PerkKind
from bot.services import Services
from bot.storage.audit.auditor import audit_database
from tests.services.paying import GUILD, MIA, Till, order, paid_coins
from tests.services.test_clawbacks import debt, dispute, reported
from tests.storage.town import ROB, grant


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
    assert services.notices.has_any(GUILD, MIA)
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
