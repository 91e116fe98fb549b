"""Lots through the writer and both databases: always those of the books, in whichever batch they change."""

import asyncio

import pytest
from sqlalchemy import Connection, text

from bot.domain.accounts import paid_of
from bot.storage.audit.auditor import Finding, audit
from bot.storage.audit.slices import EVERYBODY, Bookmark, Slice, check_bite
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.stores import lots, orders
from tests.storage.town import ALICE, GUILD, PANEL, PETAL, buy, credit, gift, grant, order


async def held(books: Database, member: int = ALICE) -> list[list[int]]:
    """Return a member's lots: the row of the order, and coins, each."""

    def query(c: Connection) -> list[list[int]]:
        place = GUILD, paid_of(holders.holder_id(c, GUILD, member) or 0)
        return [[*lot] for lot in lots.lots_of(c, [place]).get(place, ())]

    return await books.read(query)


async def test_lots_are_spent_within_a_batch_and_from_one_to_the_next(books: Database):
    first = await buy(books, order(coins=10))
    second = await buy(books, order(order_id=501, coins=25))
    third = order(order_id=502, coins=9)
    await books.writer.perform(orders.insert, third, PANEL)

    one, two, bought = await asyncio.gather(
        books.writer.submit(gift("a", item_id=PETAL, quantity=8)),
        books.writer.submit(gift("b", item_id=PETAL, quantity=8)),
        books.writer.submit(credit(third)),
    )
    later = await books.writer.submit(gift("c", item_id=PETAL, quantity=20))

    assert [one.facts["lots"], two.facts["lots"]] == [[[first.seq, 8]], [[first.seq, 2], [second.seq, 6]]]
    assert later.facts["lots"] == [[second.seq, 19], [bought.seq, 1]]
    assert await held(books) == [[bought.seq, 8]]


async def test_the_lots_of_members_who_give_at_the_same_time_are_apart(books: Database):
    purchases = [order(order_id=600 + number, member_id=100 + number, coins=20) for number in range(30)]
    sales = [await buy(books, purchase) for purchase in purchases]

    gifts = await asyncio.gather(
        *(books.writer.submit(gift(f"gift {p.order_id}", sender_id=p.member_id, quantity=2)) for p in purchases)
    )

    assert [sent.facts["lots"] for sent in gifts] == [[[sale.seq, 20]] for sale in sales]
    assert await held(books, purchases[0].member_id) == []


@pytest.mark.databases("sqlite")
async def test_a_batch_that_is_rolled_back_leaves_no_lots_behind(books: Database):
    sale = await buy(books, order(coins=50))
    await books.writer.submit(gift("a"))
    doomed = order(order_id=501)
    await books.writer.perform(orders.insert, doomed, PANEL)
    refuse = "CREATE TRIGGER refuse BEFORE UPDATE ON orders BEGIN SELECT RAISE(ABORT, 'for a test'); END"
    await books.writer.perform(_execute, refuse)
    await books.writer.submit(gift("b"))

    # Both are in one batch, which fails after the lots were written. Then each is tried alone.
    sent, failure = await asyncio.gather(
        books.writer.submit(gift("c")), books.writer.submit(credit(doomed)), return_exceptions=True
    )

    assert not isinstance(sent, BaseException)
    assert sent.facts["lots"] == [[sale.seq, 10]]
    assert "for a test" in str(failure)
    assert await held(books) == [[sale.seq, 20]]
    await books.writer.perform(_execute, "DROP TRIGGER refuse")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE lots SET coins = coins + 1", "holds 41, but rows moved 40 into it"),
        ("DELETE FROM lots", "paid lot 1"),
        ("UPDATE lots SET owner = owner + 1", "holds 40, but rows moved 0 into it"),
        ("UPDATE lots SET kind = 'promo'", "holds 40, but rows moved 0 into it"),
        ("UPDATE lots SET seq = 2", "holds 40, but rows moved 0 into it"),
    ],
)
async def test_the_audit_finds_lots_that_are_not_those_of_the_journal(books: Database, change: str, what: str):
    await buy(books, order(coins=50))
    await books.writer.submit(grant("g", amount=5))
    await books.writer.submit(gift("a", item_id=PETAL, quantity=15))

    findings = await books.writer.perform(_audited_after, change)

    assert any(what in finding.what for finding in findings), findings


async def test_the_rolling_check_finds_lots_that_do_not_add_up_to_the_balance(books: Database):
    await buy(books, order(coins=50))

    assert await books.read(list_of_differences) == []
    findings = await books.writer.perform(_differences_after, "UPDATE lots SET coins = 49")

    assert [what.partition(" holds ")[2] for what in findings] == ["50, but its lots add up to 49"]
    await books.writer.perform(_execute, "UPDATE lots SET coins = 50")


def list_of_differences(c: Connection) -> list[str]:
    bite = Slice(Bookmark(GUILD), Bookmark(GUILD, 0, EVERYBODY), Bookmark())
    return [what for _, what in check_bite(c, GUILD, bite, lambda _rows: None)]


def _differences_after(c: Connection, change: str) -> list[str]:
    c.execute(text(change))
    return list_of_differences(c)


def _execute(c: Connection, statement: str) -> None:
    c.execute(text(statement))


def _audited_after(c: Connection, change: str) -> list[Finding]:
    """Return what the audit says of a change, and undo that."""
    with c.begin_nested() as savepoint:
        c.execute(text(change))
        findings = list(audit(c))
        savepoint.rollback()
    return findings
