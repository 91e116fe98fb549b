"""Standings cost a gift nothing: its batch reads none of their tables, however many of them there are."""

import re

import pytest
from sqlalchemy import Connection, event

from bot.domain.budgets import BudgetPeriod
from bot.domain.challenges import Prize
from bot.domain.ledger.gift import SendGift
from bot.domain.perks import PerkKind
from bot.services import Services
from bot.services.challenges import DraftChanges
from bot.storage.database import Database
from bot.storage.ledger import holders
from bot.storage.ledger.batch import book_batch, packed
from bot.storage.ledger.cursors import get
from bot.storage.sql.statements import cursor_of
from bot.storage.stores import announcements, notices
from tests.services.paying import GUILD, MIA
from tests.storage.town import CHANNEL, PAPER_CRANE, ROB, Clock, grant

pytestmark = pytest.mark.databases("sqlite")

KAI = 12
CUP = 70
MOST_STATEMENTS = 8
VALUES = re.compile(r"VALUES .*?(?=\)\n SELECT|$)", re.DOTALL)
STANDINGS = {
    *("gifter_totals", "gifter_weeks", "club_hearts", "club_members", "club_roles", "known_levels", "level_roles"),
    *("ladders", "standings", "tallies", "leaderboard_days", "past_standings", "standing_changes", "member_roles"),
    *("challenges", "challenge_days", "challenge_scores", "challenge_awards"),
    *("perks", "perk_unlocks", "live_trains", "train_riders"),
}


def statements_of(c: Connection, numbers: range, now_ms: int) -> list[str]:
    """Book a batch of gifts as the writer does, and return its statements in order, without the rows that they take."""
    statements: list[str] = []
    driver = cursor_of(c).connection
    driver.set_trace_callback(statements.append)
    try:
        gifts = [SendGift(GUILD, f"gift:{number}", MIA, KAI, PAPER_CRANE, 1, CHANNEL) for number in numbers]
        answers = book_batch(c, packed(gifts), now_ms, holders.new_holder)
    finally:
        driver.set_trace_callback(None)
    assert all(isinstance(answer, tuple) for answer in answers), answers
    # One statement that is given many rows is traced once for each of them, with their values.
    return [*dict.fromkeys(VALUES.sub("VALUES", text) for text in statements)]


def warm_statements(c: Connection, now_ms: int) -> tuple[list[str], list[str]]:
    """Return the statements of a batch of one gift, and of a batch of fifty, right after another batch."""
    statements_of(c, range(1), now_ms)
    return statements_of(c, range(1, 2), now_ms), statements_of(c, range(2, 52), now_ms)


def tables_read(c: Connection, number: int, now_ms: int) -> list[str]:
    """Book a gift as the writer does, and return the tables of each statement that reads, in order."""
    statements = statements_of(c, range(number, number + 1), now_ms)
    reads = [text for text in statements if text.startswith(("SELECT", "WITH"))]
    return [" ".join(sorted({*re.findall(r"(?:FROM|JOIN)\s+(\w+)", text)} - {"keys"})) for text in reads]


def core_statements(c: Connection) -> list[str]:
    """Do what follows gifts in a crowd: move on a page of the journal, and remove notices that were shown. Return the
    statements that SQLAlchemy had to build for it."""
    built: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        built.append(statement)

    event.listen(c, "before_cursor_execute", note)
    try:
        seq = get(c, GUILD, "announcer")
        announcements.follow(c, GUILD, "announcer", seq + 1, [], [], [])
        notices.remove(c, [(GUILD, 1, "level", 1)], before_ms=0)
    finally:
        event.remove(c, "before_cursor_execute", note)
    return built


@pytest.fixture
async def town(services: Services) -> Services:
    """Kai is a creator, and Mia has coins."""
    await services.creators.approve(GUILD, KAI, ROB, is_bot=False)
    await services.wallets.grant(grant("start", member_id=MIA, amount=10_000))
    return services


async def test_a_gift_reads_nothing_for_standings(town: Services, database: Database, clock: Clock) -> None:
    await database.writer.perform(tables_read, 1, clock())
    before = await database.writer.perform(tables_read, 2, clock())

    clock.now_ms += 1
    await town.challenges.draft(GUILD, CUP, name="Cup", days=2, by=ROB)
    await town.challenges.change(GUILD, CUP, **DraftChanges(prizes=(Prize(places=1, badge="Cup"),)))
    await town.challenges.post(GUILD, CUP, channel_id=CHANNEL, by=ROB)
    await town.perks.catalogue.add(GUILD, perk_id=40, by=ROB, name="Backstage", kind=PerkKind.ROLE, role_id=77, level=2)
    await town.guilds.change(GUILD, by=ROB, matches_since_ms=clock())
    clock.now_ms += 1
    await database.writer.perform(tables_read, 3, clock())
    after = await database.writer.perform(tables_read, 4, clock())

    assert before
    assert after == before
    assert not STANDINGS & {table for tables in after for table in tables.split()}


async def test_a_budget_costs_a_gift_no_further_read(town: Services, database: Database, clock: Clock) -> None:
    await database.writer.perform(tables_read, 1, clock())
    before = await database.writer.perform(tables_read, 2, clock())
    await town.budgets.limit(GUILD, MIA, {BudgetPeriod.DAY: 5_000})
    await database.writer.perform(tables_read, 3, clock())
    after = await database.writer.perform(tables_read, 4, clock())

    assert before
    assert after == before


async def test_a_gift_writes_what_it_uses_of_a_budget_and_nothing_of_its_limits(
    town: Services, database: Database, clock: Clock
) -> None:
    await town.budgets.limit(GUILD, MIA, {BudgetPeriod.DAY: 5_000})
    statements = await database.writer.perform(statements_of, range(1, 2), clock())
    (write,) = (text for text in statements if re.search(r"(INTO|UPDATE) budgets", text))
    columns = set(re.findall(r"\w+", write.partition(" SET ")[2].partition(" WHERE ")[0]))

    assert {"day_used", "week_used", "month_used", "day_warned"} <= columns
    assert not {"day_limit", "day_next", "paused_until_ms"} & columns


async def test_a_batch_takes_the_same_few_statements_for_one_gift_and_for_fifty(
    town: Services, database: Database, clock: Clock
) -> None:
    for_one, for_fifty = await database.writer.perform(warm_statements, clock())

    assert len(for_one) <= MOST_STATEMENTS
    assert for_fifty == for_one


async def test_what_follows_gifts_has_no_statement_built_anew(town: Services, database: Database) -> None:
    assert await database.writer.perform(core_statements) == []
