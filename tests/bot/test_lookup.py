"""/coins lookup over the wire: a member's journal, filtered, and a mistake undone from it."""

from sandbox.discord.model import Message, Modal
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests.bot.picking import part
from tests.bot.test_cases import odd_payment, staff
from tests.bot.test_granting_to_many import grant_many
from tests.rig import Rig, Town


def text_of(form: Modal) -> str:
    """Return what a form says above what it asks."""
    return "\n".join(item["content"] for item in walk(form.components) if "content" in item)


async def undo(person: Person, form: Modal, reason: str) -> Message:
    """Send a form that takes coins back."""
    (field,) = form.fields
    return await (await person.submit(form, **{field["custom_id"]: reason})).message()


async def test_a_moderator_answers_what_happened_and_undoes_a_mistake(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 100)
    await odd_payment(rig, town)
    panel = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
    form = await (await town.sam.click(panel, "Reverse")).modal()
    receipt = await undo(town.sam, form, "a slip")
    after = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()

    assert "1 entry" in panel.text
    assert "Case #1: open · opened <t:" in panel.text
    assert form.title == "↩️ Reverse receipt #1?"
    assert f"**−100**\xa0🪙 <@{town.mia.user.id}>" in text_of(form)
    assert "A reversal is final." in text_of(form)
    assert "Receipt #1 reversed" in receipt.text
    assert "taken back" in after.text
    assert "a slip" in after.text
    assert "lookup-reverse" not in str(after.components)


async def test_a_grant_is_undone_from_its_own_receipt(town: Town) -> None:
    granted = await town.grant(town.mia, 100)
    form = await (await town.sam.click(granted, "Reverse")).modal()
    blank = await undo(town.sam, form, "\u200b")
    balance = await town.balance(town.mia)
    receipt = await undo(town.sam, form, "the *wrong* Mia")
    refusal = await (await town.sam.click(granted, "Reverse")).message()

    assert "**−100**" in text_of(form)
    assert "I can't use that reason" in blank.text
    assert "100 coins" in balance
    assert "Receipt #1 reversed" in receipt.text
    assert "the \\*wrong\\* Mia" in receipt.text
    assert "already been reversed" in refusal.text
    assert "0 coins" in await town.balance(town.mia)


async def test_a_batch_is_undone_for_everyone_from_its_receipt_or_one_row_of_it(rig: Rig, town: Town) -> None:
    both = f"{town.mia.user.id},5\n{town.leo.user.id},7".encode()
    panels = [await grant_many(town, both) for _ in range(2)]
    receipts = [await (await town.sam.click(panel, "Grant to 2 members")).message() for panel in panels]
    first = await (await town.sam.click(receipts[0], "Reverse")).modal()
    blank = await undo(town.sam, first, "\u200b")
    undone = await undo(town.sam, first, "the *wrong* file")
    panel = await (await town.sam.slash("coins lookup", member=town.leo.user)).message()
    offered = str(panel.components).count("coins-undo-ask")
    second = await (await town.sam.click(panel, "Reverse")).modal()
    await undo(town.sam, second, "and this one")
    late = await (await town.sam.click(receipts[1], "Reverse")).message()

    assert first.title == "↩️ Reverse receipt #1?"
    assert "From **2** members · 🪙\xa012 coins" in text_of(first)
    assert "I can't use that reason" in blank.text
    assert "Receipt #1 reversed" in undone.text
    assert "the \\*wrong\\* file" in undone.text
    # The row of the first batch has no button any more.
    assert offered == 1
    assert "already been reversed" in late.text
    for member in (town.mia, town.leo):
        assert "0 coins" in await town.balance(member)


async def test_whoever_has_lost_the_role_undoes_nothing(rig: Rig, town: Town) -> None:
    receipt = await town.grant(town.mia, 100)
    form = await (await town.sam.click(receipt, "Reverse")).modal()
    rig.world.set_roles(town.guild.members[town.sam.user.id], [])
    refusal = await undo(town.sam, form, "a slip")
    second_refusal = await (await town.sam.click(receipt, "Reverse")).message()

    assert all("Only managers can do this." in answer.text for answer in (refusal, second_refusal))
    assert "100 coins" in await town.balance(town.mia)


async def test_a_journal_is_turned_page_by_page_and_shown_by_kind(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    for _ in range(5):
        await town.give(town.mia, "Petal", town.noor)
    panel = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
    texts = [panel.text]
    for label in ("Next", "Back"):
        panel = await (await town.sam.click(panel, label)).message()
        texts.append(panel.text)
    menu = part(panel, "Which entries?")
    grants = next(option["value"] for option in menu["options"] if option["label"] == "Grants")
    panel = await (await town.sam.select(panel, menu["custom_id"], grants)).message()
    first, second, again = texts

    assert [f"Receipt #{number}" in first for number in range(1, 7)] == [False] + [True] * 5
    assert [f"Receipt #{number}" in second for number in range(1, 7)] == [True] + [False] * 5
    assert again == first
    assert "6 entries" in first
    assert "1 entry" in panel.text
    assert f"Granted by <@{town.sam.user.id}>" in panel.text
    assert "Petal" not in panel.text


async def test_a_moderator_declines_a_gift_for_its_creator_and_the_sender_hears(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Clover", town.noor, anonymous=True)
    panel = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
    preview = await (await town.sam.click(panel, "Decline")).message()
    receipt = await (await town.sam.click(preview, "Decline the gift")).message()
    balance = await town.balance(town.mia)
    news = await town.noticed(town.mia, "The staff gave back your")

    assert f"🎭 <@{town.mia.user.id}>" in panel.text
    assert "Gift declined" in receipt.text
    assert "100 coins" in balance
    assert f"<@{town.noor.user.id}>" in news.text


async def test_a_creator_declines_a_gift_without_learning_who_sent_it(town: Town) -> None:
    await town.approve(town.noor, town.kai)
    await town.grant(town.mia, 100)
    await town.give(town.mia, "Clover", town.noor, anonymous=True, message="psst")
    panel = await (await town.noor.slash("creator gifts")).message()
    gifts = panel.text
    preview = await (await town.noor.click(panel, "Decline")).message()
    question = preview.text
    receipt = (await (await town.noor.click(preview, "Decline the gift")).message()).text
    after = await (await town.noor.slash("creator gifts")).message()
    await town.balance(town.mia)
    news = await town.noticed(town.mia, "couldn't accept your")

    assert "Someone" in gifts
    assert "psst" in gifts
    # A quotation is a line of its own, below what is bold.
    assert all("**\n> \u2068psst\u2069\n" in text for text in (question, receipt))
    assert "Decline this gift?" in question
    assert "Gift declined" in receipt
    assert "taken back" in after.text
    assert "decline-ask" not in str(after.components)
    assert "100 coins" in await town.balance(town.mia)
    assert f"<@{town.noor.user.id}>" in news.text
    assert not any(str(town.mia.user.id) in text for text in (gifts, question, receipt, after.text))


async def test_an_auditor_sees_it_and_undoes_nothing(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 100)
    auditor = await staff(rig, town, "auditor")
    panel = await (await auditor.slash("coins lookup", member=town.mia.user, raw=True)).message()
    none = await (await auditor.slash("coins lookup", member=town.mia.user, until="2020-01-01", raw=True)).message()

    assert "1 entry" in panel.text
    assert "lookup-reverse" not in str(panel.components)
    assert "No entries" in none.text


async def test_an_auditor_flags_an_entry_for_those_who_decide(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 100)
    auditor = await staff(rig, town, "auditor")
    panel = await (await auditor.slash("coins lookup", member=town.mia.user, raw=True)).message()
    (option,) = part(panel, "lookup-flag")["options"]
    form = await (await auditor.select(panel, part(panel, "lookup-flag")["custom_id"], "1")).modal()
    (field,) = form.fields
    answer = await (await auditor.submit(form, **{field["custom_id"]: "why *so* many?"})).message()
    cases = await (await town.olive.slash("cases")).message()
    flags = await (await town.olive.click(cases, part(cases, "Review 1 flag")["custom_id"])).message()

    assert option["label"].startswith("#1 · Granted by ")
    assert "<@" not in option["label"]
    assert option["description"] == "🪙\xa0100 coins"
    assert "I've flagged receipt #1." in answer.text
    assert f"<@{auditor.user.id}> flagged receipt #1: \u2068why \\*so\\* many?\u2069" in flags.text
