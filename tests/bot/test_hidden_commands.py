"""Members do not see the commands of staff, and staff hear which of their roles do not either."""

import pytest

from bot.domain.policy import Staff
from sandbox.discord.command_access import ROLE
from sandbox.discord.model import Channel, Role
from sandbox.discord.people import Refused
from sandbox.discord.permissions import Permissions
from tests import books
from tests.bot.picking import part
from tests.bot.test_staff_roles import make_manager, pick, staff_page
from tests.rig import Rig, Town, until
from tests.ui.test_staff_commands import staff_commands

NEWS = "These roles don't see theirs"
PLACE = "Server Settings → Integrations → this bot"


def show_to(rig: Rig, town: Town, role: Role) -> None:
    """Show all commands to a role, as somebody with Manage Server does in Discord's settings."""
    rig.world.set_command_permissions(town.guild, [{"id": str(role.id), "type": ROLE, "permission": True}])


def test_exactly_the_commands_of_staff_are_hidden_by_default(rig: Rig) -> None:
    defaults = {command["name"]: command.get("default_member_permissions") for command in rig.world.commands}
    hidden = {name for name, permissions in defaults.items() if permissions is not None}

    assert hidden == (staff_commands() & defaults.keys()) | {"Grant coins"}
    assert {defaults[name] for name in hidden} == {str(int(Permissions.MANAGE_GUILD))}


@pytest.mark.parametrize(
    "command",
    [
        *("packages list", "catalogue list", "creators list", "settings"),
        *("coins codes list", "payouts list", "cases", "challenge list", "perk list"),
    ],
)
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
    assert "see" not in panel.text.replace("settings", "")


async def test_whoever_manages_the_server_is_told_once_which_role_does_not_see_its_commands(
    rig: Rig, town: Town
) -> None:
    role = await make_manager(rig, town, sees_commands=False)

    await (await town.sam.slash("balance")).message()
    notice = await town.noticed(town.sam, NEWS)
    await (await town.sam.slash("balance")).message()

    assert f"<@&{role.id}>" in notice.text
    assert PLACE in notice.text
    seen = rig.world.messages(town.general.id, town.sam.user.id)
    assert sum(NEWS in message.text for message in seen) == 1


def private_channel(rig: Rig, town: Town, **permissions: int) -> Channel:
    """Return a new channel that only those with Manage Server, and the bot, can see."""
    channel = rig.world.add_channel(town.guild, "mods")
    view = int(Permissions.VIEW_CHANNEL)
    rig.world.set_permissions(channel, town.guild.roles[town.guild.id], deny=view)
    rig.world.set_permissions(channel, rig.world.bot_user, allow=view, **permissions)
    return channel


async def return_guild(rig: Rig, town: Town) -> None:
    """Have Discord say that the guild is available, as at every start, and wait until the bot asks who sees what."""
    path = f"/guilds/{town.guild.id}/commands/permissions"
    before = len([record for record in list(rig.world.requests) if record.path.endswith(path)])
    rig.world.set_unavailable(town.guild, True)
    rig.world.set_unavailable(town.guild, False)

    async def has_asked() -> bool:
        return len([record for record in list(rig.world.requests) if record.path.endswith(path)]) > before

    await until(has_asked)


async def wait_for_mark(rig: Rig, town: Town) -> None:
    """Wait until the books say that the staff of the guild need not be told any more."""

    async def is_marked() -> bool:
        return bool(books.rows(rig.database, "SELECT 1 FROM marks WHERE name = ?", f"hidden-commands:{town.guild.id}"))

    await until(is_marked)


def notices(rig: Rig, *channels: Channel, viewer: int | None = None) -> list[str]:
    """Return the notices about hidden commands in channels, with those that only `viewer` sees."""
    seen = [message for channel in channels for message in rig.world.messages(channel.id, viewer)]
    return [message.text for message in seen if NEWS in message.text]


async def test_staff_are_told_once_in_a_private_channel_when_the_bot_starts(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    role = await make_manager(own_rig, town, sees_commands=False)
    channel = private_channel(own_rig, town)
    await own_rig.stop_bot()
    await own_rig.start_bot()
    notice = await town.announced(channel, NEWS)
    await wait_for_mark(own_rig, town)
    await own_rig.stop_bot()
    await own_rig.start_bot()
    await (await town.sam.slash("balance")).message()
    await own_rig.stop_bot()

    assert f"<@&{role.id}>" in notice.text
    assert PLACE in notice.text
    assert notices(own_rig, channel, town.general, viewer=town.sam.user.id) == [notice.text]


async def test_without_a_private_channel_a_manager_is_told_as_before(rig: Rig, town: Town) -> None:
    await make_manager(rig, town, sees_commands=False)
    mute_channel = private_channel(rig, town, deny=int(Permissions.SEND_MESSAGES))
    await return_guild(rig, town)

    async def is_told() -> bool:
        await (await town.sam.slash("balance")).message()
        return len(notices(rig, town.general, viewer=town.sam.user.id)) == 1

    await until(is_told)

    assert notices(rig, town.general, mute_channel) == []


async def test_a_guild_whose_roles_see_their_commands_hears_nothing(rig: Rig, town: Town) -> None:
    await make_manager(rig, town)
    channel = private_channel(rig, town)
    await return_guild(rig, town)
    await wait_for_mark(rig, town)

    assert notices(rig, channel) == []


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
