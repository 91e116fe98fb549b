"""Serves a world over HTTP: REST under `/api/v10`, the gateway, and the CDN."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Final

import orjson
from aiohttp import BodyPartReader, MultipartReader, web

from sandbox.discord.cdn import ROOT as CDN
from sandbox.discord.cdn import Cdn
from sandbox.discord.errors import ApiError
from sandbox.discord.faults import Moment, strike
from sandbox.discord.gateway import Gateway
from sandbox.discord.limits.messages import MAX_REQUEST_BYTES
from sandbox.discord.ratelimits import RateLimits
from sandbox.discord.rest import build_router
from sandbox.discord.rest.router import Answer, Call, Route, Upload, variables_of
from sandbox.discord.state.core import RequestRecord
from sandbox.discord.world import World

API: Final = "/api/v10"
# Without `Via`, clients mistake a 429 for a ban by the proxy in front of Discord.
_HEADERS: Final = {"Content-Type": "application/json", "Via": "1.1 google"}
_FORBIDDEN_HEADER: Final = "Content-Type"
TICK_SECONDS: Final = 0.5


class DiscordServer:
    """One local Discord. Without `rate_limits` every request passes, for benchmarks of the bot alone."""

    def __init__(self, world: World, *, rate_limits: bool = True) -> None:
        self.world = world
        self.gateway = Gateway(world)
        self.limits = RateLimits(world.clock.source) if rate_limits else None
        self._cdn = Cdn(world)
        self._router = build_router()
        self._runner: web.AppRunner | None = None
        self.base_url = "http://127.0.0.1"

    def routes(self, app: web.Application) -> None:
        """Mount REST, gateway and CDN on an application."""
        # Any character: an encoded line break is one, too, and Discord has an answer to everything.
        app.router.add_route("*", API + r"/{path:[\s\S]*}", self._rest)
        app.router.add_get("/gateway/", self.gateway.handle)
        self._cdn.routes(app)
        app.cleanup_ctx.append(self._keep_time)
        app.on_shutdown.append(self._say_goodbye)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen on a port, by default a free one, and return its number."""
        app = web.Application()
        self.routes(app)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        number: int = self._runner.addresses[0][1]
        self.serve_at(f"http://{host}:{number}")
        return number

    async def stop(self) -> None:
        """Close every connection and stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _keep_time(self, _: web.Application) -> AsyncGenerator[None]:
        """Let the world act on its clock for as long as the application runs."""

        async def tick() -> None:
            while True:
                await asyncio.sleep(TICK_SECONDS)
                self.world.keep_time()

        ticking = asyncio.create_task(tick(), name="the world's clock")
        yield
        ticking.cancel()

    async def _say_goodbye(self, _: web.Application) -> None:
        await self.gateway.close()

    @property
    def api_url(self) -> str:
        """The address that a bot uses instead of `https://discord.com/api/v10`."""
        return f"{self.base_url}{API}"

    @property
    def gateway_url(self) -> str:
        """The address that a bot uses instead of `wss://gateway.discord.gg/`."""
        return f"{self.base_url.replace('http', 'ws', 1)}/gateway/"

    @property
    def cdn_url(self) -> str:
        """The address that a bot uses instead of `https://cdn.discordapp.com`."""
        return f"{self.base_url}{CDN}"

    def serve_at(self, base_url: str) -> None:
        """Set the address at which the application given to `routes` listens."""
        self.base_url = base_url.rstrip("/")

    async def drop_gateway(self, *, code: int | None = None) -> None:
        """Close every gateway connection with a code, or cut it if there is none."""
        await self.gateway.drop(code=code)

    async def ask_reconnect(self) -> None:
        """Send op 7, which asks clients to reconnect and resume."""
        await self.gateway.ask_reconnect()

    async def invalidate(self, resumable: bool) -> None:
        """Send op 9. Unless `resumable`, all sessions are dropped."""
        await self.gateway.invalidate(resumable=resumable)

    def redeliver(self, interaction_id: int, times: int = 1) -> None:
        """Send the same INTERACTION_CREATE again; raises KeyError if the interaction is unknown."""
        interaction = self.world.interaction(interaction_id)
        if interaction is None:
            raise KeyError(interaction_id)
        for _ in range(times):
            self.world.deliver(interaction)

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        response = await self._respond(request)
        response.headers["Date"] = self.world.clock.date
        return response

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        method, path = request.method, request.rel_url.raw_path[len(API) :]
        entry = _Entry(method, path, path)
        fault = self.world.faults.find(method, path) if self.world.faults else None
        if fault is not None and fault.moment is Moment.BEFORE:
            early = await strike(fault, request)
            if early is not None:
                return self._record(entry, early)
        try:
            answer = await self._answer(request, entry)
        except ApiError as error:
            answer = Answer(error.to_json(), error.status)
        response = self._record(entry, _response(answer, entry.headers))
        if fault is not None and fault.moment is Moment.AFTER:
            return await strike(fault, request) or response
        return response

    async def _answer(self, request: web.Request, entry: "_Entry") -> Answer:
        """Route a request and carry it out; raises the error that Discord would answer with."""
        segments = entry.path.strip("/").split("/")
        route = self._router.find(entry.method, segments)
        entry.route = route.template
        call = self._call(route, segments, request)
        entry.channel_id = call.ids.get("channel_id")
        if self.limits is not None:
            verdict = self.limits.check(route, call.ids, call.texts)
            if verdict.headers:
                entry.headers = {**_HEADERS, **verdict.headers}
            if not verdict.allowed:
                return Answer(verdict.body, 429)
        await self._read(request, call, entry)
        return route.handler(call)

    def _call(self, route: Route, segments: list[str], request: web.Request) -> Call:
        """Return the call for a request, whose body is not read yet; raises 401 for a wrong token."""
        if not route.anonymous:
            credentials = request.headers.get("Authorization", "")
            if credentials != f"Bot {self.world.application.token}":
                raise ApiError(0)
        ids, texts = variables_of(route, segments)
        query = dict(request.query) if request.query_string else {}
        return Call(self.world, self.base_url, ids, texts, query, reason=request.headers.get("X-Audit-Log-Reason"))

    async def _read(self, request: web.Request, call: Call, entry: "_Entry") -> None:
        """Read the body into the call: JSON, or a form with `payload_json` and `files[n]`."""
        if not request.can_read_body:
            return
        kind = request.content_type
        if (request.content_length or 0) > MAX_REQUEST_BYTES:
            raise ApiError(40005)
        try:
            if kind == "multipart/form-data":
                entry.body = await _read_form(request, call)
            elif kind == "application/json":
                entry.body = await request.content.read() or None
            else:
                raise ApiError(50035, message="Expected \"Content-Type\" header to be one of {'application/json'}.")
            call.body = None if entry.body is None else orjson.loads(entry.body)
        except ValueError as error:
            entry.body = None
            raise ApiError(50109) from error

    def _record(self, entry: "_Entry", response: web.Response) -> web.Response:
        now, body = self.world.now(), response.body
        self.world.traffic.note(entry.method, entry.route, entry.channel_id, response.status, now)
        response_body = body if isinstance(body, bytes) else None
        record = RequestRecord(entry.method, entry.route, entry.path, response.status, now, entry.body, response_body)
        self.world.requests.append(record)
        return response


@dataclass(slots=True)
class _Entry:
    """What is known so far for the record of a request, and the headers of its response."""

    method: str
    route: str
    path: str
    channel_id: int | None = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=lambda: _HEADERS)


async def _read_form(request: web.Request, call: Call) -> bytes | None:
    """Add a form's files to the call and return its JSON text."""
    # The application that mounts these routes may allow smaller bodies than Discord, so its limit is bypassed.
    text: bytes | None = None
    async for part in MultipartReader(request.headers, request.content):
        if not isinstance(part, BodyPartReader):
            continue
        name, data = part.name or "", bytes(await part.read(decode=True))
        if name == "payload_json":
            text = data
        elif name.startswith("files[") and name[6:-1].isdecimal():
            kind = part.headers.get("Content-Type") or "application/octet-stream"
            call.files.append(Upload(int(name[6:-1]), part.filename or "unknown", kind, data))
    return text


def _response(answer: Answer, headers: dict[str, str]) -> web.Response:
    if answer.body is None:
        bare = {key: value for key, value in headers.items() if key != _FORBIDDEN_HEADER}
        return web.Response(status=answer.status, headers=bare)
    return web.Response(status=answer.status, body=orjson.dumps(answer.body), headers=headers)
