"""Messages that refer to others: replies, answers to message menus, pins and their notices."""

from typing import Any

import pytest

from sandbox.discord.model import InteractionType, Message
from sandbox.discord.people import Refused
from sandbox.discord.permissions import Permissions
from tests.sandbox.wire import Answer, Place, Socket


@pytest.fixture
async def applause(place: Place) -> Message:
    return await place.person(place.mia).say("What a show!")


async def reply(place: Place, message: Message | None, **more: Any) -> Answer:
    reference = {"message_id": str(message.id if message else 1), **more}
    return await place.send(content="Gifts on this", message_reference=reference)


async def test_a_reply_quotes_its_message(place: Place, applause: Message) -> None:
    answer = await reply(place, applause)

    assert (answer.body["type"], answer.body["referenced_message"]["content"]) == (19, "What a show!")
    assert answer.body["message_reference"]["message_id"] == str(applause.id)


async def test_a_reply_outlives_the_message_it_quotes(place: Place, applause: Message) -> None:
    answer = await reply(place, applause)
    place.person(place.mia).delete(applause)

    after = await place.ask("GET", f"{place.here}/{answer.body['id']}")

    assert (after.body["type"], after.body["referenced_message"]) == (19, None)
    assert after.body["message_reference"]["message_id"] == str(applause.id)


async def test_a_reply_to_a_deleted_message_needs_leave_to_fail(place: Place, applause: Message) -> None:
    place.world.delete_message(applause)

    strict = await reply(place, applause)
    lax = await reply(place, applause, fail_if_not_exists=False)

    assert strict.mistakes == {"message_reference=REPLIES_UNKNOWN_MESSAGE"}
    assert (lax.status, lax.body["type"]) == (200, 0)


async def test_a_reply_stays_in_its_channel(place: Place, applause: Message) -> None:
    elsewhere = place.world.add_channel(place.guild, "elsewhere")

    answer = await reply(place, applause, channel_id=str(elsewhere.id))

    assert answer.mistakes == {"message_reference=REPLIES_CANNOT_REFERENCE_OTHER_CHANNEL"}


async def test_a_reply_needs_the_right_to_read_the_history(place: Place, applause: Message) -> None:
    place.world.set_permissions(place.channel, place.world.bot_user, deny=Permissions.READ_MESSAGE_HISTORY)

    answer = await reply(place, applause)

    assert (answer.status, answer.code) == (403, 160002)


async def test_what_answers_a_message_menu_quotes_the_message(place: Place, applause: Message) -> None:
    data: dict[str, Any] = {"id": "1", "name": "Gift this message", "type": 3, "target_id": str(applause.id)}
    data["resolved"] = {"messages": {}}
    interaction = place.world.begin(place.noah, place.channel, InteractionType.COMMAND, data)

    answer = await place.answer(interaction, 4, content="A rose for it")
    follow_up = await place.ask("POST", place.hook(interaction), {"content": "and one more"})

    message = answer.body["resource"]["message"]
    assert (message["type"], message["referenced_message"]["id"]) == (23, str(applause.id))
    assert (follow_up.body["type"], "referenced_message" in follow_up.body) == (0, False)


async def test_a_pin_is_told_and_leaves_a_notice(place: Place, applause: Message) -> None:
    async with Socket(place) as socket:
        await socket.identify("guilds", "messages")
        pin_answer = await place.ask("PUT", f"{place.here}/pins/{applause.id}")
        frames = [await socket.frame() for _ in range(3)]
        await place.ask("DELETE", f"{place.here}/pins/{applause.id}")
        pins_update = await socket.event("CHANNEL_PINS_UPDATE")

    notice = frames[2]["d"]
    assert pin_answer.status == 204
    assert [frame["t"] for frame in frames] == ["CHANNEL_PINS_UPDATE", "MESSAGE_UPDATE", "MESSAGE_CREATE"]
    assert (frames[1]["d"]["pinned"], notice["type"]) == (True, 6)
    assert (notice["author"]["id"], notice["message_reference"]["message_id"]) == (str(place.app), str(applause.id))
    assert pins_update["last_pin_timestamp"] is None


@pytest.mark.parametrize("base", ["messages/pins", "pins"])
async def test_both_addresses_pin_and_unpin(place: Place, applause: Message, base: str) -> None:
    path = f"/channels/{place.channel.id}/{base}"

    pin_answer = await place.ask("PUT", f"{path}/{applause.id}")
    listed = await place.ask("GET", path)
    removal = await place.ask("DELETE", f"{path}/{applause.id}")

    messages = listed.body if base == "pins" else [pin["message"] for pin in listed.body["items"]]
    assert (pin_answer.status, removal.status, applause.pinned) == (204, 204, False)
    assert [message["id"] for message in messages] == [str(applause.id)]


async def test_pins_are_paged_from_the_latest(place: Place) -> None:
    messages = [await place.posted(content=str(number)) for number in range(3)]
    for message in messages:
        place.clock.pass_by(1)
        await place.ask("PUT", f"{place.here}/pins/{message.id}")

    first = await place.ask("GET", f"{place.here}/pins?limit=2")
    before = first.body["items"][-1]["pinned_at"].replace("+", "%2B")
    second = await place.ask("GET", f"{place.here}/pins?limit=2&before={before}")

    assert [pin["message"]["content"] for pin in first.body["items"] + second.body["items"]] == ["2", "1", "0"]
    assert (first.body["has_more"], second.body["has_more"]) == (True, False)


async def test_a_channel_has_room_for_250_pins(place: Place) -> None:
    for number in range(250):
        place.world.pin(place.channel, await place.posted(content=str(number)), place.owner)
    one_more = await place.posted(content="one more")

    answer = await place.ask("PUT", f"{place.here}/pins/{one_more.id}")

    assert (answer.status, answer.code) == (400, 30003)


async def test_pins_need_their_own_right(place: Place, applause: Message) -> None:
    place.world.set_permissions(place.channel, place.world.bot_user, deny=Permissions.PIN_MESSAGES)

    refusal = await place.ask("PUT", f"{place.here}/pins/{applause.id}")

    assert refusal.code == 50013
    with pytest.raises(Refused, match="may not pin"):
        place.person(place.mia).pin(applause)


async def test_a_notice_can_be_deleted_but_not_answered_or_pinned(place: Place, applause: Message) -> None:
    await place.ask("PUT", f"{place.here}/pins/{applause.id}")
    notice = place.world.messages(place.channel.id)[-1]

    reply_answer = await reply(place, notice)
    pin_answer = await place.ask("PUT", f"{place.here}/pins/{notice.id}")
    edit = await place.ask("PATCH", f"{place.here}/{notice.id}", {"content": "x"})
    deletion = await place.ask("DELETE", f"{place.here}/{notice.id}")

    assert reply_answer.mistakes == {"message_reference=REPLIES_CANNOT_REPLY_TO_SYSTEM_MESSAGE"}
    assert (pin_answer.code, edit.code, deletion.status) == (50021, 50021, 204)


async def test_people_delete_what_is_theirs(place: Place, applause: Message) -> None:
    with pytest.raises(Refused, match="may not delete"):
        place.person(place.noah).delete(applause)

    place.person(place.owner).delete(applause)

    assert applause.deleted
