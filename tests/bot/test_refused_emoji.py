"""Emoji that Discord refuses: they are not accepted, and one that becomes invalid later only loses its picture."""

import re
from typing import Any

import pytest

from sandbox.discord.model import Message
from sandbox.discord.model.guild import Emoji
from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import part
from tests.rig import Rig, Town, until


async def picker(town: Town) -> Message:
    """Have a member open the menu of gifts for a creator."""
    return await (await town.mia.user_menu("Send a gift", town.noor.user)).message()


async def add(town: Town, emoji: str, name: str = "Odd") -> str:
    """Have the moderator add an item, and return the answer."""
    return (await (await town.sam.slash("catalogue add", name=name, emoji=emoji, price=2)).message()).text


@pytest.mark.parametrize("emoji", ["🇽🇽", "🍕\u200d🍕\u200d🍕", "<:gone:123456789012345678>"])
async def test_an_emoji_that_discord_refuses_is_not_let_in(town: Town, emoji: str) -> None:
    addition = await add(town, emoji)
    edit = (await (await town.sam.slash("catalogue edit", item="Petal", emoji=emoji)).message()).text
    listing = (await (await town.sam.slash("catalogue list")).message()).text

    for answer in (addition, edit):
        assert "emoji" in answer
    assert "Odd" not in listing
    assert "🌸" in listing


async def test_another_guilds_emoji_is_not_let_in(rig: Rig, town: Town) -> None:
    elsewhere = await rig.found_town()
    emoji = rig.world.add_emoji(elsewhere.guild, "theirs")

    assert "can't use that emoji" in await add(town, f"<:theirs:{emoji.id}>")


async def add_own(town: Town) -> Emoji:
    """Give the guild an emoji of its own, and add an item with it."""
    emoji = town.rig.world.add_emoji(town.guild, "rosette")
    emoji_text = code_of(emoji)

    async def is_added() -> bool:
        return emoji_text in await add(town, emoji_text, "Ours")

    await until(is_added)
    return emoji


def code_of(emoji: Emoji) -> str:
    return f"<:{emoji.name}:{emoji.id}>"


async def test_a_deleted_emoji_takes_no_menu_from_anybody_and_staff_hear_once(rig: Rig, town: Town) -> None:
    emoji = await add_own(town)
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    panel_before = await picker(town)
    rig.world.delete_emoji(town.guild, emoji)
    notice = await town.announced(town.general, "Gifts without their emoji")
    panels_after = [await picker(town) for _ in range(2)]
    shelf = await (await town.sam.slash("catalogue list")).message()

    assert str(emoji.id) in str(panel_before.components)
    for panel in panels_after:
        assert str(emoji.id) not in str(panel.components)
        assert "Ours" in str(panel.components)
        assert "🌸" in str(panel.components)
    assert "Ours" in notice.text
    assert shelf.text
    texts = [message.text for message in rig.world.messages(town.general.id) if message.author.bot]
    assert sum("without their emoji" in text for text in texts) == 1


async def look_around(rig: Rig, town: Town, seq: int) -> dict[str, str]:
    """Return the texts in which members, creators and staff find the gift with the receipt of number `seq`."""
    commands: tuple[tuple[Person, str, dict[str, Any]], ...] = (
        (town.sam, "catalogue list", {}),
        (town.mia, "gifts", {}),
        (town.mia, "history", {}),
        (town.mia, "verify", {"receipt": seq}),
        (town.noor, "creator gifts", {}),
        (town.noor, "creator stats", {}),
        (town.sam, "coins lookup", {"member": town.mia.user}),
    )
    texts = {
        command: (await (await person.slash(command, **options)).message()).text
        for person, command, options in commands
    }
    board = await (await town.mia.slash("leaderboard")).message()
    ranking = await town.mia.select(board, part(board, "board-board")["custom_id"], "Most sent gifts")
    staff_log = await (await town.olive.slash("settings")).message()
    log = await (await town.olive.click(staff_log, "Staff log")).message()
    return {**texts, "leaderboard": (await ranking.message()).text, "staff log": log.text}


async def test_texts_show_no_code_of_an_emoji_that_is_gone(rig: Rig, town: Town) -> None:
    town.forbid_files()
    emoji = await add_own(town)
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.announce_in(town.gifts)
    receipt = await town.give(town.mia, "Ours", town.noor)
    (seq,) = map(int, re.findall(r"Receipt #(\d+)", receipt.text))
    announcement = await town.announced(town.gifts, "Ours")
    before = {**await look_around(rig, town, seq), "receipt": receipt.text, "announcement": announcement.text}
    rig.world.delete_emoji(town.guild, emoji)
    await town.announced(town.gifts, "Gifts without their emoji")

    receipt = await (await town.mia.click(receipt, "Send again for 🪙\xa02")).message()
    announcement = await town.announced(town.gifts, "🎁 **")
    after = {**await look_around(rig, town, seq), "receipt": receipt.text, "announcement": announcement.text}

    assert [place for place, text in before.items() if code_of(emoji) not in text] == []
    assert [place for place, text in after.items() if "<:" in text] == []
    named = {place for place, text in after.items() if "🎁 \u2068Ours\u2069" in text}
    assert named >= {*after} - {"announcement"}


async def test_what_was_let_in_before_it_was_checked_takes_no_menu_from_anybody(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await own_rig.stop_bot()
    books.change(own_rig.database, "UPDATE gift_items SET emoji = '🇽🇽' WHERE name = 'Petal'")
    await own_rig.start_bot()
    panel = await picker(town)
    await town.announced(town.general, "Petal")
    await own_rig.stop_bot()

    assert "🇽🇽" not in str(panel.components)
    assert "Petal" in str(panel.components)
    assert "🍀" in str(panel.components)
