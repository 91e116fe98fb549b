"""The protocol between the page and the world."""

import pytest
from aiohttp import ClientSession, WSServerHandshakeError

from tests.page.visiting import visiting


async def test_hello_tells_everything_that_a_member_may_see(sandbox, mia):
    hello = mia.hello

    assert hello["me"] == str(sandbox.garden.users["mia"].id)
    assert [person["role"] for person in hello["people"]] == [
        "member",
        "member",
        "creator",
        "creator",
        "moderator",
        "owner",
    ]
    assert "mod-room" not in [channel["name"] for channel in hello["channels"]]
    assert len(hello["members"]) == 68
    assert hello["bot"]["online"] is True
    assert [message["content"] for message in hello["messages"][mia.channel("live-stage")]] == [
        "Good evening! First song in a minute 🎶"
    ]


async def test_a_moderator_sees_more(sam):
    assert "mod-room" in [channel["name"] for channel in sam.hello["channels"]]
    assert "packages" in [command["name"] for command in sam.hello["commands"]]


async def test_commands_that_discord_would_hide_are_hidden(mia):
    assert "gift" in [command["name"] for command in mia.hello["commands"]]
    assert "packages" not in [command["name"] for command in mia.hello["commands"]]


@pytest.mark.parametrize("origin", ["http://elsewhere.example", "null", None])
async def test_another_site_may_not_connect(sandbox, origin):
    headers = {} if origin is None else {"Origin": origin}

    async with ClientSession() as session:
        with pytest.raises(WSServerHandshakeError) as refusal:
            await session.ws_connect(f"{sandbox.address}/ws", headers=headers)

    assert refusal.value.status == 403


async def test_a_name_that_was_made_to_point_here_may_not_connect(sandbox):
    headers = {"Origin": "http://rebound.example", "Host": "rebound.example"}

    async with ClientSession() as session:
        with pytest.raises(WSServerHandshakeError) as refusal:
            await session.ws_connect(f"{sandbox.address}/ws", headers=headers)

    assert refusal.value.status == 403


async def test_the_page_forbids_what_it_does_not_need(sandbox):
    async with ClientSession() as session, session.get(sandbox.address) as response:
        policy = response.headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_what_one_says_is_heard_by_others(mia, leo):
    await mia.send("say", channel_id=mia.channel("general"), content="good morning")

    message = await leo.message(lambda message: message["content"] == "good morning")

    assert message["author"]["username"] == "mia"
    assert message["ephemeral"] is False


async def test_nobody_speaks_where_they_cannot_look(mia, sam):
    await mia.send("say", nonce="x", channel_id=sam.channel("mod-room"), content="let me in")

    answer = await mia.until("failed")

    assert answer["text"] == "You cannot see that channel."


async def test_a_command_is_answered_to_its_user_alone(sandbox, mia, leo):
    noor = str(sandbox.garden.users["noor"].id)

    await mia.slash("gift", gift="1", creator=noor, count=3)

    private = next(event["message"] for event in mia.events if event["t"] == "message")
    assert private["ephemeral"] is True
    assert private["interaction"]["name"] == "gift"
    shout = await leo.message(lambda message: message["embeds"])
    assert "×3" in shout["embeds"][0]["description"]
    assert not any(event["t"] == "message" and event["message"]["ephemeral"] for event in leo.events)


async def test_the_bot_completes_what_is_typed(mia):
    option = {"name": "gift", "type": 3, "value": "fire", "focused": True}

    answer = await mia.interact(
        "autocomplete",
        "choices",
        channel_id=mia.channel("general"),
        command_id=mia.command("gift"),
        path=[],
        options=[option],
    )

    assert [choice["value"] for choice in answer["choices"]] == ["3"]


async def test_a_modal_is_shown_filled_in_and_sent(sandbox, mia):
    event = await mia.slash("note", "modal")
    words, who = (label["component"]["custom_id"] for label in event["modal"]["components"])
    leo = str(sandbox.garden.users["leo"].id)

    await mia.interact(
        "modal_submit",
        custom_id=event["modal"]["custom_id"],
        modal_id=event["modal"]["id"],
        fields={words: "thank you", who: [leo]},
    )

    assert any(
        f"thank you for <@{leo}>" in event["message"]["content"] for event in mia.events if event["t"] == "message"
    )


async def test_a_select_changes_its_message(mia):
    await mia.slash("buy")
    panel = next(event["message"] for event in mia.events if event["t"] == "message")

    await mia.interact(
        "component",
        channel_id=panel["channel_id"],
        message_id=panel["id"],
        custom_id="package",
        component_type=3,
        values=["350"],
    )

    edit = [event["message"] for event in mia.events if event["t"] == "message"][-1]
    assert edit["id"] == panel["id"]
    assert edit["content"] == "You picked **350 coins**."


async def test_nobody_presses_another_ones_private_button(mia, leo):
    await mia.slash("buy")
    panel = next(event["message"] for event in mia.events if event["t"] == "message")

    answer = await leo.interact(
        "component",
        "failed",
        channel_id=panel["channel_id"],
        message_id=panel["id"],
        custom_id="cancel",
        component_type=2,
        values=[],
    )

    assert "somebody else" in answer["text"]


async def test_menus_reach_messages_and_members(sandbox, mia):
    await mia.send("say", channel_id=mia.channel("general"), content="a line worth a gift")
    line = await mia.message(lambda message: message["content"] == "a line worth a gift")
    place = {"channel_id": line["channel_id"]}

    await mia.interact("menu", command_id=mia.command("Gift this message"), target_id=line["id"], **place)
    kai = str(sandbox.garden.users["kai"].id)
    await mia.interact("menu", command_id=mia.command("Send a gift"), target_id=kai, **place)

    replies = [event["message"]["content"] for event in mia.events if event["t"] == "message"]
    assert replies[-2:] == ["A gift for: a line worth a gift", f"A gift for <@{kai}>"]


async def test_a_bot_that_never_answers_is_a_failure_after_three_seconds(mia):
    answer = await mia.slash("silence", "failed")

    assert answer["text"] == "The application did not respond."


@pytest.mark.parametrize("frame", ["nonsense", "[]", "{}", '{"t":"nope"}', '{"t":"say"}', '{"t":"as","user_id":"x"}'])
async def test_odd_frames_break_nothing(mia, frame):
    await mia.socket.send_str(frame)
    await mia.send("say", channel_id=mia.channel("general"), content=f"still here after {frame}")

    assert await mia.message(lambda message: message["content"] == f"still here after {frame}")


async def test_a_visitor_can_become_somebody_else(sandbox, mia):
    await mia.send("as", user_id=str(sandbox.garden.users["sam"].id))

    hello = await mia.until("hello")

    assert hello["me"] == str(sandbox.garden.users["sam"].id)
    assert "mod-room" in [channel["name"] for channel in hello["channels"]]


async def test_a_stranger_cannot_be_played(sandbox, mia):
    await mia.send("as", user_id=str(sandbox.garden.crowd[0].id))

    assert (await mia.until("hello"))["me"] == mia.hello["me"]


async def test_a_dismissed_message_stays_away(sandbox, mia):
    await mia.slash("buy")
    panel = next(event["message"] for event in mia.events if event["t"] == "message")

    await mia.send("dismiss", message_id=panel["id"])
    await mia.send("as", user_id=mia.hello["me"])
    hello = await mia.until("hello")

    assert panel["id"] not in [message["id"] for message in hello["messages"][panel["channel_id"]]]


async def test_private_replies_are_there_again_after_a_reconnect(sandbox, mia, leo):
    await mia.slash("buy")
    panel = next(event["message"] for event in mia.events if event["t"] == "message")

    async with visiting(sandbox, "mia") as again:
        hello = again.hello

    assert panel["id"] in [message["id"] for message in hello["messages"][panel["channel_id"]]]
    await leo.send("as", user_id=leo.hello["me"])
    messages = (await leo.until("hello"))["messages"][panel["channel_id"]]
    assert panel["id"] not in [message["id"] for message in messages]


async def test_a_storm_without_its_commands_ends_with_a_reason(mia):
    await mia.send("storm", rate=5, seconds=1, mix="small", givers=3)

    event = await mia.until("storm", lambda event: not event["running"])

    assert "there is no command 'coins'" in event["note"]


async def test_the_log_comes_when_it_is_asked_for(mia):
    await mia.send("log", on=True)

    event = await mia.until("log")

    assert any("discord" in line for line in event["lines"])
