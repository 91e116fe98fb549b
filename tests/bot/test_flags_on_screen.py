"""Flags over the wire: looked for by themselves, told to staff without names, and decided about in `/cases`."""

from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from tests import books
from tests.bot.picking import part
from tests.bot.test_hostile import BUTTON, control_of
from tests.faults.hostile import base36
from tests.rig import Rig, Town


async def fund_oneself(town: Town) -> None:
    """Have Sam, who is on staff and a creator, grant coins that come back."""
    await town.let_staff_create()
    await town.approve(town.sam)
    await town.grant(town.mia, 3_000)
    answer = await town.give(town.mia, "Rosette", town.sam, count=3)
    await (await town.mia.click(answer, part(answer, "Send")["custom_id"])).message()


async def look_now(rig: Rig) -> None:
    """Have the bot look through the books now, not tomorrow."""
    await rig.stop_bot()
    books.change(rig.database, "UPDATE deadlines SET at_ms = 1 WHERE kind = 'flag_look'")
    await rig.start_bot()


async def press(town: Town, panel: Message, label: str) -> Message:
    return await (await town.olive.click(panel, part(panel, label)["custom_id"])).message()


async def test_what_looks_odd_is_told_shown_and_taken_back(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await fund_oneself(town)
    await look_now(own_rig)
    notice = await town.announced(town.general, "Flags need your review")
    panel = await (await town.olive.slash("cases")).message()
    texts: list[str] = []
    for label in ("Review 1 flag", "Open flag #1", "Take the gifts back", "Take back 1 gift", "All flags"):
        panel = await press(town, panel, label)
        texts.append(panel.text)
    listed, panel_text, question, decided, empty = texts

    sentence = f"<@{town.sam.user.id}> granted coins to 1 member, and they came back as gifts: **🪙\xa03,000 coins**."
    assert str(town.sam.user.id) not in notice.text
    assert all(sentence in text for text in (listed, panel_text, question, decided))
    gift = f"#2 · 🏵️ \u2068Rosette\u2069 × 3 from <@{town.mia.user.id}> to <@{town.sam.user.id}> · 🪙\xa03,000"
    assert gift in panel_text
    assert "I'll take back 1 gift." in question
    assert f"<@{town.olive.user.id}> took the gifts back" in decided
    assert "There's nothing to review." in empty
    assert "3,000" in await town.balance(town.mia)


async def test_nobody_sees_or_decides_a_flag_that_names_them(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await fund_oneself(town)
    await look_now(own_rig)
    await town.announced(town.general, "Flags need your review")
    panel = await (await town.sam.slash("cases")).message()
    texts: list[str] = []
    for label in ("Review 1 flag", "Open flag #1"):
        panel = await (await town.sam.click(panel, part(panel, label)["custom_id"])).message()
        texts.append(panel.text)

    # Somebody on staff who is a creator would otherwise learn who sent them anonymous gifts.
    assert all("This flag is about you, so somebody else has to decide." in text for text in texts)
    assert all("coins" not in text for text in texts)
    assert [button["label"] for button in walk(panel.components) if "custom_id" in button] == ["All flags"]

    listed = await press(town, await (await town.olive.slash("cases")).message(), "Review 1 flag")
    panel = await press(town, listed, "Open flag #1")
    uphold = control_of(panel, f"flag-uphold:{base36(town.olive.user.id)}:{base36(1)}", BUTTON)
    decided = await town.olive.press(panel, uphold).message()

    assert f"<@{town.olive.user.id}>" in decided.text
