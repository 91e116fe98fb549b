"""What a sparing process counts: not every step, but everything that it leaves behind."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.faults.children import KILLED, Children
from tests.faults.kill_points import Fuse, kill

WORDS = ["one", "two", "three"]


async def talk(job: dict[str, Any]) -> None:
    """Say WORDS over a connection, with `pauses` before each, in a process that may be struck. Note its points."""
    reader, writer = await asyncio.open_connection("127.0.0.1", job["port"])
    Fuse.strike, Fuse.at = kill, job["strike_at"]
    for word in WORDS:
        for _ in range(job["pauses"]):
            await asyncio.sleep(0)
        writer.write(f"{word}\n".encode())
        await reader.readline()
    Fuse.at = None
    writer.close()
    await asyncio.to_thread(Path(job["acks"]).write_text, f"{Fuse.points}\n", encoding="utf-8")


class Listener(NamedTuple):
    """A server that says back what it hears. `heard` has the words of each connection that has ended."""

    port: int
    heard: asyncio.Queue[list[str]]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    heard: asyncio.Queue[list[str]] = asyncio.Queue()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        words: list[str] = []
        while line := await reader.readline():
            words.append(line.decode().strip())
            writer.write(line)
        heard.put_nowait(words)
        writer.close()

    server = await asyncio.start_server(listen, "127.0.0.1", 0)
    async with server:
        yield Listener(server.sockets[0].getsockname()[1], heard)


async def run(mortals: Children, listener: Listener, *, strike_at: int, pauses: int) -> tuple[int, list[str]]:
    """Return the exit code of a process that talks, and its points if it came to its end."""
    work = {"work": "tests.faults.test_kill_points:talk", "port": listener.port, "pauses": pauses}
    return await mortals.run("", [], strike_at=strike_at, **work)


async def test_of_steps_that_leave_nothing_behind_only_the_first_is_a_point(
    mortals: Children, listener: Listener
) -> None:
    counts = [(await run(mortals, listener, strike_at=0, pauses=pauses))[1] for pauses in (0, 1, 40)]

    assert counts[0] == counts[1] == counts[2]
    assert int(counts[0][0]) > len(WORDS)


async def test_a_kill_leaves_every_number_of_words_behind(mortals: Children, listener: Listener) -> None:
    heard: list[list[str]] = []
    for at in range(1, 20):
        code, _ = await run(mortals, listener, strike_at=at, pauses=5)
        if not code:
            break
        assert code == KILLED
        heard.append(await listener.heard.get())

    assert heard == [WORDS[:count] for count in range(len(WORDS) + 1)]
