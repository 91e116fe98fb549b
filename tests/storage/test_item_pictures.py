"""Pictures that guilds upload: there as long as an item has them, and never another guild's."""

from dataclasses import replace

from sqlalchemy import Connection, func, select

from bot.domain.catalogue import GiftItem, ItemPicture
from bot.storage.sql.tables import item_pictures
from bot.storage.stores import catalogue, guilds
from bot.storage.stores import item_pictures as store
from tests.storage.town import GUILD, NOON, OTHER_GUILD

PICTURE, OTHER = ItemPicture(GUILD, "aa"), ItemPicture(GUILD, "bb")


def test_a_picture_is_saved_once_and_found_by_its_guild_only(c: Connection):
    guilds.ensure(c, OTHER_GUILD, NOON, packages_archived=False)
    for _ in range(2):
        store.save(c, PICTURE, b"png")
    elsewhere = PICTURE._replace(guild_id=OTHER_GUILD)

    assert store.pictures(c, [PICTURE, OTHER, elsewhere]) == {PICTURE: b"png"}
    assert c.execute(select(func.count()).select_from(item_pictures)).scalar_one() == 1


def test_pictures_stay_as_long_as_an_item_has_them_archived_or_not(c: Connection):
    guilds.ensure(c, OTHER_GUILD, NOON, packages_archived=False)
    elsewhere = ItemPicture(OTHER_GUILD, "aa")
    for picture in (PICTURE, OTHER, elsewhere):
        store.save(c, picture, b"png")
    item = GiftItem(GUILD, 77, "Ribbon", "🎀", 5, archived=True, picture="aa")
    catalogue.save(c, item)

    store.drop_unused(c, GUILD)

    assert catalogue.item(c, GUILD, 77) == item
    assert set(store.pictures(c, [PICTURE, OTHER, elsewhere])) == {PICTURE, elsewhere}

    catalogue.save(c, replace(item, picture=None))
    store.drop_unused(c, GUILD)

    assert not store.pictures(c, [PICTURE])
