"""Threads, forum posts and the chats of voice channels: where the bot may and may not write."""

import pytest

from sandbox.discord.model import Channel
from sandbox.discord.people import Refused
from sandbox.discord.permissions import Permissions
from tests.sandbox.wire import Answer, Place, Socket


@pytest.fixture
async def thread(place: Place) -> Channel:
    message = await place.person(place.mia).say("What a show!")
    return place.person(place.mia).start_thread("Talk", message=message)


async def send(place: Place, channel: Channel) -> Answer:
    return await place.ask("POST", f"/channels/{channel.id}/messages", {"content": "x"})


async def test_a_thread_from_a_message_has_its_id_and_begins_with_it(place: Place) -> None:
    message = await place.person(place.mia).say("What a show!")
    async with Socket(place) as socket:
        await socket.identify("guilds")
        thread = place.person(place.noah).start_thread("Talk", message=message)
        event = await socket.event("THREAD_CREATE")
    first = place.world.messages(thread.id)[0]

    assert (event["id"], event["owner_id"], event["newly_created"]) == (str(message.id), str(place.noah.id), True)
    assert (first.type, first.referenced, message.flags & 1 << 5) == (21, message, 1 << 5)
    with pytest.raises(Refused, match="already been created"):
        place.person(place.mia).start_thread("Again", message=message)


async def test_a_thread_without_a_message_leaves_a_notice(place: Place) -> None:
    thread = place.person(place.mia).start_thread("Set list")

    notice = place.world.messages(place.channel.id)[-1]

    assert (notice.type, notice.content) == (18, "Set list")
    assert notice.reference is not None
    assert notice.reference["channel_id"] == str(thread.id)


async def test_a_forum_takes_posts_and_no_messages(place: Place) -> None:
    forum = place.world.add_channel(place.guild, "requests", kind="forum")
    post = place.person(place.mia, forum).start_post("Play Moonlight", "Please?")

    direct, inside = await send(place, forum), await send(place, post)

    assert (direct.code, inside.status) == (50008, 200)
    assert place.world.messages(post.id)[0].id == post.id
    with pytest.raises(Refused, match="takes no messages"):
        await place.person(place.mia, forum).say("hi")


@pytest.mark.parametrize("kind", ["voice", "stage"])
async def test_voice_channels_have_a_chat(place: Place, kind: str) -> None:
    channel = place.world.add_channel(place.guild, "lounge", kind=kind)

    assert (await send(place, channel)).status == 200


async def test_a_message_brings_an_archived_thread_back(place: Place, thread: Channel) -> None:
    place.person(place.mia, thread).archive()
    async with Socket(place) as socket:
        await socket.identify("guilds")
        answer = await send(place, thread)
        event = await socket.event("THREAD_UPDATE")

    assert (answer.status, event["thread_metadata"]["archived"]) == (200, False)


async def test_nothing_else_is_done_in_an_archived_thread(place: Place, thread: Channel) -> None:
    creation = await send(place, thread)
    place.person(place.mia, thread).archive()
    path = f"/channels/{thread.id}/messages/{creation.body['id']}"

    edit = await place.ask("PATCH", path, {"content": "y"})
    pin = await place.ask("PUT", f"/channels/{thread.id}/messages/pins/{creation.body['id']}")
    reaction = await place.ask("PUT", f"{path}/reactions/%F0%9F%8C%B9/@me")
    deletion = await place.ask("DELETE", path)

    assert [answer.code for answer in (edit, pin, reaction)] == [50083] * 3
    assert deletion.status == 204
    with pytest.raises(Refused, match="is archived"):
        place.person(place.mia, thread).pin(place.world.messages(thread.id)[0])


async def test_a_locked_thread_is_for_moderators(place: Place, thread: Channel) -> None:
    creation = await send(place, thread)
    with pytest.raises(Refused, match="may not lock"):
        place.person(place.mia, thread).lock()
    place.person(place.owner, thread).lock()

    message = await send(place, thread)
    edit = await place.ask("PATCH", f"/channels/{thread.id}/messages/{creation.body['id']}", {"content": "y"})
    place.world.set_permissions(place.channel, place.world.bot_user, allow=Permissions.MANAGE_THREADS)
    allowed = await send(place, thread)

    assert (message.code, edit.code, allowed.status) == (160005, 160005, 200)
    with pytest.raises(Refused, match="is locked"):
        await place.person(place.mia, thread).say("hello?")


async def test_threads_have_their_own_right_to_send(place: Place, thread: Channel) -> None:
    place.world.set_permissions(place.channel, place.guild.everyone, deny=Permissions.SEND_MESSAGES)
    place.world.set_permissions(place.channel, place.world.bot_user, deny=Permissions.SEND_MESSAGES)

    inside, outside = await send(place, thread), await place.send(content="x")

    assert (inside.status, outside.code) == (200, 50013)


async def test_only_active_threads_are_told_to_a_new_connection(place: Place, thread: Channel) -> None:
    active_thread = place.person(place.mia).start_thread("Set list")
    place.person(place.mia, thread).archive()
    async with Socket(place) as socket:
        await socket.op(2, {"token": place.world.application.token, "intents": 1})
        await socket.event("READY")
        guild = await socket.event("GUILD_CREATE")
    active = await place.ask("GET", f"/guilds/{place.guild.id}/threads/active")

    assert [channel["id"] for channel in guild["threads"]] == [str(active_thread.id)]
    assert [channel["id"] for channel in active.body["threads"]] == [str(active_thread.id)]


async def test_slow_mode_makes_people_wait_but_no_bots(place: Place) -> None:
    mia = place.person(place.mia)
    place.person(place.owner).slow_down(10)
    await mia.say("one")
    with pytest.raises(Refused, match="has to wait 10 s"):
        await mia.say("two")
    place.world.set_permissions(place.channel, place.mia, allow=Permissions.BYPASS_SLOWMODE)

    await mia.say("three")

    assert [(await place.send(content="x")).status for _ in range(2)] == [200, 200]


async def test_a_webhook_writes_as_nobody_in_the_guild(place: Place) -> None:
    webhook = place.world.add_webhook(place.channel, "News")
    async with Socket(place) as socket:
        await socket.identify("guilds", "messages")
        message = place.world.say_as_webhook(webhook, "Tonight at eight", username="Garden News")
        event = await socket.event("MESSAGE_CREATE")
    answer = await place.ask("GET", f"{place.here}/{message.id}")

    assert (event["webhook_id"], event["author"]["username"]) == (str(webhook.id), "Garden News")
    assert "member" not in event
    assert (answer.body["author"]["bot"], answer.body["author"]["id"]) == (True, str(webhook.id))
    assert (await place.ask("GET", f"/users/{webhook.id}")).code == 10013


async def test_nothing_is_heard_of_a_guild_in_an_outage(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.identify("guilds")
        place.world.set_unavailable(place.guild, True)
        place.world.add_channel(place.guild, "unheard of")
        place.world.set_unavailable(place.guild, False)
        outage, recovery = await socket.event("GUILD_DELETE"), await socket.event("GUILD_CREATE")

    assert outage["unavailable"] is True
    assert "unheard of" in [channel["name"] for channel in recovery["channels"]]
