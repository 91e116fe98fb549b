"""Channels and guilds as the bot reads and changes them, and bulk deletion of messages."""

from typing import Any

import pytest

from sandbox.discord.people import Refused
from sandbox.discord.permissions import Permissions
from tests.sandbox.wire import Place

DAY = 86_400


def grant(place: Place, permissions: int) -> None:
    """Give the bot's own role exactly these permissions."""
    place.world.update_role(
        next(role for role in place.guild.roles.values() if role.managed_by), permissions=permissions
    )


def own(place: Place) -> str:
    return f"/channels/{place.channel.id}"


async def test_a_channel_is_changed_by_a_bot_that_may(place: Place) -> None:
    refusal = await place.ask("PATCH", own(place), {"topic": "x"})
    grant(place, Permissions.ADMINISTRATOR)

    change = await place.ask("PATCH", own(place), {"topic": "Tonight", "rate_limit_per_user": 5, "nsfw": True})

    assert refusal.code == 50013
    assert (change.body["topic"], change.body["rate_limit_per_user"], change.body["nsfw"]) == ("Tonight", 5, True)


@pytest.mark.parametrize(
    ("body", "mistake"),
    [
        ({"name": ""}, "name=BASE_TYPE_BAD_LENGTH"),
        ({"topic": "x" * 1025}, "topic=BASE_TYPE_MAX_LENGTH"),
        ({"rate_limit_per_user": 21_601}, "rate_limit_per_user=NUMBER_TYPE_MAX"),
    ],
)
async def test_a_bad_change_of_a_channel_is_refused(place: Place, body: dict[str, Any], mistake: str) -> None:
    grant(place, Permissions.ADMINISTRATOR)

    answer = await place.ask("PATCH", own(place), body)

    assert answer.mistakes == {mistake}


async def test_a_channel_is_deleted_with_its_threads(place: Place) -> None:
    grant(place, Permissions.ADMINISTRATOR)
    thread = place.world.add_channel(place.guild, "talk", kind="thread", parent=place.channel)

    deletion = await place.ask("DELETE", own(place))

    assert deletion.body["id"] == str(place.channel.id)
    assert (await place.ask("GET", f"/channels/{thread.id}")).code == 10003


async def test_a_thread_reads_as_one_and_opens_again_by_a_message(place: Place) -> None:
    thread = place.world.add_channel(place.guild, "talk", kind="thread", parent=place.channel)
    place.world.update_channel(thread, archived=True)
    grant(place, Permissions.VIEW_CHANNEL | Permissions.SEND_MESSAGES_IN_THREADS)

    read = await place.ask("GET", f"/channels/{thread.id}")
    message = await place.ask("POST", f"/channels/{thread.id}/messages", {"content": "x"})

    assert (read.body["thread_metadata"]["archived"], message.status, thread.archived) == (True, 200, False)


async def test_overwrites_are_set_and_cleared(place: Place) -> None:
    grant(place, Permissions.ADMINISTRATOR)
    path = f"{own(place)}/permissions/{place.mia.id}"
    body = {"type": 1, "allow": "0", "deny": str(int(Permissions.SEND_MESSAGES))}

    await place.ask("PUT", path, body)
    right_to_send = place.world.rights(place.channel, place.mia.id) & Permissions.SEND_MESSAGES
    await place.ask("DELETE", path)

    assert not right_to_send
    assert place.world.rights(place.channel, place.mia.id) & Permissions.SEND_MESSAGES


async def test_typing_is_for_those_who_may_send(place: Place) -> None:
    allowed = await place.ask("POST", f"{own(place)}/typing")
    place.world.set_permissions(place.channel, place.world.bot_user, deny=Permissions.SEND_MESSAGES)

    refusal = await place.ask("POST", f"{own(place)}/typing")

    assert (allowed.status, refusal.code) == (204, 50013)


async def test_guilds_list_their_channels_roles_and_numbers(place: Place) -> None:
    guild = await place.ask("GET", f"/guilds/{place.guild.id}?with_counts=true")
    channels = await place.ask("GET", f"/guilds/{place.guild.id}/channels")
    roles = await place.ask("GET", f"/guilds/{place.guild.id}/roles")
    guilds = await place.ask("GET", "/users/@me/guilds")

    assert guild.body["approximate_member_count"] == 4
    assert [channel["name"] for channel in channels.body] == ["general"]
    assert [role["name"] for role in roles.body] == ["@everyone", "Rosette"]
    assert [guild["id"] for guild in guilds.body] == [str(place.guild.id)]


async def test_the_gateway_is_named_for_bots(place: Place) -> None:
    plain, bot = await place.ask("GET", "/gateway"), await place.ask("GET", "/gateway/bot")

    assert plain.body["url"] == bot.body["url"] == place.server.gateway_url
    assert bot.body["session_start_limit"]["max_concurrency"] == 1


async def test_the_bot_renames_itself_in_a_guild(place: Place) -> None:
    answer = await place.ask("PATCH", f"/guilds/{place.guild.id}/members/@me", {"nick": "Rosie"})

    assert answer.body["nick"] == "Rosie"


async def test_messages_are_deleted_in_bulk_up_to_two_weeks_old(place: Place) -> None:
    old = await place.posted(content="old")
    place.clock.pass_by(14 * DAY + 1)
    young = [str((await place.posted(content=str(number))).id) for number in range(2)]
    path = f"{place.here}/bulk-delete"

    codes = [(await place.ask("POST", path, {"messages": ids})).code for ids in ([str(old.id), *young], young[:1])]
    deletion = await place.ask("POST", path, {"messages": young})

    assert (codes, deletion.status) == ([50034, 50035], 204)
    assert place.world.messages(place.channel.id) == [old]


async def test_history_is_empty_without_the_right_to_read_it(place: Place) -> None:
    message = await place.posted(content="x")
    place.world.set_permissions(place.channel, place.world.bot_user, deny=Permissions.READ_MESSAGE_HISTORY)

    listed = await place.ask("GET", place.here)
    read = await place.ask("GET", f"{place.here}/{message.id}")

    assert (listed.body, read.code) == ([], 50013)


async def test_history_goes_on_after_a_message(place: Place) -> None:
    messages = [await place.posted(content=str(number)) for number in range(4)]

    answer = await place.ask("GET", f"{place.here}?after={messages[0].id}&limit=2")

    assert [message["content"] for message in answer.body] == ["2", "1"]


async def test_reactions_are_cleared_by_those_who_manage_messages(place: Place) -> None:
    message = await place.posted(content="x")
    for emoji in ("🌹", "🚀"):
        await place.person(place.mia).react(message, emoji)
    path = f"{place.here}/{message.id}/reactions"

    single = await place.ask("DELETE", f"{path}/%F0%9F%8C%B9/{place.mia.id}")
    remaining = [reaction.name for reaction in message.reactions]
    everything = await place.ask("DELETE", path)

    assert (single.status, remaining, everything.status, message.reactions) == (204, ["🚀"], 204, [])


async def test_other_peoples_messages_are_deleted_with_the_right_to(place: Place) -> None:
    message = await place.person(place.mia).say("x")
    place.world.set_permissions(place.channel, place.world.bot_user, deny=Permissions.MANAGE_MESSAGES)
    refusal = await place.ask("DELETE", f"{place.here}/{message.id}")
    place.world.set_permissions(place.channel, place.world.bot_user)

    deletion = await place.ask("DELETE", f"{place.here}/{message.id}")

    assert (refusal.code, deletion.status) == (50013, 204)


async def test_what_is_sent_comes_back_in_full(place: Place) -> None:
    place.world.add_emoji(place.guild, "coin", animated=True, emoji_id=5)
    embed = {
        "title": "Top three",
        "url": "https://rosette.example",
        "image": {"url": "https://rosette.example/a.png"},
        "author": {"name": "Mia", "url": "https://rosette.example", "icon_url": "https://rosette.example/m.png"},
        "footer": {"text": "Tonight", "icon_url": "attachment://a.png"},
    }
    option = {"label": "Rose", "value": "rose", "description": "1 coin", "default": True, "emoji": {"name": "🌹"}}
    select = {"type": 3, "custom_id": "pick", "options": [option], "disabled": True}
    button = {"type": 2, "style": 2, "custom_id": "b", "emoji": {"id": "5", "name": "coin", "animated": True}}
    rows = [{"type": 1, "components": [component]} for component in (select, button)]

    answer = await place.ask("POST", place.here, {"embeds": [embed], "components": rows}, files={"a.png": b"1"})

    embed_json, (first, second) = answer.body["embeds"][0], answer.body["components"]
    assert embed_json["author"]["icon_url"] == "https://rosette.example/m.png"
    assert "/cdn/attachments/" in embed_json["footer"]["icon_url"]
    assert (first["components"][0]["options"], first["components"][0]["disabled"]) == ([option], True)
    assert second["components"][0]["emoji"] == {"name": "coin", "id": "5", "animated": True}


async def test_the_cdn_knows_only_what_was_sent(place: Place) -> None:
    async with place.http.get(f"{place.server.base_url}/cdn/attachments/1/2/a.png") as response:
        assert response.status == 404


async def test_only_those_who_manage_channels_restrict_one_to_adults(place: Place) -> None:
    place.person(place.owner).restrict_by_age()
    read = await place.ask("GET", f"/channels/{place.channel.id}")
    with pytest.raises(Refused):
        place.person(place.mia).restrict_by_age(restricted=False)

    assert read.body["nsfw"] is True
    assert place.channel.nsfw
