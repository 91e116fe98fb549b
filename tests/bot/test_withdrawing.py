"""Withdrawing in Discord: from the receipt and from /balance, with a question before."""

from tests import books
from tests.bot.buying import buy_package, labels, link_of
from tests.bot.picking import part, pick_view
from tests.bot.test_buying_within_limits import limits_page
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town


async def test_a_buyer_withdraws_from_the_receipt_and_the_money_goes_back(rig: Rig, town: Town) -> None:
    page = await limits_page(town)
    before = page.text
    await (await town.sam.click(page, "Allow withdrawals")).message()
    panel = await buy_package(town, "350 ")
    await rig.pay(link_of(panel))
    await wait_text(panel, r"Receipt #\d")
    offered = labels(await (await town.mia.slash("balance")).message())
    question = await (await town.mia.click(panel, "Withdraw here")).message()
    asked = question.text
    withdrawn = await (await town.mia.click(question, "Confirm withdrawal")).message()
    again = await (await town.mia.click(panel, "Withdraw here")).message()
    balance = await (await town.mia.slash("balance")).message()

    assert "Not offered" in before
    assert "Allowed for 14 days" in page.text
    assert "Withdraw from #1" in offered
    assert "350 test coins" in asked
    assert "$4.99" in asked
    assert "$4.99 is going back" in withdrawn.text.replace("*", "")
    assert "You gave back" in again.text
    assert "Withdraw from #1" not in labels(balance)
    query = "SELECT state FROM orders WHERE guild_id = ?"
    assert books.only_value(rig.database, query, town.guild.id) == "withdrawn"


async def test_a_buyer_withdraws_from_their_purchases_and_from_a_receipt_that_they_look_up(
    rig: Rig, town: Town
) -> None:
    await (await town.sam.click(await limits_page(town), "Allow withdrawals")).message()
    await town.approve(town.noor)
    bought_for = {"350 ": "$4.99", "70 ": "$0.99"}
    for coins in bought_for:
        panel = await buy_package(town, coins)
        await rig.pay(link_of(panel))
        await wait_text(panel, r"Receipt #\d")
    await town.give(town.mia, "Petal", town.noor, count=35)
    purchases = await pick_view(town.mia, await (await town.mia.slash("history")).message(), "Purchases")
    offered = [each for each in labels(purchases) if each == "Withdraw here"]
    # The newest purchase stands first, and the gift was paid from the oldest.
    question = await (await town.mia.click(purchases, part(purchases, "Withdraw here")["custom_id"])).message()
    sentence = question.text
    withdrawal = await (await town.mia.click(question, "Confirm withdrawal")).message()
    answer = withdrawal.text.replace("*", "")

    history = await (await town.mia.slash("history")).message()
    form = await (await town.mia.click(history, part(history, "history-find")["custom_id"])).modal()
    receipt = await (await town.mia.submit(form, Number="#1")).message()
    question = await (await town.mia.click(receipt, "Withdraw here")).message()
    last = await (await town.mia.click(question, "Confirm withdrawal")).message()
    purchases = await pick_view(town.mia, await (await town.mia.slash("history")).message(), "Purchases")

    assert len(offered) == 2
    assert "70 test coins" in sentence
    assert "$0.99 is going back" in answer
    assert "$4.49 is going back" in last.text.replace("*", "")
    assert "Withdraw here" not in labels(purchases)
    query = "SELECT state FROM orders WHERE guild_id = ? ORDER BY order_id"
    assert books.rows(rig.database, query, town.guild.id) == [("withdrawn",), ("withdrawn",)]
