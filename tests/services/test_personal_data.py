"""Members' data: what a deletion waits for, what it leaves, and that it lasts."""

import logging
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from bot.domain.announcements import Announcement
from bot.domain.deadlines import DeadlineKind
from bot.domain.erasures import DataInUse, Erasure, Obstacle, erased_notes_of, records_end_of, records_until_ms
from bot.domain.leaderboards import Board
from bot.domain.ledger.reversal import Reverse
from bot.domain.order_states import OrderState
from bot.domain.orders import Cause
from bot.domain.periods import Period
from bot.domain.posts import Post, PostForm
from bot.services.leaderboards import BoardQuery, Leaderboards
from bot.services.personal_data import PersonalData
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.maintenance import erasure_list
from bot.storage.memory.announcements import StoredAnnouncementMemory
from bot.storage.sql import tables
from bot.storage.sql.columns import PERSONAL
from bot.storage.sql.erasure_tables import erasures
from bot.storage.stores import live, notes, orders, wallets
from tests.storage.town import (
    ALICE,
    BOB,
    CHANNEL,
    GUILD,
    MIA,
    NOON,
    OTHER_GUILD,
    PANEL,
    ROB,
    Clock,
    buy,
    event,
    gift,
    grant,
    order,
    settle_in,
)

pytestmark = pytest.mark.databases("sqlite", "postgresql")


@pytest.fixture
async def books(database: Database) -> Database:
    await database.writer.perform(settle_in)
    await database.writer.perform(settle_in, OTHER_GUILD)
    return database


@pytest.fixture
def listed_in(tmp_path: Path) -> Path:
    return tmp_path / "lists" / "rosette.db.erased"


@pytest.fixture
def data(books: Database, clock: Clock, listed_in: Path) -> PersonalData:
    return PersonalData(books, clock, listed_in)


async def holder_of(books: Database, member_id: int, guild_id: int = GUILD) -> int | None:
    return await books.read(holders.holder_id, guild_id, member_id)


async def owe(books: Database) -> None:
    # Earnings from it are never held, so nothing of them is taken back.
    receipt = await buy(books, order(provider="manual"))
    await books.writer.perform(_settle)
    await books.writer.submit(gift("g", quantity=35))
    owners = (await holder_of(books, ALICE) or 0,)
    command = Reverse(GUILD, "r", ROB, ALICE, receipt.seq, "x", holder_ids=owners, cause=Cause.REFUND)
    await books.writer.submit(command)


async def go_live(books: Database) -> None:
    await books.writer.perform(live.insert, event(creator_id=ALICE))


async def order_something(books: Database, state: OrderState = OrderState.OPEN) -> None:
    purchase = order(state=state)
    await books.writer.perform(orders.insert, purchase, PANEL)


async def wait_for_staff(books: Database) -> None:
    await order_something(books, OrderState.DISPUTED)


async def test_a_deletion_leaves_sums_and_other_peoples_receipts(books: Database, data: PersonalData) -> None:
    await books.writer.submit(grant("a"))
    await books.writer.submit(gift("g", note="with love", quantity=3))
    before = await books.read(_sums)

    erasure = await data.erase(GUILD, ALICE)

    granted, gifted = await books.read(journal.receipts_with, GUILD, [1, 2])
    assert (gifted.actor_id, gifted.other_id, gifted.note, gifted.facts["coins"]) == (0, MIA, "", 30)
    assert (granted.actor_id, granted.other_id, granted.note) == (ROB, 0, "")
    assert await books.read(_sums) == before
    assert await holder_of(books, ALICE) is None
    assert erasure == Erasure(GUILD, erasure.holder_id, NOON)
    assert await books.read(_restricted) == []


def _sums(c: Connection) -> list[tuple[str, int]]:
    amounts = tables.balances.c
    query = select(amounts.kind, func.sum(amounts.amount)).group_by(amounts.kind).order_by(amounts.kind)
    return [(kind, int(amount)) for kind, amount in c.execute(query)]


def _restricted(c: Connection) -> list[int]:
    return [*c.execute(select(erasures.c.user_id).where(erasures.c.user_id.is_not(None))).scalars()]


async def test_whoever_comes_back_starts_anew_and_is_known_in_other_guilds_as_before(
    books: Database, data: PersonalData
) -> None:
    for guild_id in (GUILD, OTHER_GUILD):
        await books.writer.submit(grant(f"grant in {guild_id}", guild_id=guild_id))
    first_holder = await holder_of(books, ALICE)

    await data.erase(GUILD, ALICE)
    await books.writer.submit(grant("later", amount=7))

    assert await holder_of(books, ALICE) not in {None, first_holder}
    assert (await books.read(wallets.wallet, GUILD, ALICE)).total == 7
    assert (await books.read(wallets.wallet, OTHER_GUILD, ALICE)).total == 100


async def test_leaderboards_keep_the_place_without_a_name(books: Database, data: PersonalData, clock: Clock) -> None:
    await books.writer.submit(grant("a"))
    await books.writer.submit(gift("g"))
    await books.writer.catch_up(GUILD)

    await data.erase(GUILD, ALICE)

    query = BoardQuery(GUILD, Board.GIFTERS, Period.ALL, MIA, CHANNEL)
    page = await Leaderboards(books, clock).leaderboard(query, range(5))
    assert [(standing.subject_id, standing.coins) for standing in page.leaderboard.standings] == [(0, 10)]


@pytest.mark.parametrize(
    ("happen", "obstacle"),
    [
        (go_live, Obstacle.LIVE),
        (owe, Obstacle.DEBT),
        (order_something, Obstacle.PURCHASE),
        (wait_for_staff, Obstacle.CASE),
    ],
)
async def test_what_is_open_has_to_end_first(
    books: Database, data: PersonalData, happen: Callable[[Database], Awaitable[None]], obstacle: Obstacle
) -> None:
    await books.writer.submit(grant("a", member_id=BOB))
    await happen(books)

    for attempt in (data.erase, data.deletable):
        with pytest.raises(DataInUse) as refusal:
            await attempt(GUILD, ALICE)
        assert refusal.value.obstacle is obstacle
    await data.erase(GUILD, BOB)


async def test_records_of_a_sale_name_their_buyer_until_the_law_is_satisfied(
    books: Database, data: PersonalData, clock: Clock
) -> None:
    await buy(books, order())
    await books.writer.perform(_settle)
    holder = await holder_of(books, ALICE) or 0

    assert (await data.deletable(GUILD, ALICE)).records_until_ms == records_until_ms(NOON)
    erasure = await data.erase(GUILD, ALICE)

    assert await books.read(_restricted) == [ALICE]
    assert await books.read(_buyers) == [0]
    assert erasure.records_until_ms is not None
    deadline = records_end_of(GUILD, holder, erasure.records_until_ms)
    assert await books.read(_deadlines) == [(holder, erasure.records_until_ms)]
    clock.now_ms = erasure.records_until_ms - 1
    await data.end_records(deadline)
    assert await books.read(_restricted) == [ALICE]
    clock.now_ms += 1
    await data.end_records(deadline)
    assert await books.read(_restricted) == []


def _settle(c: Connection) -> None:
    c.execute(tables.orders.update().values(state=OrderState.ACKNOWLEDGED.value))


def _buyers(c: Connection) -> list[int]:
    return [*c.execute(select(tables.orders.c.member_id)).scalars()]


def _deadlines(c: Connection) -> list[tuple[int, int]]:
    due = tables.deadlines.c
    query = select(due.subject, due.at_ms).where(due.kind == DeadlineKind.RECORDS_END.value)
    return [(subject, at_ms) for subject, at_ms in c.execute(query)]


async def test_a_refund_after_a_deletion_takes_the_coins_back_all_the_same(books: Database, data: PersonalData) -> None:
    receipt = await buy(books, order())
    await books.writer.perform(_settle)
    holder = await holder_of(books, ALICE) or 0
    await data.erase(GUILD, ALICE)

    command = Reverse(GUILD, "refund", 0, 0, receipt.seq, "", holder_ids=(holder,), cause=Cause.REFUND)
    await books.writer.submit(command)

    paid = select(tables.balances.c.amount).where(tables.balances.c.owner == holder, tables.balances.c.kind == "paid")
    assert await books.read(lambda c: c.execute(paid).scalar_one()) == 0


async def test_messages_that_a_dead_process_has_not_emptied_are_emptied_all_the_same(
    books: Database, data: PersonalData
) -> None:
    await books.writer.submit(grant("a"))
    for number in range(5):
        await books.writer.submit(gift(f"gift {number}", note=f"note {number} of <@{ALICE}>"))
    await books.writer.submit(grant("b", member_id=BOB))
    await books.writer.submit(gift("from bob", sender_id=BOB, note=f"like <@!{ALICE}>"))
    holder = await holder_of(books, ALICE) or 0
    assert await books.writer.perform(notes.empty_before, GUILD, holder, 6, 2) == 4

    async def texts() -> list[str]:
        return await books.read(
            lambda c: [*c.execute(select(tables.notes.c.text).order_by(tables.notes.c.seq)).scalars()]
        )

    assert [text for text in await texts() if text.startswith("note")] == [
        f"note {number} of <@{ALICE}>" for number in (0, 1, 4)
    ]
    await data.empty_notes(erased_notes_of(GUILD, holder, NOON))
    assert [text for text in await texts() if text] == ["welcome", f"like <@!{ALICE}>"]
    await data.erase(GUILD, ALICE)
    assert [text for text in await texts() if text] == ["welcome", "like @…"]


async def test_a_deletion_is_repeated_when_older_books_come_back(
    books: Database, data: PersonalData, listed_in: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await books.writer.submit(grant("a"))
    await books.writer.submit(grant("b", member_id=BOB))
    holder = await holder_of(books, ALICE) or 0
    await data.erase(GUILD, ALICE)
    await books.writer.perform(_bring_back, holder)
    assert await holder_of(books, ALICE) == holder

    with caplog.at_level(logging.WARNING):
        await PersonalData(books, clock, listed_in).repeat()

    assert await holder_of(books, ALICE) is None
    assert await holder_of(books, BOB) is not None
    assert "deleted the data of 1 members again" in caplog.text
    assert [erasure.holder_id for erasure in erasure_list.read(listed_in)] == [holder]


def _bring_back(c: Connection, holder: int) -> None:
    """Make the books what they were before the deletion, as far as it knew."""
    c.execute(erasures.delete())
    c.execute(tables.holders.update().where(tables.holders.c.holder_id == holder).values(user_id=ALICE))


async def test_a_lost_list_is_written_again_from_the_books(
    books: Database, data: PersonalData, listed_in: Path, clock: Clock
) -> None:
    await books.writer.submit(grant("a"))
    erasure = await data.erase(GUILD, ALICE)
    os.unlink(listed_in)  # noqa: PTH108 - the loop may wait in a test

    await PersonalData(books, clock, listed_in).repeat()
    await PersonalData(books, clock, listed_in).repeat()

    assert erasure_list.read(listed_in) == [erasure]


def test_the_list_names_nobody_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    erasure_list.add(tmp_path / "list", [Erasure(7, 123, 5, 9)])

    assert (tmp_path / "list").read_text().split() == ["7", "123", "5", "9"]
    assert (tmp_path / "list").stat().st_mode & 0o077 == 0


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.write_text("\n7 123 5 0\n\n7 99")
    erasure_list.add(file, [Erasure(7, 4, 6, 9)])

    assert erasure_list.read(file) == [Erasure(7, 123, 5), Erasure(7, 4, 6, 9)]


async def test_a_members_file_has_their_rows_and_nobody_elses(books: Database, data: PersonalData) -> None:
    await books.writer.submit(grant("a"))
    await books.writer.submit(gift("g", note="from me"))
    await books.writer.perform(live.insert, event())

    alices, mias = await data.export(GUILD, ALICE), await data.export(GUILD, MIA)

    assert [(line.kind, line.receipt.note) for line in alices.history] == [("gift", "from me"), ("grant", "welcome")]
    assert mias.records["live_events"][0]["creator_id"] == "you"
    (row,) = mias.records["creators"]
    assert (row["member_id"], row["approved_ms"], "approved_by" in row) == ("you", NOON, False)
    assert "live_events" not in alices.records
    assert str(ALICE) not in str(mias.records)


def test_every_column_that_names_people_says_what_becomes_of_it() -> None:
    suspicious = {"member_id", "user_id", "creator_id", "opponent_id", "holder_id", "holder", "owner", "actor"}
    suspicious |= {"creator", "sender", "gifter", "giver"}

    undeclared = [
        f"{table.name}.{column.name}"
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if PERSONAL not in column.info and (column.name in suspicious or column.name.endswith("_by"))
    ]

    assert undeclared == ["erasures.holder_id"]


def test_records_last_for_the_year_of_the_sale_and_eight_more() -> None:
    last_moment = int(datetime(2034, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp() * 1000)

    assert records_until_ms(NOON) == last_moment + 1_000


async def test_an_announcement_in_memory_forgets_whoever_was_deleted_through_another_bot(
    books: Database, data: PersonalData, clock: Clock
) -> None:
    await books.writer.submit(grant("a"))
    receipt = await books.writer.submit(gift("g", note="from me", quantity=3))
    announcement = Announcement(Post(GUILD, CHANNEL, 1, receipt.seq, receipt.seq, PostForm.SHARED, NOON, NOON))
    announcement.add(receipt, NOON)
    memory = StoredAnnouncementMemory(books, clock)
    before = await memory.contents(announcement)

    await data.erase(GUILD, ALICE)
    after = await memory.contents(announcement)

    assert (before.gifters, before.coins, len(before.notes)) == ({ALICE}, 30, 1)
    assert (after.gifters, after.coins, after.notes) == ({0}, 30, [])
    assert ALICE not in after.people


async def test_another_process_hears_once_of_whoever_was_deleted(
    books: Database, data: PersonalData, clock: Clock
) -> None:
    await books.writer.submit(grant("a"))
    await books.writer.submit(grant("b", member_id=BOB))
    await data.erase(GUILD, BOB)
    process, guild_ids = PersonalData(books, clock, None), list[int]()
    process.subscribe(guild_ids.append)
    await process.follow()
    before = [*guild_ids]
    await data.erase(GUILD, ALICE)
    for _ in range(2):
        await process.follow()

    assert (before, guild_ids) == ([], [GUILD])
