"""Statements from the books: they add up to them whatever happens, and a month that is over never changes."""

import contextlib
import itertools
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from bot.domain.errors import Refusal
from bot.domain.payouts import PayoutRules
from bot.domain.statements import Month, statement_of
from bot.services.earnings import CreatorEarnings
from bot.services.notices import Notices
from bot.services.payouts import Payouts
from bot.services.reversals import Reversals
from bot.services.statements import CreatorStatements
from bot.storage.audit.auditor import Finding, audit
from bot.storage.database import Database
from bot.storage.sql.statistics_tables import statements as table
from bot.storage.stores import payouts, wallets
from tests.storage.town import ALICE, BOB, DAY, GUILD, MIA, NOAH, NOON, ROB, Clock, buy, gift, order, settle_in
from tests.thoroughness import by_thoroughness

FEBRUARY, MARCH = Month(2026, 2), Month(2026, 3)
guild_ids = itertools.count(2_000_001)


@pytest.fixture
async def clock() -> Clock:
    return Clock()


@pytest.fixture
async def books(address: str, clock: Clock) -> AsyncIterator[Database]:
    database = await Database.open(address, clock=clock)
    yield database
    await database.close()


async def town(books: Database, guild_id: int = GUILD) -> None:
    await books.writer.perform(settle_in, guild_id)
    await buy(books, order(guild_id=guild_id, coins=10_000))
    # What Bob's coins earn is never held, so it can be paid out.
    await buy(books, order(guild_id=guild_id, order_id=501, member_id=BOB, coins=10_000, provider="manual"))
    await buy(books, order(guild_id=guild_id, order_id=502, member_id=MIA, coins=50))


async def undo(books: Database, clock: Clock, guild_id: int, seq: int, part: int | None = None) -> None:
    undoing = Reversals(books, clock).reverse(
        guild_id, key=f"undo {seq} {part}", actor_id=ROB, seq=seq, part=part, reason="x"
    )
    try:
        await undoing
    except Refusal:
        return


async def test_a_month_that_is_over_gets_a_number_once_and_later_reversals_belong_to_their_own(
    books: Database, clock: Clock
):
    await town(books)
    statements = CreatorStatements(books, clock)
    receipt = await books.writer.submit(gift("a", quantity=4))
    await books.writer.submit(gift("b", sender_id=BOB, anonymous=True))
    draft = (await statements.of_creator(GUILD, MIA)).by_month
    clock.now_ms += 28 * DAY
    first = (await statements.of_creator(GUILD, MIA)).of(FEBRUARY)
    await undo(books, clock, GUILD, receipt.seq, 1)

    february, march = (await statements.of_creator(GUILD, MIA)).by_month

    assert [(each.number, each.closing) for each in draft] == [(0, 25)]
    assert (february.number, february.closing) == (1, 25)
    assert (february.content, february.digest) == (first.content, first.digest)
    assert (march.number, march.opening, march.closing) == (0, 25, 20)
    assert [line.diamonds for line in february.lines if line.anonymous] == [5]


async def test_numbers_count_up_in_a_guild_and_whoever_has_earned_nothing_has_none(books: Database, clock: Clock):
    await town(books)
    statements = CreatorStatements(books, clock)
    await books.writer.submit(gift("a"))
    await books.writer.submit(gift("b", creator_id=NOAH))
    clock.now_ms += 31 * DAY

    numbers = [(await statements.of_creator(GUILD, creator)).by_month[0].number for creator in (NOAH, MIA)]

    assert numbers == [1, 2]
    assert (await statements.of_creator(GUILD, ALICE)).by_month == []


@pytest.mark.parametrize(
    "change", ["number = 9", "content = replace(content, '25', '26')", "digest = 'x'", "month = 202601"]
)
async def test_the_audit_finds_a_statement_that_was_changed(books: Database, clock: Clock, change: str):
    await town(books)
    await books.writer.submit(gift("a", quantity=5))
    clock.now_ms += 31 * DAY
    await CreatorStatements(books, clock).of_creator(GUILD, MIA)

    sentences = await books.writer.perform(_audited_after, f"UPDATE statements SET {change}")

    assert any("was changed" in sentence for sentence in sentences), sentences


def _audited_after(c: Connection, change: str) -> list[str]:
    with c.begin_nested() as savepoint:
        c.execute(text(change))
        sentences = [finding.what for finding in audit(c)]
        savepoint.rollback()
    return sentences


STEPS = (
    *("gift", "gift", "hidden gift", "undo", "undo a piece", "claw back", "wait"),
    *("payout", "open payout", "rejected payout", "refund"),
)

steps = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.integers(0, 5),
        st.integers(1, 9),
    ),
    max_size=12,
)


@given(steps=steps)
@settings(
    max_examples=by_thoroughness(quick=5, full=10, long=60),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
async def test_statements_add_up_to_the_books_whatever_happens(
    books: Database, clock: Clock, steps: list[tuple[str, int, int]]
):
    guild_id = next(guild_ids)
    clock.now_ms = NOON
    await town(books, guild_id)
    await books.writer.perform(payouts.save_rules, guild_id, PayoutRules(minimum=1, people=1))
    statements = CreatorStatements(books, clock)
    await books.writer.submit(gift("first", guild_id=guild_id))
    seqs: list[int] = []
    for number, (step, which, count) in enumerate(steps):
        if step == "wait":
            clock.now_ms += count * 5 * DAY
            await statements.of_creator(guild_id, MIA)
        elif step == "claw back":
            # What Mia had bought is gone, so that she owes it, and new earnings pay that off. She may owe some already.
            with contextlib.suppress(Refusal):
                await books.writer.submit(gift(f"mia {number}", guild_id=guild_id, sender_id=MIA, creator_id=NOAH))
            await undo(books, clock, guild_id, 3)
            break
        elif step.endswith("payout"):
            await pay(books, clock, guild_id, step, count)
        elif step == "refund":
            await undo(books, clock, guild_id, which % 2 + 1, 1_000 * count)
        elif step.startswith("undo") and seqs:
            await undo(books, clock, guild_id, seqs[which % len(seqs)], 1 if step == "undo a piece" else None)
        else:
            sender = (ALICE, BOB)[which % 2]
            command = gift(f"{number}", guild_id=guild_id, sender_id=sender, quantity=count, anonymous="hidden" in step)
            # Whose coins went back may have none left, or owe some.
            with contextlib.suppress(Refusal):
                seqs.append((await books.writer.submit(command)).seq)

    months = (await statements.of_creator(guild_id, MIA)).by_month

    wallet = await books.read(wallets.wallet, guild_id, MIA)
    assert months[-1].closing == wallet.earnings + wallet.reserved
    for before, after in itertools.pairwise(months):
        assert after.opening == before.closing
    assert await books.read(_digests, guild_id)
    assert [finding.what for finding in await books.read(_audited, guild_id)] == []


async def pay(books: Database, clock: Clock, guild_id: int, step: str, percent: int) -> None:
    """Have Mia ask for a part of what is available, and pay it, reject it or leave it open."""
    desk = Payouts(books, clock, Notices(books, clock).expect)
    try:
        available = (await CreatorEarnings(books, clock).earnings(guild_id, MIA)).available
        request = await desk.request(guild_id, f"i:{clock.now_ms}:{percent}", MIA, available * percent // 9)
        number = request.payout.payout_id
        if step == "rejected payout":
            await desk.reject(guild_id, number, ROB, "not now")
        elif step == "payout":
            await desk.approve(guild_id, number, ROB)
            await desk.record(guild_id, number, BOB, "TX-1")
    except Refusal:
        return


def _digests(c: Connection, guild_id: int) -> bool:
    rows = c.execute(select(table.c.content, table.c.number, table.c.digest).where(table.c.guild_id == guild_id))
    return all(statement_of(content, number).digest == digest for content, number, digest in rows)


def _audited(c: Connection, guild_id: int) -> list[Finding]:
    return [*audit(c, guild_id)]
