"""What is known of channels that refuse messages, also after a restart."""

from collections.abc import AsyncIterator

import pytest

from bot.domain.channel_refusals import UnwritableChannel
from bot.services.channels import Channels
from bot.storage.database import Database
from tests.storage.town import GUILD, NOON, Clock, settle_in

GENERAL, LIVE = 501, 502
REFUSED = UnwritableChannel(GUILD, GENERAL, 50013, NOON).refused(50013, NOON)


@pytest.fixture
async def books(address: str) -> AsyncIterator[Database]:
    """A guild's books."""
    books = await Database.open(address, clock=Clock())
    await books.writer.perform(settle_in)
    yield books
    await books.close()


def channels(books: Database) -> Channels:
    return Channels(books, lambda: NOON)


async def test_a_refusal_is_known_after_a_restart_until_its_deadline(books: Database):
    await channels(books).save(REFUSED)
    again = await channels(books).get(GUILD, GENERAL)

    assert again == REFUSED
    assert again is not None
    assert again.refuses_at(NOON + 4_999)
    assert not again.refuses_at(NOON + 5_000)


async def test_a_channel_that_takes_a_message_is_forgotten_for_good(books: Database):
    store = channels(books)
    await store.save(REFUSED)
    await store.forget(GUILD, GENERAL)

    assert await store.get(GUILD, GENERAL) is None
    assert await channels(books).unwritable(GUILD) == []


async def test_a_channel_whose_rights_change_is_tried_at_once_and_its_refusals_still_count(books: Database):
    store = channels(books)
    await store.save(REFUSED)
    await store.retry(GUILD, GENERAL, LIVE)

    for records in (store, channels(books)):
        channel = await records.fresh(GUILD, GENERAL)
        assert not channel.refuses_at(NOON)
        assert channel.refused(50013, NOON).retry_ms == NOON + 10_000


async def test_staff_hear_nothing_of_a_channel_that_may_be_fine_by_now(books: Database):
    later = Channels(books, lambda: NOON + 5_000)
    await later.save(REFUSED)

    assert await later.claim_unreported(GUILD) == []
    assert await later.resting(GUILD) == []
    assert len(await channels(books).claim_unreported(GUILD)) == 1


async def test_staff_hear_of_a_channel_once_unless_nobody_could_be_told(books: Database):
    store = channels(books)
    await store.save(REFUSED)
    first, second = await store.claim_unreported(GUILD), await store.claim_unreported(GUILD)
    await store.mark_unreported(GUILD, first)
    third = await channels(books).claim_unreported(GUILD)

    assert [channel.channel_id for channel in first] == [channel.channel_id for channel in third] == [GENERAL]
    assert second == []
    assert [channel.is_reported for channel in await store.unwritable(GUILD)] == [False]
