"""Guilds, channels, roles, members and purchases: changed by people or the bot, and reported to both."""

from sandbox.discord.model.commerce import EntitlementType
from sandbox.discord.permissions import Permissions, in_channel
from tests.sandbox.wire import Place, Socket


async def test_the_gateway_tells_what_people_change(place: Place) -> None:
    world, guild = place.world, place.guild
    async with Socket(place) as socket:
        await socket.identify()
        channel = world.add_channel(guild, "show", kind="stage")
        world.update_channel(channel, topic="Tonight")
        role = world.add_role(guild, "fans")
        world.update_role(role, color=0xFF0000)
        world.delete_role(role)
        world.delete_channel(channel)
        world.set_unavailable(guild, True)
        world.set_unavailable(guild, False)
        world.remove_bot(guild)

        names = [(await socket.frame())["t"] for _ in range(9)]

    assert names == [
        "CHANNEL_CREATE",
        "CHANNEL_UPDATE",
        "GUILD_ROLE_CREATE",
        "GUILD_ROLE_UPDATE",
        "GUILD_ROLE_DELETE",
        "CHANNEL_DELETE",
        "GUILD_DELETE",
        "GUILD_CREATE",
        "GUILD_DELETE",
    ]


async def test_an_outage_is_told_apart_from_a_removal(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.identify()
        place.world.set_unavailable(place.guild, True)
        outage = await socket.event("GUILD_DELETE")
        place.world.set_unavailable(place.guild, False)
        await socket.event("GUILD_CREATE")
        place.world.remove_bot(place.guild)
        removal = await socket.event("GUILD_DELETE")

    assert (outage.get("unavailable"), removal.get("unavailable")) == (True, None)


async def test_a_removed_bot_can_be_invited_again(place: Place) -> None:
    place.world.remove_bot(place.guild)
    place.world.add_bot(place.guild)

    assert (await place.send(content="back")).status == 200


def member_role(place: Place, role_id: int) -> str:
    return f"/guilds/{place.guild.id}/members/{place.mia.id}/roles/{role_id}"


async def test_the_bot_gives_and_takes_roles_below_its_own(place: Place) -> None:
    fans = place.world.add_role(place.guild, "fans")
    member = place.guild.members[place.mia.id]

    gift = await place.ask("PUT", member_role(place, fans.id))
    has = list(member.roles)
    removal = await place.ask("DELETE", member_role(place, fans.id))

    assert (gift.status, removal.status) == (204, 204)
    assert (has, member.roles) == ([fans.id], [])


async def test_roles_above_its_own_managed_ones_and_everyone_are_50013(place: Place) -> None:
    above = place.world.add_role(place.guild, "admins", position=99)
    own = next(role for role in place.guild.roles.values() if role.managed_by)

    codes = [
        (await place.ask("PUT", member_role(place, role_id))).code for role_id in (above.id, own.id, place.guild.id)
    ]

    assert codes == [50013] * 3


async def test_without_manage_roles_no_role_is_given(place: Place) -> None:
    guild = place.world.add_guild("Bar", owner=place.owner, bot_permissions=int(Permissions.VIEW_CHANNEL))
    role = place.world.add_role(guild, "fans")
    place.world.join(guild, place.mia)

    answer = await place.ask("PUT", f"/guilds/{guild.id}/members/{place.mia.id}/roles/{role.id}")

    assert answer.code == 50013


async def test_roles_are_made_changed_and_deleted(place: Place) -> None:
    base = f"/guilds/{place.guild.id}/roles"
    creation = await place.ask("POST", base, {"name": "Top fan", "color": 0x00FF00})

    change = await place.ask("PATCH", f"{base}/{creation.body['id']}", {"name": "Best fan"})
    bad = await place.ask("PATCH", f"{base}/{creation.body['id']}", {"name": "x" * 101})
    deletion = await place.ask("DELETE", f"{base}/{creation.body['id']}")

    assert (change.body["name"], deletion.status) == ("Best fan", 204)
    assert bad.mistakes == {"name=BASE_TYPE_BAD_LENGTH"}


async def test_the_member_list_needs_its_intent(place: Place) -> None:
    path = f"/guilds/{place.guild.id}/members?limit=2"
    refusal = await place.ask("GET", path)
    place.world.application.privileged_intents = 1 << 1

    page = await place.ask("GET", path)

    assert (refusal.code, len(page.body)) == (50001, 2)


async def test_members_are_found_by_the_start_of_their_names(place: Place) -> None:
    answer = await place.ask("GET", f"/guilds/{place.guild.id}/members/search?query=no&limit=5")

    assert [member["user"]["username"] for member in answer.body] == ["noah"]


async def test_a_bad_number_in_the_query_is_50035(place: Place) -> None:
    answer = await place.ask("GET", f"{place.here}?limit=many")

    assert answer.mistakes == {"limit=NUMBER_TYPE_COERCE"}


def test_overwrites_count_everyone_then_roles_then_the_member(place: Place) -> None:
    world, channel = place.world, place.channel
    role = world.add_role(place.guild, "fans")
    member = place.guild.members[place.mia.id]
    world.set_roles(member, [role])
    send = Permissions.SEND_MESSAGES
    may_send = []

    for target, rights in (
        (place.guild.everyone, {"deny": send}),
        (role, {"allow": send}),
        (place.mia, {"deny": send}),
    ):
        world.set_permissions(channel, target, **rights)
        may_send.append(bool(in_channel(place.guild, channel, member) & send))

    assert may_send == [False, True, False]


def test_owners_and_administrators_may_everything(place: Place) -> None:
    world, channel = place.world, place.channel
    world.set_permissions(channel, place.guild.everyone, deny=Permissions.VIEW_CHANNEL)
    admins = world.add_role(place.guild, "admins", permissions=Permissions.ADMINISTRATOR)
    world.set_roles(place.guild.members[place.mia.id], [admins])

    rights = [
        world.rights(channel, user.id) & Permissions.SEND_MESSAGES for user in (place.owner, place.mia, place.noah)
    ]

    assert [bool(right) for right in rights] == [True, True, False]


def test_without_send_messages_what_belongs_to_a_message_goes_too(place: Place) -> None:
    place.world.set_permissions(place.channel, place.guild.everyone, deny=Permissions.SEND_MESSAGES)

    rights = place.world.rights(place.channel, place.mia.id)

    assert not rights & (Permissions.EMBED_LINKS | Permissions.ATTACH_FILES | Permissions.MENTION_EVERYONE)
    assert rights & Permissions.VIEW_CHANNEL


async def test_purchases_are_listed_consumed_once_and_refunded(place: Place) -> None:
    sku = place.world.add_sku("Coins", price_minor=99)
    quiet = place.world.buy(place.mia, sku, events=0)
    base = f"/applications/{place.app}/entitlements"

    listed = await place.ask("GET", f"{base}?user_id={place.mia.id}")
    consumption, again = [await place.ask("POST", f"{base}/{quiet.id}/consume") for _ in range(2)]
    place.world.refund(quiet)
    after = await place.ask("GET", base)

    assert [entitlement["id"] for entitlement in listed.body] == [str(quiet.id)]
    assert (consumption.status, again.code, after.body) == (204, 40074, [])
    assert [product["name"] for product in (await place.ask("GET", f"/applications/{place.app}/skus")).body] == [
        "Coins"
    ]


async def test_a_purchase_reaches_every_session(place: Place) -> None:
    sku = place.world.add_sku("Coins", price_minor=99)
    async with Socket(place) as socket:
        await socket.identify()
        entitlement = place.world.buy(place.mia, sku, kind=EntitlementType.TEST_MODE_PURCHASE)
        place.world.refund(entitlement)

        purchase = await socket.event("ENTITLEMENT_CREATE")
        refund = await socket.event("ENTITLEMENT_DELETE")

    assert (purchase["type"], purchase["deleted"], refund["deleted"]) == (4, False, True)
