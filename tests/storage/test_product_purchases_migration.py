"""The way to purchases of products: orders of before stay as they were, and can be paid as before."""

from pathlib import Path

import pytest

from bot.domain.orders import Contact, Order
from bot.domain.product_purchases import PurchaseRecord, Worth
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import orders, product_purchases
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import ALICE, GUILD, NOON

pytestmark = pytest.mark.databases("sqlite")


def test_a_database_of_before_keeps_its_orders_and_records_purchases(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0018"))
    insert(file, "guilds", (GUILD, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    insert(file, "packages", (GUILD, 1, 70, 99, "USD", 0, "", None, 1, 0))

    migrate.upgrade(url)

    order = Order(GUILD, 500, ALICE, 1, 70, 99, "USD", "discord_sku", False, NOON, product="40")
    record = PurchaseRecord("discord_sku", "900", "40", ALICE, Worth.PAID, NOON)
    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        orders.insert(c, order, Contact("en-US", None))
        assert orders.open_of_product(c, "discord_sku", "40", ALICE) == [order]
        assert product_purchases.insert(c, record)
        assert not product_purchases.insert(c, record)
        assert product_purchases.unassigned(c, ALICE) == [record]
        assert product_purchases.assign(c, record, order)
        assert not product_purchases.assign(c, record, order)
        assert product_purchases.unassigned(c, ALICE) == []
    engine.dispose()
