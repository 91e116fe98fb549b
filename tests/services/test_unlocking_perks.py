"""Perks over the books: sold as long as stock lasts, delivered or given back once, and gone when their time is up."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from bot.domain.budgets import BudgetPeriod
from bot.domain.ledger.perk import BuyPerk
from bot.domain.notices import PerkNotice
from bot.domain.perk_deadlines import perk_delivery_of, perk_end_of, perk_restock_of
from bot.domain.perk_errors import PerkIncomplete, PerkOwned, PerkSoldOut
from bot.domain.perks import DAY_MS, DELIVERY_MS, Perk, PerkKind, Restock, UnlockState
from bot.domain.receipts import Receipt
from bot.services import Services
from bot.services.assembly import build
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import member_roles, perks
from tests.services.paying import GUILD, MIA, Till
from tests.storage.town import ROB, Clock, grant

ROLE = 77


@pytest.fixture
async def town(services: Services) -> Services:
    """Mia has 10,000 promo coins."""
    await services.wallets.grant(grant("start", member_id=MIA, amount=10_000))
    return services


async def add(services: Services, **values: Any) -> Perk:
    options: dict[str, Any] = {"name": "Backstage", "kind": PerkKind.ROLE, "price": 100, "role_id": ROLE}
    return await services.perks.catalogue.add(GUILD, perk_id=40, by=ROB, **(options | values))


async def buy(services: Services, number: int = 1, member_id: int = MIA, **changes: Any) -> Receipt:
    command = BuyPerk(GUILD, f"perk:{number}", member_id, 40, number, 100)._replace(**changes)
    return await services.perks.shop.buy(command)


async def balance(services: Services) -> int:
    return (await services.wallets.overview(GUILD, MIA)).wallet.total


async def states(services: Services) -> list[UnlockState]:
    return [entry.state for entry, _ in (await services.perks.shop.own(GUILD, MIA)).pairs]


def deliver(c: Connection, guild_id: int, now_ms: int) -> int:
    """Do what the follower of roles does where Discord takes them all. Return how many roles are awaited."""
    tasks = member_roles.due(c, guild_id, now_ms, 10)
    for task in tasks:
        perks.note_delivered(c, guild_id, task.holder, task.awaited & task.target, now_ms)
        member_roles.settle(c, guild_id, task, now_ms)
    return sum(len(task.target) for task in tasks)


async def test_a_hundred_presses_at_once_never_sell_more_than_there_is(town: Services, database: Database) -> None:
    await add(town, stock=7, days=1)
    outcomes = await asyncio.gather(*(buy(town, number) for number in range(1, 101)), return_exceptions=True)
    counts = Counter(type(outcome) for outcome in outcomes)

    assert counts == {Receipt: 7, PerkSoldOut: 93}
    assert await balance(town) == 9_300
    assert await database.read(lambda c: [perk.stock for perk in perks.perks(c, GUILD)]) == [0]


async def test_the_role_is_delivered_and_goes_when_its_time_is_up(
    town: Services, database: Database, clock: Clock
) -> None:
    await add(town, days=1)
    await buy(town)
    assert await states(town) == [UnlockState.OPEN]
    assert await database.writer.perform(deliver, GUILD, clock()) == 1
    assert await states(town) == [UnlockState.DONE]
    await buy(town, 2)
    end_ms = clock() + DAY_MS
    deadline = perk_end_of(GUILD, 1, end_ms)
    assert await town.perks.shop.end(deadline) == end_ms
    clock.now_ms = end_ms
    await town.perks.shop.give_up(perk_delivery_of(GUILD, 1, end_ms))

    assert await town.perks.shop.end(deadline) is None

    # The renewal goes on where the first one ended.
    assert await database.writer.perform(deliver, GUILD, clock()) == 1
    clock.now_ms += DAY_MS
    await town.perks.shop.end(perk_end_of(GUILD, 2, clock()))
    assert await database.writer.perform(deliver, GUILD, clock()) == 0
    assert await states(town) == []


async def test_a_role_that_is_given_after_its_time_is_up_is_taken_all_the_same(
    town: Services, database: Database, clock: Clock
) -> None:
    await add(town, days=1)
    await buy(town)
    clock.now_ms += DAY_MS
    deadline = perk_end_of(GUILD, 1, clock())

    again_ms = await town.perks.shop.end(deadline)
    await database.writer.perform(deliver, GUILD, clock())

    assert again_ms is not None
    clock.now_ms = again_ms
    assert await town.perks.shop.end(deadline) is None
    assert await states(town) == []


async def test_what_is_not_delivered_in_time_goes_back_once_and_the_member_hears_of_it(
    town: Services, database: Database, clock: Clock
) -> None:
    await town.budgets.limit(GUILD, MIA, {BudgetPeriod.DAY: 150})
    await add(town, stock=1)
    await buy(town)
    deadline = perk_delivery_of(GUILD, 1, clock() + DELIVERY_MS)
    assert await town.perks.shop.give_up(deadline) == clock() + DELIVERY_MS
    assert await balance(town) == 9_900
    clock.now_ms += DELIVERY_MS

    # Two bots may be at it at once.
    await asyncio.gather(*(town.perks.shop.give_up(deadline) for _ in range(3)))

    assert await balance(town) == 10_000
    assert await states(town) == []
    async with town.notices.telling(GUILD, MIA) as notices:
        assert [type(notice) for notice in notices if isinstance(notice, PerkNotice)] == [PerkNotice]
    assert await database.writer.perform(deliver, GUILD, clock()) == 0
    # The stock and the budget have room again.
    await buy(town, 2)


async def test_a_bot_that_dies_after_the_charge_leaves_what_the_next_one_delivers(
    town: Services, database: Database, till: Till, clock: Clock, address: str
) -> None:
    await add(town)
    await buy(town)
    await database.close()

    next_one = await Database.open(address, clock=clock)
    try:
        services = build(next_one, [till], clock)
        replay = await buy(services)
        assert replay.replayed
        assert await next_one.writer.perform(deliver, GUILD, clock()) == 1
        assert await states(services) == [UnlockState.DONE]
        clock.now_ms += DELIVERY_MS
        await services.perks.shop.give_up(perk_delivery_of(GUILD, 1, clock()))
        assert await balance(services) == 9_900
        with pytest.raises(PerkOwned):
            await buy(services, 2)
    finally:
        await next_one.close()


async def test_what_was_bought_stays_when_staff_have_others_get_it_by_a_level(
    town: Services, database: Database, clock: Clock
) -> None:
    await add(town)
    await buy(town)

    await town.perks.catalogue.edit(GUILD, "40", by=ROB, level=50)

    assert await database.writer.perform(deliver, GUILD, clock()) == 1


async def test_stock_is_filled_up_by_its_schedule(town: Services, database: Database, clock: Clock) -> None:
    perk = await add(town, stock=2, restock=Restock.DAY, days=1)
    await buy(town)
    await buy(town, 2)
    assert perk.restock_ms is not None
    deadline = perk_restock_of(GUILD, 40, perk.restock_ms)
    assert await town.perks.shop.restock(deadline) == perk.restock_ms
    clock.now_ms = perk.restock_ms

    next_ms = await town.perks.shop.restock(deadline)

    assert next_ms is not None
    assert next_ms > perk.restock_ms
    assert await database.read(lambda c: [perk.stock for perk in perks.perks(c, GUILD)]) == [2]


async def test_the_audit_finds_what_does_not_match_the_journal(
    town: Services, database: Database, address: str
) -> None:
    await add(town)
    await buy(town)

    def change(c: Connection, state: str) -> None:
        c.exec_driver_sql(f"UPDATE perk_unlocks SET state = '{state}'")

    await database.writer.perform(change, "reversed")
    assert ["the journal says something else" in finding.what for finding in audit_database(address)] == [True]
    await database.writer.perform(change, "open")


async def test_a_perk_says_how_it_is_had(town: Services) -> None:
    with pytest.raises(PerkIncomplete):
        await town.perks.catalogue.add(GUILD, perk_id=41, by=ROB, name="Free", kind=PerkKind.ROLE, role_id=ROLE)
    with pytest.raises(PerkIncomplete):
        await add(town, level=3)


async def test_perks_are_in_what_was_spent_until_their_coins_are_back(town: Services, clock: Clock) -> None:
    await add(town)
    await buy(town)
    assert (await town.wallets.overview(GUILD, MIA)).spent_this_month == 100
    assert [(spent.coins, spent.pieces) for spent in await town.histories.months(GUILD, MIA)] == [(100, 0)]

    await town.perks.tickets.take_back(GUILD, 2, ROB)

    assert (await town.wallets.overview(GUILD, MIA)).spent_this_month == 0
    assert await town.histories.months(GUILD, MIA) == []


async def test_whoever_deletes_their_data_leaves_no_wish_and_nothing_is_given_to_nobody(
    town: Services, database: Database, clock: Clock
) -> None:
    await add(town, kind=PerkKind.SHOUTOUT)
    await buy(town, note="For Leo")
    await town.personal_data.erase(GUILD, MIA)
    clock.now_ms += 31 * DAY_MS

    await town.perks.shop.give_up(perk_delivery_of(GUILD, 1, clock()))

    rows = await database.read(lambda c: c.exec_driver_sql("SELECT state, note FROM perk_unlocks").all())
    assert [tuple(row) for row in rows] == [("over", "")]
