"""The main user journeys over the wire, with bot and Discord in separate processes."""

import re

from sandbox.discord.exchange import wait_for
from sandbox.discord.model import Message
from tests import books
from tests.bot.buying import buy_package, link_of
from tests.rig import PATIENCE_S, Rig, Town


async def test_a_member_buys_coins_gifts_them_live_and_stands_on_the_leaderboard(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    start = await (await town.noor.at(town.live).slash("live start", title="Evening songs", goal=100)).message()
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel))
    receipt = await wait_text(panel, r"Receipt #1\b")
    gift_receipt = await town.give(town.mia.at(town.live), "Clover", town.noor, count=2, message="What a voice!")
    announcement = await town.announced(town.live, "What a voice")
    board = await (await town.leo.at(town.live).slash("leaderboard")).message()
    creator = await town.balance(town.noor)

    assert "Evening songs" in start.text
    assert "70" in receipt.text
    assert "30" in gift_receipt.text  # 70 bought, 40 given
    assert f"<@{town.mia.user.id}>" in announcement.text
    assert f"<@{town.noor.user.id}>" in announcement.text
    assert not announcement.mentions
    assert "1. Mia 🪙\xa040" in (board.attachments[0].description or "")
    assert "💎\xa020" in creator  # half of what was paid


async def wait_text(message: Message, pattern: str) -> Message:
    """Wait until edits make a message match `pattern`, and return it."""
    await wait_for(message, lambda: re.search(pattern, message.text) is not None, PATIENCE_S)
    return message


async def test_a_moderator_adds_a_package_and_a_member_sees_it(town: Town) -> None:
    answer = await (await town.sam.slash("packages add", coins=5000, price="44.40", currency="EUR", bonus=10)).message()
    shop = await (await town.mia.slash("buy")).message()

    assert "5,500" in answer.text
    assert "**🪙\xa05,500**" in shop.text


async def test_a_creator_sees_what_came_in_and_ends_the_show_with_a_recap(town: Town) -> None:
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start", minutes=30)).message()
    await town.grant(town.mia, 500)
    await town.give(town.mia.at(town.live), "Lantern", town.noor)

    await town.announced(town.live, "1 gift · 🪙\xa0199 coins")
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "'s live event is over")
    second_end = await town.end_live(town.noor.at(town.live))

    assert "199" in recap.text
    assert "Mia" in (recap.attachments[0].description or "")
    assert second_end.ephemeral_for == town.noor.user.id


async def test_a_payment_that_is_declined_charges_and_credits_nothing(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel), "decline")
    await wait_text(panel, "Payment declined")

    assert books.rows(rig.database, "SELECT * FROM journal WHERE guild_id = ?", town.guild.id) == []


async def test_the_same_payment_told_many_times_is_credited_once(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    url = link_of(panel)
    for _ in range(5):
        await rig.pay(url)
    await wait_text(panel, r"Receipt #1\b")

    assert await town.balance(town.mia)
    assert books.only_value(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id) == 1
