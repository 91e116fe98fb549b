"""The way to lots: old journals, whose rows say nothing of them, become the lots that the rules would keep."""

import json
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, MetaData, delete, func, insert, select

from bot.domain.deadlines import DeadlineKind
from bot.domain.errors import Refusal
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.journal import GENESIS, canonical, row_hash
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.orders import Cause
from bot.domain.receipts import Receipt
from bot.storage.connect.address import database_url
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.maintenance import migrate
from bot.storage.sql.tables import journal, lots, unlisted_lots
from tests.storage.conftest import findings
from tests.storage.old_databases import LATER_FOLDS, at_revision, on
from tests.storage.town import ALICE, BOB, GUILD, MIA, NOAH, PETAL, ROB, Clock, buy, gift, grant, order, settle_in

BEFORE = "0035"
"""The last revision without lots."""
MEMBERS = (ALICE, BOB)
STEPS = 120

Rows = dict[str, list[dict[str, Any]]]
"""The rows of a database, by table."""


class Town:
    """A guild where members buy and give, and all of it is taken back and returned now and then."""

    def __init__(self, books: Database, chance: Random) -> None:
        self.books = books
        self.chance = chance
        self.sales: list[Receipt] = []
        self.gifts: list[Receipt] = []
        self.grants: list[Receipt] = []
        self.disputes: list[tuple[Receipt, Receipt]] = []
        self.holders: dict[tuple[int, int], int] = {}

    async def live(self) -> None:
        """Do something."""
        doings = (self.buy, self.give, self.give, self.give, self.undo, self.undo, self.refund, self.dispute, self.win)
        try:
            await self.chance.choice(doings)()
        except Refusal:
            return
        finally:
            people = [(GUILD, member) for member in (*MEMBERS, MIA, NOAH, ROB)]
            self.holders = await self.books.read(holders.holder_ids, people)

    async def buy(self) -> None:
        member = self.chance.choice(MEMBERS)
        # Its earnings are never held: what a refund takes from creators has been written down only since later.
        coins = self.chance.randint(1, 60)
        purchase = order(order_id=1_000 + len(self.sales), member_id=member, coins=coins, provider="manual")
        self.sales.append(await buy(self.books, purchase))
        if self.chance.random() < 0.3:
            amount = self.chance.randint(1, 30)
            self.grants.append(await self.submit(grant(self.key(), member_id=member, amount=amount)))

    async def give(self) -> None:
        sender, creator = self.chance.choice(MEMBERS), self.chance.choice((MIA, NOAH))
        quantity = self.chance.randint(1, 40)
        command = SendGift(GUILD, self.key(), sender, creator, PETAL, quantity, 0)
        self.gifts.append(await self.submit(command))

    async def undo(self) -> None:
        """Take back a part of a gift or a grant."""
        receipt = self.chance.choice([*self.gifts, *self.gifts, *self.grants] or [None])
        if receipt:
            await self.submit(self.reversal(receipt, part=self.chance.randint(1, 12)))

    async def refund(self) -> None:
        if self.sales:
            sale = self.chance.choice(self.sales)
            total = self.chance.randint(1, sale.facts["coins"])
            await self.submit(self.reversal(sale, total=total, cause=Cause.REFUND))

    async def dispute(self) -> None:
        if self.sales:
            sale = self.chance.choice(self.sales)
            command = self.reversal(sale, total=sale.facts["coins"], cause=Cause.DISPUTE)
            self.disputes.append((await self.submit(command), sale))

    async def win(self) -> None:
        if self.disputes:
            reversal, sale = self.disputes.pop(self.chance.randrange(len(self.disputes)))
            people = (self.holders[GUILD, sale.actor_id],)
            await self.submit(Reinstate(GUILD, self.key(), sale.actor_id, reversal.seq, sale.seq, people))

    def reversal(self, receipt: Receipt, **changes: Any) -> Reverse:
        member = receipt.other_id if receipt.kind == "grant" else receipt.actor_id
        people = tuple(self.holders[GUILD, person] for person in {receipt.actor_id, receipt.other_id} - {0})
        return Reverse(GUILD, self.key(), ROB, member, receipt.seq, "oh", holder_ids=people)._replace(**changes)

    async def submit(self, command: Any) -> Receipt:
        return await self.books.writer.submit(command)

    def key(self) -> str:
        return f"key {self.chance.getrandbits(64)}"


def without_lots(c: Connection) -> Rows:
    """Return the rows of all tables as the version before would have written them, by table."""
    return rewritten(c, lambda _, facts: {name: value for name, value in facts.items() if name != "lots"})


def rewritten(c: Connection, rewrite: Callable[[str, dict[str, Any]], dict[str, Any]]) -> Rows:
    """Return the rows of all tables, by table, as if the facts of each row of the journal, by its kind, were others."""
    tables = MetaData()
    tables.reflect(c)
    rows = {table.name: [dict(row._mapping) for row in c.execute(select(table))] for table in tables.sorted_tables}
    legs: dict[tuple[int, int], list[Any]] = {}
    for leg in sorted(rows["entries"], key=lambda leg: (leg["guild_id"], leg["seq"], leg["leg"])):
        legs.setdefault((leg["guild_id"], leg["seq"]), []).append(((leg["kind"], leg["owner"]), leg["amount"]))
    ends = dict.fromkeys([row["guild_id"] for row in rows["heads"]], GENESIS)
    for row in sorted(rows["journal"], key=lambda row: (row["guild_id"], row["seq"])):
        guild_id, seq, end = row["guild_id"], row["seq"], ends[row["guild_id"]]
        body = canonical(rewrite(row["kind"], json.loads(row["body"])))
        place = (guild_id, seq, row["kind"], row["key"], row["actor"], row["at_ms"])
        ends[guild_id] = row_hash(end, *place, body, tuple(legs[guild_id, seq]))
        row |= {"body": body.decode(), "previous": end, "hash": ends[guild_id]}
    for head in rows["heads"]:
        head["hash"] = ends[head["guild_id"]]
    return rows


def is_of(tables: MetaData, name: str, row: dict[str, Any]) -> bool:
    """Whether a row of table `name` could be in a database with these tables."""
    # Where a fold has no table yet, it has counted nothing, however far it came on a slow machine.
    if name == "cursors" and LATER_FOLDS.get(row["follower"], name) not in tables.tables:
        return False
    # The first notices were about these. Nobody heard of anything else.
    if name == "notices" and row["kind"] not in {"grant", "creator"}:
        return False
    if name == "deadlines" and row["kind"] == DeadlineKind.CREATOR_WEEK:
        return "creator_week" in tables.tables["guilds"].columns
    return name != "deadlines" or row["kind"] != DeadlineKind.FLAG_LOOK or "flags" in tables.tables


def fill(c: Connection, rows_by_table: Rows) -> None:
    """Write rows, as far as the older tables have place for them."""
    tables = MetaData()
    tables.reflect(c)
    for table in tables.sorted_tables:
        names = {column.name for column in table.columns}
        rows = [
            {name: row[name] for name in names & row.keys()}
            for row in rows_by_table[table.name]
            if is_of(tables, table.name, row)
        ]
        if rows and table.name != "alembic_version":
            c.execute(insert(table), rows)
    c.commit()


def all_lots(c: Connection) -> list[Any]:
    return [tuple(row) for row in c.execute(select(lots).order_by(*lots.primary_key))]


def moves_in(c: Connection) -> tuple[list[Any], dict[int, Any]]:
    """Return all lots, and those that each row took from or refilled, whether it lists them itself or not."""
    query = select(unlisted_lots.c.seq, unlisted_lots.c.lot, unlisted_lots.c.coins)
    moves: dict[int, Any] = {}
    for seq, lot, coins in c.execute(query.order_by(unlisted_lots.c.seq, unlisted_lots.c.lot)):
        moves.setdefault(seq, []).append([lot, coins])
    for seq, body in c.execute(select(journal.c.seq, journal.c.body)):
        if "lots" in (facts := json.loads(body)):
            assert seq not in moves
            moves[seq] = facts["lots"]
    return all_lots(c), moves


def forget_a_row(c: Connection) -> int:
    """Delete what the books have of the lots of an old row, and return its number."""
    seq = c.execute(select(func.max(unlisted_lots.c.seq))).scalar_one()
    c.execute(delete(unlisted_lots).where(unlisted_lots.c.seq == seq))
    c.commit()
    return seq


@pytest.mark.parametrize("seed", range(2))
async def test_an_old_journal_is_replayed_into_the_lots_that_the_rules_keep(address: str, empty: str, seed: int):
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(settle_in)
    town = Town(books, Random(seed))
    for _ in range(STEPS):
        await town.live()
    while len(await books.read(all_lots)) < 3:
        await town.buy()
    await books.close()
    expected = on(database_url(address), moves_in)
    at_revision(database_url(empty), BEFORE)
    rows = on(database_url(address), without_lots)
    on(database_url(empty), partial(fill, rows_by_table=rows))

    migrate.upgrade(database_url(empty), dumps=None)

    assert len(expected[1]) > 30
    assert on(database_url(empty), moves_in) == expected
    assert findings(empty) == []
    seq = on(database_url(empty), forget_a_row)
    assert (GUILD, seq) in {(finding.guild_id, finding.seq) for finding in findings(empty)}


async def test_old_gifts_and_refunds_are_taken_back_and_returned_as_if_they_had_listed_their_lots(
    address: str, empty: str
):
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(settle_in)
    # Its earnings are never held: what a refund takes from creators has been written down only since later.
    first = await buy(books, order(coins=10, provider="manual"))
    second = await buy(books, order(order_id=501, coins=20, provider="manual"))
    sent = await books.writer.submit(gift("a", item_id=PETAL, quantity=16))
    town = Town(books, Random(1))
    town.holders = await books.read(holders.holder_ids, [(GUILD, member) for member in (ALICE, MIA, ROB)])
    await town.submit(town.reversal(sent, part=5))
    refund = await town.submit(town.reversal(second, total=20, cause=Cause.DISPUTE))
    await books.close()
    at_revision(database_url(empty), BEFORE)
    rows = on(database_url(address), without_lots)
    on(database_url(empty), partial(fill, rows_by_table=rows))
    migrate.upgrade(database_url(empty), dumps=None)
    books = await Database.open(empty, clock=Clock())
    town.books = books

    won = await town.submit(Reinstate(GUILD, "won", ALICE, refund.seq, second.seq, (town.holders[GUILD, ALICE],)))
    rest = await town.submit(town.reversal(sent))
    await books.close()

    assert won.facts["lots"] == [[first.seq, 3], [second.seq, 16]]
    assert rest.facts["lots"] == [[first.seq, 7], [second.seq, 4]]
    held, _ = on(database_url(empty), moves_in)
    assert [(seq, coins) for *_, seq, coins in held] == [(first.seq, 10), (second.seq, 20)]
    assert findings(empty) == []
