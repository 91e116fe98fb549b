"""A bot's requests are counted by route and status, and per second for each channel."""

from tests.sandbox.wire import Place

CREATE = ("POST", "/channels/{channel_id}/messages")


async def test_requests_are_counted_by_route_and_answer(limited: Place) -> None:
    for _ in range(7):
        await limited.send(content="x")

    traffic = limited.world.traffic
    assert (traffic.requests(*CREATE), traffic.limited) == (7, 2)
    assert traffic.to_json()["routes"][" ".join(CREATE)] == {"200": 5, "429": 2}


async def test_the_pace_of_a_channel_is_known_to_the_second(place: Place) -> None:
    for pause in (0, 0, 1, 3):
        place.clock.pass_by(pause)
        await place.send(content="x")
    await place.ask("GET", place.here)

    pace = place.world.traffic.channels[place.channel.id]
    assert (pace.requests, pace.busiest_second, pace.limited) == (4, 2, 0)
    assert [count for _, count in pace.by_second] == [2, 1, 1]


async def test_counting_begins_anew_after_a_warm_up(place: Place) -> None:
    await place.send(content="x")

    place.world.traffic.forget()

    assert place.world.traffic.to_json() == {"routes": {}, "limited": 0, "channels": {}}
