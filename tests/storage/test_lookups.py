"""What staff see of a member: every row by page and kind, and no sender of an anonymous gift to themselves."""

import pytest
from sqlalchemy import Connection

from bot.domain.lookups import Lookup, LookupFilter, LookupKind
from bot.storage.database import Database
from bot.storage.stores import guilds, lookups
from tests.storage.town import ALICE, BOB, GUILD, MIA, NOON, ROB, gift, grant


async def look_up(books: Database, member_id: int, reader_id: int = ROB, **wanted: object) -> Lookup:
    bounds = LookupFilter()._replace(**wanted)
    return await books.read(lookups.look_up, GUILD, member_id, reader_id, bounds, 2, 3)


def _earn_from_promo_coins(c: Connection) -> None:
    rules = guilds.rules(c, GUILD)
    assert rules is not None
    guilds.save(c, rules.changed(promo_share_percent=50))


@pytest.fixture
async def seqs(books: Database) -> list[int]:
    """Rows of a grant to Alice, her gift to Mia, and her anonymous one."""
    # So that Mia has earned something, and the gifts are in her journal, too.
    await books.writer.perform(_earn_from_promo_coins)
    commands = [grant("g"), gift("named"), gift("hidden", anonymous=True)]
    return [(await books.writer.submit(command)).seq for command in commands]


async def test_rows_come_by_page_newest_first(books: Database, seqs: list[int]):
    pages = [await look_up(books, ALICE, page=page) for page in (0, 1, 9)]

    assert [[line.seq for line in page.lines] for page in pages] == [seqs[:0:-1], seqs[:1], seqs[:1]]
    assert [page.filter.page for page in pages] == [0, 1, 1]
    assert {page.count for page in pages} == {3}
    assert pages[0].wallet.promo == 100 - pages[0].lines[0].receipt.facts["coins"] * 2


async def test_rows_come_by_kind_and_time(books: Database, seqs: list[int]):
    grants = await look_up(books, ALICE, kind=LookupKind.GRANTS)
    earlier = await look_up(books, ALICE, until_ms=NOON - 1_000)
    later = await look_up(books, ALICE, from_ms=NOON - 1_000)

    assert [line.seq for line in grants.lines] == seqs[:1]
    assert (earlier.count, later.count) == (0, 3)


async def test_staff_read_who_sent_an_anonymous_gift_but_not_one_to_themselves(books: Database, seqs: list[int]):
    by_others, by_mia = await look_up(books, MIA), await look_up(books, MIA, MIA)
    of_alice = await look_up(books, ALICE, MIA)

    assert by_others.lines[0].receipt.actor_id == ALICE
    assert by_mia.lines[0].receipt.actor_id == 0
    assert [line.seq for line in of_alice.lines] == [seqs[1], seqs[0]]
    assert of_alice.count == 2


async def test_nobody_is_found_where_the_books_know_nobody(books: Database):
    assert (await look_up(books, BOB)).count == 0
