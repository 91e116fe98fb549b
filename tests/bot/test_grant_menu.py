"""*Grant coins* in a member's menu: a form, and the same grant as the command's."""

import pytest

from sandbox.discord.model import Modal
from tests import books
from tests.rig import Rig, Town
from tests.shown import numbers


async def grant_form(town: Town) -> Modal:
    return await (await town.sam.user_menu("Grant coins", town.mia.user)).modal()


def filled(form: Modal, coins: str, reason: str) -> dict[str, object]:
    return dict(zip((field["custom_id"] for field in form.fields), (coins, reason), strict=True))


async def test_a_manager_grants_coins_from_the_menu_of_a_member(town: Town) -> None:
    form = await grant_form(town)

    answer = await (await town.sam.submit(form, **filled(form, "500", "a good question"))).message()

    assert "500" in answer.text
    assert "a good question" in answer.text
    assert answer.ephemeral_for == town.sam.user.id
    assert "500" in await town.balance(town.mia)


@pytest.mark.parametrize("coins", ["0", "many", "-5", "1.5"])
async def test_what_is_no_amount_is_refused(rig: Rig, town: Town, coins: str) -> None:
    form = await grant_form(town)

    refusal = await (await town.sam.submit(form, **filled(form, coins, "oops"))).message()

    assert "whole number" in refusal.text
    assert books.rows(rig.database, "SELECT * FROM journal WHERE guild_id = ?", town.guild.id) == []


async def test_a_bot_gets_no_form(rig: Rig, town: Town) -> None:
    refusal = await (await town.sam.user_menu("Grant coins", rig.world.bot_user)).message()

    assert refusal.ephemeral_for == town.sam.user.id


async def test_who_lost_the_role_meanwhile_grants_nothing(rig: Rig, town: Town) -> None:
    form = await grant_form(town)
    rig.world.set_roles(town.guild.members[town.sam.user.id], [])

    refusal = await (await town.sam.submit(form, **filled(form, "500", "late"))).message()

    assert "500" not in numbers(refusal.text)
    assert books.rows(rig.database, "SELECT * FROM journal WHERE guild_id = ?", town.guild.id) == []
