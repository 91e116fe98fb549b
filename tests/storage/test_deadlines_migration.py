"""The way to one table of deadlines: everything that waited for a loop before is due at its time after it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.channel_refusals import NEVER_MS
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.sql.tables import deadlines
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import CHANNEL, GUILD, HOUR, LIVE_CHANNEL, MIA, NOAH, NOON, OTHER_GUILD

pytestmark = pytest.mark.databases("sqlite")


def live_event(event_id: int, ended_ms: int | None, paused_ms: int | None, recap_ms: int | None) -> tuple[object, ...]:
    """Return an event's row as it was then."""
    times = (NOON, NOON + HOUR, ended_ms, None)
    return (GUILD, event_id, event_id, MIA, "", None, *times, "", 0, None, paused_ms, "command", "over", recap_ms)


def fill(file: Path) -> None:
    """Write something of each kind that waits, and its like that does not."""
    for guild_id in (GUILD, OTHER_GUILD):
        insert(file, "guilds", (guild_id, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    insert(
        file,
        "live_events",
        live_event(900, None, None, None),
        live_event(901, None, NOON, None),
        live_event(902, NOON, None, None),
        live_event(903, NOON, None, NOON),
    )
    insert(
        file,
        "live_matches",
        (GUILD, 5, 900, MIA, NOAH, 1, 0, NOON, None),
        (GUILD, 6, 900, MIA, NOAH, 1, 0, NOON, NOON + 1),
        (GUILD, 7, 902, MIA, NOAH, 1, 0, NOON, None),
    )
    opened = (NOON, NOON)
    insert(
        file,
        "announcements",
        (GUILD, CHANNEL, 0, 1, 2, "held", *opened, NOON + 9, 0, 0, 0, 0, 0, 0),
        (GUILD, CHANNEL, 0, 3, 4, "held", *opened, NOON + 5, 0, 0, 0, 0, 0, 0),
        (GUILD, CHANNEL, 0, 5, 6, "held", *opened, NOON + 1, 6, 6, 900, NOON, 0, 0),
        (GUILD, CHANNEL, 0, 7, 7, "grand", *opened, 0, 7, 7, 901, NOON, NOON + 7, 0),
        (GUILD, CHANNEL, 0, 8, 9, "shared", *opened, NEVER_MS, 9, 9, 902, NOON, 0, 0),
    )
    insert(
        file,
        "broken_channels",
        (GUILD, CHANNEL, 50013, NOON, 1, 2, NOON + 3),
        (GUILD, LIVE_CHANNEL, 10003, NOON, 1, 1, NEVER_MS),
    )
    insert(
        file,
        "thank_yous",
        (GUILD, 77, CHANNEL, MIA, "3", 0, 1, 1, None),
        (GUILD, 78, CHANNEL, MIA, "3", 0, 1, 1, NOON),
    )
    case = ("pretend", "cs_1", "differs", 500, 50, "USD", NOON)
    insert(file, "payment_cases", (GUILD, *case, 0, 0), (OTHER_GUILD, *case, 1, 0))


def test_everything_that_waited_is_due_at_its_time(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0011"))
    fill(file)

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        rows = {(row.guild_id, row.kind, row.subject, row.at_ms, row.claim_ms) for row in c.execute(select(deadlines))}
    engine.dispose()
    assert rows == {
        (GUILD, "live_end", 900, NOON + HOUR, 0),
        (GUILD, "recap", 902, 0, 0),
        (GUILD, "match_round", 5, 0, 0),
        (GUILD, "quiet_end", 0, NOON + 5, 0),
        (GUILD, "unpin", 0, NOON + 7, 0),
        (GUILD, "channel_retry", CHANNEL, NOON + 3, 0),
        (GUILD, "thank_you", 77, 0, 0),
        (GUILD, "payment_cases", 0, 0, 0),
        (GUILD, "flag_look", 0, 0, 0),
        (OTHER_GUILD, "flag_look", 0, 0, 0),
        (GUILD, "creator_week", 0, 0, 0),
        (OTHER_GUILD, "creator_week", 0, 0, 0),
    }


def test_a_database_without_anything_that_waits_has_no_deadlines(tmp_path: Path):
    url = database_url(old_database(tmp_path / "books.db", "0011"))

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        rows = c.execute(select(deadlines)).all()
    engine.dispose()
    assert rows == []
