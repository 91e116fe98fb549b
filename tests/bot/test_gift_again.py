"""A receipt sends the same again, once a press, for the price on the button and never for more."""

from typing import Any

import pytest

from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import on_message, part, pick_gift, press_send, pressable
from tests.rig import Rig, Town
from tests.ui.test_panels import component, pressed

AGAIN = "gift-again"


def buttons(receipt: Message) -> list[str]:
    return [item["label"] for item in pressable(receipt)]


async def sent_heart(town: Town, coins: int = 5_000, **options: Any) -> Message:
    """Have Mia, who has `coins`, send a Warm Heart for 10, and return the receipt."""
    await town.approve(town.noor)
    await town.grant(town.mia, coins)
    return await town.give(town.mia, "Warm Heart", town.noor, **options)


async def test_each_press_is_a_gift_of_its_own_and_the_receipt_follows(rig: Rig, town: Town) -> None:
    receipt = await sent_heart(town)
    assert buttons(receipt) == ["Send again for 🪙\xa010", "× 5 · 🪙\xa050", "× 10 · 🪙\xa0100"]
    assert "-# Again: × 1 ≈\xa0$0.14 · × 5 ≈\xa0$0.71 · × 10 ≈\xa0$1.41" in receipt.text

    second = await pressed(town.mia, receipt, "Send again")
    third = await pressed(town.mia, receipt, "Send again")
    fourth = await pressed(town.mia, receipt, "× 5")

    assert second is third is fourth is receipt
    assert books.gift_coins(rig.database, town.guild.id) == 80
    assert "× 5" in receipt.text
    assert "for **🪙\xa050 coins**" in receipt.text
    assert buttons(receipt)[0] == "Send again for 🪙\xa050"


async def test_the_same_press_that_comes_twice_is_one_gift(rig: Rig, town: Town) -> None:
    receipt = await sent_heart(town)
    press = town.mia.press(receipt, component(receipt, AGAIN))
    await press.message()

    rig.world.deliver(press.interaction)
    await pressed(town.mia, receipt, "Send again")

    assert books.gift_coins(rig.database, town.guild.id) == 30


async def test_a_message_is_not_said_twice_but_a_mask_stays_on(rig: Rig, town: Town) -> None:
    receipt = await sent_heart(town, message="For you", anonymous=True)

    await pressed(town.mia, receipt, "Send again")

    assert "For you" not in receipt.text
    assert "Your name stays hidden" in receipt.text


async def test_a_price_that_rose_is_shown_before_anything_is_charged(rig: Rig, town: Town) -> None:
    receipt = await sent_heart(town)
    await (await town.sam.slash("catalogue edit", item="3", price=12)).message()

    question = await pressed(town.mia, receipt, "× 5")

    assert "The price just went up from 🪙\xa050 coins to 🪙\xa060 coins." in question.text
    assert books.gift_coins(rig.database, town.guild.id) == 10

    await pressed(town.mia, question, "Send for 🪙\xa060")

    assert books.gift_coins(rig.database, town.guild.id) == 70


async def test_a_combo_above_the_threshold_asks_first(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 50_000)
    receipt = await town.give(town.mia, "Lantern", town.noor)

    question = await pressed(town.mia, receipt, "× 10")

    assert "Send" in question.text
    assert "You won't be charged until you press Send." in question.text
    assert "You'll have 🪙" in question.text
    assert books.gift_coins(rig.database, town.guild.id) == 199

    await pressed(town.mia, question, "Send for 🪙\xa01,990")

    assert books.gift_coins(rig.database, town.guild.id) == 2_189


async def test_only_what_the_balance_can_pay_is_offered_and_coins_where_it_is_used_up(rig: Rig, town: Town) -> None:
    receipt = await sent_heart(town, coins=70)
    assert buttons(receipt) == ["Send again for 🪙\xa010", "× 5 · 🪙\xa050"]

    await pressed(town.mia, receipt, "× 5")
    assert buttons(receipt) == ["Buy coins"]

    shop = await pressed(town.mia, receipt, "Buy coins")

    assert shop is not receipt
    assert "Receipt #" in receipt.text
    assert "Buy coins" in shop.text


async def test_a_receipt_from_a_message_sends_again_to_that_message(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    message = await town.noor.say("first light")
    receipt = await press_send(town.mia, await pick_gift(town.mia, await on_message(town.mia, message), "Warm Heart"))

    await pressed(town.mia, receipt, "Send again")

    assert await town.announced(town.general, "🪙\xa020 coins · 1 gifter")


@pytest.mark.parametrize(
    ("command", "options", "why"),
    [
        ("catalogue archive", {"item": "3"}, "no longer in the catalogue"),
        ("creators remove", {"member": "noor"}, "isn't a creator here"),
    ],
)
async def test_what_can_no_longer_be_sent_is_refused_and_the_receipt_stays(
    rig: Rig, town: Town, command: str, options: dict[str, Any], why: str
) -> None:
    receipt = await sent_heart(town)
    options = {name: town.noor.user if value == "noor" else value for name, value in options.items()}
    await (await town.sam.slash(command, raw=True, **options)).message()

    refusal = await pressed(town.mia, receipt, "Send again")

    assert why in refusal.text
    assert "You haven't been charged" in refusal.text
    assert "Receipt #" in receipt.text
    assert books.gift_coins(rig.database, town.guild.id) == 10


async def test_nobody_sends_again_for_another(rig: Rig, town: Town) -> None:
    receipt = await sent_heart(town)

    refusal = await town.leo.press(receipt, part(receipt, AGAIN)).message()

    assert "belong to someone else" in refusal.text
    assert books.gift_coins(rig.database, town.guild.id) == 10
