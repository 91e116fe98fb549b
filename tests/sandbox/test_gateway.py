"""The gateway: who may connect, which events they get, and how a broken connection resumes."""

import pytest

from tests.sandbox.wire import Place, Socket


async def test_identifying_gives_a_session_and_the_guilds(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.op(2, {"token": place.world.application.token, "intents": 1})

        ready = await socket.event("READY")
        guild = await socket.event("GUILD_CREATE")

    assert ready["resume_gateway_url"] == place.server.gateway_url
    assert ready["guilds"] == [{"id": str(place.guild.id), "unavailable": True}]
    assert [channel["name"] for channel in guild["channels"]] == ["general"]
    assert [member["user"]["id"] for member in guild["members"]] == [str(place.app)]
    assert guild["member_count"] == 4


async def test_a_heartbeat_is_answered_before_and_after_identifying(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.op(1)
        before = await socket.frame()
        await socket.identify()
        await socket.op(1, socket.seq)

        assert (before["op"], (await socket.frame())["op"]) == (11, 11)


async def test_a_heartbeats_answer_takes_as_long_as_a_network_does(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.identify()
        await socket.op(1, socket.seq)
        await socket.op(8, {"guild_id": str(place.guild.id), "query": "", "limit": 1})

        assert [(await socket.frame())["op"] for _ in range(2)] == [0, 11]


async def test_zlib_stream_is_spoken_if_asked_for(place: Place) -> None:
    async with Socket(place, compress=True) as socket:
        ready = await socket.identify()
        place.command()

        assert ready["user"]["id"] == str(place.app)
        assert (await socket.event("INTERACTION_CREATE"))["data"]["name"] == "gift"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"token": "wrong", "intents": 1}, 4004),
        ({"intents": 1 << 40}, 4013),
        ({"intents": 1 << 1}, 4014),
        ({"intents": 1 << 15}, 4014),
        ({"intents": 1, "shard": [2, 2]}, 4010),
    ],
)
async def test_a_bad_identify_is_closed_with_its_code(place: Place, data: dict[str, object], code: int) -> None:
    async with Socket(place) as socket:
        await socket.op(2, {"token": place.world.application.token} | data)

        assert await socket.closed() == code


@pytest.mark.parametrize(
    ("text", "code"),
    [('{"op":3,"d":{}}', 4003), ("{", 4002), ('{"op":99}', 4003), ('{"op":1,"d":"' + "x" * 4096 + '"}', 4002)],
)
async def test_a_bad_frame_is_closed_with_its_code(place: Place, text: str, code: int) -> None:
    async with Socket(place) as socket:
        await socket.say(text)

        assert await socket.closed() == code


async def test_identifying_twice_is_4005_and_an_unknown_opcode_4001(place: Place) -> None:
    codes = []
    for op in (2, 99):
        async with Socket(place) as socket:
            await socket.identify()
            await socket.op(op, {})
            codes.append(await socket.closed())

    assert codes == [4005, 4001]


async def test_more_than_120_frames_in_a_minute_are_4008(place: Place) -> None:
    async with Socket(place) as socket:
        for _ in range(121):
            await socket.op(1)

        assert await socket.closed() == 4008


async def test_resuming_replays_what_was_missed(place: Place) -> None:
    async with Socket(place) as first:
        ready = await first.identify()
        await first.leave(4000)
    interaction = place.command()

    async with Socket(place) as second:
        session = {"session_id": ready["session_id"], "seq": first.seq, "token": place.world.application.token}
        await second.op(6, session)
        replay = await second.event("INTERACTION_CREATE")
        await second.event("RESUMED")
        later = place.command()
        fresh = await second.event("INTERACTION_CREATE")

    assert [replay["id"], fresh["id"]] == [str(interaction.id), str(later.id)]
    assert (place.server.gateway.identifies, place.server.gateway.resumes) == (1, 1)


async def test_a_connection_that_breaks_can_resume(place: Place) -> None:
    async with Socket(place) as first:
        ready = await first.identify()
        await place.server.drop_gateway()
        await first.closed()

    async with Socket(place) as second:
        await second.op(
            6, {"session_id": ready["session_id"], "seq": first.seq, "token": place.world.application.token}
        )

        assert await second.event("RESUMED") == {"_trace": []}


@pytest.mark.parametrize("code", [1000, 1001])
async def test_a_session_closed_by_its_bot_is_gone(place: Place, code: int) -> None:
    async with Socket(place) as first:
        ready = await first.identify()
        await first.leave(code)

    async with Socket(place) as second:
        await second.op(
            6, {"session_id": ready["session_id"], "seq": first.seq, "token": place.world.application.token}
        )
        frame = await second.frame()

    assert (frame["op"], frame["d"]) == (9, False)


async def test_resuming_ahead_of_the_session_is_4007(place: Place) -> None:
    async with Socket(place) as first:
        ready = await first.identify()
        await first.leave(4000)

    async with Socket(place) as second:
        await second.op(6, {"session_id": ready["session_id"], "seq": 999, "token": place.world.application.token})

        assert await second.closed() == 4007


async def test_what_a_heartbeat_acknowledged_is_not_kept(place: Place) -> None:
    async with Socket(place) as socket:
        ready = await socket.identify()
        await socket.op(1, socket.seq)
        await socket.frame()

        assert not place.server.gateway.sessions[ready["session_id"]].events


async def test_the_server_can_ask_to_reconnect_or_end_the_session(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.identify()
        await place.server.ask_reconnect()
        await place.server.invalidate(True)
        await place.server.invalidate(False)

        frames = [await socket.frame() for _ in range(3)]

    assert [(frame["op"], frame["d"]) for frame in frames] == [(7, None), (9, True), (9, False)]
    assert place.server.gateway.sessions == {}


async def test_the_server_can_close_with_any_code(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.identify()
        await place.server.drop_gateway(code=4004)

        assert await socket.closed() == 4004


async def test_the_same_interaction_can_be_delivered_again(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.identify()
        interaction = place.command()
        place.server.redeliver(interaction.id, times=2)

        ids = [(await socket.event("INTERACTION_CREATE"))["id"] for _ in range(3)]

    assert ids == [str(interaction.id)] * 3


async def test_events_go_to_those_who_asked_for_them(place: Place) -> None:
    async with Socket(place) as deaf, Socket(place) as listening:
        await deaf.identify("guilds")
        await listening.identify("guilds", "messages")
        await place.person(place.mia).say("hi")
        place.command()

        message = await listening.event("MESSAGE_CREATE")
        await deaf.event("INTERACTION_CREATE")

    assert message["content"] == ""


async def test_content_is_shown_with_its_intent_and_when_the_bot_is_meant(place: Place) -> None:
    async with Socket(place) as plain:
        await plain.identify("messages")
        person = place.person(place.mia)
        await person.say("secret")
        await person.say(f"<@{place.app}> hello")
        place.world.application.privileged_intents = 1 << 15
        hidden, mention = [await plain.event("MESSAGE_CREATE") for _ in range(2)]
        async with Socket(place) as trusted:
            await trusted.identify("messages", "content")
            await person.say("secret")
            message = await trusted.event("MESSAGE_CREATE")

    assert [message_json["content"] for message_json in (hidden, mention, message)] == [
        "",
        f"<@{place.app}> hello",
        "secret",
    ]


async def test_an_ephemeral_message_travels_as_a_direct_one(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.identify("messages", "dms")
        interaction = place.command()
        await socket.event("INTERACTION_CREATE")
        await place.answer(interaction, 4, content="psst", flags=64)

        message = await socket.event("MESSAGE_CREATE")

    assert "guild_id" not in message
    assert "member" not in message


async def test_members_are_sent_on_request(place: Place) -> None:
    async with Socket(place) as socket:
        await socket.identify()
        await socket.op(8, {"guild_id": str(place.guild.id), "query": "mi", "limit": 10, "nonce": "n"})

        chunk = await socket.event("GUILD_MEMBERS_CHUNK")

    assert ([member["user"]["username"] for member in chunk["members"]], chunk["nonce"]) == (["mia"], "n")


async def test_a_shard_hears_its_own_guilds(place: Place) -> None:
    own = (place.guild.id >> 22) % 2
    async with Socket(place) as own_shard, Socket(place) as other_shard:
        await own_shard.identify(shard=[own, 2])
        assert (await other_shard.identify(shard=[1 - own, 2]))["guilds"] == []
        place.command()
        place.world.buy(place.mia, place.world.add_sku("Coins", price_minor=99))

        interactions = [await own_shard.event("INTERACTION_CREATE")]
        entitlement = await (own_shard if own == 0 else other_shard).event("ENTITLEMENT_CREATE")

    assert (interactions[0]["guild_id"], entitlement["user_id"]) == (str(place.guild.id), str(place.mia.id))


async def test_the_world_knows_whether_the_bot_is_online(place: Place) -> None:
    names: list[str] = []
    place.world.watch(lambda event: names.append(event.name))
    async with Socket(place) as socket:
        await socket.identify()
        online = place.world.bot_online
        await socket.leave(1000)
        await place.server.stop()

    assert online
    assert names == ["bot_online", "bot_offline"]


async def test_identifying_again_too_soon_is_told_to_begin_again(place: Place) -> None:
    place.server.gateway.identify_spacing_s = 60.0
    async with Socket(place) as first, Socket(place) as second:
        await first.op(2, {"token": place.world.application.token, "intents": 1})
        await first.event("READY")
        await second.op(2, {"token": place.world.application.token, "intents": 1})
        frame = await second.frame()

    assert (frame["op"], frame["d"]) == (9, False)
