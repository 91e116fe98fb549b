"""/chip-in over the wire: members pool for a gift, which goes out by itself, or everyone gets theirs back."""

from sandbox.discord.model import Message
from tests import books
from tests.bot.picking import part, pressable
from tests.rig import Rig, Town, until


async def chip(town: Town, panel: Message, who: int, coins: str) -> Message:
    """Have a member type an amount into the form of a chip-in, and return what they read."""
    person = (town.mia, town.leo, town.kai)[who]
    form = await person.press(panel, part(panel, "chip-other")).modal()
    return await (await person.submit(form, **{form.fields[0]["custom_id"]: coins})).message()


async def says(panel: Message, words: str) -> None:
    """Wait until the message of a chip-in says something."""

    async def look() -> bool:
        return words in panel.text

    await until(look)


async def test_members_pool_for_a_gift_that_goes_out_in_the_name_of_all(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    for person in (town.mia, town.leo, town.kai):
        await town.grant(person, 600)

    opening = await (
        await town.mia.slash("chip-in", gift="Rosette", creator=town.noor.user, coins=300, hours=2)
    ).message()
    panel = await town.announced(town.general, "Let's send")
    first_text = panel.text
    form = await town.leo.press(panel, part(panel, "chip-other")).modal()
    second = await (await town.kai.slash("chip-in", gift="Rosette", creator=town.noor.user, coins=300)).message()
    by_button = await (await town.leo.click(panel, "Chip in 🪙\xa0250")).message()
    await says(panel, "550")
    back = await (await town.leo.click(panel, "Take mine back")).message()
    nothing = await (await town.leo.click(panel, "Take mine back")).message()
    small = await chip(town, panel, 1, "9")
    await chip(town, panel, 1, "400")
    await says(panel, "70%")

    assert "You chipped in **🪙\xa0300 coins**" in opening.text
    assert "Still missing: 🪙\xa0700 coins" in opening.text
    assert "▰▰▰▱▱▱▱▱▱▱" in first_text
    assert "-# 🪙\xa050 ≈\xa0$0.71 · 🪙\xa0100 ≈\xa0$1.41 · 🪙\xa0250 ≈\xa0$3.54" in first_text
    assert form.components[0]["description"] == "From 10 (≈\xa0$0.14) to 700 (≈\xa0$9.90)"
    assert "already a chip-in" in second.text
    assert "You chipped in **🪙\xa0250 coins**" in by_button.text
    assert "Back in your balance: **🪙\xa0250 coins**" in back.text
    assert "nothing to take back" in nothing.text
    assert "at least 🪙\xa010 coins" in small.text
    assert "300 coins" in await town.balance(town.mia)

    last = await chip(town, panel, 2, "500")
    announcement = await town.announced(town.general, "sent **")
    await says(panel, "Sent together")

    people = [f"<@{person.user.id}>" for person in (town.mia, town.leo, town.kai)]
    assert "That was the last part" in last.text
    assert "300 coins" in await town.balance(town.kai)
    assert all(name in announcement.text for name in people)
    assert "1,000 coins" in announcement.text
    gifts = books.gifts(rig.database, town.guild.id)
    assert len(gifts) == 3
    over = await (await town.mia.slash("history")).message()
    assert "Rosette" in over.text
    assert not pressable(panel)


async def test_a_large_part_is_asked_about_with_what_it_is_worth_and_reserved_once(town: Town) -> None:
    await town.approve(town.noor)
    for person in (town.mia, town.leo):
        await town.grant(person, 5_000)
    await (await town.mia.slash("chip-in", gift="Tall Ship", creator=town.noor.user, coins=300)).message()
    panel = await town.announced(town.general, "Let's send")

    question = await chip(town, panel, 1, "1400")
    sentence, balance_before = question.text, await town.balance(town.leo)
    button = part(question, "Chip in 🪙\xa01,400")
    for press in [town.leo.press(question, button) for _ in range(2)]:
        await press.message()

    assert "This reserves **🪙\xa01,400 coins** of yours.\n-# ≈\xa0$20\n" in sentence
    assert "5,000 coins" in balance_before
    assert "You chipped in **🪙\xa01,400 coins**" in question.text
    assert "3,600 coins" in await town.balance(town.leo)


async def test_a_chip_in_that_is_not_full_in_time_gives_everyone_theirs_back(own_rig: Rig) -> None:
    """Its time comes while the bot is away."""
    await own_rig.start_bot()
    town = await own_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 600)
    await (await town.mia.slash("chip-in", gift="Rosette", creator=town.noor.user, coins=300)).message()
    panel = await town.announced(town.general, "Let's send")
    reserved = await town.balance(town.mia)
    await own_rig.stop_bot()
    books.change(own_rig.database, "UPDATE chip_ins SET ends_ms = 1")
    books.change(own_rig.database, "UPDATE deadlines SET at_ms = 1 WHERE kind = 'chip_in'")
    await own_rig.start_bot()
    await says(panel, "Everyone has their coins back")
    text = panel.text
    returned = await town.balance(town.mia)
    await own_rig.stop_bot()

    assert "300 coins" in reserved
    assert "wasn't full in time" in text
    assert "600 coins" in returned


async def test_what_comes_back_pays_a_debt_first_and_the_answer_says_so(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 300)
    grant = await (await town.sam.slash("coins grant", member=town.leo.user, amount=100, reason="A try")).message()
    number = int(grant.text.rpartition("Receipt #")[2].split()[0])
    await (await town.mia.slash("chip-in", gift="Rosette", creator=town.noor.user, coins=300)).message()
    panel = await town.announced(town.general, "Let's send")
    await chip(town, panel, 1, "60")
    question = await (await town.sam.slash("coins reverse", receipt=number, reason="A mistake")).message()
    await (await town.sam.click(question, f"Reverse receipt #{number}")).message()

    back = await (await town.leo.click(panel, "Take mine back")).message()

    assert "This paid off what you owed: **🪙\xa060 coins**." in back.text
    assert "Back in your balance" not in back.text
    assert "# 🪙\xa00 coins" in await town.balance(town.leo)
