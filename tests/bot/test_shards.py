"""Two real bots, one PostgreSQL database: each serves its own shards, and what reaches both is done once."""

import asyncio

import pytest

from tests import books
from tests.bot.buying import buy_package, link_of
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town, until

RECAP = "live event is over. Thank you all!"
CLOSED_BOARD = "This live event is over."
pytestmark = pytest.mark.databases("postgresql")


async def a_town_of_each_shard(rig: Rig) -> list[Town]:
    """Found towns until both shards have one."""
    towns: dict[int, Town] = {}
    while len(towns) < 2:
        town = await rig.found_town()
        towns.setdefault((town.guild.id >> 22) % 2, town)
    return [towns[0], towns[1]]


async def test_each_bot_serves_its_own_shard(own_rig: Rig) -> None:
    await own_rig.start_bot(SHARD_COUNT="2", SHARD_IDS="0")
    second_bot = await own_rig.start_another_bot(SHARD_COUNT="2", SHARD_IDS="1")
    towns = await a_town_of_each_shard(own_rig)
    for town in towns:
        await town.approve(town.noor)
        await (await town.noor.at(town.live).slash("live start", minutes=30)).message()
        # The webhook reaches only the first bot.
        panel = await buy_package(town, "70 ")
        await own_rig.pay(link_of(panel))
        await wait_text(panel, r"Receipt #1\b")
        await town.give(town.mia.at(town.live), "Clover", town.noor, message="What a voice!")
        await town.announced(town.live, "What a voice")
    # Move the events into the past, so that they end.
    books.change(
        own_rig.database, "UPDATE live_events SET started_ms = started_ms - 3600000, ends_ms = ends_ms - 3600000"
    )
    books.hasten(own_rig.database, "live_end", 3_600_000)
    for town in towns:
        await town.announced(town.live, RECAP)
        # The board of an ended event says so itself, shortly before or after the recap.
        await town.announced(town.live, CLOSED_BOARD)
    await second_bot.stop()
    left_alone = await town_answers(towns[0])
    await own_rig.stop_bot()

    for town in towns:
        texts = [message.text for message in own_rig.world.messages(town.live.id)]
        assert sum("What a voice" in text for text in texts) == 1
        assert sum(RECAP in text for text in texts) == 1
        assert sum(CLOSED_BOARD in text for text in texts) == 1
        assert books.gift_coins(own_rig.database, town.guild.id) == 20
    assert books.unbalanced(own_rig.database) == []
    assert "50 test coins" in left_alone


async def test_bots_that_start_together_identify_one_after_the_other(own_rig: Rig) -> None:
    # A little less than Discord's five seconds: frames take some milliseconds, one more than the other.
    own_rig.server.gateway.identify_spacing_s = 4.5
    await asyncio.gather(
        own_rig.start_bot(SHARD_COUNT="2", SHARD_IDS="0"),
        own_rig.start_another_bot(SHARD_COUNT="2", SHARD_IDS="1"),
    )

    assert own_rig.server.gateway.identifies == 2
    assert own_rig.server.gateway.hasty_identifies == 0


async def town_answers(town: Town) -> str:
    """Return what /balance tells Mia."""
    return await town.balance(town.mia)


async def test_an_interaction_that_two_bots_get_is_charged_once(own_rig: Rig) -> None:
    # Both serve the only shard, by mistake or during a handover, so Discord sends both every event.
    await own_rig.start_bot()
    await own_rig.start_another_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    exchanges = [await town.mia.slash("gift", gift="Clover", creator=town.noor.user) for _ in range(20)]
    answers = await asyncio.gather(*(exchange.message(timeout=20) for exchange in exchanges))

    async def is_settled() -> bool:
        return len(books.gifts(own_rig.database, town.guild.id)) >= 20

    await until(is_settled)
    balance = await town.balance(town.mia)
    await own_rig.stop_bot()

    keys = [key for _, key in books.gifts(own_rig.database, town.guild.id)]
    assert len(keys) == len(set(keys)) == 20
    assert all("Receipt #" in answer.text for answer in answers)
    assert "600 coins" in balance
    assert books.unbalanced(own_rig.database) == []
