"""Who sees a command, as Discord decides it, and what the bot reads of it."""

import pytest

from sandbox.discord.command_access import CHANNEL, ROLE, USER
from sandbox.discord.filling import Refused
from sandbox.discord.jsontypes import JSON
from sandbox.discord.permissions import Permissions
from sandbox.page import snapshot
from sandbox.page.scene import Scene
from tests.sandbox.wire import Place

COMMANDS = [
    {"name": "gift", "description": "Send a gift"},
    {"name": "settings", "description": "Settings", "default_member_permissions": str(1 << 5)},
]


@pytest.fixture
async def shop(place: Place) -> Place:
    await place.ask("PUT", f"/applications/{place.app}/commands", COMMANDS)
    return place


def command_id(shop: Place, name: str = "settings") -> int:
    return next(int(command["id"]) for command in shop.world.commands if command["name"] == name)


async def sees(shop: Place, name: str = "settings") -> bool:
    try:
        await shop.person(shop.mia).slash(name)
    except Refused:
        return False
    return True


def allow(subject_id: int, kind: int = ROLE, permission: bool = True) -> JSON:
    return {"id": str(subject_id), "type": kind, "permission": permission}


async def test_an_overwrite_shows_a_command_to_a_role_and_hides_it_from_a_user(shop: Place) -> None:
    crew = shop.world.add_role(shop.guild, "crew")
    shop.world.set_roles(shop.guild.members[shop.mia.id], [crew])
    by_default = await sees(shop)

    shop.world.set_command_permissions(shop.guild, [allow(crew.id)], command_id(shop))
    by_role = await sees(shop)
    shop.world.set_command_permissions(shop.guild, [allow(crew.id), allow(shop.mia.id, USER, False)], command_id(shop))
    by_user = await sees(shop)
    shop.world.set_command_permissions(shop.guild, [], command_id(shop))

    assert (by_default, by_role, by_user, await sees(shop)) == (False, True, False, False)


async def test_the_overwrites_of_a_command_come_before_those_of_the_application(shop: Place) -> None:
    everyone = shop.guild.id
    shop.world.set_command_permissions(shop.guild, [allow(everyone)])
    for_all = await sees(shop)
    shop.world.set_command_permissions(shop.guild, [allow(everyone, permission=False)], command_id(shop))

    assert for_all
    assert not await sees(shop)
    assert await sees(shop, "gift")


async def test_a_command_can_be_hidden_in_a_channel_and_never_from_the_owner(shop: Place) -> None:
    hidden = [allow(shop.channel.id, CHANNEL, False)]
    shop.world.set_command_permissions(shop.guild, hidden, command_id(shop, "gift"))

    assert not await sees(shop, "gift")
    assert await shop.person(shop.owner).slash("gift")


async def test_the_bot_reads_the_overwrites_and_hears_of_their_change(shop: Place) -> None:
    before = await shop.ask("GET", f"/applications/{shop.app}/guilds/{shop.guild.id}/commands/permissions")
    unknown = await shop.ask(
        "GET", f"/applications/{shop.app}/guilds/{shop.guild.id}/commands/{command_id(shop)}/permissions"
    )
    shop.world.set_command_permissions(shop.guild, [allow(shop.guild.id)], command_id(shop))
    one = await shop.ask(
        "GET", f"/applications/{shop.app}/guilds/{shop.guild.id}/commands/{command_id(shop)}/permissions"
    )
    listed = await shop.ask("GET", f"/applications/{shop.app}/guilds/{shop.guild.id}/commands/permissions")

    assert before.body == []
    assert (unknown.status, unknown.body["code"]) == (404, 10066)
    assert one.body["permissions"] == [allow(shop.guild.id)]
    assert listed.body == [one.body]


async def test_the_page_lists_what_a_person_sees(shop: Place) -> None:
    scene = Scene(shop.guild, [])
    staff = shop.world.add_role(shop.guild, "staff", permissions=Permissions.MANAGE_GUILD)
    hidden = [command["name"] for command in snapshot.commands(shop.world, scene, shop.mia)]
    shop.world.set_roles(shop.guild.members[shop.mia.id], [staff])

    assert hidden == ["gift"]
    assert [command["name"] for command in snapshot.commands(shop.world, scene, shop.mia)] == ["gift", "settings"]
