"""Panels over the wire: whose they are, how long they live, and where a receipt goes when one is gone."""

from typing import Any

from sandbox.discord.exchange import wait_for
from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests.bot.buying import order_package
from tests.rig import Rig, Town, until

ONE_COIN = "Petal"


def component(message: Message, label: str) -> dict[str, Any]:
    """Return the button or select of a message whose label, placeholder or custom_id holds `label`."""
    for item in walk(message.components):
        if any(label in str(item.get(name)) for name in ("label", "placeholder", "custom_id", "emoji")):
            return item
    raise LookupError(label)


async def pressed(person: Person, message: Message, label: str) -> Message:
    """Press a button and return what the person then sees."""
    return await person.press(message, component(message, label)).message()


async def to_checkout(town: Town) -> tuple[Message, str]:
    """Have Mia buy the smallest package up to the checkout; return the panel that waits, and the checkout's address."""
    panel = await order_package(town)
    return panel, component(panel, "checkout")["url"]


async def test_who_is_short_of_coins_gets_to_the_packages_with_one_press(town: Town) -> None:
    await town.approve(town.noor)
    refusal = await town.give(town.mia, ONE_COIN, town.noor)

    shop = await pressed(town.mia, refusal, "Buy coins")

    assert "1 short" in refusal.text
    assert shop.id != refusal.id
    assert shop.ephemeral_for == town.mia.user.id
    assert component(shop, "Buy for $4.99")


async def test_a_cancelled_order_leads_back_to_the_packages(town: Town) -> None:
    panel, _url = await to_checkout(town)

    await pressed(town.mia, panel, "Cancel")
    cancelled = panel.text
    await pressed(town.mia, panel, "See all packages")

    assert "Order cancelled" in cancelled
    assert "charged" not in cancelled
    assert component(panel, "Buy for $0.99")


async def test_a_receipt_finds_its_buyer_though_the_panel_was_closed(rig: Rig, town: Town) -> None:
    panel, url = await to_checkout(town)
    rig.world.delete_message(panel)
    await rig.pay(url)
    private = rig.world.open_dm(town.mia.user)

    async def told() -> bool:
        return any("Receipt #1" in message.text for message in rig.world.messages(private.id))

    assert await until(told)


async def test_a_german_buyer_gets_the_receipt_in_german(rig: Rig, town: Town) -> None:
    town.mia.user.locale = "de"
    panel = await order_package(town)
    await rig.pay(component(panel, "Kasse")["url"])

    await wait_for(panel, lambda: "Beleg #1" in panel.text, 10)

    assert "70 Test-Coins" in panel.text


async def test_a_panel_outlives_the_process_that_showed_it(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    panel = await (await town.mia.slash("buy")).message()
    await own_rig.stop_bot()
    await own_rig.start_bot()

    form = await (await town.mia.click(panel, "Buy for $0.99")).modal()

    assert form.title == "Buy this package?"


async def test_a_form_from_before_a_restart_is_answered(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    panel = await (await town.sam.slash("settings")).message()
    modal = await (await town.sam.click(panel, "🕛")).modal()
    await own_rig.stop_bot()
    await own_rig.start_bot()

    answer = await (await town.sam.submit(modal, **{"Time zone": "Europe/Berlin"})).message()

    assert "before I restarted" in answer.text
    assert answer.ephemeral_for == town.sam.user.id


async def test_a_button_that_no_code_knows_is_answered(town: Town) -> None:
    panel = await (await town.mia.slash("balance")).message()

    answer = await town.mia.press(panel, component(panel, "Buy coins") | {"custom_id": "no-such-action:1"}).message()

    assert "use the command again" in answer.text


async def test_a_board_turns_for_its_opener_and_is_shown_apart_to_others(rig: Rig) -> None:
    town = await rig.found_town(members=11)
    town.forbid_files()
    await town.approve(town.noor)
    for person in town.crowd:
        await town.grant(person, 1)
        await town.give(person, ONE_COIN, town.noor)
    board = await (await town.mia.slash("leaderboard")).message()
    before = board.text

    apart = await pressed(town.leo, board, "Next")
    unchanged = board.text
    await pressed(town.mia, board, "Next")

    assert apart.ephemeral_for == town.leo.user.id
    assert unchanged == before
    assert "**11.**" in board.text
    assert "**11.**" in apart.text


async def test_places_close_up_over_those_who_left_on_every_page(rig: Rig) -> None:
    town = await rig.found_town(members=13)
    town.forbid_files()
    await town.approve(town.noor)
    for coins, person in enumerate(town.crowd, start=1):
        await town.grant(person, coins)
        await town.give(person, ONE_COIN, town.noor, count=coins)
    leavers = [town.crowd[12], town.crowd[6]]
    for person in leavers:
        rig.world.leave(town.guild, person.user)

    board = await (await town.crowd[0].slash("leaderboard")).message()
    first = board.text
    await pressed(town.crowd[0], board, "Next")
    second = board.text

    assert f"🥇 <@{town.crowd[11].user.id}>" in first
    assert f"**10.** <@{town.crowd[1].user.id}>" in first
    assert f"**11.** <@{town.crowd[0].user.id}>" in first  # the own place, below the page
    assert f"**11.** <@{town.crowd[0].user.id}>" in second
    assert all(str(person.user.id) not in first + second for person in leavers)


async def test_staff_buttons_stop_working_for_those_who_lost_the_role(rig: Rig, town: Town) -> None:
    panel = await (await town.sam.slash("settings")).message()
    member = rig.world.member_of(town.general, town.sam.user.id)
    assert member is not None
    rig.world.set_roles(member, [])

    refusal = await pressed(town.sam, panel, "Staff roles")

    assert refusal.text.startswith("Only managers can do this.")
    assert "Settings" in panel.text


async def test_a_choice_that_nobody_offered_shows_no_hidden_board(town: Town) -> None:
    answer = await (await town.mia.slash("leaderboard", raw=True, board="anonymous")).message()

    assert "was just updated" in answer.text
    assert answer.ephemeral_for == town.mia.user.id
