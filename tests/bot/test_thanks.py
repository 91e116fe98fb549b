"""/creator thanks over the wire: who waits, one press, and one public thank-you."""

from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import pressable
from tests.rig import Rig, Town, until

KINDS = ("sqlite",)


async def test_a_creator_thanks_one_and_then_all_the_others(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    for member in (town.mia, town.leo):
        await town.grant(member, 100)
    await town.give(town.mia, "Petal", town.noor, message="for the *song*")
    await town.give(town.leo, "Petal", town.noor, count=2, anonymous=True)
    await town.give(town.leo, "Clover", town.noor)
    panel = await (await town.noor.slash("creator thanks")).message()
    queue = panel.text
    await (await town.noor.click(panel, "Thank Leo")).wait_for_answer()
    first = await town.announced(town.general, "thanks")
    queue_after = panel.text
    await (await town.noor.click(panel, "Thank everyone")).wait_for_answer()

    async def are_both_sent() -> bool:
        return len([message for message in rig.world.messages(town.general.id) if " thanks " in message.text]) == 2

    await until(are_both_sent)
    second = [message for message in rig.world.messages(town.general.id) if " thanks " in message.text][-1]
    assert panel.ephemeral_for == town.noor.user.id
    assert "2 members are waiting for your thanks" in queue
    assert "**Anonymous** · 2 gifts" in queue
    assert "for the \\*song\\*" in queue
    assert queue.index(str(town.leo.user.id)) < queue.index(str(town.mia.user.id))
    assert str(town.leo.user.id) in first.text
    assert "1 member is waiting for your thanks" in queue_after
    assert str(town.mia.user.id) in second.text
    assert "someone" in second.text
    assert str(town.leo.user.id) not in second.text
    assert "3 gifts" in second.text
    assert not first.mentions
    assert "everyone has been thanked" in panel.text


async def test_everyone_can_be_thanked_by_name_the_most_generous_first(rig: Rig) -> None:
    town = await rig.found_town(members=6)
    await town.approve(town.noor)
    for number, fan in enumerate(town.crowd, start=1):
        await town.grant(fan, 100)
        await town.give(fan, "Petal", town.noor, count=number)
    panel = await (await town.noor.slash("creator thanks")).message()
    first = labels(panel)
    await (await town.noor.click(panel, "Next")).wait_for_answer()
    second = labels(panel)
    await (await town.noor.click(panel, f"Thank {town.crowd[0].user.name}")).wait_for_answer()
    thanks = await town.announced(town.general, " thanks ")

    assert first[:5] == [f"Thank {fan.user.name}" for fan in reversed(town.crowd[1:])]
    assert second[0] == f"Thank {town.crowd[0].user.name}"
    assert str(town.crowd[0].user.id) in thanks.text
    assert labels(panel)[:5] == first[:5]


def labels(message: Message) -> list[str]:
    return [button["label"] for button in pressable(message)]


async def test_a_double_click_thanks_once_and_shows_who_still_waits(town: Town) -> None:
    await town.approve(town.noor)
    for member in (town.mia, town.leo):
        await town.grant(member, 100)
        await town.give(member, "Petal", town.noor)
    panel = await (await town.noor.slash("creator thanks")).message()

    presses = [await town.noor.click(panel, "Thank Leo") for _ in range(2)]
    answers = [await press.message() for press in presses]

    assert all("1 member is waiting for your thanks" in answer.text for answer in answers), answers


async def test_who_gives_again_waits_again(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.noor, count=5)
    panel = await (await town.noor.slash("creator thanks")).message()
    await (await town.noor.click(panel, "Thank Mia")).wait_for_answer()
    empty_queue = await (await town.noor.slash("creator thanks")).message()
    await town.give(town.mia, "Clover", town.noor)
    queue = await (await town.noor.slash("creator thanks")).message()

    assert "everyone has been thanked" in empty_queue.text
    assert "1 gift" in queue.text
    assert "20" in queue.text


async def test_a_thank_you_is_sent_once_though_the_bot_dies_before_it_is(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Petal", town.noor)
    panel = await (await town.noor.slash("creator thanks")).message()
    await (await town.noor.click(panel, "Thank Mia")).wait_for_answer()
    await town.announced(town.general, " thanks ")

    async def is_sent() -> bool:
        return books.only_value(own_rig.database, "SELECT count(*) FROM thank_yous WHERE sent_ms IS NOT NULL") == 1

    await until(is_sent)
    await own_rig.kill_bot()
    # As if the answer to the message had been lost.
    books.change(own_rig.database, "UPDATE thank_yous SET sent_ms = NULL")
    books.change(
        own_rig.database, "INSERT INTO deadlines SELECT guild_id, 'thank_you', thanks_id, 0, 0 FROM thank_yous"
    )
    await own_rig.start_bot()
    await until(is_sent)
    await own_rig.stop_bot()
    assert len([message for message in own_rig.world.messages(town.general.id) if " thanks " in message.text]) == 1


async def test_a_creator_without_gifts_is_not_told_that_everyone_was_thanked(town: Town) -> None:
    await town.approve(town.kai)
    queue = await (await town.kai.slash("creator thanks")).message()

    assert "No gifts yet" in queue.text
    assert "thanked" not in queue.text


async def test_members_have_no_thank_queue(town: Town) -> None:
    answer = await (await town.mia.slash("creator thanks")).message()

    assert "Only creators can do this." in answer.text
