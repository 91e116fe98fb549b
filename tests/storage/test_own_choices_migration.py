"""Guilds and items from before there were choices have none, and can make them."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.domain.catalogue import GiftItem, Tier
from bot.domain.guilds import GuildRules
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import catalogue, guilds
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import GUILD

PETAL = GiftItem(GUILD, 1, "Petal", "🌸", 6_000, None, 9, 3, live_only=True)
pytestmark = pytest.mark.databases("sqlite")


def test_what_a_guild_had_set_stays_and_the_rest_is_as_before(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0018"))
    insert(file, "guilds", (GUILD, 5, 60, 10, 700, "Asia/Tokyo", 1, 2, 3, 4, 1, None))
    insert(file, "gift_items", (GUILD, 1, "Petal", "🌸", 6_000, None, 9, 3, 1, 0))

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        rules, item = guilds.rules(c, GUILD), catalogue.item(c, GUILD, 1)
        assert rules is not None
        # They had matches, and keep them.
        assert rules == GuildRules(GUILD, 5, 60, 10, 700, "Asia/Tokyo", 1, 2, 3, 4, matches_since_ms=1)
        assert GuildRules(GUILD).matches_since_ms is None
        in_german = rules.changed(language="de")
        guilds.save(c, in_german)
        assert guilds.rules(c, GUILD) == in_german
        assert item == PETAL
        catalogue.save(c, replace(PETAL, own_tier=Tier.SMALL))
        assert catalogue.item(c, GUILD, 1) == replace(PETAL, own_tier=Tier.SMALL)
    engine.dispose()
