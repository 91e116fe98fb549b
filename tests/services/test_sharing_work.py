"""A cache of bytes stays within its budget, and the same work is done once for all who want it."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.byte_cache import ByteCache
from bot.services.single_flight import SingleFlight

pytestmark = pytest.mark.databases("sqlite")


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 110)), max_size=60))
def test_a_cache_holds_what_was_kept_last_and_never_more_bytes_than_its_own(acts):
    cache, model = ByteCache[int](100), {}
    for key, size in acts:
        cache.keep(key, bytes(size))
        model.pop(key, None)
        model |= {key: size} if size <= 100 else {}
        while sum(model.values()) > 100:
            del model[next(iter(model))]

    # Reading changes only the order.
    assert {key: len(content) for key in range(10) if (content := cache.get(key)) is not None} == model


def test_what_was_read_stays_longest():
    cache = ByteCache[str](2)
    cache.keep("a", b"1")
    cache.keep("b", b"2")
    cache.get("a")
    cache.keep("c", b"3")

    assert [cache.get(key) for key in "abc"] == [b"1", None, b"3"]


def test_a_content_larger_than_the_cache_is_not_kept():
    cache = ByteCache[str](2)
    cache.keep("b", b"12")
    cache.keep("a", b"123")

    assert [cache.get(key) for key in "ab"] == [None, b"12"]


async def test_an_error_reaches_everybody_who_waits_and_the_next_one_tries_again():
    flight, calls = SingleFlight[str, int](), []

    async def work():
        calls.append(1)
        await asyncio.sleep(0)
        if len(calls) == 1:
            raise ValueError("first")
        return 2

    first = await asyncio.gather(*(flight.run("a", work) for _ in range(3)), return_exceptions=True)

    assert [str(error) for error in first] == ["first"] * 3
    assert await flight.run("a", work) == 2
    assert (len(flight), "a" in flight) == (0, False)


async def test_whoever_gives_up_takes_nothing_from_the_others():
    flight, free = SingleFlight[str, int](), asyncio.Event()

    async def work():
        await free.wait()
        return 1

    impatient, patient = (asyncio.create_task(flight.run("a", work)) for _ in range(2))
    await asyncio.sleep(0)
    impatient.cancel()
    free.set()

    assert await patient == 1
    assert impatient.cancelled() or impatient.cancelling()
