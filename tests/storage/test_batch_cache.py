"""What batches use again is never older than the books: not after a job, and not after somebody else's commit."""

import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot.domain.errors import ItemUnavailable, NotACreator, NotFound
from bot.storage.database import Database
from bot.storage.ledger.batch_cache import MOST, BatchCache
from bot.storage.stores import catalogue, creators, guilds
from tests.storage.town import GUILD, MIA, NOON, ROB, WARM_HEART, gift, grant


@pytest.fixture
async def rich(books: Database) -> Database:
    """Books in which Alice has sent a gift, so that everything about it is kept."""
    await books.writer.submit(grant("g", amount=5_000))
    await books.writer.submit(gift("first"))
    return books


async def test_a_creator_who_was_removed_gets_nothing_more(rich: Database):
    await rich.writer.perform(creators.remove, GUILD, MIA, NOON)
    with pytest.raises(NotACreator):
        await rich.writer.submit(gift("second"))
    await rich.writer.perform(creators.approve, GUILD, MIA, ROB, NOON)

    assert (await rich.writer.submit(gift("third"))).other_id == MIA


async def test_a_new_price_is_the_next_gifts_price(rich: Database):
    item = await rich.read(catalogue.item, GUILD, WARM_HEART)
    assert item is not None
    await rich.writer.perform(catalogue.save, replace(item, price=77))

    assert (await rich.writer.submit(gift("second"))).facts["price"] == 77


async def test_a_new_share_is_the_next_gifts_share(rich: Database):
    rules = await rich.read(guilds.rules, GUILD)
    assert rules is not None
    await rich.writer.perform(guilds.save, rules.changed(share_percent=100))

    assert (await rich.writer.submit(gift("second"))).facts["share_percent"] == 100


async def test_an_item_that_did_not_exist_can_be_sent_once_it_does(rich: Database):
    item = await rich.read(catalogue.item, GUILD, WARM_HEART)
    assert item is not None
    with pytest.raises(NotFound):
        await rich.writer.submit(gift("second", item_id=99))
    await rich.writer.perform(catalogue.save, replace(item, item_id=99))

    assert (await rich.writer.submit(gift("third", item_id=99))).facts["item"] == 99


async def test_what_is_in_stock_is_counted_from_batch_to_batch(rich: Database):
    item = await rich.read(catalogue.item, GUILD, WARM_HEART)
    assert item is not None
    await rich.writer.perform(catalogue.save, replace(item, stock=2))
    for key in ("second", "third"):
        await rich.writer.submit(gift(key))

    with pytest.raises(ItemUnavailable):
        await rich.writer.submit(gift("fourth"))


@pytest.mark.databases("sqlite")
async def test_what_another_connection_committed_is_read(rich: Database, file: Path):
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE creators SET removed_ms = 1 WHERE member_id = ?", (MIA,))

    with pytest.raises(NotACreator):
        await rich.writer.submit(gift("second"))


@pytest.mark.databases("sqlite")
def test_no_more_is_kept_than_there_is_room_for(c: Connection):
    cache, requests = BatchCache(), list[int]()

    def read(_: Connection, keys: Collection[int]) -> dict[int, int]:
        requests.extend(keys)
        return {key: key for key in keys}

    assert cache.look_up(c, "numbers", range(MOST + 1), read) == {key: key for key in range(MOST + 1)}
    requests.clear()
    assert cache.look_up(c, "numbers", [5], read) == {5: 5}
    assert requests == [5]
