"""Deliberate faults: every rule strikes where, when and as often as it should."""

import asyncio

import aiohttp
import pytest

from tests.sandbox.wire import Place

POST = (r"POST", r"/channels/\d+/messages$")


async def test_an_answer_can_be_replaced_before_anything_happens(place: Place) -> None:
    place.world.faults.answer(*POST, 503)

    answers = [await place.send(content="x") for _ in range(2)]

    assert [answer.status for answer in answers] == [503, 200]
    assert len(place.world.messages(place.channel.id)) == 1


async def test_an_answer_can_be_lost_after_the_work_was_done(place: Place) -> None:
    place.world.faults.answer(*POST, 502, after=True)

    answer = await place.send(content="x", nonce="n", enforce_nonce=True)
    again = await place.send(content="x", nonce="n", enforce_nonce=True)

    assert (answer.status, again.status) == (502, 200)
    assert len(place.world.messages(place.channel.id)) == 1


async def test_an_error_code_brings_its_own_body(place: Place) -> None:
    rule = place.world.faults.answer("PATCH", r"/messages/\d+$", 429, code=30046, times=2)
    message = await place.posted(content="board")

    answers = [await place.ask("PATCH", f"{place.here}/{message.id}", {"content": "x"}) for _ in range(3)]

    assert [answer.status for answer in answers] == [429, 429, 200]
    assert (answers[0].code, answers[0].body["retry_after"], rule.struck) == (30046, 1.0, 2)


async def test_a_rate_limit_can_be_put_anywhere(place: Place) -> None:
    place.world.faults.rate_limit(*POST, retry_after=60, everywhere=True)
    place.world.faults.rate_limit(*POST, retry_after=0.3, scope="shared")
    place.world.faults.rate_limit(*POST, retry_after=600, via=False)

    answers = [await place.send(content="x") for _ in range(3)]

    assert [(answer.body["retry_after"], answer.body["global"]) for answer in answers] == [
        (60, True),
        (0.3, False),
        (600, False),
    ]
    assert [answer.headers.get("X-RateLimit-Scope") for answer in answers] == ["global", "shared", None]
    assert ["Via" in answer.headers for answer in answers] == [True, True, False]


@pytest.mark.parametrize(("after", "count"), [(False, 0), (True, 1)])
async def test_a_connection_can_be_cut_before_or_after_the_work(place: Place, after: bool, count: int) -> None:
    place.world.faults.drop(*POST, after=after)

    with pytest.raises(aiohttp.ClientError):
        await place.send(content="x")

    assert len(place.world.messages(place.channel.id)) == count


async def test_a_late_answer_can_have_been_done_at_once(place: Place) -> None:
    place.world.faults.delay(*POST, 60, after=True)
    arrival = asyncio.Event()
    place.world.watch(lambda event: arrival.set() if event.name == "message_create" else None)

    task = asyncio.create_task(place.send(content="x"))
    await asyncio.wait_for(arrival.wait(), timeout=60)

    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_rule_without_an_end_holds_until_it_is_cleared(place: Place) -> None:
    place.world.faults.answer("*", "", 500, times=None)
    statuses = [(await place.ask("GET", "/users/@me")).status for _ in range(3)]
    place.world.faults.clear()

    assert statuses == [500] * 3
    assert (await place.ask("GET", "/users/@me")).status == 200
