"""/coins lookup over the wire: a member's journal, filtered, and a mistake undone from it."""

from tests.bot.test_cases import odd_payment, staff
from tests.rig import Rig, Town


async def test_a_moderator_answers_what_happened_and_undoes_a_mistake(rig: Rig, town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await odd_payment(rig, town)
    await town.give(town.mia, "Spark", town.noor, anonymous=True)
    panel = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()
    form = await (await town.sam.click(panel, "Reverse")).modal()
    (field,) = form.fields
    preview = await (await town.sam.submit(form, **{field["custom_id"]: "a slip"})).message()
    receipt = await (await town.sam.click(preview, "Reverse receipt #2")).message()
    after = await (await town.sam.slash("coins lookup", member=town.mia.user)).message()

    assert "2 entries" in panel.text
    assert "Case #1: open" in panel.text
    assert f"🎭 <@{town.mia.user.id}>" in panel.text
    assert "Nothing" not in preview.text
    assert "reversed" in receipt.text
    assert "taken back" in after.text
    assert "a slip" in after.text
    assert "100 coins" in await town.balance(town.mia)


async def test_an_auditor_sees_it_and_undoes_nothing(rig: Rig, town: Town) -> None:
    await town.grant(town.mia, 100)
    auditor = await staff(rig, town, "auditor")
    panel = await (await auditor.slash("coins lookup", member=town.mia.user, raw=True)).message()
    none = await (await auditor.slash("coins lookup", member=town.mia.user, until="2020-01-01", raw=True)).message()

    assert "1 entry" in panel.text
    assert "lookup-reverse" not in str(panel.components)
    assert "No entries" in none.text
