"""Stored values that no longer exist break no panel. docs/stored-values.md has the whole list."""

from tests.bot.picking import pressable
from tests.rig import Rig, Town


async def test_settings_are_shown_when_the_channel_that_was_chosen_is_gone(rig: Rig, town: Town) -> None:
    panel = await (await town.sam.slash("settings")).message()
    await (await town.sam.select(panel, "Gift channel", town.gifts)).wait_for_answer()
    page_before = await (await town.sam.slash("settings")).message()
    rig.world.delete_channel(town.gifts)
    page_after = await (await town.sam.slash("settings")).message()

    assert str(town.gifts.id) in str(pressable(page_before))
    assert str(town.gifts.id) not in str(pressable(page_after))
    assert len(pressable(page_after)) == len(pressable(page_before))


async def test_settings_are_shown_when_a_staff_role_is_gone(rig: Rig, town: Town) -> None:
    role = rig.world.add_role(town.guild, "Helpers")
    panel = await (await town.olive.slash("settings")).message()
    staff = await (await town.olive.click(panel, "Staff roles")).message()
    page_before = await (await town.olive.select(staff, "Hosts", role)).message()
    rig.world.delete_role(role)
    panel = await (await town.olive.slash("settings")).message()
    page_after = await (await town.olive.click(panel, "Staff roles")).message()

    assert str(role.id) in str(pressable(page_before))
    assert str(role.id) not in str(pressable(page_after))
    assert len(pressable(page_after)) == len(pressable(page_before))
