"""The studio draws equal pictures once, keeps a bounded number of them, and says so when it has too much to do."""

import asyncio
import logging
from dataclasses import dataclass

import pytest

from bot.imaging.files import digest
from bot.services.drawing import DrawingError
from bot.services.studio import Studio


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
        self.is_busy = False
        self.free = asyncio.Event()
        self.free.set()
        self.size = 10

    async def paint(self, card):
        self.is_busy = True
        await self.free.wait()
        self.drawn.append(card)
        if card.name == "broken":
            raise DrawingError(card.name)
        return card.name.encode().ljust(self.size, b".")


@pytest.fixture
def easel():
    return Easel()


@pytest.fixture
def studio(easel):
    return Studio(easel.paint, kept_bytes=100, most_waiting=3)


async def until(condition):
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110 - the studio has no event for it
            await asyncio.sleep(0)


async def test_equal_values_are_drawn_once(studio, easel):
    first = await studio.draw(Card("Mia", b"avatar", (1, 2)))
    second = await studio.draw(Card("".join("Mia"), bytes(bytearray(b"avatar")), (1, 2)))

    assert first == second
    assert len(easel.drawn) == 1


async def test_equal_pictures_in_the_making_are_waited_for_together(studio, easel):
    easel.free.clear()
    waiting = [asyncio.create_task(studio.draw(Card("Mia"))) for _ in range(50)]
    await until(lambda: easel.is_busy)
    easel.free.set()

    assert set(await asyncio.gather(*waiting)) == {b"Mia......."}
    assert len(easel.drawn) == 1


async def test_a_caller_who_gives_up_does_not_take_the_picture_from_others(studio, easel):
    easel.free.clear()
    hasty, patient = (asyncio.create_task(studio.draw(Card("Mia"))) for _ in range(2))
    await until(lambda: easel.is_busy)
    hasty.cancel()
    await asyncio.gather(hasty, return_exceptions=True)
    easel.free.set()

    assert await patient == b"Mia......."


async def test_a_full_queue_gives_no_picture_and_recovers(studio, easel):
    easel.free.clear()
    waiting = [asyncio.create_task(studio.draw(Card(name))) for name in "abc"]
    await until(lambda: easel.is_busy)

    assert await studio.draw(Card("d")) is None
    easel.free.set()
    assert None not in await asyncio.gather(*waiting)
    assert await studio.draw(Card("d")) is not None


async def test_a_failure_is_logged_and_gives_no_picture(studio, easel, caplog):
    with caplog.at_level(logging.WARNING):
        assert await studio.draw(Card("broken")) is None

    assert "No Card" in caplog.text
    assert await studio.draw(Card("Mia")) is not None


async def test_what_was_longest_unused_is_dropped_first(studio, easel):
    easel.size = 40
    for name in ("a", "b", "a", "c"):
        await studio.draw(Card(name))
    easel.drawn.clear()
    for name in ("a", "c", "b"):
        await studio.draw(Card(name))

    assert [card.name for card in easel.drawn] == ["b"]


async def test_a_picture_larger_than_the_room_is_drawn_all_the_same(studio, easel):
    easel.size = 1_000

    assert len(await studio.draw(Card("a"))) == 1_000
    assert len(await studio.draw(Card("b"))) == 1_000


def test_values_that_differ_have_different_digests():
    values = [
        Card("a"), Card("b"), Card("a", b""), Card("a", b"x"), Card("a", None, (1,)), Card("a", None, (1, 2)),
        Other("a"), "a", b"a", ("a",), (("a",),), 1, 1.0, True, None, (), "", b"",
    ]  # fmt: skip

    assert len({digest(value) for value in values}) == len(values)
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("\ud800") != digest("")
