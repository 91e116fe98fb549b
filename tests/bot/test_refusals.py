"""Refusals that need a guild in a special state: each tells only the caller why, and charges nothing."""

from typing import Any

import pytest

from bot.domain.packages import MOST_PACKAGES
from sandbox.discord.exchange import wait_for
from sandbox.discord.permissions import Permissions
from tests import books
from tests.bot.buying import link_of, order_package
from tests.bot.picking import pressable
from tests.rig import PATIENCE_S, Rig, Town, free_port, running_bot


@pytest.mark.parametrize(
    ("command", "options", "why"),
    [
        ("catalogue archive", {}, "no longer in the catalogue"),
        ("catalogue edit", {"from": "2999-01-01"}, "can't be sent yet"),
        ("catalogue edit", {"stock": 1}, "aren't that many left"),
        ("catalogue edit", {"live_only": True}, "while the creator is live"),
    ],
)
async def test_an_item_that_cannot_be_sent_says_why(
    rig: Rig, town: Town, command: str, options: dict[str, Any], why: str
) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await (await town.sam.slash(command, raw=True, item="Petal", **options)).message()

    refusal = await town.give(town.mia, "Petal", town.noor, count=2)

    assert why in refusal.text
    assert "You haven't been charged" in refusal.text
    assert refusal.ephemeral_for == town.mia.user.id
    assert books.gifts(rig.database, town.guild.id) == []


async def test_a_package_is_sold_to_a_member_as_often_as_it_may_be(rig: Rig, town: Town) -> None:
    await (await town.sam.slash("packages edit", package="1", limit=1)).message()
    panel = await order_package(town, "1")
    await rig.pay(link_of(panel))
    await wait_for(panel, lambda: "Receipt #1" in panel.text, PATIENCE_S)

    refusal = await (await town.mia.slash("buy", package="1")).message()

    assert "(1 per member)" in refusal.text
    assert books.only_value(rig.database, "SELECT count(*) FROM orders WHERE guild_id = ?", town.guild.id) == 1


async def test_a_shop_without_packages_says_so(town: Town) -> None:
    for number in range(1, 8):
        await (await town.sam.slash("packages archive", package=str(number))).message()

    refusal = await (await town.mia.slash("buy")).message()

    assert "no packages" in refusal.text
    assert refusal.ephemeral_for == town.mia.user.id


async def test_a_full_shop_takes_no_package_more(town: Town) -> None:
    for number in range(MOST_PACKAGES - 7):
        await (await town.sam.slash("packages add", coins=100 + number, price="1", currency="USD")).message()

    refusal = await (await town.sam.slash("packages add", coins=9_999, price="1", currency="USD")).message()

    assert f"the limit is {MOST_PACKAGES}" in refusal.text


async def test_no_live_event_starts_where_its_gifts_could_not_be_announced(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    rig.world.set_permissions(town.live, rig.world.bot_user, deny=Permissions.SEND_MESSAGES)

    refusal = await (await town.noor.at(town.live).slash("live start")).message()
    elsewhere = await (await town.noor.slash("live start")).message()

    assert f"I can't post in <#{town.live.id}>" in refusal.text
    assert refusal.ephemeral_for == town.noor.user.id
    assert " is live · Ends <t:" in elsewhere.text


async def test_a_channel_that_the_bot_may_not_write_in_is_no_gift_channel(rig: Rig, town: Town) -> None:
    rig.world.set_permissions(town.gifts, rig.world.bot_user, deny=Permissions.SEND_MESSAGES)
    panel = await (await town.sam.slash("settings")).message()
    select = next(item for item in pressable(panel) if item["type"] == 8)

    refusal = await (await town.sam.select(panel, select["custom_id"], town.gifts)).message()

    assert f"I can't post in <#{town.gifts.id}>" in refusal.text
    assert "Nothing was changed" in refusal.text
    assert books.only_value(rig.database, "SELECT gift_channel_id FROM guilds WHERE guild_id = ?", town.guild.id) == 0


async def test_without_a_provider_members_and_managers_read_why_nothing_is_sold(own_rig: Rig) -> None:
    async with running_bot(own_rig, PAYMENT_PROVIDERS=""):
        town = await own_rig.found_town()

        refusal = await (await town.mia.slash("buy")).message()
        listing = await (await town.sam.slash("packages list")).message()

    assert "no payment method" in refusal.text
    assert "Nobody can buy coins yet" in listing.text


async def test_a_checkout_that_does_not_answer_sells_nothing(own_rig: Rig) -> None:
    async with running_bot(own_rig, SANDBOX_CHECKOUT_URL=f"http://127.0.0.1:{free_port()}/v1"):
        town = await own_rig.found_town()

        refusal = await order_package(town, "1")

    assert "isn't answering" in refusal.text
    assert "charged" not in refusal.text
