"""Who sets the staff roles, and which roles may carry them."""

import pytest

from bot.domain.policy import Staff
from sandbox.discord.command_access import ROLE
from sandbox.discord.exchange import Exchange
from sandbox.discord.model import InteractionType, Message, Role
from sandbox.discord.people import Person
from tests import books
from tests.bot.picking import part
from tests.rig import Rig, Town, until

ALL_STAFF = [f"{staff.value}_role_id" for staff in Staff]


async def staff_page(person: Person) -> Message:
    """Open the page of the staff roles."""
    panel = await (await person.slash("settings")).message()
    return await (await person.click(panel, "Staff roles")).message()


def role_id_of(rig: Rig, town: Town, staff: str = "manager") -> int:
    """Return the id of the role that is set for a staff role, 0 without one."""
    return books.only_value(rig.database, f"SELECT {staff}_role_id FROM guilds WHERE guild_id = ?", town.guild.id)


async def pick(rig: Rig, person: Person, panel: Message, staff: Staff, role: Role) -> Message:
    """Pick a role in a panel, which may be somebody else's, as a forged client could."""
    select = part(panel, f"settings-role:{[*Staff].index(staff)}")
    data = {"custom_id": select["custom_id"], "component_type": 6, "values": [str(role.id)]}
    interaction = rig.world.begin(person.user, person.channel, InteractionType.COMPONENT, data, message=panel)
    return await Exchange(interaction).message()


async def make_manager(rig: Rig, town: Town, *, sees_commands: bool = True) -> Role:
    """Make Mia a manager, and return the role. Without `sees_commands`, Discord hides the commands from it."""
    role = rig.world.add_role(town.guild, "Crew")
    town.guild.members[town.mia.user.id].roles.append(role.id)
    await pick(rig, town.sam, await staff_page(town.sam), Staff.MANAGER, role)
    if sees_commands:
        rig.world.set_command_permissions(town.guild, [{"id": str(role.id), "type": ROLE, "permission": True}])
    return role


async def test_everyone_is_no_staff_role(rig: Rig, town: Town) -> None:
    panel = await staff_page(town.sam)
    answer = await pick(rig, town.sam, panel, Staff.MANAGER, town.guild.roles[town.guild.id])

    assert "@everyone can't be a staff role" in answer.text
    assert role_id_of(rig, town) == 0


async def test_the_role_of_an_app_is_no_staff_role(rig: Rig, town: Town) -> None:
    app_role = next(role for role in town.guild.roles.values() if role.managed_by)
    answer = await pick(rig, town.sam, await staff_page(town.sam), Staff.TREASURER, app_role)

    assert "belongs to an app" in answer.text
    assert role_id_of(rig, town, "treasurer") == 0


@pytest.mark.parametrize("but", [0, 1])
async def test_a_role_that_everybody_has_is_no_staff_role(rig: Rig, town: Town, but: int) -> None:
    role = rig.world.add_role(town.guild, "Member")
    people = [member for member in town.guild.members.values() if not member.user.bot]
    for member in people[but:]:
        member.roles.append(role.id)
    answer = await pick(rig, town.sam, await staff_page(town.sam), Staff.HOST, role)

    assert ("Everyone here has" in answer.text) is (but == 0)
    assert role_id_of(rig, town, "host") == (role.id if but else 0)


@pytest.mark.parametrize("staff", [*Staff])
async def test_a_manager_makes_nobody_staff(rig: Rig, town: Town, staff: Staff) -> None:
    crew = await make_manager(rig, town)
    panel = await staff_page(town.sam)
    mias_page = await staff_page(town.mia)
    answer = await pick(rig, town.mia, panel, staff, crew)

    assert "Only members with Manage Server" in answer.text
    assert "settings-role" not in str(mias_page.components)
    assert role_id_of(rig, town, staff.value) == (crew.id if staff is Staff.MANAGER else 0)


async def test_everyone_as_set_before_makes_nobody_staff_and_is_taken_back(rig: Rig, town: Town) -> None:
    columns = ", ".join(f"{column} = {town.guild.id}" for column in ALL_STAFF)
    query = f"UPDATE guilds SET {columns} WHERE guild_id = {town.guild.id}"
    books.change(rig.database, query)
    refusal = await (await town.mia.slash("packages list", raw=True)).message()
    listing = await (await town.sam.slash("packages list")).message()

    async def is_unset() -> bool:
        return role_id_of(rig, town) == 0

    await until(is_unset)

    assert "can do this. If you're part of the team" in refusal.text
    assert "350" in listing.text
    assert role_id_of(rig, town, "auditor") == 0


def notices(rig: Rig, town: Town) -> list[Message]:
    """Return the notices that staff got about their roles."""
    title = "Staff roles need your attention"
    return [message for message in rig.world.messages(town.general.id, town.sam.user.id) if title in message.text]


async def test_staff_hear_once_of_a_role_that_does_not_count(rig: Rig, town: Town) -> None:
    query = f"UPDATE guilds SET host_role_id = guild_id WHERE guild_id = {town.guild.id}"
    books.change(rig.database, query)
    await (await town.mia.slash("balance")).message()
    await (await town.sam.slash("packages list")).message()

    async def is_unset() -> bool:
        return role_id_of(rig, town, "host") == 0

    await until(is_unset)
    await (await town.sam.slash("packages list")).message()
    await (await town.sam.slash("packages list")).message()

    assert [notice.ephemeral_for for notice in notices(rig, town)] == [town.sam.user.id]
