"""Earnings by source and day of release: they follow the journal, and the audit finds whatever does not."""

import asyncio
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, text

from bot.domain.holds import PROMO, TEST, UNKNOWN, day_of
from bot.services.reversals import Reversals
from bot.storage.audit.auditor import audit
from bot.storage.audit.hash_chain import LAST
from bot.storage.audit.journal import check_journal
from bot.storage.audit.mark import mark_of
from bot.storage.audit.reader import open_reader
from bot.storage.audit.spill import SpillFolder
from bot.storage.audit.sums import check_sums
from bot.storage.database import Database
from bot.storage.folds import folding
from bot.storage.folds.earnings import hold_rules
from bot.storage.sql.hold_tables import earnings_by_source, pieces_taken_back
from bot.storage.stores import guilds
from tests.storage.town import DAY, GUILD, MIA, NOON, PETAL, ROB, Clock, buy, gift, grant, order

TODAY = day_of(NOON)

Lines = dict[tuple[str, int], tuple[int, int, int]]
"""What was earned, taken back, and is left of anonymous gifts, by source and days until release."""


async def lines(books: Database) -> Lines:
    def query(c: Connection) -> Lines:
        rows = c.execute(select(earnings_by_source)).all()
        return {(row.source, row.until_day - TODAY): (row.earned, row.taken_back, row.anonymous) for row in rows}

    await books.writer.catch_up(GUILD)
    return await books.read(query)


async def undo(books: Database, clock: Clock, seq: int, part: int | None = None) -> None:
    await Reversals(books, clock).reverse(
        GUILD, key=f"undo {seq} {part}", actor_id=ROB, seq=seq, part=part, reason="by mistake"
    )


async def choose(books: Database, provider: str, days: int, now_ms: int = NOON) -> None:
    await books.writer.perform(hold_rules.change, GUILD, provider, days, ROB, now_ms)


async def test_each_lot_brings_the_hold_of_its_provider(books: Database):
    await buy(books, order(coins=60, provider="stripe"))
    await buy(books, order(order_id=501, coins=40, provider="kofi"))
    await books.writer.submit(gift("a", item_id=PETAL, quantity=80))
    await books.writer.submit(gift("b", item_id=PETAL, quantity=20, anonymous=True))

    assert await lines(books) == {("stripe", 15): (30, 0, 0), ("kofi", 31): (20, 0, 10)}


async def test_promo_coins_wait_for_nothing_and_unknown_providers_for_the_longest(books: Database):
    rules = await books.read(guilds.rules, GUILD)
    assert rules is not None
    await books.writer.perform(guilds.save, replace(rules, promo_share_percent=20))
    await buy(books, order(coins=50))
    await books.writer.submit(grant("g", amount=50))

    await books.writer.submit(gift("a", item_id=PETAL, quantity=60))

    assert await lines(books) == {(PROMO, 0): (10, 0, 0), (UNKNOWN, 46): (5, 0, 0)}


async def test_test_coins_earn_nothing_here(books: Database):
    await buy(books, order(coins=50, provider="sandbox", test=True))

    await books.writer.submit(gift("a"))

    assert await lines(books) == {}


async def test_what_is_taken_back_comes_off_the_lines_of_the_gift(books: Database, clock: Clock):
    await buy(books, order(coins=21, provider="stripe"))
    await buy(books, order(order_id=501, coins=40, provider="manual"))
    receipt = await books.writer.submit(gift("a", quantity=5, anonymous=True))

    clock.now_ms += 3 * DAY
    await undo(books, clock, receipt.seq, 2)
    assert await lines(books) == {("stripe", 15): (10, 4, 6), ("manual", 0): (15, 6, 9)}
    await undo(books, clock, receipt.seq, 1)
    await undo(books, clock, receipt.seq)

    assert await lines(books) == {("stripe", 15): (10, 10, 0), ("manual", 0): (15, 15, 0)}


async def test_a_reversal_after_the_gift_counts_in_the_same_slice_as_in_another(books: Database, clock: Clock):
    await buy(books, order(coins=50, provider="stripe"))
    receipt = await books.writer.submit(gift("a", quantity=3))
    await books.writer.catch_up(GUILD)
    await undo(books, clock, receipt.seq, 1)
    await books.writer.catch_up(GUILD)
    await undo(books, clock, receipt.seq, 2)
    counted_apart = await lines(books)

    await books.writer.perform(folding.start_over, GUILD, NOON)

    assert await lines(books) == counted_apart == {("stripe", 15): (15, 15, 0)}


async def test_a_changed_hold_counts_for_later_gifts_and_also_when_all_is_counted_again(books: Database):
    await buy(books, order(coins=100, provider="stripe"))
    await books.writer.submit(gift("a"))
    await choose(books, "stripe", 2)
    await books.writer.submit(gift("b"))
    await choose(books, "stripe", 0, NOON + 1)
    await books.writer.submit(gift("c"))
    expected = {("stripe", 15): (5, 0, 0), ("stripe", 3): (5, 0, 0), ("stripe", 0): (5, 0, 0)}
    assert await lines(books) == expected

    await books.writer.perform(folding.start_over, GUILD, NOON)

    assert await lines(books) == expected


async def test_what_a_debt_takes_of_a_gift_is_not_held(books: Database, clock: Clock):
    await buy(books, order(member_id=MIA, coins=20, provider="manual"))
    await books.writer.submit(gift("x", sender_id=MIA, creator_id=14))
    await undo(books, clock, 1)
    await buy(books, order(order_id=501, coins=100, provider="stripe"))

    receipt = await books.writer.submit(gift("a", quantity=4))

    assert receipt.facts["payoff"] == 5
    assert (await lines(books))["stripe", 15] == (15, 0, 0)


async def test_a_test_payment_from_before_test_coins_is_never_released(books: Database):
    await buy(books, order(coins=50, provider="sandbox"))
    await books.writer.perform(_rewrite_order)
    await books.writer.submit(gift("a"))

    stored = await lines(books)
    await books.writer.perform(_restore_order)

    assert [source for source, _ in stored] == [TEST]
    # What was folded while the row says something else is counted again.
    await books.writer.perform(folding.start_over, GUILD, NOON)


def _rewrite_order(c: Connection) -> None:
    c.exec_driver_sql("""UPDATE journal SET body = replace(body, '"test":false', '"test":true') WHERE seq = 1""")


def _restore_order(c: Connection) -> None:
    c.exec_driver_sql("""UPDATE journal SET body = replace(body, '"test":true', '"test":false') WHERE seq = 1""")
    c.info.pop("sources of lots", None)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ("UPDATE earnings_by_source SET earned = earned + 1", "the gifts say [20, 5, 0]"),
        ("UPDATE earnings_by_source SET taken_back = taken_back - 1", "the gifts say [20, 5, 0]"),
        ("UPDATE earnings_by_source SET anonymous = 1", "the gifts say [20, 5, 0]"),
        ("UPDATE earnings_by_source SET until_day = until_day - 1", "the gifts say None"),
        ("UPDATE earnings_by_source SET source = 'manual'", "are missing, the gifts say [20, 5, 0]"),
        ("UPDATE earnings_by_source SET creator = creator + 1", "are missing"),
        ("DELETE FROM earnings_by_source", "are missing"),
        ("UPDATE pieces_taken_back SET pieces = 2", "its earnings are without 2 pieces, 1 were taken back"),
        ("DELETE FROM pieces_taken_back", "its earnings are those of all pieces, 1 were taken back"),
    ],
)
async def test_the_audit_finds_earnings_that_are_not_those_of_the_journal(
    books: Database, clock: Clock, change: str, what: str
):
    await buy(books, order(coins=40, provider="stripe"))
    receipt = await books.writer.submit(gift("a", quantity=4))
    await undo(books, clock, receipt.seq, 1)
    await books.writer.catch_up(GUILD)

    found_by_audit = await books.writer.perform(_audited_after, change)

    assert any(what in sentence for sentence in found_by_audit), found_by_audit


def _audited_after(c: Connection, change: str) -> list[str]:
    with c.begin_nested() as savepoint:
        c.execute(text(change))
        sentences = [finding.what for finding in audit(c)]
        savepoint.rollback()
    return sentences


async def test_the_audit_knows_what_is_not_folded_yet(books: Database, clock: Clock):
    await buy(books, order(coins=40, provider="stripe"))
    receipt = await books.writer.submit(gift("a", quantity=4))
    await undo(books, clock, receipt.seq, 1)
    await books.writer.catch_up(GUILD)

    assert await books.writer.perform(_audited_at_each_row) == [[]] * 4


def _audited_at_each_row(c: Connection) -> list[list[str]]:
    """Count everything again, row by row, and return what the audit says each time."""
    folding.start_over(c, GUILD, NOON)
    audits = [[finding.what for finding in audit(c)]]
    for _ in range(3):
        folding.fold_slice(c, GUILD, 1, NOON)
        audits.append([finding.what for finding in audit(c)])
    return audits


async def test_the_audit_knows_what_was_taken_back_while_it_ran(
    books: Database, clock: Clock, address: str, tmp_path: Path
):
    await buy(books, order(coins=100, provider="stripe"))
    receipt = await books.writer.submit(gift("a", quantity=4))
    hidden = await books.writer.submit(gift("hidden", quantity=2, anonymous=True))
    await undo(books, clock, receipt.seq, 1)
    await books.writer.catch_up(GUILD)
    asides: list[SpillFolder] = []

    def read(c: Connection) -> list[tuple[int, str]]:
        asides.append(SpillFolder(f"{tmp_path}/aside", 2, mark_of(c, GUILD)))
        return list(check_journal(c, GUILD, 0, LAST, asides[0], unheard))

    def compare(c: Connection) -> list[tuple[int, str]]:
        return [*check_sums(c, GUILD, range(2), asides[0], unheard)]

    with closing(open_reader(address)) as reader:
        problems = await asyncio.to_thread(reader.look, read)
        await undo(books, clock, receipt.seq, 2)
        await undo(books, clock, hidden.seq, 1)
        await books.writer.submit(gift("later"))
        await books.writer.catch_up(GUILD)
        problems += await asyncio.to_thread(reader.look, compare)

    assert problems == []


def unheard(_rows: int) -> None:
    """Hear nothing of the progress of a check."""


async def test_a_gift_that_could_not_be_counted_is_left_out_together_with_its_reversal(books: Database, clock: Clock):
    await buy(books, order(coins=40, provider="stripe"))
    receipt = await books.writer.submit(gift("a", quantity=2))
    await undo(books, clock, receipt.seq, 1)
    await books.writer.submit(grant("g"))
    await books.writer.catch_up(GUILD)

    assert await books.writer.perform(_skip_the_gift) == 0

    await books.writer.perform(folding.start_over, GUILD, NOON)
    assert await lines(books) == {("stripe", 15): (10, 5, 0)}


def _skip_the_gift(c: Connection) -> int:
    folding.start_over(c, GUILD, NOON)
    folding.fold_slice(c, GUILD, 1, NOON)
    folding.skip_rows(c, GUILD, 1, NOON)
    folding.fold_slice(c, GUILD, 9, NOON)
    rows = c.execute(select(earnings_by_source)).all(), c.execute(select(pieces_taken_back)).all()
    return sum(map(len, rows))
