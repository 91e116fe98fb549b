"""The way to withdrawals: nobody may withdraw where staff have not said so, and their other choices stay."""

from pathlib import Path

import pytest

from bot.domain.buying_limits import BuyingLimits
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import buying_limits, withdrawals
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import GUILD

pytestmark = pytest.mark.databases("sqlite")


def test_limits_of_before_stay_and_withdrawing_is_off(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0018"))
    insert(file, "guilds", (GUILD, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    old_database(file, "0044")
    insert(file, "buying_limits", (GUILD, "EUR", 700, None, 3, 1))

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        assert buying_limits.limits(c, GUILD) == BuyingLimits(GUILD, "EUR", 700, None, 3, adults_only=True)
        assert withdrawals.withdrawal(c, GUILD, 500) is None
    engine.dispose()
