"""Fan clubs over the wire: the role of a club comes with a heart and goes when that is taken back."""

from tests.bot.picking import part
from tests.bot.test_level_roles import gets, loses, undo_last
from tests.rig import Rig, Town


async def test_a_heart_brings_the_role_of_the_club_and_a_reversal_takes_it(rig: Rig, town: Town) -> None:
    fans = rig.world.add_role(town.guild, "Noor's fans")
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    panel = await (await town.sam.slash("settings")).message()
    page = await (await town.sam.click(panel, part(panel, "Level roles")["custom_id"])).message()
    page = await (await town.sam.click(page, part(page, "Fan clubs")["custom_id"])).message()
    page = await (await town.sam.select(page, part(page, "Pick a creator")["custom_id"], town.noor.user)).message()
    page = await (await town.sam.select(page, part(page, "Role of this fan club")["custom_id"], fans)).message()
    assert f"<@{town.noor.user.id}>: <@&{fans.id}>" in page.text
    await town.give(town.mia, "Warm Heart", town.noor)
    await gets(town, town.mia, fans)
    await town.balance(town.mia)
    await town.noticed(town.mia, "Welcome to the fan club of")
    profile = await (await town.mia.slash("profile")).message()
    assert f"<@{town.noor.user.id}> · Level **1** · 10 points" in profile.text

    await undo_last(town)
    await loses(town, town.mia, fans)
