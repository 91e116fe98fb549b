"""Test coins over the wire: marked wherever they are seen, and on no board beside real money."""

from sandbox.discord.model import Message
from tests.bot.buying import link_of, order_package
from tests.bot.noted_shop import set_up_manual
from tests.bot.picking import pick_gift, press_send
from tests.rig import Rig, Town


async def buy_test_coins(rig: Rig, town: Town) -> Message:
    """Have Mia pay for 70 coins at the pretend checkout, and return her receipt."""
    await rig.pay(link_of(await order_package(town)))
    return await town.noticed(town.mia, "Payment received")


async def leaderboard(town: Town) -> str:
    return (await (await town.leo.slash("leaderboard")).message()).text


async def test_where_there_are_only_tests_they_are_marked_and_count(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    receipt = await buy_test_coins(rig, town)
    gift_receipt = await town.give(town.mia, "Warm Heart", town.noor, count=2)
    announcement = await town.announced(town.general, "Warm Heart")
    balance, earnings = await town.balance(town.mia), await town.balance(town.noor)
    board = await leaderboard(town)

    assert "I've added **🧪\xa070 test coins** to your balance" in receipt.text
    assert "You now have 🧪\xa070 test coins." in receipt.text
    assert "🧪 Test coins pay for this gift, so it is never paid out." in gift_receipt.text
    assert "You have 🧪\xa050 test coins left." in gift_receipt.text
    assert "🧪 \u2068Warm Heart" in announcement.text
    assert "🧪\xa020 test coins" in announcement.text
    assert "🧪\xa050 test coins" in balance
    assert "Bought: **🪙\xa00**" in balance
    assert "**−20**\xa0🧪" in balance
    assert "Test earnings**\n💎\xa010" in earnings
    assert "Your earnings" not in earnings
    assert "20 coins in total" in board


async def test_beside_real_money_they_count_on_no_board_and_are_kept_apart(shop: Rig, shop_town: Town) -> None:
    town = shop_town
    await town.approve(town.noor)
    await (await town.sam.slash("packages edit", package="1", archived=False)).message()
    await buy_test_coins(shop, town)
    await set_up_manual(town.sam)
    await town.grant(town.mia, 5)
    both = await town.balance(town.mia)
    gift_receipt = await town.give(town.mia, "Warm Heart", town.noor)
    announcement = await town.announced(town.general, "Warm Heart")
    refusal = await town.give(town.mia, "Warm Heart", town.noor, count=9)
    nobody = await leaderboard(town)
    await town.grant(town.mia, 10)
    await town.give(town.mia, "Warm Heart", town.noor)
    board = await leaderboard(town)

    assert "🪙\xa05 coins" in both
    assert "**Test coins**\n🧪\xa070" in both
    assert "so it is never paid out, and no leaderboard counts it." in gift_receipt.text
    assert "You have 🧪\xa065 test coins left." in gift_receipt.text
    assert "🧪 \u2068Warm Heart" in announcement.text
    assert "25 short: this costs 🪙\xa090 coins, and you have 🧪\xa065 test coins." in refusal.text
    assert "coins in total" not in nobody
    assert "10 coins in total" in board


async def test_beside_real_money_a_picker_tells_of_no_budget_in_which_test_coins_do_not_count(
    shop: Rig, shop_town: Town
) -> None:
    town = shop_town
    await town.approve(town.noor)
    await (await town.sam.slash("packages edit", package="1", archived=False)).message()
    await buy_test_coins(shop, town)
    await set_up_manual(town.sam)
    await (await town.mia.slash("budget set", period="day", amount=5)).message()
    panel = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()
    opening = panel.text
    panel = await pick_gift(town.mia, panel, "Warm Heart")
    picked = panel.text
    receipt = await press_send(town.mia, panel)
    await town.grant(town.mia, 3)
    counted = await (await town.mia.user_menu("Send a gift", town.noor.user)).message()

    assert "budget" not in opening
    assert "budget" not in picked
    assert "Receipt #" in receipt.text
    assert "Your budget for today has 🪙\xa05 coins left." in counted.text
