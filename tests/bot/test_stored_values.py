"""What was stored and has gone since takes no panel from anybody; docs/stored-values.md has the whole list."""

from tests.stage import Stage, Town


async def test_settings_are_shown_when_the_channel_that_was_chosen_is_gone(stage: Stage, town: Town) -> None:
    panel = await (await town.sam.slash("settings")).message()
    await (await town.sam.select(panel, "Gift channel", town.gifts)).answered()
    before = await (await town.sam.slash("settings")).message()
    stage.world.delete_channel(town.gifts)
    after = await (await town.sam.slash("settings")).message()

    assert str(town.gifts.id) in str(before.components)
    assert str(town.gifts.id) not in str(after.components)
    assert len(after.components) == len(before.components)


async def test_settings_are_shown_when_a_staff_role_is_gone(stage: Stage, town: Town) -> None:
    role = stage.world.add_role(town.guild, "Helpers")
    panel = await (await town.olive.slash("settings")).message()
    staff = await (await town.olive.click(panel, "Staff roles")).message()
    before = await (await town.olive.select(staff, "Hosts", role)).message()
    stage.world.delete_role(role)
    panel = await (await town.olive.slash("settings")).message()
    after = await (await town.olive.click(panel, "Staff roles")).message()

    assert str(role.id) in str(before.components)
    assert str(role.id) not in str(after.components)
    assert len(after.components) == len(before.components)
