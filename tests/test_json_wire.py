"""Sending over connections that stay open: every form of answer, and every way of getting none."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence

import pytest

from bot.json_wire import LONGEST, Answer, JsonWire

NO_CONTENT = b"HTTP/1.1 204 No Content\r\nDate: today\r\n\r\n"
REFUSED = b'HTTP/1.1 404 Not Found\r\nContent-Length: 14\r\n\r\n{"code":10062}'
CLOSE = b""
"""In place of an answer: the server closes the connection."""
SILENCE = b"-"
"""In place of an answer: nothing comes."""


class Server:
    """Answers each request with the next of `script`, cut into `pieces`, and keeps what it has read."""

    def __init__(self, script: Sequence[bytes], pieces: int = 1) -> None:
        self.requests: list[bytes] = []
        self.has_read, self.has_ended = asyncio.Event(), asyncio.Event()
        self.connections = 0
        self.url = ""
        self._script, self._pieces = [*script], pieces

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:"))
                self.requests.append(head + await reader.readexactly(length))
                self.has_read.set()
                answer = self._script.pop(0)
                if answer == CLOSE:
                    break
                if answer != SILENCE:
                    await self._write(writer, answer)
        writer.close()
        self.has_ended.set()

    async def _write(self, writer: asyncio.StreamWriter, answer: bytes) -> None:
        size = max(1, len(answer) // self._pieces)
        for start in range(0, len(answer), size):
            writer.write(answer[start : start + size])
            await writer.drain()


@contextlib.asynccontextmanager
async def serving(*script: bytes, pieces: int = 1) -> AsyncGenerator[Server]:
    server = Server(script, pieces)
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.url = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}/api/v10"
    async with listener:
        yield server


def wire_to(server: Server, **options: float) -> JsonWire:
    return JsonWire(server.url, "Tests (1)", **options)


@pytest.mark.parametrize("pieces", [1, 7, 1_000])
@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (NO_CONTENT, Answer(204, "No Content", b"")),
        (REFUSED, Answer(404, "Not Found", b'{"code":10062}')),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
            Answer(200, "OK", b"abc"),
        ),
        (b"HTTP/1.1 100 Continue\r\n\r\n" + NO_CONTENT, Answer(204, "No Content", b"")),
        (b"HTTP/1.1 500 \r\nContent-Length: 0\r\n\r\n", Answer(500, "", b"")),
    ],
)
async def test_every_form_of_answer_is_understood_however_it_arrives(
    answer: bytes, meaning: Answer, pieces: int
) -> None:
    async with serving(answer, NO_CONTENT, pieces=pieces) as server, wire_to(server) as wire:
        assert await wire.send("POST", "/a", b"{}") == meaning
        assert (await wire.send("POST", "/b", b"{}")).status == 204
        assert server.connections == 1


@pytest.mark.parametrize("method", ["POST", "PATCH"])
async def test_a_request_says_where_it_goes_and_what_it_is(method: str) -> None:
    async with serving(NO_CONTENT) as server, wire_to(server) as wire:
        await wire.send(method, "/interactions/1/token/callback", b'{"type":4}')

    host = server.url.split("/")[2]
    assert server.requests == [
        f"{method} /api/v10/interactions/1/token/callback HTTP/1.1\r\nHost: {host}\r\nUser-Agent: Tests (1)\r\n"
        'Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{"type":4}'.encode()
    ]


async def test_posts_at_once_have_a_connection_each_and_later_ones_use_them_again() -> None:
    async with serving(*[NO_CONTENT] * 6) as server, wire_to(server) as wire:
        for _ in range(2):
            await asyncio.gather(*(wire.send("POST", "/a", b"{}") for _ in range(3)))

        assert (len(server.requests), server.connections) == (6, 3)


@pytest.mark.parametrize(
    "answer",
    [
        CLOSE,
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n" + b"x" * (LONGEST + 1),
        b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
    ],
)
async def test_what_is_no_answer_is_an_error_and_the_next_post_goes_another_way(answer: bytes) -> None:
    async with serving(answer, NO_CONTENT) as server, wire_to(server) as wire:
        with pytest.raises(OSError):  # noqa: PT011 - whatever the system calls it
            await wire.send("POST", "/a", b"{}")

        assert (await wire.send("POST", "/b", b"{}")).status == 204
        assert server.connections == 2


async def test_a_server_that_closes_after_its_answer_is_connected_to_anew() -> None:
    last = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
    async with serving(last, NO_CONTENT) as server, wire_to(server) as wire:
        assert [(await wire.send("POST", "/a", b"{}")).status for _ in range(2)] == [204, 204]
        assert server.connections == 2


async def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next_one() -> None:
    async with serving(NO_CONTENT + REFUSED, NO_CONTENT) as server, wire_to(server) as wire:
        assert [(await wire.send("POST", "/a", b"{}")).status for _ in range(2)] == [204, 204]
        assert server.connections == 2


async def test_the_answer_to_a_post_that_was_given_up_is_not_taken_for_the_next_one() -> None:
    async with serving(SILENCE, NO_CONTENT) as server, wire_to(server) as wire:
        given_up = asyncio.create_task(wire.send("POST", "/a", b"{}"))
        await server.has_read.wait()
        given_up.cancel()
        await asyncio.wait([given_up])

        assert (await wire.send("POST", "/b", b"{}")).status == 204
        assert server.connections == 2


async def test_a_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    async with serving(SILENCE) as server, wire_to(server, timeout_s=0.05) as wire:
        with pytest.raises(TimeoutError):
            await wire.send("POST", "/a", b"{}")


async def test_a_connection_that_was_idle_for_long_is_not_used_again() -> None:
    async with serving(NO_CONTENT, NO_CONTENT) as server, wire_to(server, kept_s=0) as wire:
        for _ in range(2):
            await wire.send("POST", "/a", b"{}")

        assert server.connections == 2


async def test_idle_connections_are_closed_though_nobody_posts_any_more() -> None:
    async with serving(NO_CONTENT) as server, wire_to(server, kept_s=0, timeout_s=0.04) as wire:
        await wire.send("POST", "/a", b"{}")

        await asyncio.wait_for(server.has_ended.wait(), 10)


async def test_nobody_answers_at_a_closed_port() -> None:
    async with serving() as server:
        pass

    with pytest.raises(OSError):  # noqa: PT011 - whatever the system calls it
        await wire_to(server).send("POST", "/a", b"{}")
