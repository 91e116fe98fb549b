"""A guild's own currency and its prices for gifts on messages: set in `/settings`, seen wherever coins are."""

from typing import Any

import pytest

from sandbox.discord.model import Message
from tests import books
from tests.bot.buying import labels
from tests.bot.picking import pressable
from tests.bot.test_managers import fill_form
from tests.rig import Person, Rig, Town, until


async def settings(town: Town, form: str, *values: str) -> Message:
    """Fill in a form of the settings, and return the answer."""
    panel = await (await town.sam.slash("settings")).message()
    return await fill_form(town, panel, form, *values)


def options_of(message: Message) -> list[dict[str, Any]]:
    """Return the options of the first menu of a message."""
    parts = (part for part in pressable(message))
    return next(part["options"] for part in parts if "options" in part)


async def message_picker(town: Town, sender: Person) -> Message:
    """Write a message as the creator, and open the picker for it."""
    message = await town.noor.say("hello")
    return await (await sender.message_menu("Gift this message", message)).message()


async def test_a_currency_of_ones_own_is_shown_at_once_and_everywhere(town: Town) -> None:
    await town.approve(town.noor)
    panel = await settings(town, "🪙", "Sunflowers", "🌻")
    await town.grant(town.mia, 100)
    receipt = await town.give(town.mia, "Spark", town.noor)
    announcement = await town.announced(town.general, "Spark")
    balance = await town.balance(town.mia)
    choices = await town.mia.autocomplete("gift", "gift", gift="Spark", creator=town.noor.user)
    refusal = await town.give(town.mia, "Phoenix", town.noor)

    assert "Sunflowers" in panel.text
    assert "🌻\xa01,400" in panel.text
    assert "🌻\xa05" in receipt.text
    assert "🌻\xa05" in announcement.text
    assert "Your balance · \u2068Sunflowers\u2069" in balance
    assert "🌻\xa095" in balance
    assert choices[0]["name"].startswith("✨ Spark · 🌻\xa05 · ")
    assert any("🌻\xa05" in label for label in labels(receipt))
    assert "🌻" in refusal.text
    assert not any("coins" in text and "🪙" in text for text in (receipt.text, announcement.text, refusal.text))


async def test_a_currency_is_taken_back_by_emptying_its_form(town: Town) -> None:
    await settings(town, "🪙", "Sunflowers", "🌻")
    panel = await settings(town, "🪙", "", "")

    assert "🪙\xa01,400 coins" in panel.text
    assert "🪙\xa00 coins" in await town.balance(town.mia)


async def test_a_restarted_bot_knows_the_currency_before_anybody_asks(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await settings(town, "🪙", "Sunflowers", "🌻")
    await own_rig.stop_bot()
    await own_rig.start_bot()
    balance = await town.balance(town.mia)
    await own_rig.stop_bot()

    assert "🌻\xa00" in balance


@pytest.mark.parametrize(
    ("name", "emoji", "reason"),
    [
        ("\u200b", "🌻", "Write 1 to 20 visible characters"),
        ("Sunflowers", "sun", "Enter exactly one emoji"),
        ("Sunflowers", "🇽🇽", "Enter exactly one emoji"),
        ("Sunflowers", "<:gone:123456789012345678>", "can't use that emoji"),
    ],
)
async def test_a_currency_that_cannot_be_shown_is_refused(
    rig: Rig, town: Town, name: str, emoji: str, reason: str
) -> None:
    refusal = await settings(town, "🪙", name, emoji)

    assert reason in refusal.text
    query = "SELECT currency_name, currency_emoji FROM guilds WHERE guild_id = ?"
    assert books.rows(rig.database, query, town.guild.id) == [(None, None)]


async def test_a_servers_own_emoji_is_shown_in_text_and_never_where_it_would_be_a_code(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    emoji = rig.world.add_emoji(town.guild, "sun")
    code = f"<:sun:{emoji.id}>"

    async def is_set() -> bool:
        return code in (await settings(town, "🪙", "Sunflowers", code)).text

    await until(is_set)
    receipt = await town.give(town.mia, "Spark", town.noor)
    picker = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    rig.world.delete_emoji(town.guild, emoji)
    notice = await town.announced(town.general, "Your currency lost its emoji")
    balance = await town.balance(town.mia)

    assert f"{code}\xa05" in receipt.text
    assert "Send again for Sunflowers: 5" in labels(receipt)
    assert {option["description"] for option in options_of(picker)} >= {
        "Sunflowers: 1 · ≈\xa0$0.01",
        "Sunflowers: 5 · ≈\xa0$0.07",
    }
    assert code not in str(pressable(picker))
    assert "/settings" in notice.text
    # The emoji is gone, so ours stands in for it, and not ":sun:".
    assert "🪙\xa095" in balance
    assert "sun" not in balance


async def test_gifts_on_messages_have_prices_of_their_own(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 1_000)
    panel = await settings(town, "💬", "5", "20")
    picker = await message_picker(town, town.mia)
    anywhere = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()

    assert "🪙\xa05 to 🪙\xa020 coins" in panel.text
    assert [option["label"] for option in options_of(picker)] == ["Spark", "Warm Heart", "Clover"]
    assert "Petal" in [option["label"] for option in options_of(anywhere)]


@pytest.mark.parametrize(
    ("lowest", "highest", "gift", "reason"),
    [
        ("5", "", "Petal", "Pick a gift for 🪙\xa05 or more."),
        ("", "5", "Clover", "Pick a gift for 🪙\xa05 or less."),
        ("5", "10", "Clover", "Pick a gift for 🪙\xa05 to 🪙\xa010."),
    ],
)
async def test_a_gift_out_of_the_range_is_refused_on_a_message_only(
    town: Town, lowest: str, highest: str, gift: str, reason: str
) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await settings(town, "💬", lowest, highest)
    message = await town.noor.say("hello")
    link = f"https://discord.com/channels/{town.guild.id}/{message.channel_id}/{message.id}"
    refusal = await town.give(town.mia, gift, town.noor, link=link)
    receipt = await town.give(town.mia, gift, town.noor)

    assert reason in refusal.text
    assert "You haven't been charged." in refusal.text
    assert f"<@{town.noor.user.id}>" in receipt.text


async def test_a_range_without_any_gift_says_where_to_send_one(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await settings(town, "💬", "3", "4")

    assert "no gifts for messages" in (await message_picker(town, town.mia)).text


@pytest.mark.parametrize(
    ("lowest", "highest", "reason"),
    [
        ("20", "5", "can't be above the highest"),
        ("x", "", "whole number from 0 to 1,000,000,000"),
        ("-1", "", "whole number from 0"),
    ],
)
async def test_a_range_that_cannot_be_is_refused(town: Town, lowest: str, highest: str, reason: str) -> None:
    refusal = await settings(town, "💬", lowest, highest)
    panel = await (await town.sam.slash("settings")).message()

    assert reason in refusal.text
    assert "Any price" in panel.text


async def test_a_german_reads_the_settings_in_german(town: Town) -> None:
    town.sam.user.locale = "de"
    panel = await (await town.sam.slash("settings")).message()
    answer = await fill_form(town, panel, "🪙", "Sonnenblumen", "🌻")

    assert "Sonnenblumen\u2069 · Beispiel: 🌻\xa01.400" in answer.text
    assert "Geschenke auf Nachrichten" in answer.text
