"""The way to payments with an end each: what waited before the upgrade is settled after it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config

from bot.domain.order_states import OrderState
from bot.domain.orders import Contact, Order, Reference
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import orders, payment_events
from bot.storage.stores.payment_events import WebhookEvent
from tests.storage.town import ALICE, GUILD, NOON, OTHER_GUILD


def old_database(file: Path, revision: str) -> str:
    """Write an empty database as an earlier version left it; return its address."""
    engine = writing_engine(database_url(f"sqlite:///{file}"), foreign_keys=False)
    config = Config(toml_file=migrate.PROJECT)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()
    return f"sqlite:///{file}"


def insert(file: Path, table: str, *rows: tuple[object, ...]) -> None:
    """Write rows as the version of the database has them."""
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def test_an_event_that_waited_is_due_and_a_handled_one_stays_handled(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0005"))
    insert(
        file,
        "webhook_events",
        ("sandbox", "evt_1", "cs_1", NOON, NOON + 5),
        ("sandbox", "evt_2", "cs_2", NOON + 1, None),
    )

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        due = payment_events.claim(c, ["sandbox"], NOON + 9, retry_ms=NOON + 99, first=10, again=10)
    engine.dispose()
    assert due == [WebhookEvent("sandbox", "evt_2", "cs_2", NOON + 1, 1)]


def test_orders_stay_payable_by_the_id_that_their_provider_has(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0006"))
    for guild_id in (GUILD, OTHER_GUILD):
        insert(file, "guilds", (guild_id, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
        insert(file, "packages", (guild_id, 2, 350, 499, "USD", 0, "", None, 1, 0))
    terms = (ALICE, 2, 350, 499, "USD", "sandbox", 1, NOON)
    insert(
        file,
        "orders",
        (GUILD, 500, *terms, "open", "cs_1", "de:token:of:parts"),
        (GUILD, 501, *terms, "credited", "cs_2", None),
        (OTHER_GUILD, 500, *terms, "expired", "", "token"),
    )

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        order_by_id = {ids: orders.order(c, *ids) for ids in ((GUILD, 500), (GUILD, 501), (OTHER_GUILD, 500))}
        contacts = [orders.contact(c, *ids) for ids in order_by_id]
        guilds = [orders.guilds_of(c, Reference(None, order_id)) for order_id in (500, 501, 502)]
    engine.dispose()
    waiting = Order(GUILD, 500, ALICE, 2, 350, 499, "USD", "sandbox", True, NOON, OrderState.OPEN, "cs_1")
    assert order_by_id[GUILD, 500] == waiting
    assert [order.state for order in order_by_id.values() if order] == ["open", "credited", "expired"]
    assert contacts == [
        Contact("de", "token:of:parts"),
        Contact("en-US", None, OrderState.CREDITED),
        Contact("en-US", "token"),
    ]
    assert guilds == [[GUILD, OTHER_GUILD], [GUILD], []]
