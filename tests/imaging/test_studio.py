"""The studio draws equal pictures once, keeps a bounded number of them, and says so when it has too much to do."""

import asyncio
import logging
import threading
from dataclasses import dataclass

import pytest

from bot.domain.catalogue import Tier
from bot.imaging.artwork import gift
from bot.imaging.studio import Studio, digest
from bot.imaging.values import GiftLook


@dataclass(frozen=True)
class Card:
    name: str
    avatar: bytes | None = None
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class Other:
    name: str
    avatar: bytes | None = None
    rows: tuple[int, ...] = ()


class Easel:
    """Draws whatever it is asked to, counts, and can be held."""

    def __init__(self):
        self.drawn = []
        self.threads = set()
        self.free = threading.Event()
        self.free.set()
        self.size = 10

    def paint(self, card):
        self.threads.add(threading.current_thread())
        assert self.free.wait(10)
        self.drawn.append(card)
        if card.name == "broken":
            raise ValueError(card.name)
        return card.name.encode().ljust(self.size, b".")


@pytest.fixture
async def easel():
    easel = Easel()
    yield easel
    easel.free.set()


@pytest.fixture
async def studio():
    studio = Studio(kept_bytes=100, most_waiting=3)
    yield studio
    await studio.close()


async def until(condition):
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in another thread
            await asyncio.sleep(0.001)


async def test_a_picture_is_drawn_in_another_thread(studio, easel):
    assert await studio.draw(easel.paint, Card("Mia")) == b"Mia......."
    assert threading.current_thread() not in easel.threads


async def test_equal_values_are_drawn_once(studio, easel):
    first = await studio.draw(easel.paint, Card("Mia", b"avatar", (1, 2)))
    second = await studio.draw(easel.paint, Card("".join("Mia"), bytes(bytearray(b"avatar")), (1, 2)))

    assert first == second
    assert len(easel.drawn) == 1


async def test_equal_pictures_in_the_making_are_waited_for_together(studio, easel):
    easel.free.clear()
    waiting = [asyncio.create_task(studio.draw(easel.paint, Card("Mia"))) for _ in range(50)]
    await until(lambda: easel.threads)
    easel.free.set()

    assert set(await asyncio.gather(*waiting)) == {b"Mia......."}
    assert len(easel.drawn) == 1


async def test_a_caller_who_gives_up_does_not_take_the_picture_from_others(studio, easel):
    easel.free.clear()
    hasty, patient = (asyncio.create_task(studio.draw(easel.paint, Card("Mia"))) for _ in range(2))
    await until(lambda: easel.threads)
    hasty.cancel()
    await asyncio.gather(hasty, return_exceptions=True)
    easel.free.set()

    assert await patient == b"Mia......."


async def test_a_full_queue_gives_no_picture_and_recovers(studio, easel):
    easel.free.clear()
    waiting = [asyncio.create_task(studio.draw(easel.paint, Card(name))) for name in "abc"]
    await until(lambda: easel.threads)

    assert await studio.draw(easel.paint, Card("d")) is None
    easel.free.set()
    assert None not in await asyncio.gather(*waiting)
    assert await studio.draw(easel.paint, Card("d")) is not None


async def test_a_failure_is_logged_and_gives_no_picture(studio, easel, caplog):
    with caplog.at_level(logging.ERROR):
        assert await studio.draw(easel.paint, Card("broken")) is None

    assert "paint failed" in caplog.text
    assert await studio.draw(easel.paint, Card("Mia")) is not None


async def test_what_was_longest_unused_is_dropped_first(studio, easel):
    easel.size = 40
    for name in ("a", "b", "a", "c"):
        await studio.draw(easel.paint, Card(name))
    easel.drawn.clear()
    for name in ("a", "c", "b"):
        await studio.draw(easel.paint, Card(name))

    assert [card.name for card in easel.drawn] == ["b"]


async def test_a_picture_larger_than_the_room_is_drawn_all_the_same(studio, easel):
    easel.size = 1_000

    assert len(await studio.draw(easel.paint, Card("a"))) == 1_000
    assert len(await studio.draw(easel.paint, Card("b"))) == 1_000


async def test_a_closed_studio_gives_no_picture(easel):
    studio = Studio()
    easel.free.clear()
    waiting = [asyncio.create_task(studio.draw(easel.paint, Card(name))) for name in "ab"]
    await until(lambda: easel.threads)
    closing = asyncio.create_task(studio.close())
    await until(waiting[1].done)
    easel.free.set()
    await closing

    assert [await drawing for drawing in waiting] == [b"a.........", None]
    assert await studio.draw(easel.paint, Card("c")) is None


async def test_it_draws_gifts(studio):
    look = GiftLook("Pizza", "🍕", Tier.SMALL)

    assert await studio.draw(gift, look, 32) == gift(look, 32)


def test_values_that_differ_have_different_digests():
    values = [
        Card("a"), Card("b"), Card("a", b""), Card("a", b"x"), Card("a", None, (1,)), Card("a", None, (1, 2)),
        Other("a"), "a", b"a", ("a",), (("a",),), 1, 1.0, True, None, (), "", b"",
    ]  # fmt: skip

    assert len({digest(value) for value in values}) == len(values)
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("\ud800") != digest("")
