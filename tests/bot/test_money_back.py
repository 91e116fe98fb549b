"""A payment that goes back takes its coins with it, and one that comes back returns them."""

from tests import books
from tests.bot.buying import buy_package, link_of
from tests.bot.test_journeys import wait_text
from tests.bot.test_payments import notice_to_staff
from tests.rig import Rig, Town, until

STATE = "SELECT state FROM orders WHERE guild_id = ?"


async def wait_state(rig: Rig, town: Town, state: str) -> None:
    async def is_there() -> bool:
        return books.only_value(rig.database, STATE, town.guild.id) == state

    await until(is_there)


async def balance(town: Town) -> str:
    return (await (await town.mia.slash("balance")).message()).text


async def test_refunds_take_the_coins_back_and_their_buyer_reads_so(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    checkout = link_of(panel)
    await rig.pay(checkout)
    await wait_text(panel, r"Receipt #1\b")
    await rig.pay(checkout, "refund-half")
    part = (await wait_text(panel, "Part of your payment was refunded")).text
    after_half = await balance(town)
    await rig.pay(checkout, "refund")
    await wait_text(panel, "Your payment was refunded")
    after_all = await balance(town)

    assert "$0.49 of $0.99 is going back to you" in part
    # 49 cents of 99 are 34 of 70 coins.
    assert "36 test coins" in after_half
    assert "0 coins" in after_all
    assert "Refund of receipt #1" in after_all


async def test_a_dispute_takes_the_coins_until_it_is_decided(rig: Rig, town: Town) -> None:
    panel = await buy_package(town, "70 ")
    checkout = link_of(panel)
    await rig.pay(checkout)
    await wait_text(panel, r"Receipt #1\b")
    await rig.pay(checkout, "dispute")
    await wait_text(panel, "Your payment is disputed")
    disputed = await balance(town)
    notice = await notice_to_staff(town)
    await rig.pay(checkout, "win")
    await wait_text(panel, "Your payment stands")
    won = await balance(town)

    assert "0 coins" in disputed
    assert "bank disputes the payment of $0.99 for 🪙\xa070 coins" in notice.text
    assert "70 test coins" in won
    assert "stands again" in won


async def test_a_dispute_that_came_while_the_bot_was_away_is_followed_after_its_return(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    panel = await buy_package(town, "70 ")
    checkout = link_of(panel)
    await own_rig.pay(checkout)
    await wait_text(panel, r"Receipt #1\b")
    await own_rig.kill_bot()
    await own_rig.pay(checkout, "dispute")
    await own_rig.pay(checkout, "lose")
    await own_rig.start_bot()
    await wait_state(own_rig, town, "lost")

    assert "0 coins" in await balance(town)
