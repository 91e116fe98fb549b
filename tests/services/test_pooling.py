"""Chip-ins in the books, from the first chip to the gift or the way back. After each test the books are audited."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import Connection, text

from bot.domain.budget_errors import OverBudget
from bot.domain.budgets import BudgetPeriod
from bot.domain.catalogue import GiftItem
from bot.domain.chip_ins import HOUR_MS, CalledOff, ChipInOver, ChipInState, NothingChippedIn
from bot.domain.deadlines import DeadlineKind
from bot.domain.erasures import DataInUse
from bot.domain.ledger.chip_returns import ReturnChip
from bot.domain.ledger.chips import ChipCoins
from bot.domain.member_choices import Choice
from bot.domain.notices import ChipNotice
from bot.domain.receipts import Receipt
from bot.services import Services
from bot.services.assembly import build
from bot.services.chip_ins import ChipIns
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import catalogue, deadlines
from bot.ui.kit.news import news
from bot.ui.text.reader import reader_for
from tests.services.interrupting import Death, Places, die, interrupted
from tests.storage.town import ALICE, BOB, CHANNEL, GUILD, MIA, NOAH, ROB, ROSETTE, Clock, buy, grant, order, settle_in

POOL = 77
HERE = frozenset({ALICE, BOB, MIA, NOAH, ROB})
KITE = GiftItem(GUILD, 501, "Kite", "🪁", 110)


@pytest.fixture
async def town(database: Database, clock: Clock) -> AsyncIterator[Services]:
    await database.writer.perform(settle_in)
    await database.writer.perform(catalogue.save, KITE)
    await buy(database, order(coins=700))
    await database.writer.submit(grant("coins", member_id=BOB, amount=900))
    yield build(database, [], clock)
    await database.writer.catch_up(GUILD)


def chip(key: str, member: int, coins: int, **changes: object) -> ChipCoins:
    command = ChipCoins(GUILD, key, member, POOL, coins, MIA, ROSETTE, CHANNEL, hours=24)
    return command._replace(**changes)  # type: ignore[arg-type]


async def rows(database: Database) -> list[tuple[str, int]]:
    receipts = await database.read(journal.after, GUILD, 0, 100)
    return [(receipt.kind, receipt.facts["coins"]) for receipt in receipts][2:]


async def spendable(town: Services, member: int) -> int:
    return (await town.wallets.overview(GUILD, member)).wallet.total


async def pool_state(town: Services) -> tuple[ChipInState, CalledOff]:
    pool = await town.gifts.pools.chip_in(GUILD, POOL)
    return pool.state, pool.why


async def fill(town: Services) -> None:
    await town.gifts.pools.chip(chip("a", ALICE, 400))
    await town.gifts.pools.chip(chip("b", BOB, 600))


async def test_a_full_chip_in_goes_out_as_one_gift_with_everybodys_own_part(database: Database, town: Services) -> None:
    first = await town.gifts.pools.chip(chip("a", ALICE, 400))
    again = await town.gifts.pools.chip(chip("a", ALICE, 400))
    await town.gifts.pools.chip(chip("b", BOB, 900))
    before = await town.gifts.pools.card(GUILD, POOL)

    await town.gifts.pools.settle(GUILD, POOL, HERE)
    await town.gifts.pools.settle(GUILD, POOL, HERE)

    assert (first.seq, again.replayed) == (again.seq, True)
    assert await rows(database) == [("chip", 400), ("chip", 600), ("gift", 400), ("gift", 600)]
    assert before.people == ((BOB, 600), (ALICE, 400))
    after = await town.gifts.pools.card(GUILD, POOL)
    assert (after.chip_in.state, after.people) == (ChipInState.SENT, before.people)
    assert await spendable(town, ALICE) == await spendable(town, BOB) == 300
    # Bought coins earn half, granted ones nothing.
    assert (await town.wallets.overview(GUILD, MIA)).wallet.earnings == 200


async def test_everyone_gets_theirs_back_at_the_end_and_not_before(
    database: Database, town: Services, clock: Clock
) -> None:
    await town.gifts.pools.chip(chip("a", ALICE, 400))
    await town.gifts.pools.chip(chip("b", BOB, 100))
    assert await town.gifts.pools.settle(GUILD, POOL, HERE) == clock.now_ms + 24 * HOUR_MS
    clock.now_ms += 24 * HOUR_MS

    assert await town.gifts.pools.settle(GUILD, POOL, HERE) is None
    assert await town.gifts.pools.settle(GUILD, POOL, HERE) is None

    assert await rows(database) == [("chip", 400), ("chip", 100), ("chip_return", 400), ("chip_return", 100)]
    assert await pool_state(town) == (ChipInState.RETURNED, CalledOff.TIME)
    assert (await spendable(town, ALICE), await spendable(town, BOB)) == (700, 900)
    with pytest.raises(ChipInOver):
        await town.gifts.pools.chip(chip("late", BOB, 100))


async def test_of_two_last_parts_at_once_the_price_is_met_exactly(database: Database, town: Services) -> None:
    answers = await asyncio.gather(
        *(town.gifts.pools.chip(chip(f"{each}", (ALICE, BOB)[each % 2], 300)) for each in range(5)),
        return_exceptions=True,
    )

    receipts = [answer for answer in answers if isinstance(answer, Receipt)]
    assert sum(receipt.facts["coins"] for receipt in receipts) == 1_000
    assert [type(answer) for answer in answers if not isinstance(answer, Receipt)] == [ChipInOver]
    await town.gifts.pools.settle(GUILD, POOL, HERE)
    assert [coins for kind, coins in await rows(database) if kind == "gift"] == [600, 400]


async def test_who_has_left_gets_theirs_back_and_the_others_go_on(town: Services) -> None:
    await fill(town)

    await town.gifts.pools.settle(GUILD, POOL, HERE - {BOB})

    assert await pool_state(town) == (ChipInState.OPEN, CalledOff.NOTHING)
    assert await spendable(town, BOB) == 900
    await town.gifts.pools.chip(chip("c", ALICE, 300))
    assert (await town.gifts.pools.chip_in(GUILD, POOL)).missing == 300


async def test_who_hides_amounts_is_named_without_theirs(town: Services) -> None:
    await fill(town)
    await town.own_choices.choose(GUILD, BOB, {Choice.AMOUNTS_HIDDEN: True})

    card = await town.gifts.pools.card(GUILD, POOL)

    assert (card.people, card.discreet) == (((ALICE, 400), (BOB, 600)), {BOB})


async def test_a_member_takes_theirs_back_and_only_theirs(town: Services) -> None:
    await town.gifts.pools.chip(chip("a", ALICE, 400))
    await town.gifts.pools.chip(chip("b", BOB, 100))
    with pytest.raises(DataInUse):
        await town.personal_data.erase(GUILD, BOB)

    (receipt,) = await town.gifts.pools.take_back(GUILD, POOL, BOB)
    with pytest.raises(NothingChippedIn):
        await town.gifts.pools.take_back(GUILD, POOL, BOB)

    assert (receipt.kind, receipt.facts["coins"]) == ("chip_return", 100)
    assert (await town.gifts.pools.chip_in(GUILD, POOL)).collected == 400
    await town.personal_data.erase(GUILD, BOB)


async def test_what_somebody_deleted_had_chipped_in_goes_back_once_however_often_that_is_asked_for(
    database: Database, town: Services
) -> None:
    receipt = await town.gifts.pools.chip(chip("a", ALICE, 400))
    holder = await database.read(holders.holder_id, GUILD, ALICE)
    assert holder is not None
    await database.writer.perform(_forget, ALICE)
    command = ReturnChip(GUILD, 0, POOL, receipt.seq, (holder,))

    first, again = [await database.writer.submit(command) for _ in range(2)]

    assert (again.seq, again.replayed) == (first.seq, True)


def _forget(c: Connection, member_id: int) -> None:
    c.execute(text("UPDATE holders SET user_id = NULL WHERE user_id = :member"), {"member": member_id})


async def test_a_creator_or_a_gift_that_is_gone_calls_it_off_at_once(database: Database, town: Services) -> None:
    await town.gifts.pools.chip(chip("a", ALICE, 400))
    await town.gifts.pools.chip(chip("b", BOB, 100, chip_in_id=POOL + 1, creator_id=NOAH))
    await town.creators.remove(GUILD, MIA, by=ROB)
    due = await database.read(deadlines.outlook, 0)
    await town.gifts.pools.settle(GUILD, POOL, HERE)
    await town.catalogue.archive(GUILD, str(ROSETTE), by=ROB)
    await town.gifts.pools.settle(GUILD, POOL + 1, HERE)

    assert (DeadlineKind.CHIP_IN, POOL) in [(deadline.kind, deadline.subject) for deadline, _ in due.due]
    assert await pool_state(town) == (ChipInState.RETURNED, CalledOff.CREATOR)
    other = await town.gifts.pools.chip_in(GUILD, POOL + 1)
    assert (other.state, other.why) == (ChipInState.RETURNED, CalledOff.ITEM)
    assert (await spendable(town, ALICE), await spendable(town, BOB)) == (700, 900)


@pytest.mark.parametrize("is_here", [True, False])
async def test_a_creator_on_a_break_or_gone_from_the_server_gets_nothing(town: Services, is_here: bool) -> None:
    await fill(town)
    if is_here:
        await town.creators.reception.pause(GUILD, MIA, 1)

    await town.gifts.pools.settle(GUILD, POOL, HERE if is_here else HERE - {MIA})

    assert await pool_state(town) == (ChipInState.RETURNED, CalledOff.CREATOR)
    assert await spendable(town, ALICE) == 700


async def test_a_reversal_gives_everybody_their_part_back(database: Database, town: Services) -> None:
    await fill(town)
    await town.gifts.pools.settle(GUILD, POOL, HERE)
    gift_seq = (await town.gifts.pools.chip_in(GUILD, POOL)).gift_seq

    reversal = await town.reversals.reverse(
        GUILD, key="undo", actor_id=ROB, seq=gift_seq + 1, part=None, reason="mistake"
    )

    assert reversal.receipt.facts["coins"] == 1_000
    assert reversal.original.people == ((ALICE, 400), (BOB, 600))
    assert (await spendable(town, ALICE), await spendable(town, BOB)) == (700, 900)


async def test_what_is_chipped_in_uses_a_budget_and_gives_it_back(town: Services, clock: Clock) -> None:
    await town.budgets.limit(GUILD, ALICE, {BudgetPeriod.DAY: 450})
    await town.gifts.pools.chip(chip("a", ALICE, 400))
    with pytest.raises(OverBudget):
        await town.gifts.pools.chip(chip("b", ALICE, 60))
    used = [line.used for line in (await town.budgets.standing(GUILD, ALICE)).gifted]
    await town.gifts.pools.take_back(GUILD, POOL, ALICE)
    clock.now_ms += 1

    assert used[0] == 400
    assert (await town.budgets.standing(GUILD, ALICE)).gifted[0].used == 0


@pytest.mark.parametrize("days", [0, 1])
async def test_a_reversal_makes_room_in_the_budget_at_the_time_of_each_part(
    database: Database, town: Services, clock: Clock, days: int
) -> None:
    await town.budgets.limit(GUILD, ALICE, {BudgetPeriod.DAY: 600, BudgetPeriod.MONTH: 600})
    await town.gifts.pools.chip(chip("a", ALICE, 300, hours=72))
    clock.now_ms += days * 24 * 3_600_000
    await town.gifts.pools.chip(chip("more", ALICE, 100))
    await town.gifts.pools.chip(chip("b", BOB, 600))
    await town.gifts.pools.settle(GUILD, POOL, HERE)
    before = [line.used for line in (await town.budgets.standing(GUILD, ALICE)).gifted]
    gift_seq = (await town.gifts.pools.chip_in(GUILD, POOL)).gift_seq

    await town.reversals.reverse(GUILD, key="undo", actor_id=ROB, seq=gift_seq, part=None, reason="mistake")

    assert before == [100 if days else 400, 400]
    assert [line.used for line in (await town.budgets.standing(GUILD, ALICE)).gifted] == [0, 0]


async def test_members_hear_with_their_next_reply_that_their_coins_are_back(town: Services, clock: Clock) -> None:
    await town.gifts.pools.chip(chip("a", ALICE, 300))
    await town.gifts.pools.chip(chip("more", ALICE, 100))
    await town.gifts.pools.chip(chip("b", BOB, 100))
    await town.gifts.pools.take_back(GUILD, POOL, BOB)
    clock.now_ms += 24 * 3_600_000
    await town.gifts.pools.settle(GUILD, POOL, HERE)

    async with town.notices.telling(GUILD, BOB) as notices:
        assert not any(isinstance(each, ChipNotice) for each in notices)
    assert await town.notices.has_any(GUILD, ALICE)
    async with town.notices.telling(GUILD, ALICE) as notices:
        (notice,) = notices
    assert isinstance(notice, ChipNotice)
    assert (notice.coins, notice.chip_in.why) == (400, CalledOff.TIME)
    (part,) = news([notice], reader_for("en-US")).card.parts
    assert "wasn't full in time. You have your coins back: **🪙\xa0400 coins**." in part.text


async def test_a_death_at_any_place_of_settling_loses_and_doubles_nothing(
    database: Database, town: Services, clock: Clock
) -> None:
    """The deadline is dealt with again by the next process, whichever step the first one has reached."""
    for is_full in (True, False):
        at, struck = 0, True
        while struck:
            at += 1
            pool = 1_000 * (1 + is_full) + at
            for number, (member, coins) in enumerate(((ALICE, 50), (BOB, 60 if is_full else 40))):
                await town.gifts.pools.chip(
                    chip(f"{pool} {number}", member, coins, chip_in_id=pool, channel_id=pool, item_id=KITE.item_id)
                )
            if not is_full:
                clock.now_ms += 25 * HOUR_MS
            places = Places(at, die)
            with contextlib.suppress(Death):
                await ChipIns(interrupted(database, places), clock, lambda *_: None).settle(GUILD, pool, HERE)
            struck = bool(places.struck)
            await town.gifts.pools.settle(GUILD, pool, HERE)

            settled = await town.gifts.pools.chip_in(GUILD, pool)
            assert settled.state is (ChipInState.SENT if is_full else ChipInState.RETURNED), places.struck
            assert settled.collected == 0
        assert at > 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE chip_ins SET collected = collected - 1", "its chips add up to something else"),
        ("UPDATE chips SET promo = promo - 1", "its chip is not what its row says"),
        ("DELETE FROM chips", "coins are reserved for gifts"),
    ],
)
async def test_the_audit_notices_chips_that_were_tampered_with(
    address: str, clock: Clock, change: str, words: str
) -> None:
    books = await Database.open(address, clock=clock)
    await books.writer.perform(settle_in)
    await books.writer.submit(grant("coins", member_id=BOB, amount=900))
    await build(books, [], clock).gifts.pools.chip(chip("a", BOB, 100))
    await books.writer.perform(tamper, change)
    await books.close()

    findings = [finding.what for finding in audit_database(address)]

    assert any(words in finding for finding in findings), findings


def tamper(c: Connection, change: str) -> None:
    c.execute(text(change))
