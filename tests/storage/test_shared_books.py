"""Several processes at one PostgreSQL database: every key once, every rule kept, and nobody in a knot."""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.util import await_only

from bot.domain.catalogue import GiftItem
from bot.domain.errors import Busy, NameTaken, NotEnoughCoins
from bot.domain.receipts import Receipt
from bot.services.catalogue import Catalogue
from bot.services.personal_data import PersonalData
from bot.storage.connect import postgresql
from bot.storage.connect.address import database_url
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.maintenance import migrate
from bot.storage.maintenance.migrate import DatabaseTooNew
from bot.storage.sql.tables import metadata
from bot.storage.stores import app_state, catalogue, guilds, payment_events, wallets
from tests.postgres import Server
from tests.rig import until
from tests.storage.town import ALICE, GUILD, NOON, Clock, gift, grant, settle_in

pytestmark = pytest.mark.databases("postgresql")
GUILDS = range(1_000, 1_020)
NEWCOMER = 200
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.fixture
async def both(address: str, books: Database, clock: Clock) -> AsyncIterator[tuple[Database, Database]]:
    """The same books, opened as two processes do."""
    second_books = await Database.open(address, clock=clock)
    yield books, second_books
    await second_books.close()


async def test_a_key_that_two_processes_get_is_charged_once(both: tuple[Database, Database]):
    await both[0].writer.submit(grant("g", amount=10_000))

    first, second = await asyncio.gather(
        *(asyncio.gather(*(database.writer.submit(gift(f"a{number}")) for number in range(200))) for database in both)
    )

    assert [receipt.seq for receipt in first] == [receipt.seq for receipt in second]
    assert {(receipt.replayed, repeat.replayed) for receipt, repeat in zip(first, second, strict=True)} <= {
        (True, False),
        (False, True),
    }
    assert (await both[0].read(wallets.wallet, GUILD, ALICE)).total == 10_000 - 200 * 10


async def test_of_gifts_through_two_processes_a_wallet_pays_for_what_it_holds(both: tuple[Database, Database]):
    await both[0].writer.submit(grant("g", amount=100))

    answers = await asyncio.gather(
        *(both[number % 2].writer.submit(gift(f"a{number}")) for number in range(50)), return_exceptions=True
    )

    assert Counter(map(type, answers)) == {Receipt: 10, NotEnoughCoins: 40}


async def test_batches_over_the_same_guilds_never_wait_for_each_other_in_a_circle(
    both: tuple[Database, Database], caplog: pytest.LogCaptureFixture
):
    for guild_id in GUILDS:
        await both[0].writer.perform(settle_in, guild_id)
    orders = (GUILDS, reversed(GUILDS))

    with caplog.at_level(logging.WARNING, "bot.storage"):
        receipts = await asyncio.gather(
            *(
                database.writer.submit(grant(f"{number}:{turn}", guild_id=guild_id, member_id=ALICE + number))
                for turn in range(20)
                for number, (database, guild_ids) in enumerate(zip(both, map(list, orders), strict=False))
                for guild_id in guild_ids
            )
        )

    assert len(receipts) >= 20 * len(GUILDS)
    assert caplog.messages == []


async def test_new_members_whom_two_processes_meet_at_once_are_one_member_each(both: tuple[Database, Database]):
    await asyncio.gather(
        *(database.writer.submit(grant(f"{index}:{member}", member_id=member)) for index, database in enumerate(both)
          for member in range(100, 150))
    )  # fmt: skip

    totals = [(await both[0].read(wallets.wallet, GUILD, member)).total for member in range(100, 150)]

    assert totals == [200] * 50


async def test_a_member_whom_jobs_of_two_processes_meet_at_once_is_one_member(both: tuple[Database, Database]):
    holds, lets_go = asyncio.Event(), asyncio.Event()

    def hold(c: Connection) -> int:
        holder = holders.ensure(c, GUILD, NEWCOMER)
        holds.set()
        await_only(lets_go.wait())
        return holder

    async def is_waiting() -> bool:
        return await both[0].read(lambda c: c.exec_driver_sql(_WAITING).scalar_one()) > 0

    first = asyncio.create_task(both[0].writer.perform(hold))
    await holds.wait()
    second = asyncio.create_task(both[1].writer.perform(holders.ensure, GUILD, NEWCOMER))
    await until(is_waiting)
    lets_go.set()

    assert await first == await second


async def test_stock_sold_through_one_process_is_not_forgotten_by_an_edit_in_another(both: tuple[Database, Database]):
    await both[0].writer.perform(catalogue.save, GiftItem(GUILD, 100, "Rare", "💎", 1, stock=1_000))
    await both[0].writer.submit(grant("g", amount=1_000))
    editor = Catalogue(both[1], lambda: NOON)

    async def sell() -> None:
        for number in range(100):
            await both[0].writer.submit(gift(f"a{number}", item_id=100))

    async def edit() -> None:
        for price in range(1, 101):
            await editor.edit(GUILD, "Rare", live_only=False, name=f"Rare {price}")
            await editor.edit(GUILD, f"Rare {price}", name="Rare")

    await asyncio.gather(sell(), edit())

    item = await both[0].read(catalogue.item, GUILD, 100)
    assert item is not None
    assert item.stock == 900


async def test_a_name_that_two_processes_want_at_once_is_given_once(both: tuple[Database, Database]):
    answers: list[object] = []
    for tea in range(20):
        answers += await asyncio.gather(
            *(
                Catalogue(database, lambda: NOON).add(
                    GUILD, item_id=100 + 2 * tea + number, name=f"Tea {tea}", emoji="🫖", price=5
                )
                for number, database in enumerate(both)
            ),
            return_exceptions=True,
        )

    assert Counter(map(type, answers)) == {GiftItem: 20, NameTaken: 20}


async def test_who_is_in_a_deadlock_tries_again(both: tuple[Database, Database], caplog: pytest.LogCaptureFixture):
    await both[0].writer.perform(app_state.put, "a", "0")
    await both[0].writer.perform(app_state.put, "b", "0")
    both_hold_one = asyncio.Barrier(2)
    tries: list[str] = []

    def take(c: Connection, first: str, then: str) -> None:
        tries.append(first)
        app_state.put(c, first, first)
        if len(tries) <= 2:
            await_only(both_hold_one.wait())
        app_state.put(c, then, first)

    with caplog.at_level(logging.WARNING, "bot.storage"):
        await asyncio.gather(both[0].writer.perform(take, "a", "b"), both[1].writer.perform(take, "b", "a"))

    # If both wait long enough, the server ends both.
    assert len(tries) >= 3
    assert "deadlock" in caplog.text
    values = [await both[0].read(app_state.get, name) for name in ("a", "b")]
    assert values in (["a", "a"], ["b", "b"])


async def test_serialization_failures_are_retried_a_bounded_number_of_times(books: Database):
    tries: list[int] = []

    def fail(c: Connection, times: int) -> int:
        tries.append(times)
        if len(tries) <= times:
            c.exec_driver_sql("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$")
        return len(tries)

    after_two = await books.writer.perform(fail, 2)
    tries.clear()
    with pytest.raises(Busy):
        await books.writer.perform(fail, 100)

    assert after_two == 3
    assert len(tries) == 5


async def test_of_two_processes_each_begins_with_events_of_its_own(both: tuple[Database, Database]):
    for number in range(50):
        await both[0].writer.perform(payment_events.record, "pretend", f"evt_{number}", "cs_1", NOON)

    batches = await asyncio.gather(
        *(
            books.writer.perform(payment_events.claim, ["pretend"], NOON, retry_ms=NOON + 1, first=20, again=20)
            for books in both * 3
        )
    )

    events = [event.event_id for batch in batches for event in batch]
    assert len(events) == len({*events}) == 50


async def test_processes_that_start_together_migrate_once(server: Server, caplog: pytest.LogCaptureFixture):
    with server.database() as name:
        url = database_url(server.address(name))
        with caplog.at_level(logging.INFO, "bot.storage.maintenance.migrate"):
            await asyncio.gather(*(asyncio.to_thread(migrate.upgrade, url) for _ in range(3)))
        versions = server.sql("SELECT version_num FROM alembic_version", name)

    assert len(versions) == 1
    assert len([message for message in caplog.messages if message.startswith("Migrating")]) == 1


async def test_a_database_from_the_future_is_refused(server: Server, shared: str, clock: Clock):
    server.sql("UPDATE alembic_version SET version_num = '9999'", shared.rpartition("/")[2])

    with pytest.raises(DatabaseTooNew) as error:
        await Database.open(shared, clock=clock)

    assert error.value.revision == "9999"


def schema(server: Server, database: str) -> dict[str, list[list[str]]]:
    """Return everything that a database says about its columns, constraints and indexes, in its own words."""
    where = "WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
    columns = f"SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns {where}"
    constraints = (
        "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version'"
    )
    indexes = (
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
    )
    return {query: sorted(server.sql(query, database)) for query in (columns, constraints, indexes)}


def test_the_migrations_end_at_what_the_tables_say(server: Server, template: str):
    with server.database() as fresh:

        def create(c: Connection) -> None:
            metadata.create_all(c)
            c.commit()

        postgresql.alone(database_url(server.address(fresh)), create)

        assert schema(server, template) == schema(server, fresh)


def test_every_key_leads_with_the_guild(c: Connection):
    keys = {name: inspect(c).get_pk_constraint(name)["constrained_columns"] for name in inspect(c).get_table_names()}

    strangers = {name for name, columns in keys.items() if columns[0] != "guild_id"}

    # What providers report is looked up by their names for it, before anybody knows which guild it is about.
    by_provider = {"noted_payments", "product_purchases", "settlement_counts", "webhook_events"}
    assert strangers == {"alembic_version", "bare_references", "marks", *by_provider}


@asynccontextmanager
async def locked(books: Database) -> AsyncGenerator[None]:
    """Keep the guild's books locked by a process."""
    holds, lets_go = asyncio.Event(), asyncio.Event()

    def hold(c: Connection) -> None:
        guilds.lock(c, GUILD)
        holds.set()
        await_only(lets_go.wait())

    holding = asyncio.create_task(books.writer.perform(hold))
    await holds.wait()
    try:
        yield
    finally:
        lets_go.set()
        await holding


async def test_who_waits_too_long_for_another_process_is_told_that_it_is_busy(both: tuple[Database, Database]):
    await both[0].writer.submit(grant("g"))

    async with locked(both[0]):
        with pytest.raises(Busy):
            await both[1].writer.submit(gift("a"))

    assert (await both[1].writer.submit(gift("a"))).balance == 90


async def test_nobody_is_deleted_while_another_process_may_be_booking_for_them(both: tuple[Database, Database]):
    await both[0].writer.submit(grant("g"))
    personal = PersonalData(both[1], lambda: NOON, None)

    async with locked(both[0]):
        with pytest.raises(Busy):
            await personal.erase(GUILD, ALICE)

    assert (await both[0].read(wallets.wallet, GUILD, ALICE)).total == 100
