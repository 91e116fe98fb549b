"""/gift-team over the wire: one gift for several creators, and one reversal that undoes it."""

from tests import books
from tests.bot.picking import pressable
from tests.rig import Rig, Town


def _button(labels: list[str], start: str) -> str:
    return next(label for label in labels if label.startswith(start))


async def test_one_gift_reaches_several_creators_and_is_announced_once(rig: Rig, town: Town) -> None:
    await town.approve(town.noor, town.leo)
    await town.grant(town.mia, 3_000)
    noor, leo = town.noor.user, town.leo.user

    answer = await (
        await town.mia.slash("gift-team", gift="Lantern", creator=noor, second=leo, message="for both")
    ).message()
    announcement = await town.announced(town.general, "Lantern")
    panel = await (await town.mia.slash("gift-team", gift="Northern Lights", creator=noor, second=leo)).message()
    rows_before = len(books.gifts(rig.database, town.guild.id))
    label = _button([each["label"] for each in pressable(panel)], "Send for 🪙\xa01,999")
    presses = [await town.mia.click(panel, label), await town.mia.click(panel, label)]
    for press in presses:
        await press.wait_for_answer()

    assert "Receipt #" in answer.text
    assert f"<@{town.noor.user.id}> · 🪙\xa0100" in answer.text
    assert f"<@{town.leo.user.id}> · 🪙\xa099" in answer.text
    assert "for both" in announcement.text
    assert f"<@{town.noor.user.id}> and <@{town.leo.user.id}>" in announcement.text
    assert "199 coins" in announcement.text
    assert rows_before == 2
    assert "Receipt #" in panel.text
    assert len(books.gifts(rig.database, town.guild.id)) == 4

    alone = await (await town.mia.slash("gift-team", gift="1", creator=town.noor.user, second=town.noor.user)).message()
    stranger = await (
        await town.mia.slash("gift-team", gift="1", creator=town.noor.user, second=town.sam.user)
    ).message()
    assert "at least two creators" in alone.text
    assert f"<@{town.sam.user.id}> isn't a creator" in stranger.text
    assert all("You haven't been charged" in refusal.text for refusal in (alone, stranger))

    # By the number of its second row: all of it goes back.
    question = await (await town.sam.slash("coins reverse", receipt=5, reason="a mistake")).message()
    assert "Reverse receipt #4?" in question.text
    assert "+1,999" in question.text
    reverse = _button([each["label"] for each in pressable(question)], "Reverse receipt")
    await (await town.sam.click(question, reverse)).wait_for_answer()
    assert "2,801" in await town.balance(town.mia)
    assert "Receipt #4 reversed" in question.text

    # One of the creators declines, and the sender gets all of it back, too.
    latest = await (await town.leo.slash("creator gifts")).message()
    decline = _button([each["label"] for each in pressable(latest) if each.get("label")], "Decline")
    question = await (await town.leo.click(latest, decline)).message()
    yes = _button([each["label"] for each in pressable(question) if each.get("label")], "Decline")
    await (await town.leo.click(question, yes)).wait_for_answer()
    assert "3,000" in await town.balance(town.mia)
