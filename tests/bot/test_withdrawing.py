"""Withdrawing in Discord: from the receipt and from /balance, with a question before."""

from tests import books
from tests.bot.buying import buy_package, labels, link_of
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
