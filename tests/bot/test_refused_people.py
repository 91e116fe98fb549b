"""Over the wire, a refusal says what the person who reads it can do, and talks of money only where some could move."""

import re

from sandbox.discord.people import Person
from tests import books
from tests.bot.buying import labels
from tests.bot.picking import pressable
from tests.rig import Rig, Town


async def say(person: Person, command: str, **options: object) -> str:
    """Have somebody use a command, whatever their client thinks of it, and return what they read.

    A command that can be pressed reads like its name.
    """
    text = (await (await person.slash(command, raw=True, **options)).message()).text
    return re.sub(r"<(/[a-z ]+):\d+>", r"\1", text)


async def test_going_live_without_being_a_creator_says_who_decides(town: Town) -> None:
    member = await say(town.leo, "live start")
    moderator = await say(town.sam, "live start")

    assert (
        member == "Only creators or hosts can do this. Moderators decide who is a creator. Apply with /creator apply."
    )
    assert "You aren't a creator here yet. Approve yourself with /creators approve first." in moderator


async def test_a_creator_who_is_live_already_is_spoken_to(town: Town) -> None:
    await town.approve(town.noor)
    await say(town.noor.at(town.live), "live start")

    again = await say(town.noor, "live start")
    by_a_host = await say(town.sam, "live start", creator=town.noor.user)

    assert f"You're already live in <#{town.live.id}>" in again
    assert f"<@{town.noor.user.id}> is already live in <#{town.live.id}>" in by_a_host


async def test_staff_commands_name_nobody_in_the_words_of_a_machine(town: Town) -> None:
    refusal = await say(town.mia, "packages list")

    assert refusal.startswith("Only auditors or managers can do this.")
    assert "Nothing was changed" not in refusal


async def test_nothing_is_said_of_charges_where_no_money_moves(rig: Rig, town: Town) -> None:
    answers = [
        await say(town.sam, "packages add", coins=10, price="150.5", currency="JPY"),
        await say(town.sam, "packages add", coins=10, price="a lot", currency="USD"),
        await say(town.sam, "creators approve", member=rig.world.bot_user),
        await say(town.sam, "coins grant", member=rig.world.bot_user, amount=1, reason="x"),
        await say(town.sam, "creators remove", member=town.leo.user),
        await say(town.mia, "live status"),
        await say(town.sam, "live end"),
    ]

    assert "isn't a price in JPY. Write it like 150, at most" in answers[0]
    assert "Write it like 4.99" in answers[1]
    assert "Bots can't be creators" in answers[2]
    assert "Bots can't have coins" in answers[3]
    assert "there's nothing to remove" in answers[4]
    assert "You can still send gifts with /gift" in answers[5]
    assert "A creator can go live" in answers[6]
    assert not any("charged" in answer for answer in answers)


async def test_a_gift_for_nobody_offers_the_creators_there_are(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.kai, town.mia)
    await town.grant(town.mia, 100)
    await say(town.kai.at(town.live), "live start")

    refusal = await town.give(town.mia, "Petal", town.leo)
    buttons = pressable(refusal)
    panel = await (await town.mia.click(refusal, "Noor")).message()

    assert "Moderators decide who is" in refusal.text
    assert "You haven't been charged" in refusal.text
    assert [button["label"] for button in buttons] == ["Kai", "Noor"]
    assert [button["emoji"]["name"] for button in buttons] == ["🔴", "🎁"]
    assert f"For <@{town.noor.user.id}>" in panel.text
    assert "Petal" in panel.text
    assert "Send for 🪙\xa01" in labels(panel)
    assert books.gifts(rig.database, town.guild.id) == []


async def test_a_refused_live_event_offers_no_gifts(town: Town) -> None:
    await town.approve(town.noor)

    refusal = await (await town.sam.slash("live start", creator=town.leo.user)).message()

    assert "isn't a creator here. Approve them" in refusal.text
    assert pressable(refusal) == []


async def test_a_shop_without_packages_tells_staff_how_to_fill_it(town: Town) -> None:
    for number in range(1, 8):
        await say(town.sam, "packages archive", package=str(number))

    assert "Moderators decide what is sold" in await say(town.mia, "buy")
    assert "/packages add" in await say(town.sam, "buy")
