"""Recaps from before reached goals were kept apart still say when theirs was."""

from pathlib import Path

import pytest

from bot.domain.live import ReachedGoal
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import live_displays
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import CHANNEL, GUILD, HOUR, MIA, NOON

pytestmark = pytest.mark.databases("sqlite")
NOTHING = (None,) * 6


def test_the_goal_of_a_recap_is_a_reached_one(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0031"))
    guild = (GUILD, 5, 60, 10, 700, "UTC", 0, 0, 0, 0, 1, None, None, None, None, None)
    insert(file, "guilds", guild)
    times = (NOON, NOON + HOUR, NOON + HOUR)
    for event_id, goal in ((900, 100), (901, 200), (902, None)):
        rest = (None, "", 0, None, None, "command", "over", NOON + HOUR)
        insert(file, "live_events", (GUILD, event_id, CHANNEL, MIA, "Friday", goal, *times, *rest))
    insert(
        file,
        "live_recaps",
        (GUILD, 900, NOON + 5, *NOTHING),
        (GUILD, 901, None, *NOTHING),
        (GUILD, 902, None, *NOTHING),
    )

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c:
        goals = [live_displays.reached_goals(c, GUILD, event_id) for event_id in (900, 901, 902)]
    engine.dispose()
    assert goals == [(ReachedGoal(100, NOON + 5),), (), ()]
