"""A server with canned answers, on loopback."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Canned:
    """A server that answers what the test says, and remembers what it was asked."""

    answers: list[Answer] = field(default_factory=list)
    requests: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def will_say(self, body: Any, *, status: int = 200, content_type: str = "application/json") -> None:
        raw = body if isinstance(body, bytes) else orjson.dumps(body)

        async def answer(_: web.Request) -> web.Response:
            return web.Response(body=raw, status=status, content_type=content_type)

        self.answers.append(answer)

    def will_hang_up(self) -> None:
        async def hang_up(request: web.Request) -> web.Response:
            assert request.transport is not None
            request.transport.close()
            return web.Response()

        self.answers.append(hang_up)

    def form(self, number: int = -1) -> dict[str, str]:
        """Return the form that was sent with a request."""
        return dict(parse_qsl(self.requests[number][3].decode()))

    def header(self, name: str, number: int = -1) -> str | None:
        """Return a header of a request."""
        return self.requests[number][2].get(name)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.method, request.raw_path, dict(request.headers), await request.read()))
        return await self.answers.pop(0)(request)


@asynccontextmanager
async def serving(canned: Canned) -> AsyncGenerator[str]:
    """Serve every path with the canned answers; yield the address."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", canned.handle)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    yield str(server.make_url("")).rstrip("/")
    await server.close()
