"""What limits staff who grant coins: limits that only the owner sets, and a second person for a grant to oneself."""

from typing import Any

from sandbox.discord.model import Message, Modal
from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import part
from tests.bot.test_staff_roles import make_manager, staff_page
from tests.rig import Rig, Town, until
from tests.shown import numbers


async def limits_page(person: Person) -> Message:
    """Open the page about limits on grants."""
    return await (await person.click(await staff_page(person), "Limits on grants")).message()


async def set_limits(town: Town, *values: str) -> Message:
    """Have the owner fill in the form: coins per grant, and per day."""
    form = await (await town.olive.click(await limits_page(town.olive), "Change limits")).modal()
    filled = {field["custom_id"]: value for field, value in zip(form.fields, values, strict=True)}
    return await (await town.olive.submit(form, **filled)).message()


async def ask_for_own(person: Person, amount: int = 500) -> Message:
    """Have a manager grant coins to themselves."""
    return await (await person.slash("coins grant", member=person.user, amount=amount, reason="my *prize*")).message()


async def test_limits_hold_for_everybody(rig: Rig, town: Town) -> None:
    changed = (await set_limits(town, "500", "800")).text
    await make_manager(rig, town)
    too_large = (await town.grant(town.leo, 501)).text
    await town.grant(town.leo, 500)
    too_much = (await town.grant(town.noor, 301)).text
    await town.grant(town.noor, 300)
    used_up = (await town.grant(town.noor, 1)).text

    assert "🪙\xa0500 coins" in changed
    assert "🪙\xa0800 coins" in changed
    assert "A single grant can be at most 🪙\xa0500 coins here." in too_large
    assert "One manager can grant 🪙\xa0800 coins a day here. For today, you have 🪙\xa0300 coins left." in too_much
    assert "You can grant more <t:" in used_up
    assert (await (await town.mia.slash("coins grant", member=town.noor.user, amount=1, reason="x")).message()).text
    assert books.only_value(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id) == 3


async def test_only_the_owner_changes_limits_and_others_read_them_with_who_can(rig: Rig, town: Town) -> None:
    await make_manager(rig, town)
    panel = await set_limits(town, "500", "")
    forged = part(panel, "settings-grants-edit")
    for person in (town.sam, town.mia):
        page = await limits_page(person)
        refusal = await person.press(panel, forged).message()

        assert "🪙\xa0500 coins" in page.text
        assert "Only the owner of this server can change them." in page.text
        assert "settings-grants-edit" not in str(page.components)
        assert "Only the owner of this server can do this." in refusal.text


async def test_whom_the_server_passes_to_changes_limits(rig: Rig, town: Town) -> None:
    panel = await set_limits(town, "500", "")
    rig.world.update_guild(town.guild, owner=town.sam.user)

    async def opened_form() -> Modal | None:
        page = await limits_page(town.sam)
        has_button = "settings-grants-edit" in str(page.components)
        return await (await town.sam.click(page, "Change limits")).modal() if has_button else None

    form = await until(opened_form)
    assert form is not None
    changed = await (await town.sam.submit(form, **{form.fields[0]["custom_id"]: "600"})).message()
    late = await (await town.olive.click(panel, "Change limits")).message()

    assert "🪙\xa0600 coins" in changed.text
    assert "Only the owner of this server can do this." in late.text


async def test_a_grant_to_oneself_is_confirmed_by_somebody_else_in_the_same_channel(rig: Rig, town: Town) -> None:
    await make_manager(rig, town)
    question = await ask_for_own(town.mia)
    asked_text = question.text
    own = await (await town.mia.click(question, "Grant 🪙\xa0500")).message()
    stranger = await (await town.leo.click(question, "Grant 🪙\xa0500")).message()
    before = await town.balance(town.mia)
    receipt = await (await town.sam.click(question, "Grant 🪙\xa0500")).message()

    assert question.ephemeral_for is None
    assert f"<@{town.mia.user.id}> wants to grant **🪙\xa0500 coins** to themselves." in asked_text
    assert "my \\*prize\\*" in asked_text
    assert "You can't confirm a grant to yourself." in own.text
    assert "Only managers can do this." in stranger.text
    assert "500" not in numbers(before)
    assert f"<@{town.mia.user.id}> got **🪙\xa0500 coins**." in receipt.text
    assert f"<@{town.sam.user.id}> confirmed this." in receipt.text
    assert "500 coins" in await town.balance(town.mia)


async def test_a_request_that_was_declined_or_has_lapsed_grants_nothing(rig: Rig, town: Town) -> None:
    await make_manager(rig, town)
    first, second = await ask_for_own(town.mia), await ask_for_own(town.mia, 600)
    declined = await (await town.sam.click(first, "Decline")).message()
    books.hasten(rig.database, "grant_request", 25 * 3600 * 1000)

    async def has_lapsed() -> bool:
        query = "SELECT count(*) FROM grant_requests WHERE guild_id = ?"
        return books.only_value(rig.database, query, town.guild.id) == 0

    await until(has_lapsed)
    late = await (await town.sam.click(second, "Grant 🪙\xa0600")).message()

    assert f"<@{town.sam.user.id}> declined <@{town.mia.user.id}>'s request for 🪙\xa0500 coins." in declined.text
    assert "or it has expired" in late.text
    assert books.rows(rig.database, "SELECT seq FROM journal WHERE guild_id = ?", town.guild.id) == []


async def test_a_refund_of_goodwill_stands_on_the_receipt_of_the_member(town: Town) -> None:
    await town.approve(town.noor)
    await town.grant(town.leo, 100)
    receipt = await town.give(town.leo, "Petal", town.noor)
    options: dict[str, Any] = {"member": town.leo.user, "reason": "it was late"}
    answer = await (await town.sam.slash("coins grant", amount=5, receipt=2, **options)).message()
    foreign = await (await town.sam.slash("coins grant", amount=5, receipt=1, **options)).message()
    large = await (await town.sam.slash("coins grant", amount=20_000, receipt=2, **options)).message()
    confirmed = await (await town.sam.click(large, "Grant 🪙\xa020,000")).message()

    assert "Receipt #2" in receipt.text
    assert "Goodwill refund for receipt #2" in answer.text
    assert "Receipt #1 isn't a gift or a purchase by" in foreign.text
    assert "Goodwill refund for receipt #2" in confirmed.text
    assert (await town.balance(town.leo)).count("Goodwill refund for receipt #2") == 2
