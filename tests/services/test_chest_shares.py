"""Chests over the books: a hundred presses at once, an end that comes once, reversals, and what the audit recounts.

The books of each test are audited at its end.
"""

import asyncio

import pytest
from sqlalchemy import Connection, Update, update

from bot.domain.chest_errors import BlockedByCreator, ChestEmpty, ChestOver, TooYoungForChest
from bot.domain.deadlines import DeadlineKind
from bot.domain.erasures import DataInUse, Obstacle
from bot.domain.errors import Refusal
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.ledger.chest import OpenChest
from bot.domain.ledger.grant import Grant
from bot.domain.ledger.reversal import Reverse
from bot.domain.staff_acts import ActKind
from bot.services import Services
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.sql.chest_tables import chests
from bot.storage.stores import blocks, deadlines, staff_acts
from tests.services.paying import GUILD
from tests.storage.town import ALICE, BOB, MIA, ROB, Clock

MEMBERS = range(10**17, 10**17 + 100)
MINUTE = 60_000
CHANNEL = 77


async def open_chest(services: Services, database: Database, *, coins: int = 700, shares: int = 7) -> int:
    """Let Rob, who got 1,000 promo coins, open a chest for ten minutes; return its number."""
    await database.writer.submit(Grant(GUILD, "seed", ALICE, ROB, 1_000, "to share out", is_automatic=True))
    command = OpenChest(GUILD, f"open {coins}", ROB, CHANNEL, coins, shares, 10)
    return (await services.chests.open(command)).seq


async def promo(services: Services, member_id: int) -> int:
    return (await services.wallets.overview(GUILD, member_id)).wallet.promo


async def test_a_hundred_presses_at_once_take_each_share_once(services: Services, database: Database) -> None:
    chest_id = await open_chest(services, database)
    outcomes = await asyncio.gather(
        *(services.chests.take(GUILD, chest_id, member, 0) for member in (*MEMBERS, *MEMBERS)), return_exceptions=True
    )
    refusals = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    receipts = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
    view = await services.chests.view(GUILD, chest_id)

    assert {type(refusal) for refusal in refusals} == {ChestEmpty}
    assert len({receipt.seq for receipt in receipts}) == 7
    assert {receipt.facts["coins"] for receipt in receipts} == {100}
    assert view is not None
    assert (view.chest.taken, view.chest.is_open, view.sponsor_id) == (7, False, ROB)
    assert await promo(services, ROB) == 300


async def test_what_nobody_took_goes_back_once_when_the_time_is_up(
    services: Services, database: Database, clock: Clock
) -> None:
    chest_id = await open_chest(services, database)
    first = await services.chests.take(GUILD, chest_id, BOB, 0)
    again = await services.chests.take(GUILD, chest_id, BOB, 0)
    early = await services.chests.settle(GUILD, chest_id)
    clock.now_ms += 10 * MINUTE
    ends = await asyncio.gather(*(services.chests.settle(GUILD, chest_id) for _ in range(5)))
    with pytest.raises(ChestOver):
        await services.chests.take(GUILD, chest_id, MIA, 0)

    assert (first.replayed, again.replayed, again.seq) == (False, True, first.seq)
    assert early is not None
    assert early.chest.is_open
    assert {end is not None and (end.chest.taken, end.chest.is_open) for end in ends} == {(1, False)}
    assert (await promo(services, ROB), await promo(services, BOB)) == (900, 100)


async def test_a_sponsor_alone_can_close_a_chest_before_its_time(services: Services, database: Database) -> None:
    chest_id = await open_chest(services, database)
    with pytest.raises(ChestOver):
        await services.chests.end(GUILD, chest_id, BOB)
    receipts = [await services.chests.end(GUILD, chest_id, ROB) for _ in range(2)]
    with pytest.raises(ChestOver):
        await services.chests.take(GUILD, chest_id, BOB, 0)

    assert [receipt.replayed for receipt in receipts] == [False, True]
    assert await promo(services, ROB) == 1_000


async def test_staff_close_the_chest_of_somebody_else_once_and_their_act_is_kept(
    services: Services, database: Database
) -> None:
    chest_id = await open_chest(services, database)
    await services.chests.take(GUILD, chest_id, BOB, 0)
    assert [view.sponsor_id for view in await services.chests.open_ones(GUILD, 5)] == [ROB]

    receipts = [await services.chests.close(GUILD, chest_id, ALICE) for _ in range(2)]

    assert [receipt.replayed for receipt in receipts] == [False, True]
    assert (await promo(services, ROB), await promo(services, BOB)) == (900, 100)
    assert await services.chests.open_ones(GUILD, 5) == []
    (act,) = [each.act for each in await database.read(staff_acts.after, GUILD, 0, 9)]
    assert (act.actor_id, act.kind, act.member_id, act.seq) == (ALICE, ActKind.REVERSAL, ROB, receipts[0].seq)


async def test_its_deadline_stands_from_the_start_and_again_with_each_share(
    services: Services, database: Database, clock: Clock
) -> None:
    async def is_due() -> bool:
        outlook = await database.read(deadlines.outlook, clock.now_ms)
        return (DeadlineKind.CHEST, chest_id) in [(deadline.kind, deadline.subject) for deadline, _ in outlook.due]

    chest_id = await open_chest(services, database)
    at_the_start = await is_due()
    await database.writer.perform(deadlines.clear, GUILD, DeadlineKind.CHEST, chest_id)
    await services.chests.take(GUILD, chest_id, BOB, 0)

    assert (at_the_start, await is_due()) == (True, True)


async def test_who_is_refused_leaves_nothing_in_the_books(services: Services, database: Database, clock: Clock) -> None:
    chest_id = await open_chest(services, database)
    new_account = (clock.now_ms - DISCORD_EPOCH_MS) << 22
    with pytest.raises(TooYoungForChest):
        await services.chests.take(GUILD, chest_id, new_account, 0)

    assert await database.read(holders.holder_id, GUILD, new_account) is None


async def test_whom_the_sponsor_has_blocked_gets_no_share(services: Services, database: Database) -> None:
    chest_id = await open_chest(services, database)
    rob, bob = [await database.writer.perform(holders.ensure, GUILD, member) for member in (ROB, BOB)]
    await database.writer.perform(blocks.add, GUILD, rob, blocks.Block(bob, 0, 0))

    with pytest.raises(BlockedByCreator):
        await services.chests.take(GUILD, chest_id, BOB, 0)


async def test_a_share_that_is_reversed_goes_back_to_where_granted_coins_come_from(
    services: Services, database: Database, clock: Clock
) -> None:
    chest_id = await open_chest(services, database)
    share = await services.chests.take(GUILD, chest_id, BOB, 0)
    bob = await database.read(holders.holder_id, GUILD, BOB)
    assert bob is not None
    reversal = Reverse(GUILD, "back", ALICE, BOB, share.seq, "an alt", holder_ids=(bob,))
    await database.writer.submit(reversal)
    clock.now_ms += 10 * MINUTE
    await services.chests.settle(GUILD, chest_id)

    assert (await promo(services, BOB), await promo(services, ROB)) == (0, 900)


async def test_the_data_of_a_sponsor_stays_as_long_as_the_chest_is_open(
    services: Services, database: Database, clock: Clock
) -> None:
    chest_id = await open_chest(services, database)
    with pytest.raises(DataInUse) as refusal:
        await services.personal_data.deletable(GUILD, ROB)
    clock.now_ms += 10 * MINUTE
    await services.chests.settle(GUILD, chest_id)
    await services.personal_data.deletable(GUILD, ROB)

    assert refusal.value.obstacle is Obstacle.CHEST


@pytest.mark.parametrize(
    ("change", "back"),
    [
        (update(chests).values(taken=chests.c.taken + 1), update(chests).values(taken=chests.c.taken - 1)),
        (update(chests).values(share=chests.c.share + 1), update(chests).values(share=chests.c.share - 1)),
        (update(chests).values(closed_seq=1), update(chests).values(closed_seq=0)),
        (update(chests).values(until_ms=chests.c.until_ms + 1), update(chests).values(until_ms=chests.c.until_ms - 1)),
    ],
)
async def test_the_audit_recounts_chests(
    services: Services, database: Database, address: str, change: Update, back: Update
) -> None:
    chest_id = await open_chest(services, database)
    await services.chests.take(GUILD, chest_id, BOB, 0)
    await database.writer.perform(_execute, change)
    findings = [finding.what for finding in audit_database(address)]
    await database.writer.perform(_execute, back)

    assert any("chest" in finding for finding in findings), findings


def _execute(c: Connection, change: Update) -> None:
    c.execute(change)
