"""Presses that an earlier version booked, with the member's id in their keys, are found and book nothing more."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.ledger.chest import OpenChest
from bot.domain.ledger.kinds import Command
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.perks import PerkKind
from bot.services import Services
from bot.services.assembly import build
from bot.storage.database import Database
from bot.storage.ledger import journal
from tests.storage.town import ALICE, BOB, CHANNEL, GUILD, MIA, NOAH, PAPER_CRANE, ROB, Clock, gift, grant, settle_in

pytestmark = pytest.mark.databases("sqlite", "postgresql")

PRESSES: dict[str, Command] = {
    "gift": gift("intent:5"),
    "team gift": SendTeamGift(GUILD, "team:5", ALICE, (MIA, NOAH), PAPER_CRANE, CHANNEL),
    "perk": BuyPerk(GUILD, "perk:5", ALICE, 40, 5, 100),
    "chest": OpenChest(GUILD, "chest:open:5", ALICE, CHANNEL, 70, 7, 10),
}


@pytest.fixture
async def town(database: Database, clock: Clock) -> AsyncIterator[Services]:
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("coins", amount=500))
    services = build(database, [], clock)
    await services.perks.catalogue.add(GUILD, perk_id=40, by=ROB, name="Poem", kind=PerkKind.TEXT, text="Hi", price=100)
    yield services
    await database.writer.catch_up(GUILD)


async def head(database: Database) -> int:
    return (await database.read(journal.head, GUILD)).seq


@pytest.mark.parametrize("press", PRESSES.values(), ids=list(PRESSES))
async def test_a_panel_that_was_pressed_before_an_upgrade_charges_nothing_after_it(
    database: Database, town: Services, press: Command
) -> None:
    before = await database.writer.submit(press._replace(key=f"{press.key}:{ALICE}"))  # type: ignore[attr-defined]
    booked = await head(database)

    again = await database.writer.submit(press)
    own = await town.gifts.find(GUILD, press.key, ALICE)
    last = await town.gifts.settled(GUILD, press.key, ALICE)

    assert (again.seq, again.replayed, await head(database)) == (before.seq, True, booked)
    assert own is not None
    assert own == last
    assert own.seq == before.seq
    assert await town.gifts.find(GUILD, press.key, BOB) is None


@pytest.mark.parametrize("press", PRESSES.values(), ids=list(PRESSES))
async def test_what_is_pressed_today_is_one_and_its_key_names_nobody(
    database: Database, town: Services, press: Command
) -> None:
    first = await database.writer.submit(press)
    booked = await head(database)

    again = await database.writer.submit(press)
    own = await town.gifts.find(GUILD, press.key, ALICE)

    assert (again.seq, again.replayed, await head(database)) == (first.seq, True, booked)
    assert own is not None
    assert own.seq == first.seq
    assert await town.gifts.find(GUILD, press.key, BOB) is None


async def test_where_one_press_was_booked_under_both_keys_one_of_them_is_found(
    database: Database, town: Services
) -> None:
    keys = ("intent:5", f"intent:5:{ALICE}")
    seqs = {(await database.writer.submit(gift(key))).seq for key in keys}

    again = await database.writer.submit(gift("intent:5"))
    own = await town.gifts.find(GUILD, "intent:5", ALICE)

    assert (len(seqs), again.replayed) == (2, True)
    assert own is not None
    assert {again.seq, own.seq} <= seqs
