"""Books that the benchmarks copy from guild to guild: the audit finds nothing, and a bot goes on with them."""

import pytest

from benchmarks.books import DAY_MS, FIRST_GUILD, FIRST_MEMBER, START_MS, fill
from benchmarks.copied_books import copy_books
from bot.storage.audit.auditor import audit_database
from bot.storage.connect import postgresql
from bot.storage.connect.address import database_url
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import guilds
from tests.storage.town import Clock, gift

pytestmark = pytest.mark.databases("postgresql")

COPIES = [FIRST_GUILD + 1, FIRST_GUILD + 2, FIRST_GUILD + 3]
GIFTS = 5


@pytest.mark.parametrize("belongs", [False, True])
async def test_copied_books_pass_the_audit_and_are_gone_on_with(address: str, clock: Clock, belongs: bool):
    clock.now_ms = START_MS + 3 * DAY_MS
    copied: list[int] = []
    url = database_url(address)
    postgresql.alone(
        url, lambda c: fill(c, gifts=GIFTS, members=4, creators=2, days=2, guild_id=FIRST_GUILD, belongs=belongs)
    )
    postgresql.alone(url, lambda c: copy_books(c, FIRST_GUILD, COPIES, copied.append, batch=2))

    assert copied == [2, 3]
    assert [*audit_database(address)] == []
    database = await Database.open(address, clock=clock)
    try:
        heads = [await database.read(journal.head, guild_id) for guild_id in (FIRST_GUILD, COPIES[-1])]
        assert heads[0].seq == heads[1].seq > GIFTS
        assert heads[0].hash != heads[1].hash
        assert await database.read(guilds.required, COPIES[-1]) is not None
        giver, creator = FIRST_MEMBER + 3, FIRST_MEMBER
        receipt = await database.writer.submit(
            gift("next", guild_id=COPIES[-1], sender_id=giver, creator_id=creator, item_id=1)
        )
        assert receipt.seq == heads[1].seq + 1
    finally:
        await database.close()
    assert [*audit_database(address)] == []
