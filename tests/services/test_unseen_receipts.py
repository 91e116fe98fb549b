"""Receipts over a restart that nobody knows the books of: a start and a stop go on without them."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import pytest
from sqlalchemy import Connection

from bot import unseen_receipts
from bot.domain.receipts import OutcomeUnknown
from bot.services import Services
from bot.services.assembly import build
from bot.storage.connect.address import database_url
from bot.storage.connect.replication import Replication
from bot.storage.connect.transactions import Transactions
from bot.storage.database import Database, transactions_of
from bot.storage.ledger import holders
from tests.storage.town import ALICE, GUILD, Clock, gift, grant, settle_in

T = TypeVar("T")

pytestmark = pytest.mark.databases("sqlite")


class Doubtful:
    """Transactions whose commits have an answer, until `are_unknown` is set."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self.are_unknown = False

    @property
    def commit_s(self) -> float:
        return self._transactions.commit_s

    async def run(self, work: Callable[[Connection], T]) -> T:
        value = await self._transactions.run(work)
        if self.are_unknown:
            raise OutcomeUnknown
        return value

    async def close(self) -> None:
        await self._transactions.close()

    async def abandon(self) -> None:
        await self._transactions.abandon()


@pytest.fixture
def transactions(address: str) -> Doubtful:
    return Doubtful(transactions_of(database_url(address), Replication()))


@pytest.fixture
async def services(address: str, transactions: Doubtful) -> AsyncIterator[Services]:
    """The services over books in which Alice has given once, and was shown the receipt."""
    clock = Clock()
    url = database_url(address)
    books = Database(url, None, transactions, Replication(), clock=clock, new_holder=holders.new_holder)
    await books.writer.perform(settle_in)
    await books.writer.submit(grant("coins"))
    services = build(books, [], clock)
    receipt = await books.writer.submit(gift("shown"))
    services.receipts.begin(receipt)
    services.receipts.end(receipt, was_shown=True)
    await services.receipts.save()
    await books.writer.submit(gift("unseen"))
    yield services
    transactions.are_unknown = False
    await books.close()


async def test_a_start_goes_on_while_nobody_knows_what_was_written(services: Services, transactions: Doubtful):
    transactions.are_unknown = True
    await unseen_receipts.recover(services, lambda _: True)
    before = services.receipts.has_missed(GUILD, ALICE)
    transactions.are_unknown = False
    await unseen_receipts.keep(services)

    assert not before
    assert [receipt.seq for receipt in await services.receipts.claim(GUILD, ALICE)] == [3]


async def test_a_stop_goes_on_while_nobody_knows_what_was_written(services: Services, transactions: Doubtful):
    receipt = await services.receipts.receipt(GUILD, 3)
    services.receipts.begin(receipt)
    services.receipts.end(receipt, was_shown=False)
    transactions.are_unknown = True

    await asyncio.wait_for(unseen_receipts.save(services), 20)

    assert services.receipts.has_missed(GUILD, ALICE)
