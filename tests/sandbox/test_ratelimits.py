"""Rate limits: a window per bucket and channel, one for everything, and headers that tell the truth."""

import asyncio

from tests.sandbox.wire import Place

MESSAGE = 4


async def test_every_answer_says_what_is_left(limited: Place) -> None:
    first, second = await limited.send(content="1"), await limited.send(content="2")

    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("5", "4")
    assert second.headers["X-RateLimit-Remaining"] == "3"
    assert first.headers["X-RateLimit-Bucket"] == second.headers["X-RateLimit-Bucket"]
    assert float(first.headers["X-RateLimit-Reset-After"]) == 5.0


async def test_the_sixth_message_in_five_seconds_is_429(limited: Place) -> None:
    for number in range(5):
        await limited.send(content=str(number))

    seen = await limited.send(content="6")

    assert (seen.status, seen.body["global"], seen.body["retry_after"]) == (429, False, 5.0)
    assert seen.headers["Via"]
    assert (seen.headers["X-RateLimit-Scope"], seen.headers["Retry-After"]) == ("user", "5")
    assert len(limited.world.messages(limited.channel.id)) == 5


async def test_after_its_window_a_channel_is_open_again(limited: Place) -> None:
    for number in range(6):
        await limited.send(content=str(number))
    limited.clock.pass_by(5.01)

    seen = await limited.send(content="7")

    assert seen.status == 200


async def test_another_channel_has_its_own_window(limited: Place) -> None:
    for number in range(6):
        await limited.send(content=str(number))
    other = limited.world.add_channel(limited.guild, "stage-talk")

    seen = await limited.ask("POST", f"/channels/{other.id}/messages", {"content": "x"})

    assert seen.status == 200


async def test_edits_have_another_window_than_messages(limited: Place) -> None:
    message = await limited.posted(content="board")
    for number in range(5):
        await limited.send(content=str(number))

    seen = await limited.ask("PATCH", f"{limited.here}/{message.id}", {"content": "board 2"})

    assert seen.status == 200


async def test_more_than_fifty_requests_in_a_second_meet_the_global_limit(limited: Place) -> None:
    channels = [limited.world.add_channel(limited.guild, f"c{number}") for number in range(51)]

    seen = await asyncio.gather(
        *(limited.ask("POST", f"/channels/{one.id}/messages", {"content": "x"}) for one in channels)
    )

    refused = [one for one in seen if one.status == 429]
    assert len(refused) == 1
    assert refused[0].body["global"]
    assert refused[0].headers["X-RateLimit-Global"] == "true"


async def test_interactions_are_answered_beyond_the_global_limit(limited: Place) -> None:
    interactions = [limited.command() for _ in range(60)]

    seen = await asyncio.gather(*(limited.answer(one, MESSAGE, content="x") for one in interactions))

    assert {one.status for one in seen} == {200}


async def test_limits_can_be_switched_off(place: Place) -> None:
    seen = await asyncio.gather(*(place.send(content="x") for _ in range(60)))

    assert {one.status for one in seen} == {200}


async def test_refusals_are_counted_and_recorded(limited: Place) -> None:
    for number in range(7):
        await limited.send(content=str(number))

    assert limited.server.limits is not None
    assert limited.server.limits.refused == 2
    assert [one.status for one in limited.world.requests] == [200] * 5 + [429] * 2
