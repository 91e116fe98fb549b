"""Earnings from purchases on Discord, over the wire: creators and staff read that they wait for the operator, until
they don't."""

import pytest

from sandbox.discord.people import Person
from tests.bot.noted_shop import payments_page
from tests.bot.test_discord_purchases import order, sell, start, until_used
from tests.bot.test_journeys import wait_text
from tests.bot.test_payouts_on_screen import send_form
from tests.rig import Rig, Town

WAITS = "until whoever runs this bot has confirmed that creators are paid from this money"


@pytest.fixture
async def town(own_rig: Rig) -> Town:
    """A guild where Noor has earned 💎 35 from coins that were bought on Discord, and no other hold is left."""
    sku = own_rig.world.add_sku("70 coins", price_minor=99)
    await start(own_rig)
    town = await own_rig.found_town()
    await sell(town, sku)
    await town.approve(town.noor)
    for label, values in (("Hold earnings", ("0",)), ("Payouts", ("10", "2"))):
        await send_form(town.olive, await payments_page(town.olive), label, *values)
    panel = await order(town.mia)
    purchase = town.mia.purchase(panel)
    await wait_text(panel, r"Receipt #1\b")
    await until_used(purchase)
    await town.give(town.mia, "Warm Heart", town.noor, count=7)
    return town


async def said(person: Person, command: str) -> str:
    return (await (await person.slash(command)).message()).text


async def test_it_waits_for_the_operator_and_every_text_says_so_until_payouts_are_confirmed(
    own_rig: Rig, town: Town
) -> None:
    earnings, refusal = await said(town.noor, "creator earnings"), await said(town.noor, "creator payout")
    settings = (await payments_page(town.olive)).text
    await own_rig.stop_bot()
    await start(own_rig, DISCORD_SKU_PAYOUTS="true")
    after, question = await said(town.noor, "creator earnings"), await said(town.noor, "creator payout")

    assert "**💎\xa00** available\n**💎\xa035** held" in earnings
    assert f"🎮 purchases on Discord: 💎\xa035 {WAITS}" in earnings
    assert "Next releases" not in earnings
    assert refusal.startswith("Payouts start at 💎\xa010. You have 💎\xa00 available.")
    assert refusal.endswith("shows what is still held, and why.")
    assert f"Earnings are held {WAITS}." in settings
    assert "**💎\xa035** available" in after
    assert WAITS not in after
    assert "You're asking for **💎\xa035**." in question
    assert "Earnings are available at once." in (await payments_page(town.olive)).text
