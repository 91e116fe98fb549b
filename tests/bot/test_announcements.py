"""What channels hear about gifts: merged, exact, and never more than Discord's limits allow."""

import asyncio

import pytest

from sandbox.discord.model import Message
from tests import books
from tests.rig import Rig, Town, until
from tests.shown import announced_coins


def bot_texts(rig: Rig, channel_id: int) -> list[str]:
    """Return the texts that the bot has posted in a channel."""
    return [message.text for message in rig.world.messages(channel_id) if message.author.bot]


async def test_a_storm_is_announced_in_full_within_the_channels_limit(rig: Rig) -> None:
    town = await rig.found_town(members=30)
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    for member in town.crowd:
        await town.grant(member, 1_000)
    first_request = len(rig.world.requests)
    answers: list[Message] = []
    for gift in ("Petal", "Spark", "Clover", "Petal", "Warm Heart", "Cupcake", "Petal"):
        # In waves, because a slow machine would refuse some of them if they all came at once.
        exchanges = [
            await member.at(town.live).slash("gift", gift=gift, creator=town.noor.user) for member in town.crowd
        ]
        answers += await asyncio.gather(*(exchange.message(timeout=20) for exchange in exchanges))
    gift_coins = books.gift_coins(rig.database, town.guild.id)

    async def is_all_announced() -> bool:
        return announced_coins(rig, town.live.id) == gift_coins

    await until(is_all_announced)
    posts = [
        record
        for record in list(rig.world.requests)[first_request:]
        if record.method == "POST" and record.path.startswith(f"/channels/{town.live.id}/messages")
    ]

    assert all("Receipt #" in answer.text for answer in answers)
    assert gift_coins == 30 * (1 + 5 + 20 + 1 + 10 + 49 + 1)
    assert all(record.status == 200 for record in posts)
    assert len(posts) <= 12  # 210 gifts
    for start in posts:
        assert sum(0 <= record.at - start.at < 5 for record in posts) <= 5

    async def is_all_counted() -> bool:
        return books.leaderboard_coins(rig.database, town.guild.id, "gifters") == gift_coins

    await until(is_all_counted)
    assert books.leaderboard_coins(rig.database, town.guild.id, "creators") == gift_coins
    event_id = books.only_value(rig.database, "SELECT event_id FROM live_events WHERE guild_id = ?", town.guild.id)
    assert books.leaderboard_coins(rig.database, town.guild.id, "gifts", event_id) == gift_coins


async def test_outside_of_a_live_event_gifts_are_told_in_the_gift_channel(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    await town.announce_in(town.gifts)
    await town.give(town.mia, "Spark", town.noor)
    message = await town.announced(town.gifts, "Spark")

    assert f"<@{town.mia.user.id}>" in message.text
    assert not message.mentions


async def test_an_anonymous_gift_names_nobody_anywhere_in_public(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    await town.give(town.mia, "Spark", town.noor, anonymous=True, message="from a friend")
    message = await town.announced(town.general, "from a friend")
    board = await (await town.leo.slash("leaderboard", board="gifters", period="all")).message()
    top_fans = await (await town.leo.slash("leaderboard", creator=town.noor.user, period="all")).message()

    assert str(town.mia.user.id) not in message.text + board.text + top_fans.text
    assert books.leaderboard_coins(rig.database, town.guild.id, "gifters") == 0


async def test_a_channel_that_refuses_messages_leaves_the_gift_standing(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    await (await town.noor.at(town.live).slash("live start")).message()
    rig.world.delete_channel(town.live)
    receipt = await town.give(town.mia, "Spark", town.noor)
    await town.approve(town.kai)
    await town.give(town.mia, "Clover", town.kai)
    await town.announced(town.general, "Clover")

    assert "Receipt #" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 25


@pytest.mark.parametrize(("status", "code"), [(400, 50008), (400, 50083), (403, 50013), (400, 240000)])
async def test_a_message_that_discord_never_takes_does_not_hold_up_other_channels(
    rig: Rig, town: Town, status: int, code: int
) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    body = {"code": code, "message": "no"}
    rig.world.faults.answer("POST", f"/channels/{town.live.id}/messages", status, body=body, times=None)
    await town.give(town.mia.at(town.live), "Spark", town.noor)
    await town.give(town.mia, "Clover", town.noor)

    await town.announced(town.general, "Clover")
    rig.world.faults.clear()

    assert bot_texts(rig, town.live.id) == []


async def test_a_refusal_that_passes_loses_no_announcement(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    rig.world.faults.answer(
        "POST", f"/channels/{town.general.id}/messages", 403, body={"message": "blocked", "code": 0}
    )
    await town.give(town.mia, "Spark", town.noor)

    assert await town.announced(town.general, "Spark")


async def test_an_announcement_whose_answer_was_lost_is_not_posted_twice(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50)
    rig.world.faults.answer("POST", f"/channels/{town.general.id}/messages", status=502, times=1, after=True)
    await town.give(town.mia, "Cupcake", town.noor)
    await town.announced(town.general, "Cupcake")
    await town.give(town.mia, "Petal", town.noor)
    await town.announced(town.general, "Petal")

    assert sum("Cupcake" in text for text in bot_texts(rig, town.general.id)) == 1


async def test_every_gift_is_announced_once_though_the_bot_is_killed_in_between(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town(members=5)
    await town.approve(town.noor)
    for member in town.crowd:
        await town.grant(member, 100)
    for gift in ("Spark", "Petal", "Warm Heart"):
        for member in town.crowd:
            await town.give(member, gift, town.noor)
        await own_rig.kill_bot()
        await own_rig.start_bot()

    async def is_all_announced() -> bool:
        return announced_coins(own_rig, town.general.id) >= 80

    await until(is_all_announced)
    await town.balance(town.mia)
    await own_rig.stop_bot()

    assert announced_coins(own_rig, town.general.id) == books.gift_coins(own_rig.database, town.guild.id) == 80
