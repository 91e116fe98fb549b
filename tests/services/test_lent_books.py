"""Exported books are lent: the files are there while they are sent, for one reader of a guild, and gone afterwards."""

import pytest

from bot.domain.errors import Busy, UnknownGuild
from bot.domain.staff_errors import BooksTooLarge
from bot.services.exports import BooksExports, ExportedBooks
from bot.storage.database import Database
from bot.storage.stores import guilds
from tests.storage.town import GUILD, NOON, OTHER_GUILD

ROOMY_BYTES = 1 << 20


@pytest.fixture
async def exports(database: Database) -> BooksExports:
    for guild_id in (GUILD, OTHER_GUILD):
        await database.writer.perform(guilds.ensure, guild_id, NOON, packages_archived=False)
    return BooksExports(database)


def sizes_on_disk(lent: ExportedBooks) -> list[int]:
    """Return the bytes of the files that are still there."""
    return [file.path.stat().st_size for file in lent.files if file.path.exists()]


async def size_of(exports: BooksExports, guild_id: int) -> int:
    """Export the books of a guild, and return the bytes of their only file."""
    async with exports.export(guild_id, ROOMY_BYTES) as lent:
        (file,) = lent.files
        return file.size


async def test_books_are_lent_once_at_a_time_and_gone_afterwards(exports: BooksExports):
    async with exports.export(GUILD, ROOMY_BYTES) as lent:
        sizes = sizes_on_disk(lent)
        with pytest.raises(Busy):
            await size_of(exports, GUILD)
        other_bytes = await size_of(exports, OTHER_GUILD)

    assert sizes == [file.size for file in lent.files]
    assert other_bytes > 0
    assert sizes_on_disk(lent) == []
    assert await size_of(exports, GUILD) == sizes[0]


async def test_books_that_cannot_be_lent_can_be_asked_for_again(exports: BooksExports):
    with pytest.raises(UnknownGuild):
        await size_of(exports, 99)
    with pytest.raises(BooksTooLarge):
        async with exports.export(GUILD, 100):
            pass

    assert await size_of(exports, GUILD) > 100
