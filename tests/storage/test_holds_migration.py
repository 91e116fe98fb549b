"""The way to holds: what old gifts have earned is counted once the bot runs, and waits for as long as any other."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from bot.domain.holds import LONGEST_DAYS, UNKNOWN, HoldRules, day_of
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import database_url
from bot.storage.folds.earnings import hold_rules
from bot.storage.maintenance import migrate
from bot.storage.sql.hold_tables import earnings_by_source as lines
from tests.storage.kept import KEPT_DAYS, keep_books
from tests.storage.old_databases import LATER_FOLDS, at_revision, on
from tests.storage.test_ladders_migration import fold_all, taken_from
from tests.storage.test_past_standings_migration import fill, table_names
from tests.storage.town import GUILD, NOON

RELEASE = day_of(NOON) + LONGEST_DAYS + 1


@pytest.mark.databases("sqlite", "postgresql")
async def test_what_old_gifts_have_earned_is_counted_from_the_first_row_on(empty: str, tmp_path: Path):
    newest, url = f"sqlite:///{tmp_path / 'new.db'}", database_url(empty)
    migrate.upgrade(database_url(newest))
    await keep_books(newest)
    at_revision(url, "0047")
    books = on(database_url(newest), lambda c: taken_from(c, table_names(c)))
    books["cursors"] = [cursor for cursor in books["cursors"] if cursor["follower"] not in LATER_FOLDS]
    books["deadlines"] = [each for each in books["deadlines"] if each["kind"] not in {"flag_look", "creator_week"}]
    on(url, lambda c: fill(c, books))

    migrate.upgrade(url, dumps=None)
    before = on(url, earnings)
    assert list(audit_database(empty)) == []
    await fold_all(empty)

    assert before == []
    assert on(url, earnings) == [(UNKNOWN, RELEASE, 75, 0), (UNKNOWN, RELEASE + KEPT_DAYS, 25, 0)]
    assert on(url, lambda c: hold_rules.rules(c, GUILD)) == HoldRules([])
    assert list(audit_database(empty)) == []


def earnings(c: Connection) -> list[tuple[str, int, int, int]]:
    columns = lines.c.source, lines.c.until_day, lines.c.earned, lines.c.taken_back
    return [(*row,) for row in c.execute(select(*columns).order_by(lines.c.until_day))]
