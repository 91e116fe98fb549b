"""The way to planned gifts: orders that are under way stay as they are, and nothing goes out with them."""

from pathlib import Path

import pytest

from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import orders, planned_gifts
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import GUILD

pytestmark = pytest.mark.databases("sqlite")


def test_an_open_order_stays_and_has_no_gift(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0018"))
    insert(file, "guilds", (GUILD, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    old_database(file, "0045")
    insert(file, "packages", (GUILD, 1, 70, 99, "USD", 0, "", None, 1, 0))
    insert(
        file, "orders", (GUILD, 500, 11, 1, 70, 99, "USD", "till", 0, 5, "open", "t-1", "", "de", None, 1, "", 0, "")
    )

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        order = orders.order(c, GUILD, 500)
        assert order is not None
        assert (order.state, order.coins, order.external_id) == ("open", 70, "t-1")
        assert planned_gifts.of_order(c, GUILD, 500) is None
    engine.dispose()
