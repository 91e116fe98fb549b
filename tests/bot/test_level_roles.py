"""Level roles over the wire: chosen by staff, given and taken by the bot, whatever goes wrong in between."""

from sandbox.discord.model import Message, Role
from sandbox.discord.people import Person
from sandbox.discord.permissions import Permissions
from tests import books
from tests.bot.picking import part
from tests.rig import Rig, Town, until

LEVEL_1, LEVEL_2 = "1", "2"


async def choose(town: Town, level: str, role: Role | None) -> Message:
    """Have Sam choose the role of a level."""
    panel = await (await town.sam.slash("settings")).message()
    page = await (await town.sam.click(panel, part(panel, "Level roles")["custom_id"])).message()
    page = await (await town.sam.select(page, part(page, "Pick a level")["custom_id"], level)).message()
    menu = part(page, "Role of this level")["custom_id"]
    return await (await town.sam.select(page, menu, *([role] if role else []))).message()


def has(town: Town, person: Person, role: Role) -> bool:
    return role.id in town.guild.members[person.user.id].roles


async def gets(town: Town, person: Person, role: Role) -> None:
    async def look() -> bool:
        return has(town, person, role)

    await until(look)


async def loses(town: Town, person: Person, role: Role) -> None:
    async def look() -> bool:
        return not has(town, person, role)

    await until(look)


async def give(town: Town, count: int) -> None:
    """Have Mia gift Warm Hearts, 10 coins each."""
    await town.give(town.mia, "Warm Heart", town.noor, count=count)


async def undo_last(town: Town) -> None:
    query = "SELECT max(seq) FROM journal WHERE guild_id = ? AND kind = 'gift'"
    seq = books.only_value(town.rig.database, query, town.guild.id)
    panel = await (await town.sam.slash("coins reverse", receipt=seq, reason="a slip")).message()
    await (await town.sam.click(panel, f"Reverse receipt #{seq}")).message()


async def test_members_get_and_lose_roles_with_their_level_and_hear_of_it_once(rig: Rig, town: Town) -> None:
    bronze, silver = (rig.world.add_role(town.guild, name) for name in ("Bronze", "Silver"))
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    await choose(town, LEVEL_1, bronze)
    page = await choose(town, LEVEL_2, silver)
    assert f"Level 2, from 🪙\xa053: <@&{silver.id}>" in page.text
    await give(town, 6)
    await gets(town, town.mia, bronze)
    await gets(town, town.mia, silver)
    await town.balance(town.mia)
    news = await town.noticed(town.mia, "You've reached level 2.")
    assert "level 1" not in news.text

    await undo_last(town)
    await loses(town, town.mia, silver)
    await loses(town, town.mia, bronze)

    # What staff give by hand stays.
    rig.world.set_roles(town.guild.members[town.leo.user.id], [bronze])
    await give(town, 1)
    await gets(town, town.mia, bronze)
    await choose(town, LEVEL_1, None)
    await loses(town, town.mia, bronze)
    assert has(town, town.leo, bronze)


async def test_whoever_leaves_and_comes_back_gets_their_roles_again(rig: Rig, town: Town) -> None:
    bronze = rig.world.add_role(town.guild, "Bronze")
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    await choose(town, LEVEL_1, bronze)
    await give(town, 1)
    await gets(town, town.mia, bronze)
    rig.world.leave(town.guild, town.mia.user)
    rig.world.join(town.guild, town.mia.user)
    assert not has(town, town.mia, bronze)

    await town.balance(town.mia)

    await gets(town, town.mia, bronze)


async def test_roles_that_cannot_be_given_are_refused_in_the_settings(rig: Rig, town: Town) -> None:
    bot = town.guild.members[rig.world.bot_user.id]
    above = rig.world.add_role(town.guild, "Above", position=town.guild.top_position(bot) + 1)
    strong = rig.world.add_role(town.guild, "Strong", permissions=int(Permissions.BAN_MEMBERS))

    assert "drag my role above it" in (await choose(town, LEVEL_1, above)).text
    assert "comes with rights of your staff" in (await choose(town, LEVEL_1, strong)).text


async def test_a_role_that_makes_members_staff_is_refused_either_way(rig: Rig, town: Town) -> None:
    bronze = rig.world.add_role(town.guild, "Bronze")
    await choose(town, LEVEL_1, bronze)
    panel = await (await town.sam.slash("settings")).message()
    panel = await (await town.sam.click(panel, "Staff roles")).message()

    refused = await (await town.sam.select(panel, part(panel, "Hosts")["custom_id"], bronze)).message()

    assert "for their gifts, so it can't be a staff role" in refused.text


async def test_staff_hear_once_of_a_role_out_of_reach_and_it_is_given_once_it_is_not(rig: Rig, town: Town) -> None:
    bronze = rig.world.add_role(town.guild, "Bronze")
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    await town.grant(town.leo, 500)
    await choose(town, LEVEL_1, bronze)
    bot = town.guild.members[rig.world.bot_user.id]
    below, top = bronze.position, town.guild.top_position(bot) + 1
    rig.world.update_role(bronze, position=top)
    await give(town, 1)
    notice = await town.announced(town.general, "I can't give out some roles")
    assert f"<@&{bronze.id}>: it isn't below my own role." in notice.text
    await town.give(town.leo, "Warm Heart", town.noor)
    page = await (await town.sam.slash("settings")).message()
    page = await (await town.sam.click(page, part(page, "Level roles")["custom_id"])).message()
    assert "it isn't below my own role" in page.text

    rig.world.update_role(bronze, position=below)

    await gets(town, town.mia, bronze)
    await gets(town, town.leo, bronze)
    notices = [message for message in rig.world.messages(town.general.id) if "give out some roles" in message.text]
    assert len(notices) == 1


async def test_staff_hear_once_that_the_bot_may_manage_no_roles(rig: Rig, town: Town) -> None:
    bronze = rig.world.add_role(town.guild, "Bronze")
    await town.approve(town.noor)
    for member in (town.mia, town.leo):
        await town.grant(member, 500)
    await choose(town, LEVEL_1, bronze)
    own = next(role for role in town.guild.roles.values() if role.managed_by)
    rights = own.permissions
    rig.world.update_role(own, permissions=rights & ~int(Permissions.MANAGE_ROLES | Permissions.ADMINISTRATOR))
    await give(town, 1)
    notice = await town.announced(town.general, "I can't give out some roles")
    assert f"<@&{bronze.id}>: I'm not allowed to Manage Roles any more." in notice.text
    await town.give(town.leo, "Warm Heart", town.noor)

    rig.world.update_role(own, permissions=rights)

    await gets(town, town.mia, bronze)
    await gets(town, town.leo, bronze)
    notices = [message for message in rig.world.messages(town.general.id) if "give out some roles" in message.text]
    assert len(notices) == 1


async def test_a_killed_bot_goes_on_where_it_was_and_finds_what_happened_meanwhile(own_rig: Rig) -> None:
    await own_rig.start_bot()
    town = await own_rig.found_town()
    bronze, silver = (own_rig.world.add_role(town.guild, name) for name in ("Bronze", "Silver"))
    await town.approve(town.noor)
    await town.grant(town.mia, 500)
    await choose(town, LEVEL_1, bronze)
    await give(town, 1)
    await gets(town, town.mia, bronze)
    await choose(town, LEVEL_2, silver)
    await give(town, 9)
    await own_rig.kill_bot()
    own_rig.world.leave(town.guild, town.mia.user)
    own_rig.world.join(town.guild, town.mia.user)

    await own_rig.start_bot()

    await gets(town, town.mia, bronze)
    await gets(town, town.mia, silver)
