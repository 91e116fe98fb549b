"""The way to gifts for fans only: every gift stays as it was, and everybody can send it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.catalogue import GiftItem, Tier
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import catalogue
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import GUILD

PETAL = GiftItem(
    GUILD, 1, "Petal", "🌸", 60, 5, 9, 3, live_only=True, archived=True, own_tier=Tier.GRAND, picture="a" * 64
)
STAR = GiftItem(GUILD, 2, "Star", "⭐", 1, None, None, None)

pytestmark = pytest.mark.databases("sqlite")


def test_every_gift_stays_and_is_for_everybody(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0018"))
    insert(file, "guilds", (GUILD, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    old_database(file, "0049")
    assert PETAL.own_tier is not None
    insert(
        file,
        "gift_items",
        (GUILD, 1, "Petal", "🌸", 60, 5, 9, 3, 1, 1, PETAL.own_tier.value, PETAL.picture),
        (GUILD, 2, "Star", "⭐", 1, None, None, None, 0, 0, None, None),
    )

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        assert [catalogue.item(c, GUILD, number) for number in (1, 2)] == [PETAL, STAR]
        catalogue.save(c, replace(STAR, fans_only=True))
        assert catalogue.item(c, GUILD, 2) == replace(STAR, fans_only=True)
    engine.dispose()
