"""Budgets over the wire: set, seen wherever coins are spent, kept to, raise_panel a day later, and paused."""

import pytest

from sandbox.discord.exchange import Exchange
from sandbox.discord.people import Person
from tests import books
from tests.bot.buying import link_of, order_package
from tests.bot.picking import part, pick_gift
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town
from tests.shown import numbers


@pytest.fixture
async def giving(town: Town) -> Town:
    """Noor is a creator, and Mia has 500 promo coins."""
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    return town


async def text_of(exchange: Exchange) -> str:
    return (await exchange.message()).text


async def set_budget(person: Person, period: str, amount: int) -> str:
    return await text_of(await person.slash("budget set", period=period, amount=amount))


async def test_a_budget_is_shown_before_a_gift_warned_of_and_kept_to(rig: Rig, giving: Town) -> None:
    mia = giving.mia
    empty = await text_of(await mia.slash("budget show"))
    assert "You have no limits yet." in empty
    answer = await set_budget(mia, "week", 120)
    assert "Weekly limit: 🪙\xa0120 coins" in answer
    assert "**Gifts** · Left: 🪙\xa0120\n▱▱▱▱▱▱▱▱▱▱ 0%" in answer
    panel = await (await mia.user_menu("Send a gift", giving.noor.user)).message()
    assert "Your budget for this week has 🪙\xa0120 coins left." in panel.text
    panel = await pick_gift(mia, panel, "Paper Crane")
    assert "After this, your budget for this week has 🪙\xa021 coins left." in panel.text
    receipt = await (await mia.click(panel, part(panel, "pick-send")["custom_id"])).message()
    assert "You've used 82% of your budget for this week. It has 🪙\xa021 coins left." in receipt.text
    panel = await (await mia.user_menu("Send a gift", giving.noor.user)).message()
    panel = await pick_gift(mia, panel, "Paper Crane")
    assert "That's more than your budget." in panel.text
    assert part(panel, "pick-send")["disabled"]
    assert part(panel, "Budget")

    refusal = await giving.give(mia, "Paper Crane", giving.noor)
    assert (
        "That's more than your budget for this week: it has 🪙\xa021 coins left. A new week begins <t:" in refusal.text
    )
    assert "You haven't been charged." in refusal.text
    assert "Buy coins" not in str(refusal.components)
    assert len(books.gifts(rig.database, giving.guild.id)) == 1


async def test_a_raise_waits_and_can_be_called_off_and_a_pause_cannot(giving: Town) -> None:
    mia = giving.mia
    await set_budget(mia, "day", 50)
    raise_panel = await (await mia.slash("budget set", period="day", amount=400)).message()
    assert "Daily limit: 🪙\xa050 coins" in raise_panel.text
    assert "🪙\xa0400 coins" in raise_panel.text
    panel = await (await mia.click(raise_panel, part(raise_panel, "budget-keep")["custom_id"])).message()
    assert "400" not in numbers(panel.text)
    clear_panel = await (await mia.slash("budget clear")).message()
    assert "This limit ends <t:" in clear_panel.text
    question = await (await mia.slash("budget pause", days=3)).message()
    assert "For 3 days, you can't send gifts or buy coins" in question.text
    pause_panel = await (await mia.click(question, part(question, "budget-pause")["custom_id"])).message()
    assert "You're taking a break from gifts and purchases until" in pause_panel.text

    assert "You're taking a break until" in (await giving.give(mia, "Petal", giving.noor)).text
    assert "so you can't buy coins" in await text_of(await mia.slash("buy"))
    assert "can't be shortened" in await text_of(await mia.slash("budget pause", days=2))


@pytest.mark.parametrize("command", ["budget set", "budget pause"])
async def test_below_a_refusal_a_button_leads_to_the_budget_that_says_no(giving: Town, command: str) -> None:
    mia = giving.mia
    if command == "budget set":
        await set_budget(mia, "week", 50)
    else:
        question = await (await mia.slash(command, days=3)).message()
        await (await mia.click(question, "Take the break")).message()
    refusals = [
        await giving.give(mia, "Paper Crane", giving.noor),
        await (await mia.slash("buy", package="70")).message(),
    ]
    budgets = [await text_of(await mia.click(refusal, "Budget")) for refusal in refusals]

    assert all("Your budget" in budget for budget in budgets)


async def test_the_form_of_limits_says_what_each_is_for(giving: Town) -> None:
    panel = await (await giving.mia.slash("budget show")).message()
    form = await (await giving.mia.click(panel, "Set limits")).modal()
    limits = {"Daily limit": "100", "Weekly limit": "300", "Monthly limit": "900"}
    panel = await (await giving.mia.submit(form, **limits)).message()

    assert all(f"{name}: 🪙\xa0{coins} coins" in panel.text for name, coins in limits.items())


async def test_a_purchase_beyond_a_budget_is_refused_before_anybody_agrees_to_it(giving: Town) -> None:
    mia = giving.mia
    await set_budget(mia, "month", 100)
    shop = await (await mia.slash("buy")).message()
    refusal = await text_of(await mia.slash("buy", package="350"))

    assert "Your budget for this month lets you buy 🪙\xa0100 coins more." in shop.text
    assert "That's more than your budget for this month: you can buy 🪙\xa0100 coins more." in refusal


async def test_a_purchase_that_uses_most_of_a_budget_says_so_on_its_receipt(rig: Rig, giving: Town) -> None:
    mia = giving.mia
    await set_budget(mia, "month", 80)
    panel = await order_package(giving)
    await rig.pay(link_of(panel))
    await wait_text(panel, "Payment received")

    assert "You've bought 87% of your budget for this month. You can buy 🪙\xa010 coins more." in panel.text


async def test_staff_limit_new_accounts_in_the_settings(giving: Town) -> None:
    sam = giving.sam
    page = await (await sam.slash("settings")).message()
    for action in ("settings-payments", "settings-limits"):
        page = await (await sam.click(page, part(page, action)["custom_id"])).message()
    form = await (await sam.click(page, part(page, "settings-young")["custom_id"])).modal()
    page = await (await sam.submit(form, **{"Most coins to gift, and to buy, in a day": 300})).message()

    assert "Up to 🪙\xa0300 coins a day to gift, and as much to buy" in page.text
