"""What is unspent of old tests becomes test coins: rows are appended, and none that exists changes."""

from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from bot.domain.ledger import unspent_tests
from bot.domain.ledger.reversal import Reverse
from bot.domain.orders import Cause
from bot.storage.connect.address import database_url
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.maintenance import migrate
from bot.storage.sql.tables import journal, lots, orders
from bot.storage.stores import wallets
from tests.storage.conftest import findings
from tests.storage.old_databases import at_revision, on
from tests.storage.test_lots_migration import MEMBERS, STEPS, Rows, Town, fill, rewritten
from tests.storage.town import ALICE, BOB, GUILD, PETAL, Clock, buy, gift, grant, order, settle_in

BEFORE = "0042"
"""The last revision whose books may have unspent tests among paid coins."""


def with_tests(c: Connection, order_ids: set[int]) -> Rows:
    """Return all rows as they would be if these orders had been tests before test coins had accounts of their own."""

    def rewrite(kind: str, facts: dict[str, Any]) -> dict[str, Any]:
        return facts | {"test": True} if kind == "order" and facts["order"] in order_ids else facts

    rows = rewritten(c, rewrite)
    for row in rows["orders"]:
        row["test"] = int(row["order_id"] in order_ids)
    return rows


def journal_rows(c: Connection) -> list[Any]:
    return [tuple(row) for row in c.execute(select(journal).order_by(journal.c.guild_id, journal.c.seq))]


def unspent(c: Connection, order_ids: set[int]) -> dict[int, int]:
    """Return the unspent coins of orders, by their holder."""
    same = (journal.c.guild_id == lots.c.guild_id) & (journal.c.seq == lots.c.seq)
    rows = c.execute(select(lots.c.owner, lots.c.coins, journal.c.key).join(journal, same))
    coins: dict[int, int] = {}
    for owner, lot_coins, key in rows:
        if int(key.removeprefix("order:")) in order_ids:
            coins[owner] = coins.get(owner, 0) + lot_coins
    return coins


def move(address: str, empty: str, order_ids: set[int]) -> list[Any]:
    """Migrate the books at `address` into `empty`, with the orders as old tests. Return the journal before."""
    rows = on(database_url(address), partial(with_tests, order_ids=order_ids))
    at_revision(database_url(empty), BEFORE)
    on(database_url(empty), partial(fill, rows_by_table=rows))
    before = on(database_url(empty), journal_rows)
    migrate.upgrade(database_url(empty), dumps=None)
    return before


async def test_unspent_tests_become_test_coins_and_other_coins_stay(address: str, empty: str):
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(settle_in)
    await buy(books, order(coins=20))
    await buy(books, order(order_id=501, coins=50))
    await buy(books, order(order_id=502, coins=30))
    await buy(books, order(order_id=503, member_id=BOB, coins=9))
    await books.writer.submit(grant("g", amount=5))
    await books.writer.submit(gift("a", item_id=PETAL, quantity=40))
    await books.close()

    before = move(address, empty, {501, 503})

    after = on(database_url(empty), journal_rows)
    assert after[: len(before)] == before
    assert [row[2] for row in after[len(before) :]] == ["test_coins", "test_coins"]
    assert findings(empty) == []
    books = await Database.open(empty, clock=Clock())
    alice, bob = [await books.read(wallets.wallet, GUILD, member) for member in (ALICE, BOB)]
    # Of the 40 coins, 5 were promo coins, 20 the first order, and 15 the test.
    assert (alice.paid, alice.test, alice.promo) == (30, 35, 0)
    assert (bob.paid, bob.test) == (0, 9)
    newest = (await books.read(wallets.lines, GUILD, ALICE, limit=1))[0]
    assert (newest.kind, newest.amount, unspent_tests.facts_of(newest.receipt)["coins"]) == ("test_coins", 0, 35)

    trial = await books.writer.submit(gift("b", item_id=PETAL, quantity=29))
    real_gift = await books.writer.submit(gift("c", item_id=PETAL, quantity=30))
    await books.close()

    assert trial.facts["test"]
    assert "test" not in real_gift.facts
    assert findings(empty) == []


async def test_a_refund_of_an_old_test_takes_its_test_coins_and_owes_no_others(address: str, empty: str):
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(settle_in)
    sale = await buy(books, order(coins=50))
    await books.writer.submit(gift("a", item_id=PETAL, quantity=20))
    await books.close()
    move(address, empty, {500})
    books = await Database.open(empty, clock=Clock())
    people = await books.read(holders.holder_ids, [(GUILD, ALICE)])

    receipt = await books.writer.submit(
        Reverse(
            GUILD, "refund", ALICE, ALICE, sale.seq, "", holder_ids=(*people.values(),), total=50, cause=Cause.REFUND
        )
    )

    alice = await books.read(wallets.wallet, GUILD, ALICE)
    await books.close()
    assert (receipt.facts["paid"], receipt.facts["debt"]) == (30, 20)
    assert (alice.paid, alice.test, alice.debt, alice.test_debt) == (0, 0, 0, 20)
    assert findings(empty) == []


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_happened_before_exactly_the_unspent_tests_move(address: str, empty: str, seed: int):
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(settle_in)
    town, chance = Town(books, Random(seed)), Random(seed)
    for _ in range(STEPS):
        await town.live()
    await books.close()
    order_ids = on(database_url(address), lambda c: set(c.execute(select(orders.c.order_id)).scalars()))
    tests = {order_id for order_id in sorted(order_ids) if chance.random() < 0.5}
    expected = on(database_url(address), partial(unspent, order_ids=tests))

    before = move(address, empty, tests)

    assert expected
    after = on(database_url(empty), journal_rows)
    assert after[: len(before)] == before
    assert len(after) == len(before) + len(expected)
    assert findings(empty) == []
    books = await Database.open(empty, clock=Clock())
    people = await books.read(holders.holder_ids, [(GUILD, member) for member in MEMBERS])
    for member in MEMBERS:
        wallet = await books.read(wallets.wallet, GUILD, member)
        assert wallet.test == expected.get(people[GUILD, member], 0)
    await books.close()
