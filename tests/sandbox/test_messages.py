"""Messages of the bot in channels: permissions, edits, nonces, reactions, history, and the error of each refusal."""

import pytest

from sandbox.discord.permissions import Permissions
from tests.sandbox.wire import Answer, Place

ROSE = "%F0%9F%8C%B9"
EMBED = {"title": "Gifts", "description": "37 roses"}


async def test_a_message_reaches_the_channel_and_its_readers(place: Place) -> None:
    answer = await place.send(content="Welcome", embeds=[EMBED])

    message = place.world.messages(place.channel.id)[0]
    assert (answer.status, answer.body["author"]["id"]) == (200, str(place.app))
    assert message.text == "Welcome\nGifts\n37 roses"
    assert place.channel.last_message_id == message.id


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/channels/1/messages", 10003),
        ("/guilds/1", 10004),
        ("/users/1", 10013),
        ("/guilds/{guild}/members/1", 10013),
        ("/guilds/{guild}/roles/1", 10011),
        ("/guilds/{guild}/scheduled-events/1", 10070),
        ("/channels/{channel}/messages/1", 10008),
        ("/applications/{app}/commands/1", 10063),
    ],
)
async def test_what_does_not_exist_has_its_own_code(place: Place, path: str, code: int) -> None:
    address = path.format(guild=place.guild.id, channel=place.channel.id, app=place.app)

    answer = await place.ask("GET", address)

    assert (answer.status, answer.code) == (404, code)


async def test_a_member_who_left_is_unknown_but_their_account_is_not(place: Place) -> None:
    place.world.leave(place.guild, place.mia)

    member = await place.ask("GET", f"/guilds/{place.guild.id}/members/{place.mia.id}")
    user = await place.ask("GET", f"/users/{place.mia.id}")

    assert (member.code, user.status) == (10007, 200)


async def test_a_wrong_token_is_401(place: Place) -> None:
    answer = await place.ask("GET", "/users/@me", token="wrong")

    assert (answer.status, answer.body["message"]) == (401, "401: Unauthorized")


async def test_a_path_discord_does_not_have_is_404_and_a_wrong_verb_405(place: Place) -> None:
    nowhere = await place.ask("GET", "/coins")
    verb = await place.ask("DELETE", "/users/@me")
    word = await place.ask("GET", "/channels/general")

    assert (nowhere.status, verb.status) == (404, 405)
    assert word.mistakes == {"channel_id=NUMBER_TYPE_COERCE"}


@pytest.mark.parametrize(
    ("denied", "code"),
    [(Permissions.VIEW_CHANNEL, 50001), (Permissions.SEND_MESSAGES, 50013)],
)
async def test_a_channel_closed_to_the_bot_refuses_its_messages(place: Place, denied: Permissions, code: int) -> None:
    place.world.set_permissions(place.channel, place.world.bot_user, deny=denied)

    answer = await place.send(content="hello?")

    assert (answer.status, answer.code) == (403, code)


async def test_without_embed_links_embeds_fall_off(place: Place) -> None:
    place.world.set_permissions(place.channel, place.world.bot_user, deny=Permissions.EMBED_LINKS)

    answer = await place.send(content="hello", embeds=[EMBED])

    assert (answer.status, answer.body["embeds"]) == (200, [])


async def test_without_attach_files_a_file_is_refused(place: Place) -> None:
    place.world.set_permissions(place.channel, place.world.bot_user, deny=Permissions.ATTACH_FILES)

    answer = await place.ask("POST", place.here, {"content": "x"}, files={"a.png": b"1"})

    assert answer.code == 50013


async def test_only_its_author_edits_a_message(place: Place) -> None:
    message = await place.person(place.mia).say("mine")

    answer = await place.ask("PATCH", f"{place.here}/{message.id}", {"content": "yours"})

    assert (answer.status, answer.code) == (403, 50005)


async def test_a_message_older_than_an_hour_soon_takes_no_more_edits(place: Place) -> None:
    message = await place.posted(content="board")
    path = f"{place.here}/{message.id}"
    young = [(await place.ask("PATCH", path, {"content": str(n)})).status for n in range(10)]
    place.clock.pass_by(3601)

    old = [await place.ask("PATCH", path, {"content": f"old {n}"}) for n in range(6)]

    assert set(young) == {200}
    assert (old[-1].status, old[-1].code) == (429, 30046)


async def test_the_same_nonce_sends_once(place: Place) -> None:
    first = await place.send(content="once", nonce="outbox-1", enforce_nonce=True)

    second = await place.send(content="twice", nonce="outbox-1", enforce_nonce=True)

    assert first.body["id"] == second.body["id"]
    assert [message.text for message in place.world.messages(place.channel.id)] == ["once"]


async def test_a_nonce_that_is_not_enforced_sends_twice(place: Place) -> None:
    for _ in range(2):
        await place.send(content="again", nonce="outbox-1")

    assert len(place.world.messages(place.channel.id)) == 2


async def test_a_nonce_is_forgotten_after_some_minutes(place: Place) -> None:
    await place.send(content="one", nonce="outbox-1", enforce_nonce=True)
    place.clock.pass_by(301)

    await place.send(content="two", nonce="outbox-1", enforce_nonce=True)

    assert len(place.world.messages(place.channel.id)) == 2


async def test_a_nonce_whose_message_was_deleted_is_an_unknown_message(place: Place) -> None:
    message = await place.posted(content="one", nonce="outbox-1", enforce_nonce=True)
    place.world.delete_message(message)

    answer = await place.send(content="one", nonce="outbox-1", enforce_nonce=True)

    assert answer.code == 10008


async def test_reactions_are_counted_per_emoji(place: Place) -> None:
    message = await place.person(place.mia).say("hi")
    await place.person(place.noah).react(message, "🌹")
    path = f"{place.here}/{message.id}/reactions/{ROSE}"

    await place.ask("PUT", f"{path}/@me")
    both = await place.ask("GET", f"{place.here}/{message.id}")
    await place.ask("DELETE", f"{path}/@me")
    reactors = await place.ask("GET", path)

    assert (both.body["reactions"][0]["count"], both.body["reactions"][0]["me"]) == (2, True)
    assert [user["id"] for user in reactors.body] == [str(place.noah.id)]


async def test_a_word_is_no_emoji(place: Place) -> None:
    message = await place.posted(content="hi")

    answer = await place.ask("PUT", f"{place.here}/{message.id}/reactions/rose/@me")

    assert answer.code == 10014


async def test_history_is_newest_first_and_pages(place: Place) -> None:
    for number in range(5):
        await place.send(content=str(number))
    latest = await place.ask("GET", f"{place.here}?limit=2")

    earlier = await place.ask("GET", f"{place.here}?limit=2&before={latest.body[-1]['id']}")

    assert [message["content"] for message in latest.body + earlier.body] == ["4", "3", "2", "1"]


async def test_history_after_a_message_begins_with_the_next_ones_newest_first(place: Place) -> None:
    for number in range(5):
        await place.send(content=str(number))
    first = place.world.messages(place.channel.id)[0]
    page = await place.ask("GET", f"{place.here}?limit=2&after={first.id}")
    place.world.delete_message(first)
    rest = await place.ask("GET", f"{place.here}?limit=10&after={first.id}")
    place.world.set_permissions(place.channel, place.world.bot_user, deny=int(Permissions.READ_MESSAGE_HISTORY))
    unreadable = await place.ask("GET", f"{place.here}?limit=10&after={first.id}")

    assert [message["content"] for message in page.body] == ["2", "1"]
    assert [message["content"] for message in rest.body] == ["4", "3", "2", "1"]
    assert (unreadable.status, unreadable.body) == (200, [])


async def test_a_category_takes_no_messages(place: Place) -> None:
    category = place.world.add_channel(place.guild, "Shows", kind="category")

    answer = await place.ask("POST", f"/channels/{category.id}/messages", {"content": "x"})

    assert answer.code == 50008


async def open_dm(place: Place) -> Answer:
    return await place.ask("POST", "/users/@me/channels", {"recipient_id": str(place.mia.id)})


async def test_a_direct_message_reaches_one_person(place: Place) -> None:
    dm = await open_dm(place)

    answer = await place.ask("POST", f"/channels/{dm.body['id']}/messages", {"content": "receipt"})

    assert answer.status == 200
    assert (await open_dm(place)).body["id"] == dm.body["id"]
    assert [message.text for message in place.world.messages(int(dm.body["id"]), place.mia.id)] == ["receipt"]


async def test_someone_who_takes_no_direct_messages_is_50007(place: Place) -> None:
    dm = await open_dm(place)
    place.mia.accepts_dms = False

    answer = await place.ask("POST", f"/channels/{dm.body['id']}/messages", {"content": "receipt"})

    assert (answer.status, answer.code) == (403, 50007)


async def test_a_deleted_channel_takes_its_messages_along(place: Place) -> None:
    message = await place.posted(content="x")
    place.world.delete_channel(place.channel)

    answer = await place.ask("PATCH", f"{place.here}/{message.id}", {"content": "y"})

    assert answer.code == 10003


async def test_a_guild_without_the_bot_is_closed_to_it(place: Place) -> None:
    place.world.remove_bot(place.guild)

    answers = [await place.send(content="x"), await place.ask("GET", f"/guilds/{place.guild.id}")]

    assert [answer.code for answer in answers] == [50001, 50001]
