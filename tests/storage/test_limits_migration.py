"""The way to limits on buying: guilds of before have those that a new guild starts with, in their own currency."""

from pathlib import Path

import pytest

from bot.domain.buying_limits import BuyingLimits
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import buying_limits, settlement_counts
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import GUILD, OTHER_GUILD

pytestmark = pytest.mark.databases("sqlite")


def test_guilds_of_before_get_the_limits_of_new_ones_in_the_currency_that_they_sell_in(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0018"))
    for guild_id in (GUILD, OTHER_GUILD):
        insert(file, "guilds", (guild_id, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    insert(
        file, "packages", (GUILD, 2, 350, 499, "USD", 0, "", None, 2, 0), (GUILD, 1, 70, 99, "EUR", 0, "", None, 1, 1)
    )

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        assert buying_limits.limits(c, GUILD) == BuyingLimits(GUILD, "EUR", 50_000, 200_000)
        assert buying_limits.limits(c, OTHER_GUILD) == BuyingLimits(OTHER_GUILD, "USD", 50_000, 200_000)
        assert settlement_counts.counts(c) == []
    engine.dispose()
