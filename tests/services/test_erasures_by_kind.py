"""Deleting a member after each kind of money: no row, file, backup or line of the log has their id, and all sums stay.

The books of each test are audited at its end, so the hashes still prove every row.
"""

import logging
from collections.abc import Awaitable, Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import Connection, select

from bot.domain.challenges import Prize, Source, SourceRule
from bot.domain.chip_ins import HOUR_MS
from bot.domain.deadlines import SETTLED_MS
from bot.domain.erasures import records_end_of
from bot.domain.ledger.chest import OpenChest
from bot.domain.ledger.chips import ChipCoins
from bot.domain.ledger.perk import BuyPerk
from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.payouts import PayoutRules
from bot.domain.perks import PerkKind, UnlockState
from bot.domain.receipts import Receipt
from bot.services import Services
from bot.services.assembly import build
from bot.services.challenges import DraftChanges
from bot.services.personal_data import PersonalData
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.maintenance.backup import backup
from bot.storage.sql import tables
from bot.storage.stores import creators, payouts
from tests.services.paying import Till
from tests.services.paying import order as place_order
from tests.storage.town import (
    ALICE,
    BOB,
    CAROL,
    CHANNEL,
    DAY,
    GUILD,
    MIA,
    NOAH,
    PAPER_CRANE,
    ROB,
    ROSETTE,
    Clock,
    buy,
    gift,
    grant,
    order,
    settle_in,
)  # fmt: skip

pytestmark = pytest.mark.databases("sqlite", "postgresql")

MEMBER = 987_654_321_012_345_678
"""The member whose data is deleted. Nothing else looks like this id."""
ABOUT_THEM = f"from <@{MEMBER}>"


class Town(NamedTuple):
    """The books of a guild in which Mia, Noah and the member are creators, and everybody has coins."""

    books: Database
    services: Services
    till: Till
    clock: Clock


@pytest.fixture
async def town(database: Database, clock: Clock) -> Town:
    till = Till()
    await database.writer.perform(settle_in)
    await database.writer.perform(creators.approve, GUILD, MEMBER, ROB, clock() + 2)
    await database.writer.perform(payouts.save_rules, GUILD, PayoutRules(minimum=10))
    for number, (member_id, staff) in enumerate([(ALICE, ROB), (BOB, ROB), (ROB, MEMBER), (MEMBER, ROB)]):
        command = grant(f"grant {number}", actor_id=staff, member_id=member_id, amount=2_000, reason=ABOUT_THEM)
        await database.writer.submit(command)
    return Town(database, build(database, [till], clock), till, clock)


async def order_and_get_half_back(town: Town) -> None:
    await place_order(town.services, 501, member_id=MEMBER)
    town.till.becomes("till-501", "paid")
    await town.services.payment_events.reconcile(0)
    town.till.becomes("till-501", "paid", refunded_minor=50)
    await town.services.payment_events.reconcile(0)
    await place_order(town.services, 502, member_id=MEMBER)
    await town.services.orders.cancel(GUILD, 502, MEMBER)


async def send_and_receive_team_gifts(town: Town) -> None:
    for number, (sender, team) in enumerate([(MEMBER, (MIA, NOAH)), (ALICE, (MEMBER, MIA))]):
        command = SendTeamGift(GUILD, f"team:{number}", sender, team, PAPER_CRANE, CHANNEL, note=ABOUT_THEM)
        await town.services.gifts.send_team(command)


async def share_out_and_take_from_chests(town: Town) -> None:
    chests = town.services.chests
    for number, (sponsor, member_id) in enumerate([(MEMBER, BOB), (ROB, MEMBER)]):
        command = OpenChest(GUILD, f"chest:open:{number}", sponsor, CHANNEL, 70, 7, 10)
        chest_id = (await chests.open(command)).seq
        await chests.take(GUILD, chest_id, member_id, 0)
        await chests.end(GUILD, chest_id, sponsor)


async def chip_in_for_a_gift_and_for_none(town: Town) -> None:
    pools, present = town.services.gifts.pools, frozenset({ALICE, MEMBER, MIA, NOAH})
    for pool, creator_id, coins in ((77, MIA, 600), (78, MEMBER, 600), (79, MIA, 10)):
        for member_id, part in ((MEMBER, 400), (ALICE, coins)):
            if member_id != creator_id:
                key = f"chip:{pool}:{part}"
                await pools.chip(
                    ChipCoins(GUILD, key, member_id, pool, part, creator_id, ROSETTE, CHANNEL, 24, creator_is_here=True)
                )
        await pools.settle(GUILD, pool, present)
    town.clock.now_ms += 24 * HOUR_MS
    for pool in (77, 78, 79):
        await pools.settle(GUILD, pool, present)


async def win_a_challenge_and_make_one(town: Town) -> None:
    challenges, places = town.services.challenges, town.services.challenge_places
    prizes = (Prize(places=1, coins=50, badge="🏵️ Cup"), Prize(points=20, role_id=44))
    changes = DraftChanges(sources={Source.COINS: SourceRule(2)}, prizes=prizes)
    for number, maker in ((70, ROB), (71, MEMBER)):
        await challenges.draft(GUILD, number, name=f"Cup {number}", days=2, by=maker)
        await challenges.change(GUILD, number, **changes)
        await challenges.post(GUILD, number, channel_id=CHANNEL, by=maker)
    town.clock.now_ms += 1
    await town.books.writer.submit(gift("won", sender_id=MEMBER, quantity=9))
    await town.books.writer.submit(gift("second", sender_id=BOB))
    town.clock.now_ms += 3 * DAY + SETTLED_MS
    for number in (70, 71):
        await places.count_up(GUILD)
        await places.settle(GUILD, number, ())
        await places.give_coins(GUILD, number)


async def earn_and_be_paid(town: Town) -> None:
    await buy(town.books, order(member_id=CAROL, coins=400, provider="manual"))
    await town.books.writer.perform(_settle)
    await town.books.writer.submit(gift("earned", sender_id=CAROL, creator_id=MEMBER, quantity=40, note=ABOUT_THEM))
    for number in range(2):
        payout = (await town.services.payouts.request(GUILD, f"payout {number}", MEMBER, 50)).payout
        await town.services.payouts.approve(GUILD, payout.payout_id, ROB)
        if number:
            await town.services.payouts.reject(GUILD, payout.payout_id, BOB, ABOUT_THEM)
        else:
            await town.services.payouts.record(GUILD, payout.payout_id, BOB, f"TX for {MEMBER}")


def _settle(c: Connection) -> None:
    c.execute(tables.orders.update().values(state="acknowledged"))


async def unlock_and_give_shout_outs(town: Town) -> None:
    perks = town.services.perks
    for number, (creator_id, buyer) in enumerate([(MIA, MEMBER), (MEMBER, ALICE)], start=40):
        terms = {"name": f"Shout-out {number}", "kind": PerkKind.SHOUTOUT, "price": 100, "creator_id": creator_id}
        await perks.catalogue.add(GUILD, perk_id=number, by=MEMBER, **terms)  # type: ignore[arg-type]
        command = BuyPerk(GUILD, f"perk:{number}", buyer, number, number, 100, creator_id, note=ABOUT_THEM)
        await perks.shop.buy(command)
        steps = (UnlockState.OPEN, UnlockState.DOING, UnlockState.DONE)
        for before, after in pairwise(steps):
            await perks.tickets.move(GUILD, creator_id, number, before, after, is_manager=False)


Deeds = Callable[[Town], Awaitable[None]]
LOCKED = {("erasures", "user_id")}
"""The only place with the id of somebody who was paid, or has paid, until the law no longer demands it."""
KINDS: dict[str, tuple[Deeds, set[tuple[str, str]]]] = {
    "orders": (order_and_get_half_back, set()),
    "team gifts": (send_and_receive_team_gifts, set()),
    "chests": (share_out_and_take_from_chests, set()),
    "chip-ins": (chip_in_for_a_gift_and_for_none, set()),
    "challenges": (win_a_challenge_and_make_one, set()),
    "payouts": (earn_and_be_paid, LOCKED),
    "perks": (unlock_and_give_shout_outs, set()),
}


@pytest.mark.parametrize("kind", list(KINDS))
async def test_nothing_names_a_deleted_member_and_every_account_holds_what_it_did(
    town: Town, kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    deeds, exceptions = KINDS[kind]
    await deeds(town)
    await town.books.writer.catch_up(GUILD)
    listed_in = tmp_path / "rosette.db.erased"
    before, places = await town.books.read(accounts), await town.books.read(places_of)
    data = PersonalData(town.books, town.clock, listed_in)

    with caplog.at_level(logging.DEBUG, "bot"):
        erasure = await data.erase(GUILD, MEMBER)
        names = str(await shown_afterwards(town))

    assert {("holders", "user_id"), ("creators", "member_id")} < places
    assert await town.books.read(places_of) == exceptions
    assert await town.books.read(accounts) == before
    assert str(MEMBER) not in names
    assert str(ALICE) in names
    assert str(MEMBER) not in caplog.text
    assert str(MEMBER) not in listed_in.read_text()
    if exceptions:
        assert erasure.records_until_ms is not None
        town.clock.now_ms = erasure.records_until_ms
        await data.end_records(records_end_of(GUILD, erasure.holder_id, erasure.records_until_ms))
        assert await town.books.read(places_of) == set()


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", list(KINDS))
async def test_no_file_and_no_backup_made_afterwards_holds_the_id(
    town: Town, kind: str, address: str, tmp_path: Path
) -> None:
    deeds, exceptions = KINDS[kind]
    await deeds(town)
    source, target = Path(address.removeprefix("sqlite:///")), tmp_path / "backup.db"
    files = [*source.parent.glob(f"{source.name}*")]
    before = [*ids_in(files)]

    data = PersonalData(town.books, town.clock, None)
    erasure = await data.erase(GUILD, MEMBER)
    if exceptions:
        town.clock.now_ms = erasure.records_until_ms or 0
        await data.end_records(records_end_of(GUILD, erasure.holder_id, town.clock.now_ms))
    backup(source, target, force=False, report_copy=ignore, report_audit=ignore)

    assert before != []
    assert [*ids_in([*files, target])] == []


def ids_in(files: list[Path]) -> Iterator[Path]:
    """Yield each file with the id, as SQLite stores numbers, or in digits."""
    for file in files:
        content = file.read_bytes()
        if MEMBER.to_bytes(8) in content or str(MEMBER).encode() in content:
            yield file


def ignore(*_numbers: int) -> None:
    """Report nothing."""


def places_of(c: Connection) -> set[tuple[str, str]]:
    """Return the columns with the id, alone or within a text."""
    return {
        (table.name, column.name)
        for table in tables.metadata.sorted_tables
        for row in c.execute(select(*table.columns))
        for column, value in zip(table.columns, row, strict=True)
        if str(MEMBER) in str(value)
    }


def accounts(c: Connection) -> set[tuple[object, ...]]:
    """Return every account with its balance."""
    return {tuple(row) for row in c.execute(select(*tables.balances.columns))}


async def shown_afterwards(town: Town) -> list[object]:
    """Return all that somebody could still be shown: each receipt, and the cards that are edited later."""
    services = town.services
    views: list[object] = [*await town.books.read(journal.after, GUILD, 0, 1_000)]
    pools = services.gifts.pools
    for receipt in [*views]:
        assert isinstance(receipt, Receipt)
        if receipt.kind == "chest":
            views.append(await services.chests.view(GUILD, receipt.seq))
        elif receipt.kind == "chip":
            views.append(await pools.card(GUILD, receipt.facts["chip_in"]))
    for challenge in await services.challenges.listed(GUILD):
        views += [await services.challenge_places.board(GUILD, challenge.challenge_id)]
        views += await services.challenge_places.winners(GUILD, challenge.challenge_id)
    return views
