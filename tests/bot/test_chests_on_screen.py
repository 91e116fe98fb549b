"""Chests over the wire: a sponsor shares coins out, members take a share each, and the rest comes back."""

import asyncio
from typing import Any

from sandbox.discord.model import Message
from tests import books
from tests.bot.test_boards import buttons
from tests.rig import Rig, Town, until

KINDS = ("sqlite",)


async def let_everyone_take(town: Town) -> None:
    """Have the moderator lower both minimums: everybody here has only just come."""
    panel = await (await town.sam.slash("settings")).message()
    panel = await (await town.sam.click(panel, "Staff roles")).message()
    panel = await (await town.sam.click(panel, "Chests")).message()
    form = await (await town.sam.click(panel, "Change who can take a share")).modal()
    await (await town.sam.submit(form, **{"Youngest account in days": "0", "Hours in this server": "0"})).message()


async def open_chest(town: Town, **options: Any) -> tuple[Message, Message]:
    """Have Sam, who is staff, open a chest in #general; return the question and the message of the chest."""
    await town.grant(town.sam, 100)
    question = await (await town.sam.slash("chest", amount=65, shares=3, **options)).message()
    await (await town.sam.click(question, buttons(question)[0])).wait_for_answer()
    return question, await town.announced(town.general, "shares out")


async def test_a_sponsor_is_told_everything_before_and_members_take_one_share_each(rig: Rig, town: Town) -> None:
    await let_everyone_take(town)
    await town.grant(town.sam, 100)
    question = await (await town.sam.slash("chest", amount=65, shares=3)).message()
    question_text, label = question.text, buttons(question)
    await (await town.sam.click(question, label[0])).wait_for_answer()
    chest = await town.announced(town.general, "shares out")
    first_text = chest.text
    own = await (await town.sam.click(chest, "Take a share")).message()
    takes = await asyncio.gather(*(town.mia.click(chest, "Take a share") for _ in range(4)))
    answers = [(await take.message()).text for take in takes]
    again = await (await town.sam.slash("chest", amount=30, shares=2)).message()
    balance = await (await town.sam.slash("balance")).message()

    async def shows_the_share() -> bool:
        return "**1** of 3 taken" in chest.text

    await until(shows_the_share)
    for member in (town.leo, town.kai):
        await (await member.click(chest, "Take a share")).message()

    async def is_empty() -> bool:
        return "The chest is empty" in chest.text

    await until(is_empty)

    assert "Share out 🪙\xa063 coins?\n-# ≈\xa0$0.89\n3 equal shares: **🪙\xa021** each" in question_text
    assert "This much stays with you: 🪙\xa02 coins." in question_text
    assert label == ["Share out 🪙\xa063"]
    assert "Your chest is open" in question.text
    assert f"<@{town.sam.user.id}> shares out **🪙\xa063 coins**." in first_text
    assert "**0** of 3 taken" in first_text
    assert "This chest is yours" in own.text
    assert sum("You got **🪙\xa021 coins** from" in answer for answer in answers) == 1
    assert sum("You took your share" in answer for answer in answers) == 3
    assert "You already have a chest" in again.text
    assert "In your chest: **🪙\xa042**" in balance.text
    assert buttons(chest) == []
    query = "SELECT count(*) FROM journal WHERE guild_id = ? AND kind = 'chest_share'"
    assert books.only_value(rig.database, query, town.guild.id) == 3


async def test_what_nobody_takes_comes_back_when_the_time_is_up(rig: Rig, town: Town) -> None:
    await let_everyone_take(town)
    _, chest = await open_chest(town, minutes=5)
    await (await town.mia.click(chest, "Take a share")).message()
    change = f"UPDATE chests SET until_ms = until_ms - 300000 WHERE guild_id = {town.guild.id}"
    books.change(rig.database, change)
    books.hasten(rig.database, "chest", 300_000)
    message = await town.announced(town.general, "The chest is closed")
    balance = await (await town.sam.slash("balance")).message()

    assert message is chest
    assert f"The rest went back to <@{town.sam.user.id}>: 🪙\xa042 coins." in chest.text
    assert buttons(chest) == []
    assert "79" in balance.text


async def test_managers_close_a_chest_that_should_not_be_open(rig: Rig, town: Town) -> None:
    _, chest = await open_chest(town)
    panel = await (await town.olive.slash("settings")).message()
    panel = await (await town.olive.click(panel, "Staff roles")).message()
    panel = await (await town.olive.click(panel, "Chests")).message()
    assert f"Open in <#{town.general.id}>, from <@{town.sam.user.id}>. Left: 🪙\xa063." in panel.text
    panel = await (await town.olive.click(panel, "Close it now")).message()

    assert "Close it now" not in buttons(panel)
    await town.announced(town.general, f"The rest went back to <@{town.sam.user.id}>")
    assert chest.id


async def test_newcomers_and_members_without_the_role_are_told_why_not(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 50)
    nobody = await (await town.mia.slash("chest", amount=20, shares=2)).message()
    role = rig.world.add_role(town.guild, "Sponsors")
    panel = await (await town.sam.slash("settings")).message()
    panel = await (await town.sam.click(panel, "Staff roles")).message()
    panel = await (await town.sam.click(panel, "Chests")).message()
    page = await (await town.sam.select(panel, "Role of sponsors", role)).message()
    member_answer = await (await town.mia.slash("chest", amount=20, shares=2)).message()
    short = await (await town.sam.slash("chest", amount=20, shares=2)).message()
    await town.grant(town.sam, 100)
    preview = await (await town.sam.slash("chest", amount=65, shares=3)).message()
    question, chest = await open_chest(town)
    limits = [text.split("One share for each member. ")[1].split("\n")[0] for text in (preview.text, chest.text)]
    young = await (await town.leo.click(chest, "Take a share")).message()
    await (await town.sam.click(question, "Close it now")).wait_for_answer()
    message = await town.announced(town.general, "The chest is closed")

    assert "Only the staff can share coins out here so far." in nobody.text
    assert f"<@&{role.id}>" in page.text
    assert f"You need the role <@&{role.id}>" in member_answer.text
    assert "A chest takes promo coins only." in short.text
    assert limits == 2 * [
        "Discord accounts have to be at least 7 days old. Members need to have been here for 24 hours."
    ]
    assert "Your Discord account has to be at least 7 days old" in young.text
    assert "What was left is back: **🪙\xa063 coins**." in question.text
    assert buttons(question) == []
    assert message is chest


async def test_a_kill_in_the_middle_takes_nothing_from_a_chest(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await let_everyone_take(town)
    _, chest = await open_chest(town, minutes=5)
    await (await town.mia.click(chest, "Take a share")).message()
    await own_rig.kill_bot()
    await own_rig.start_bot()
    await town.until_open()
    share = await (await town.leo.click(chest, "Take a share")).message()
    again = await (await town.mia.click(chest, "Take a share")).message()
    await own_rig.kill_bot()
    books.change(own_rig.database, "UPDATE chests SET until_ms = until_ms - 300000")
    books.hasten(own_rig.database, "chest", 300_000)
    await own_rig.start_bot()
    message = await town.announced(town.general, "The chest is closed")

    assert message is chest
    assert "You got **🪙\xa021 coins** from" in share.text
    assert "You took your share" in again.text
    assert "**2** of 3 taken" in chest.text
    query = "SELECT kind, count(*) FROM journal WHERE kind LIKE 'chest%' GROUP BY kind ORDER BY kind"
    assert books.rows(own_rig.database, query) == [("chest", 1), ("chest_return", 1), ("chest_share", 2)]
