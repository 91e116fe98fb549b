"""A large grant is confirmed first, by whoever asked for it, and made once."""

from sandbox.discord.model import Message
from sandbox.discord.model.message import walk
from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import pressable
from tests.bot.test_grant_menu import filled, grant_form
from tests.rig import Rig, Town


async def ask_for(town: Town, amount: int, reason: str = "won the *quiz*") -> Message:
    """Return what the moderator is answered who wants to give Mia coins."""
    exchange = await town.sam.slash("coins grant", member=town.mia.user, amount=amount, reason=reason)
    return await exchange.message()


def button_of(panel: Message) -> str:
    (button,) = [part for part in walk(panel.components) if "custom_id" in part]
    return button["custom_id"]


async def confirm(person: Person, panel: Message) -> Message:
    return await (await person.click(panel, button_of(panel))).message()


def grants(rig: Rig, town: Town) -> int:
    return books.only_value(rig.database, "SELECT count(*) FROM journal WHERE guild_id = ?", town.guild.id)


async def test_an_ordinary_grant_is_made_at_once_and_a_large_one_asks_with_the_new_balance(
    rig: Rig, town: Town
) -> None:
    ordinary = await ask_for(town, 10_000)
    panel = await ask_for(town, 10_001)
    question, grants_before = panel.text, grants(rig, town)
    receipt = await confirm(town.sam, panel)

    assert "Receipt #1" in ordinary.text
    balance = f"New balance for <@{town.mia.user.id}>: **🪙\xa020,001 coins**"
    assert f"Grant 🪙\xa010,001 coins?\n-# ≈\xa0$140\n{balance}" in question
    assert grants_before == 1
    assert "Receipt #2" in receipt.text
    assert "10,001" in receipt.text
    assert "won the \\*quiz\\*" in receipt.text
    assert "20,001 coins" in await town.balance(town.mia)


async def test_a_form_asks_as_the_command_does(rig: Rig, town: Town) -> None:
    form = await grant_form(town)
    panel = await (await town.sam.submit(form, **filled(form, "50000", "x"))).message()

    assert grants(rig, town) == 0
    assert "Receipt #1" in (await confirm(town.sam, panel)).text


async def test_a_grant_is_made_once_however_often_it_is_confirmed(rig: Rig, town: Town) -> None:
    panel = await ask_for(town, 20_000)
    button = button_of(panel)

    for click in [await town.sam.click(panel, button), await town.sam.click(panel, button)]:
        await click.wait_for_answer()

    assert grants(rig, town) == 1
    assert "20,000 coins" in await town.balance(town.mia)


async def test_who_lost_the_role_meanwhile_confirms_nothing(rig: Rig, town: Town) -> None:
    panel = await ask_for(town, 20_000)
    rig.world.set_roles(town.guild.members[town.sam.user.id], [])

    refusal = await confirm(town.sam, panel)

    assert "managers" in refusal.text
    assert grants(rig, town) == 0


async def test_what_cannot_be_granted_is_refused_before_the_question(town: Town) -> None:
    refusal = await ask_for(town, 20_000, reason="\u200b")

    assert "I can't use that reason" in refusal.text
    assert pressable(refusal) == []
