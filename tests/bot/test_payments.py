"""Odd payments: each is settled or brought to people's attention, and none delays another."""

import pytest

from sandbox.discord.model import Message
from tests import books
from tests.bot.buying import buy_package, labels, link_of, order_package
from tests.bot.test_journeys import wait_text
from tests.rig import Rig, Town, until
from tests.shown import numbers

UNREPORTED = "SELECT count(*) FROM payment_cases WHERE guild_id = ? AND reported = 0"
SEEN = "SELECT told FROM orders"
UNSETTLED = "SELECT count(*) FROM webhook_events WHERE next_ms IS NOT NULL AND attempts > 0"


async def test_a_hundred_events_of_unknown_sessions_delay_no_receipt(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    for _ in range(100):
        own_rig.checkout.courier.announce_unknown()

    async def are_all_tried() -> bool:
        return books.only_value(own_rig.database, UNSETTLED) == 100

    await until(are_all_tried)
    panel = await buy_package(town, "70 ")
    await own_rig.pay(link_of(panel))
    receipt = await wait_text(panel, r"Receipt #1\b")
    # A restart does not retry them at once either.
    await own_rig.kill_bot()
    await own_rig.start_bot()
    second_panel = await buy_package(town, "70 ")
    await own_rig.pay(link_of(second_panel))
    await wait_text(second_panel, r"Receipt #2\b")
    await own_rig.stop_bot()

    assert "70" in receipt.text
    assert books.only_value(own_rig.database, UNSETTLED) >= 100
    assert not any("Traceback" in line for line in own_rig.bot.lines)


async def test_a_bot_that_dies_before_it_notes_what_it_told_does_not_tell_it_again(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    checkout = link_of(await buy_package(town, "70 "))
    gone = {"message": "Unknown Webhook", "code": 10015}
    own_rig.world.faults.answer("PATCH", r"/webhooks/.*/@original", status=404, body=gone, times=None)
    await own_rig.pay(checkout)

    async def is_noted() -> bool:
        return books.only_value(own_rig.database, SEEN) == "credited"

    await until(is_noted)
    await own_rig.kill_bot()
    books.change(own_rig.database, "UPDATE orders SET told = 'open'")
    await own_rig.start_bot()
    await until(is_noted)
    messages = own_rig.world.messages(own_rig.world.open_dm(town.mia.user).id, town.mia.user.id)

    assert ["Payment received" in message.text for message in messages] == [True]


async def notice_to_staff(town: Town) -> Message:
    """Have the moderator use a command, and return the notice about payments that follows the answer."""
    await (await town.sam.slash("packages list")).message()

    async def all_are_reported() -> bool:
        return not books.only_value(town.rig.database, UNREPORTED, town.guild.id)

    await until(all_are_reported)
    private = [message for message in town.sam.messages if message.ephemeral_for]
    return next(message for message in private if "Payments need your review" in message.text)


async def test_five_panels_of_a_package_with_a_limit_of_one_buy_it_once(rig: Rig, town: Town) -> None:
    await (await town.sam.slash("packages edit", package="1", limit=1)).message()
    panels = [await order_package(town) for _ in range(5)]
    await rig.pay(link_of(panels[-1]))
    await wait_text(panels[-1], r"Receipt #1\b")
    refusal = await (await town.mia.slash("buy", package="1")).message()

    assert all("continue in your newer message" in panel.text for panel in panels[:-1])
    assert not any(labels(panel) for panel in panels[:-1])
    assert "You've reached the limit" in refusal.text
    assert books.only_value(rig.database, "SELECT count(*) FROM orders WHERE guild_id = ?", town.guild.id) == 1


async def test_what_was_paid_beyond_a_limit_is_credited_and_told_to_staff(rig: Rig, town: Town) -> None:
    await (await town.sam.slash("packages edit", package="1", limit=1)).message()
    first = await order_package(town)
    paid_later = link_of(first)
    await (await town.mia.click(first, "Cancel")).message()
    second = await order_package(town)
    await rig.pay(link_of(second))
    await wait_text(second, r"Receipt #1\b")
    await rig.pay(paid_later)
    await wait_text(first, r"Receipt #2\b")

    notice = await notice_to_staff(town)

    assert f"<@{town.mia.user.id}> bought" in notice.text
    assert "(1 per member)" in notice.text
    assert notice.ephemeral_for == town.sam.user.id


@pytest.mark.parametrize(
    ("action", "sentence"),
    [("pay-half", "You paid $0.49, but this order costs $0.99"), ("pay-other", "You paid €0.99")],
)
async def test_another_payment_than_ordered_is_told_to_its_buyer_and_once_to_staff(
    rig: Rig, town: Town, action: str, sentence: str
) -> None:
    town.guild.system_channel_id = town.gifts.id
    rig.world.set_unavailable(town.guild, True)
    rig.world.set_unavailable(town.guild, False)
    panel = await buy_package(town, "70 ")
    await rig.pay(link_of(panel), action)
    await wait_text(panel, "under review")
    announcement = await town.announced(town.gifts, "payment needs a decision")
    notice = await notice_to_staff(town)
    await (await town.sam.slash("packages list")).message()
    balance = await town.balance(town.mia)
    private = [message for message in town.sam.messages if message.ephemeral_for]

    assert sentence in panel.text.replace("*", "")
    assert labels(panel) == []
    assert str(town.mia.user.id) not in announcement.text
    assert f"<@{town.mia.user.id}> paid" in notice.text
    assert "No coins were added" in notice.text
    assert ["Payments need your review" in message.text for message in private].count(True) == 1
    assert "70" not in numbers(balance)
