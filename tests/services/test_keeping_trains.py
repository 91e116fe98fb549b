"""Gift trains in the books: kept once they are over, joined with those beside them, undone with a gift taken back."""

import pytest

from bot.domain.attendance import PRESS_MS
from bot.domain.deadlines import NEVER_MS, DeadlineKind
from bot.domain.live import LiveEvent
from bot.domain.momentum import LEVEL_MS, Ride, Train
from bot.domain.receipts import Receipt
from bot.domain.trains import Cutoff, TrainRecord
from bot.services.attendance import Attendance
from bot.services.live_displays import LiveDisplays
from bot.services.personal_data import PersonalData
from bot.services.profiles import Profiles
from bot.services.reversals import Reversals
from bot.storage.audit.auditor import audit_database
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import deadlines, live, trains
from tests.storage.town import (
    ALICE,
    BOB,
    GUILD,
    LIVE_CHANNEL,
    MIA,
    NOAH,
    NOON,
    PAPER_CRANE,
    ROB,
    Clock,
    event,
    gift,
    grant,
    settle_in,
)

PASSENGER = 16


class Railway:
    """Two live events, Mia's and Noah's, and the trains in them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.books, self.clock = database, clock
        self.displays = LiveDisplays(database)
        self.profiles = Profiles(database, clock)
        self.events = (event(), event(event_id=901, channel_id=LIVE_CHANNEL + 1, creator_id=NOAH))

    async def holder(self, member_id: int) -> int:
        return await self.books.writer.perform(holders.ensure, GUILD, member_id)

    async def keep(self, show: LiveEvent, coins: int, *riders: int, start_ms: int = NOON) -> None:
        """Keep one train of a live event, instead of what was kept of it."""
        train = Train(1, start_ms, start_ms + LEVEL_MS, ended_ms=start_ms + LEVEL_MS, total=coins)
        ids = frozenset([await self.holder(member_id) for member_id in riders])
        await self.books.writer.perform(trains.replace, GUILD, show.event_id, [Ride(train, ids)])

    async def work_out(self, show: LiveEvent) -> None:
        """Keep the trains that the gifts of a live event come to, as its board does."""
        rides = (await self.displays.show(show)).progress.momentum.rides(NEVER_MS)
        cutoff = Cutoff((await self.books.read(journal.head, GUILD)).seq, NEVER_MS)
        assert await self.displays.keep_trains(show, rides, cutoff)

    async def record(self) -> TrainRecord | None:
        return await self.books.read(trains.record, GUILD)

    async def badges(self, member_id: int) -> list[int]:
        return [*(await self.profiles.profile(GUILD, member_id)).train_badges]


@pytest.fixture
async def railway(database: Database, clock: Clock) -> Railway:
    await database.writer.perform(settle_in)
    railway = Railway(database, clock)
    for show in railway.events:
        await database.writer.perform(live.insert, show)
    return railway


async def test_a_train_is_a_record_and_its_riders_have_a_badge_of_every_level(railway: Railway) -> None:
    mias, noahs = railway.events
    await railway.keep(mias, 2_400, ALICE)
    assert await railway.record() == TrainRecord(mias.event_id, 1, 3, 2_400)
    assert await railway.badges(ALICE) == [1, 1, 1]
    assert await railway.badges(BOB) == []

    await railway.keep(noahs, 500, ALICE, BOB, start_ms=NOON + 2 * LEVEL_MS)
    assert await railway.record() == TrainRecord(mias.event_id, 1, 3, 2_400)
    assert await railway.badges(ALICE) == [2, 1, 1]
    assert await railway.badges(BOB) == [1]


async def test_trains_at_the_same_time_count_together_for_the_riders_of_both(railway: Railway) -> None:
    mias, noahs = railway.events
    await railway.keep(mias, 1_000, ALICE)
    await railway.keep(noahs, 400, BOB, start_ms=NOON + LEVEL_MS - 1)
    assert await railway.badges(ALICE) == await railway.badges(BOB) == [1, 1]
    assert await railway.record() == TrainRecord(mias.event_id, 1, 2, 1_400)

    await railway.keep(noahs, 400, BOB, start_ms=NOON + LEVEL_MS)
    assert (await railway.badges(ALICE), await railway.badges(BOB)) == ([1], [])
    await railway.books.writer.perform(trains.replace, GUILD, mias.event_id, [])
    assert await railway.record() is None


async def test_whoever_hopped_on_while_it_ran_rides_too_without_a_coin(railway: Railway) -> None:
    mias, noahs = railway.events
    attendance = Attendance(railway.books, railway.clock)
    for show in railway.events:
        await attendance.hop_on(GUILD, show.event_id, BOB)
    await railway.keep(mias, 600, ALICE, start_ms=NOON + PRESS_MS - 1)
    await railway.keep(noahs, 600, ALICE, start_ms=NOON + PRESS_MS + LEVEL_MS)

    assert await railway.badges(BOB) == [1]
    assert await railway.badges(ALICE) == [2]


async def test_a_gift_taken_back_has_the_trains_of_its_event_worked_out_anew(railway: Railway) -> None:
    mias, _ = railway.events
    await railway.books.writer.submit(grant("coins", amount=1_000))
    receipts = [await railway.books.writer.submit(gift(key)) for key in ("a", "b")]
    await railway.books.writer.perform(deadlines.clear, GUILD, DeadlineKind.LIVE_BOARD, mias.event_id)
    reversals = Reversals(railway.books, railway.clock)

    async def is_due() -> bool:
        due = (await railway.books.read(deadlines.outlook, railway.clock.now_ms)).due
        return any(deadline.kind is DeadlineKind.LIVE_BOARD for deadline, _ in due)

    for show in railway.events:
        await railway.books.writer.perform(deadlines.clear, GUILD, DeadlineKind.LIVE_BOARD, show.event_id)
    await reversals.reverse(GUILD, key="u", actor_id=ROB, seq=receipts[0].seq, part=None, reason="a slip")
    assert not await is_due()
    await railway.keep(mias, 600, ALICE)
    await reversals.reverse(GUILD, key="v", actor_id=ROB, seq=receipts[1].seq, part=None, reason="a slip")
    assert await is_due()


async def test_badges_go_with_the_data_of_their_member_and_the_record_stays(railway: Railway) -> None:
    mias, _ = railway.events
    await railway.keep(mias, 600, ALICE, MIA)
    personal = PersonalData(railway.books, railway.clock, None)
    assert len((await personal.export(GUILD, ALICE)).records["train_riders"]) == 1
    await personal.erase(GUILD, ALICE)

    assert await railway.badges(ALICE) == []
    assert await railway.badges(MIA) == [1]
    assert await railway.record() == TrainRecord(mias.event_id, 1, 1, 600)


async def test_the_audit_works_trains_out_from_the_rows_that_they_were_made_of(railway: Railway, address: str) -> None:
    mias, noahs = railway.events
    receipts: list[Receipt] = []
    for show in railway.events:
        for place, gifter in enumerate((ALICE, BOB, PASSENGER, ALICE, BOB)):
            key = f"{show.event_id}:{place}"
            await railway.books.writer.submit(grant(f"coins {key}", member_id=gifter, amount=594))
            cranes = gift(key, sender_id=gifter, creator_id=show.creator_id, item_id=PAPER_CRANE, quantity=6)
            receipts.append(await railway.books.writer.submit(cranes._replace(anonymous=place == 4)))
    reversals = Reversals(railway.books, railway.clock)

    async def take_back(receipt: Receipt, part: int) -> None:
        key = f"back {receipt.seq}:{part}"
        await reversals.reverse(GUILD, key=key, actor_id=ROB, seq=receipt.seq, part=part, reason="a slip")

    await take_back(receipts[3], 2)
    for show in railway.events:
        await railway.work_out(show)
    assert await railway.record() == TrainRecord(mias.event_id, receipts[2].seq, 2, 2 * 1_188 - 198)
    # The board of a live event works its trains out anew a moment after that.
    await take_back(receipts[3], 4)
    await take_back(receipts[9], 6)
    await PersonalData(railway.books, railway.clock, None).erase(GUILD, PASSENGER)
    assert [*audit_database(address)] == []

    await railway.work_out(noahs)
    assert await railway.record() == TrainRecord(mias.event_id, receipts[2].seq, 2, 2 * 1_188 - 198 - 594)
