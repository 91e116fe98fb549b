"""The bank test: many members pay at once while others look. Coins are neither made nor lost, at any moment.

The same storm against a payer that reads, thinks and writes shows that the test can tell.
"""

import asyncio
import itertools
import random
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing

from sqlalchemy import Connection, func, select

from bot.domain.errors import NotEnoughCoins, Refusal
from bot.domain.receipts import Receipt
from bot.storage.database import Database
from bot.storage.sql.tables import balances, entries
from bot.storage.stores import wallets
from tests.storage.town import ALICE, GUILD, MIA, NOAH, PAPER_CRANE, PETAL, WARM_HEART, buy, gift, grant, order

MEMBERS = range(100, 120)
READERS = 4
Pay = Callable[[int, int], Awaitable[bool]]
"""Pay (payer, coins); return whether it was done."""


async def storm(pay: Pay, total: Callable[[], Awaitable[int]], tasks: int = 200) -> list[int]:
    """Let `tasks` tasks pay at random while readers look; return every total that they saw."""
    totals: list[int] = []
    is_over = asyncio.Event()

    async def payer(number: int) -> None:
        chance = random.Random(number)
        for _ in range(5):
            await pay(chance.choice(MEMBERS), chance.choice((1, 10, 99)))

    async def reader() -> None:
        while not is_over.is_set():
            totals.append(await total())

    reading = asyncio.gather(*(reader() for _ in range(READERS)))
    await asyncio.gather(*(payer(number) for number in range(tasks)))
    is_over.set()
    await reading
    totals.append(await total())
    return totals


async def test_no_coin_is_made_or_lost_while_200_tasks_pay(books: Database):
    items = {1: PETAL, 10: WARM_HEART, 99: PAPER_CRANE}
    numbers = itertools.count()
    payments: list[int] = []

    async def pay(member: int, coins: int) -> bool:
        try:
            key = f"gift:{next(numbers)}"
            await books.writer.submit(gift(key, sender_id=member, item_id=items[coins]))
        except NotEnoughCoins:
            return False
        payments.append(coins)
        return True

    async def total() -> int:
        return await books.read(lambda c: int(c.execute(select(func.sum(balances.c.amount))).scalar_one()))

    for member in MEMBERS:
        await books.writer.submit(grant(f"g{member}", member_id=member, amount=500))

    totals = await storm(pay, total)

    assert set(totals) == {0}
    balances_left = [await books.read(wallets.wallet, GUILD, member) for member in MEMBERS]
    assert sum(wallet.total for wallet in balances_left) == 500 * len(MEMBERS) - sum(payments)
    assert min(wallet.total for wallet in balances_left) >= 0


async def test_the_storm_catches_a_payer_that_reads_thinks_and_writes():
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as naive:
        naive.execute("CREATE TABLE wallets (member INTEGER PRIMARY KEY, coins INTEGER)")
        naive.executemany("INSERT INTO wallets VALUES (?, ?)", [(member, 500) for member in (0, *MEMBERS)])

        def coins_of(member: int) -> int:
            return naive.execute("SELECT coins FROM wallets WHERE member = ?", (member,)).fetchone()[0]

        async def pay(member: int, coins: int) -> bool:
            purse, house = coins_of(member), coins_of(0)
            await asyncio.sleep(0)
            if purse < coins:
                return False
            naive.execute("UPDATE wallets SET coins = ? WHERE member = ?", (purse - coins, member))
            naive.execute("UPDATE wallets SET coins = ? WHERE member = 0", (house + coins,))
            return True

        async def total() -> int:
            await asyncio.sleep(0)
            return naive.execute("SELECT sum(coins) FROM wallets").fetchone()[0]

        totals = await storm(pay, total)

    assert set(totals) != {500 * (len(MEMBERS) + 1)}


async def test_of_fifty_gifts_at_once_a_wallet_pays_for_one(books: Database):
    await books.writer.submit(grant("g", amount=100))

    answers = await asyncio.gather(
        *(books.writer.submit(gift(f"a{number}", quantity=10)) for number in range(50)), return_exceptions=True
    )

    assert Counter(map(type, answers)) == {Receipt: 1, NotEnoughCoins: 49}
    assert (await books.read(wallets.wallet, GUILD, ALICE)).total == 0


async def test_a_thousand_random_operations_sum_to_zero(books: Database):
    chance = random.Random(20_260_205)

    async def operate(number: int) -> None:
        member = chance.choice(MEMBERS)
        match chance.randrange(4):
            case 0:
                await buy(books, order(order_id=1_000 + number, member_id=member))
            case 1:
                await books.writer.submit(grant(f"g{number}", member_id=member, amount=chance.randint(1, 500)))
            case _:
                creator = chance.choice((MIA, NOAH))
                item = chance.choice((PETAL, WARM_HEART, PAPER_CRANE))
                count = chance.randint(1, 9)
                await books.writer.submit(
                    gift(f"a{number}", sender_id=member, creator_id=creator, item_id=item, quantity=count)
                )

    for start in range(0, 1_000, 50):
        answers = await asyncio.gather(
            *(operate(number) for number in range(start, start + 50)), return_exceptions=True
        )
        assert all(answer is None or isinstance(answer, Refusal) for answer in answers), answers

    def sums(c: Connection) -> tuple[int, int]:
        balance = c.execute(select(func.sum(balances.c.amount))).scalar_one()
        turnover = c.execute(select(func.sum(entries.c.amount))).scalar_one()
        return int(balance), int(turnover)

    assert await books.read(sums) == (0, 0)
