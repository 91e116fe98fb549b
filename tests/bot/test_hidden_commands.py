"""Members do not see the commands of staff, and staff hear which of their roles do not either."""

import pytest

from bot.domain.policy import Staff
from sandbox.discord.command_access import ROLE
from sandbox.discord.model import Role
from sandbox.discord.people import Refused
from tests.bot.picking import part
from tests.bot.test_staff_roles import make_manager, pick, staff_page
from tests.rig import Rig, Town

PLACE = "Server Settings → Integrations → this bot"


def show_to(rig: Rig, town: Town, role: Role) -> None:
    """Show all commands to a role, as somebody with Manage Server does in Discord's settings."""
    rig.world.set_command_permissions(town.guild, [{"id": str(role.id), "type": ROLE, "permission": True}])


@pytest.mark.parametrize("command", ["packages list", "catalogue list", "creators list", "settings"])
async def test_members_do_not_see_the_commands_of_staff(town: Town, command: str) -> None:
    with pytest.raises(Refused, match="hidden from"):
        await town.mia.slash(command)
    assert await (await town.sam.slash(command)).message()


@pytest.mark.parametrize("command", ["live status", "creator thanks", "balance"])
async def test_what_members_and_creators_use_is_shown_to_all(town: Town, command: str) -> None:
    assert await (await town.mia.slash(command)).message()


async def test_the_settings_say_whether_a_staff_role_sees_its_commands(rig: Rig, town: Town) -> None:
    role = await make_manager(rig, town, sees_commands=False)
    hidden = await staff_page(town.sam)
    show_to(rig, town, role)
    shown = await staff_page(town.sam)

    assert "This role doesn't see: `/packages` `/catalogue` `/creators` `/coins` `/settings`" in hidden.text
    assert PLACE in hidden.text
    assert "This role sees its commands" in shown.text
    assert PLACE not in shown.text
    assert "350" in (await (await town.mia.slash("packages list")).message()).text


async def test_a_role_with_manage_server_needs_no_word(rig: Rig, town: Town) -> None:
    moderator = next(role for role in town.guild.roles.values() if role.name == "Moderator")
    panel = await pick(rig, town.sam, await staff_page(town.sam), Staff.MANAGER, moderator)

    assert part(panel, "settings-role:0")
    assert "see" not in panel.text.replace("`/settings`", "")


async def test_whoever_manages_the_server_is_told_once_which_role_does_not_see_its_commands(
    rig: Rig, town: Town
) -> None:
    role = await make_manager(rig, town, sees_commands=False)

    await (await town.sam.slash("balance")).message()
    notice = await town.noticed(town.sam, "These roles don't see theirs")
    await (await town.sam.slash("balance")).message()

    assert f"<@&{role.id}>" in notice.text
    assert PLACE in notice.text
    seen = rig.world.messages(town.general.id, town.sam.user.id)
    assert sum("These roles don't see theirs" in message.text for message in seen) == 1


async def test_an_unreachable_discord_is_said_and_does_no_harm(rig: Rig, town: Town) -> None:
    await make_manager(rig, town, sees_commands=False)
    fault = rig.world.faults.answer(
        "GET", r"^/applications/\d+/guilds/\d+/commands/permissions$", 403, code=50001, times=None
    )
    try:
        panel = await staff_page(town.sam)
    finally:
        rig.world.faults.end(fault)

    assert "I couldn't check whether this role sees its commands" in panel.text
