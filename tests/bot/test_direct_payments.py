"""Paying the staff directly: the buyer quotes a code, and two people confirm that the money came."""

from tests.bot.buying import labels
from tests.bot.noted_shop import INSTRUCTIONS, confirm, opened_case, opened_order, order_by, set_up_manual
from tests.bot.test_cases import staff
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town, until


async def open_shop(town: Town, *, people: str = "2") -> None:
    await (await town.sam.slash("packages edit", package="1", archived=False)).message()
    await set_up_manual(town.olive, people=people)


async def test_a_purchase_from_the_code_to_the_receipt(shop: Rig, shop_town: Town) -> None:
    town = shop_town
    await open_shop(town)
    panel, code = await order_by(town, "manual")
    quoted, buttons = panel.text, labels(panel)
    await (await town.mia.click(panel, "I've sent the money")).message()
    waiting_text = panel.text
    first = await confirm(town.sam, await opened_case(town.sam), "PayPal 7XY")
    after_one = await town.balance(town.mia)
    second = await opened_case(town.olive)
    second_text = second.text
    await (await town.olive.click(second, "Confirm the payment")).message()
    await wait_text(panel, r"Receipt #1\b")

    assert INSTRUCTIONS in quoted
    assert buttons == ["I've sent the money", "Cancel"]
    assert "told the staff" in waiting_text
    assert "Somebody else has to confirm it, too" in first.text
    assert "Confirm the payment" not in labels(first)
    assert "One more person" in second_text
    assert "0 coins" in after_one
    assert code in second.text
    assert "🪙\xa070 coins" in panel.text
    assert "No payments need a review" in (await (await town.sam.slash("cases", raw=True)).message()).text


async def test_nobody_confirms_twice_or_for_themselves(shop: Rig, shop_town: Town) -> None:
    town = shop_town
    await open_shop(town)
    treasurer = await staff(shop, town, "treasurer")
    form_owner = town.mia
    town.mia = treasurer
    _, code = await order_by(town, "manual")
    town.mia = form_owner
    own = await opened_order(treasurer, code)
    # Both panels of the same person were open before.
    other, first = await opened_order(town.sam, code), await opened_order(town.sam, code)
    await confirm(town.sam, first, "7XY")
    again = await confirm(town.sam, other, "7XY")
    # The buyer has not said that they had paid, and the other person finds the order all the same.
    waiting = await opened_case(town.olive)

    assert labels(own) == ["All cases"]
    assert "your own payment, so another treasurer has to confirm it. If you're the only one, ask someone" in own.text
    assert "already confirmed this payment" in again.text
    assert "One more person" in waiting.text
    assert "0 coins" in await town.balance(treasurer)


async def test_one_person_is_enough_where_the_server_says_so(shop: Rig, shop_town: Town) -> None:
    town = shop_town
    await open_shop(town, people="1")
    panel, code = await order_by(town, "manual")
    await confirm(town.sam, await opened_order(town.sam, code), "7XY")
    await wait_text(panel, r"Receipt #1\b")

    assert "70 coins" in await town.balance(town.mia)


async def test_money_that_never_came_is_said_to_the_buyer(shop: Rig, shop_town: Town) -> None:
    town = shop_town
    await open_shop(town)
    panel, _ = await order_by(town, "manual")
    await (await town.mia.click(panel, "I've sent the money")).message()
    await (await town.sam.click(await opened_case(town.sam), "Not paid")).message()
    await wait_text(panel, "haven't found your payment")

    assert "0 coins" in await town.balance(town.mia)


async def test_an_auditor_reads_an_order_and_confirms_nothing(shop: Rig, shop_town: Town) -> None:
    town = shop_town
    await open_shop(town)
    _, code = await order_by(town, "manual")
    panel = await opened_order(await staff(shop, town, "auditor"), code)

    assert labels(panel) == ["All cases"]
    assert "Only treasurers can confirm payments" in panel.text


async def test_money_that_staff_sent_back_takes_the_coins_with_it(shop: Rig, shop_town: Town) -> None:
    town = shop_town
    await open_shop(town, people="1")
    panel, code = await order_by(town, "manual")
    await confirm(town.sam, await opened_order(town.sam, code), "7XY")
    await wait_text(panel, r"Receipt #1\b")
    order = await opened_order(town.sam, code)
    form = await (await town.sam.click(order, "Record money sent back")).modal()
    (field,) = form.fields
    prefill = field["value"]
    refunded = await (await town.sam.submit(form, **{field["custom_id"]: prefill})).message()

    async def is_empty() -> bool:
        return "70 coins" not in await town.balance(town.mia)

    await until(is_empty)
    assert prefill == "0.99"
    assert "was sent back" in refunded.text


async def test_a_code_that_nobody_has_is_not_found(shop: Rig, shop_town: Town) -> None:
    answer = await opened_order(shop_town.sam, "RO-2222")

    assert "can't find that order" in answer.text
