"""Anonymous gifts over the wire: what others see does not depend on who sent them."""

import re

from sandbox.discord.people import Person
from tests.bot.picking import pressable
from tests.rig import Town


async def give_twice(town: Town, second: Person, **options: object) -> None:
    """Have Mia send a gift, and `second` another one anonymously."""
    for member in (town.mia, town.leo):
        await town.grant(member, 100)
    await town.give(town.mia, "Petal", town.noor, **options)
    await town.give(second, "Clover", town.noor, anonymous=True, **options)


async def test_an_announcement_counts_nobody_for_an_anonymous_gift(town: Town) -> None:
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    await give_twice(town, town.mia)
    announcement = await town.announced(town.live, "plus **1 anonymous gift**")

    assert (
        f"🎁 **<@{town.mia.user.id}>** sent **1 gift** to <@{town.noor.user.id}> · plus **1 anonymous gift**"
        in announcement.text
    )
    assert "Clover\u2069 · Someone" in announcement.text


async def test_a_board_and_its_recap_count_nobody_for_an_anonymous_gift(town: Town) -> None:
    await town.approve(town.noor)
    await (await town.noor.at(town.live).slash("live start")).message()
    await give_twice(town, town.leo)
    board = await town.announced(town.live, "🪙\xa021 coins · 1 gifter")
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "Thank you all!")

    assert "2 gifts · 🪙\xa021 coins · 1 gifter" in board.text
    assert "21 Coins, 2 Gifts, 1 Gifter" in recap.text
    assert "21 Coins, 2 Gifts, 1 Gifter ·" in (recap.attachments[0].description or "")
    assert "Best combo" not in recap.text


async def test_a_show_with_anonymous_gifts_alone_has_no_gifters(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await (await town.noor.at(town.live).slash("live start")).message()
    await town.give(town.mia, "Petal", town.noor, anonymous=True, count=2)
    board = await town.announced(town.live, "2 gifts · 🪙\xa02 coins")
    await town.end_live(town.noor.at(town.live))
    recap = await town.announced(town.live, "Thank you all!")

    assert "gifter" not in board.text.lower()
    assert "gifter" not in recap.text.lower()
    assert "Gifter" not in (recap.attachments[0].description or "")


async def test_the_total_below_a_message_counts_nobody_for_an_anonymous_gift(town: Town) -> None:
    await town.approve(town.noor)
    message = await town.noor.say("la la la")
    link = f"https://discord.com/channels/{town.guild.id}/{town.general.id}/{message.id}"
    await give_twice(town, town.leo, link=link)

    totals = await town.announced(town.general, "🪙\xa021 coins")

    assert totals.text.endswith("🪙\xa021 coins · 1 gifter")


async def test_the_thank_queue_has_one_entry_for_whoever_gave_without_a_name(town: Town) -> None:
    await town.approve(town.noor)
    await give_twice(town, town.mia)
    await town.give(town.leo, "Spark", town.noor, anonymous=True)
    panel = await (await town.noor.slash("creator thanks")).message()
    queue = panel.text
    ids = [part["custom_id"].split(":") for part in pressable(panel)]
    await (await town.noor.click(panel, "Thank Anonymous")).wait_for_answer()
    thanks = await town.announced(town.general, " thanks ")

    assert "1 member is waiting for your thanks" in queue
    assert "**Anonymous** · 2 gifts" in queue
    assert "Anonymous" not in panel.text
    assert len([numbers for numbers in ids if numbers[0] == "thank"]) == 2
    assert ids[0][3] == "0"
    assert ids[1][2:4] == ["0", "1"]
    assert re.search(r"thanks someone for 2 gifts", thanks.text.replace("*", ""))
    assert str(town.mia.user.id) not in thanks.text
