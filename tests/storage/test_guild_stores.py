"""Guilds and what their managers keep: settings, catalogue, packages, creators."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from bot.domain.catalogue import DEFAULT_ITEMS, GiftItem, default_items
from bot.domain.creators import Creator
from bot.domain.guilds import GuildRules
from bot.domain.ledger.journal import Head
from bot.domain.packages import default_packages
from bot.storage.ledger import journal
from bot.storage.stores import catalogue, creators, guilds, packages
from tests.storage.town import ALICE, GUILD, MIA, NOAH, NOON, OTHER_GUILD, ROB


def test_a_guild_without_books_has_no_rules(c: Connection):
    assert guilds.rules(c, OTHER_GUILD) is None


def test_new_books_start_with_the_defaults(c: Connection):
    assert guilds.rules(c, GUILD) == GuildRules(GUILD)
    assert sorted(catalogue.items(c, GUILD), key=lambda item: item.item_id) == default_items(GUILD)
    assert packages.packages(c, GUILD) == default_packages(GUILD, archived=False)
    assert journal.head(c, GUILD) == Head()


def test_opening_books_twice_changes_nothing(c: Connection):
    guilds.save(c, GuildRules(GUILD, confirm_above=5))

    assert not guilds.ensure(c, GUILD, NOON + 1, packages_archived=True)

    assert guilds.rules(c, GUILD) == GuildRules(GUILD, confirm_above=5)
    assert len(packages.packages(c, GUILD)) == 7


def test_packages_of_a_guild_that_takes_real_money_start_archived(c: Connection):
    assert guilds.ensure(c, OTHER_GUILD, NOON, packages_archived=True)

    assert packages.packages(c, OTHER_GUILD) == []
    assert packages.packages(c, OTHER_GUILD, archived=True) == default_packages(OTHER_GUILD, archived=True)


def test_settings_are_kept_per_guild(c: Connection):
    guilds.ensure(c, OTHER_GUILD, NOON, packages_archived=False)
    rules = GuildRules(GUILD, 1, 70, 10, 500, "Asia/Tokyo", 2, 3, 4, 5, 6, 7, "Sunflowers", "🌻")

    guilds.save(c, rules)

    assert guilds.rules(c, GUILD) == rules
    assert guilds.rules(c, OTHER_GUILD) == GuildRules(OTHER_GUILD)


def test_a_guild_that_was_left_and_joined_again_has_its_books(c: Connection):
    guilds.save(c, GuildRules(GUILD, time_zone="Europe/Paris"))
    guilds.mark_left(c, GUILD, NOON)

    new = guilds.ensure(c, GUILD, NOON + 1, packages_archived=False)

    assert not new
    assert guilds.rules(c, GUILD) == GuildRules(GUILD, time_zone="Europe/Paris")


def test_items_come_by_price_and_then_by_id(c: Connection):
    catalogue.save(c, GiftItem(GUILD, 100, "Late Petal", "🌼", 1))

    items = catalogue.items(c, GUILD)

    assert [item.item_id for item in items[:3]] == [1, 100, 2]
    assert len(items) == len(DEFAULT_ITEMS) + 1


def test_an_item_keeps_every_field(c: Connection):
    item = GiftItem(GUILD, 100, "Snow\u202eGlobe", "<:snow:123456789012345678>", 7, NOON, NOON + 9, 3, True, True)

    catalogue.save(c, item)

    assert catalogue.item(c, GUILD, 100) == item


def test_saving_an_item_again_replaces_it(c: Connection):
    item = replace(default_items(GUILD)[0], name="Rose Petal", price=2)

    catalogue.save(c, item)

    assert catalogue.item(c, GUILD, 1) == item
    assert len(catalogue.items(c, GUILD)) == len(DEFAULT_ITEMS)


def test_archived_items_are_shown_on_request_only(c: Connection):
    catalogue.save(c, replace(default_items(GUILD)[0], archived=True))

    assert 1 not in [item.item_id for item in catalogue.items(c, GUILD)]
    assert catalogue.items(c, GUILD, archived=True)[0].archived is True


def test_items_of_another_guild_cannot_be_reached(c: Connection):
    guilds.ensure(c, OTHER_GUILD, NOON, packages_archived=False)
    catalogue.save(c, GiftItem(OTHER_GUILD, 100, "Theirs", "🎈", 1))

    assert catalogue.item(c, GUILD, 100) is None
    assert catalogue.items_of(c, [(GUILD, 100), (OTHER_GUILD, 100), (OTHER_GUILD, 101)]).keys() == {(OTHER_GUILD, 100)}


@pytest.mark.parametrize("impossible", [{"price": 0}, {"price": -5}, {"stock": -1}])
def test_the_database_refuses_an_impossible_item(c: Connection, impossible: dict[str, int]):
    with pytest.raises(IntegrityError):
        catalogue.save(c, replace(default_items(GUILD)[0], **impossible))


def test_packages_come_in_the_order_of_the_shop(c: Connection):
    second = default_packages(GUILD, archived=False)[1]

    packages.save(c, replace(second, position=0, limit=2, reference="sku", bonus_percent=10))

    first = packages.packages(c, GUILD)[0]
    assert (first.package_id, first.limit, first.reference, first.total) == (2, 2, "sku", 385)
    assert packages.package(c, GUILD, 2) == first


def test_a_package_that_does_not_exist_is_none(c: Connection):
    assert packages.package(c, GUILD, 99) is None
    assert packages.package(c, OTHER_GUILD, 1) is None


def test_creators_come_by_the_time_of_their_approval(c: Connection):
    assert creators.creators(c, GUILD) == [Creator(MIA, ROB, NOON), Creator(NOAH, ROB, NOON + 1)]
    assert creators.is_creator(c, GUILD, MIA)
    assert not creators.is_creator(c, GUILD, ALICE)
    assert not creators.is_creator(c, OTHER_GUILD, MIA)


def test_a_creator_can_be_removed_and_approved_again(c: Connection):
    creators.remove(c, GUILD, MIA, NOON + 5)
    removed = creators.is_creator(c, GUILD, MIA)
    creators.approve(c, GUILD, MIA, ALICE, NOON + 9)

    assert not removed
    assert creators.creators(c, GUILD)[-1] == Creator(MIA, ALICE, NOON + 9)
