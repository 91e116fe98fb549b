"""The way to notices: nobody is told of what happened before there were any."""

from pathlib import Path

import pytest

from bot.domain.notices import CreatorNotice
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
from bot.storage.maintenance import migrate
from bot.storage.stores import creators, notices
from tests.storage.test_payments_migration import insert, old_database
from tests.storage.town import GUILD, MIA, NOAH, NOON

pytestmark = pytest.mark.databases("sqlite")


def test_what_nobody_has_read_yet_stays(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0018"))
    insert(file, "guilds", (GUILD, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    old_database(file, "0050")
    insert(file, "holders", (GUILD, 5, NOAH))
    insert(file, "creators", (GUILD, NOAH, MIA, NOON, None))
    insert(file, "notices", (GUILD, 5, "creator", 0, NOON))

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        assert notices.members_since(c, 0) == {(GUILD, NOAH)}
        assert [notice for _, notice in notices.of_member(c, GUILD, NOAH, 5)] == [CreatorNotice(MIA)]
    engine.dispose()


def test_creators_of_before_are_told_nothing(tmp_path: Path):
    file = tmp_path / "books.db"
    url = database_url(old_database(file, "0018"))
    insert(file, "guilds", (GUILD, 0, 50, 0, 1000, "UTC", 0, 0, 0, 0, 1, None))
    insert(file, "creators", (GUILD, NOAH, MIA, NOON, None))

    migrate.upgrade(url)

    engine = writing_engine(url)
    with engine.connect() as c, c.begin():
        assert creators.is_creator(c, GUILD, NOAH)
        assert notices.members_since(c, 0) == set()
    engine.dispose()
