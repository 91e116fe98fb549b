"""Rate limits: one window per bucket and channel, a global one, and headers that report them correctly."""

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

    answer = await limited.send(content="6")

    assert (answer.status, answer.body["global"], answer.body["retry_after"]) == (429, False, 5.0)
    assert answer.headers["Via"]
    assert (answer.headers["X-RateLimit-Scope"], answer.headers["Retry-After"]) == ("user", "5")
    assert len(limited.world.messages(limited.channel.id)) == 5


async def test_after_its_window_a_channel_is_open_again(limited: Place) -> None:
    for number in range(6):
        await limited.send(content=str(number))
    limited.clock.pass_by(5.01)

    answer = await limited.send(content="7")

    assert answer.status == 200


async def test_another_channel_has_its_own_window(limited: Place) -> None:
    for number in range(6):
        await limited.send(content=str(number))
    channel = limited.world.add_channel(limited.guild, "stage-talk")

    answer = await limited.ask("POST", f"/channels/{channel.id}/messages", {"content": "x"})

    assert answer.status == 200


async def test_edits_have_another_window_than_messages(limited: Place) -> None:
    message = await limited.posted(content="board")
    for number in range(5):
        await limited.send(content=str(number))

    answer = await limited.ask("PATCH", f"{limited.here}/{message.id}", {"content": "board 2"})

    assert answer.status == 200


async def test_more_than_fifty_requests_in_a_second_meet_the_global_limit(limited: Place) -> None:
    channels = [limited.world.add_channel(limited.guild, f"c{number}") for number in range(51)]

    answers = await asyncio.gather(
        *(limited.ask("POST", f"/channels/{channel.id}/messages", {"content": "x"}) for channel in channels)
    )

    refusals = [answer for answer in answers if answer.status == 429]
    assert len(refusals) == 1
    assert refusals[0].body["global"]
    assert refusals[0].headers["X-RateLimit-Global"] == "true"


async def test_interactions_are_answered_beyond_the_global_limit(limited: Place) -> None:
    interactions = [limited.command() for _ in range(60)]

    answers = await asyncio.gather(*(limited.answer(interaction, MESSAGE, content="x") for interaction in interactions))

    assert {answer.status for answer in answers} == {200}


async def test_limits_can_be_switched_off(place: Place) -> None:
    answers = await asyncio.gather(*(place.send(content="x") for _ in range(60)))

    assert {answer.status for answer in answers} == {200}


async def test_refusals_are_counted_and_recorded(limited: Place) -> None:
    for number in range(7):
        await limited.send(content=str(number))

    assert limited.server.limits is not None
    assert limited.server.limits.refused == 2
    assert [record.status for record in limited.world.requests] == [200] * 5 + [429] * 2
