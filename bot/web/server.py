"""The web server. It verifies, records and answers what comes in from outside; the work is done elsewhere."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import aiohttp
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from bot.domain.errors import ForgedWebhook, NotFound, Refusal
from bot.logs import of_kind
from bot.services import Services
from bot.tallies import Tally
from bot.web.door import BACKLOG, Door, lasting_room, room
from bot.web.health import Health
from bot.web.overlay.part import SOCKET, OverlayPart

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
"""Bytes of a webhook. Providers send a few hundred."""
WEBHOOK_OUTCOMES = ("recorded", "refused", "unrecorded")
ANSWER_S = 10.0
"""Providers wait for ten to thirty seconds, then send again what was not acknowledged."""


def _is_ours(record: logging.LogRecord) -> bool:
    """Whether a failure is ours: not that a client sent something that is no HTTP, or hung up in the middle."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError | ConnectionError))


_http_log = logging.getLogger(f"{__name__}.http")
_http_log.addFilter(_is_ours)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class WebServer:
    """Serves `/webhooks/{provider}`, `/healthz`, `/livez`, and what is under `/overlay`."""

    def __init__(self, services: Services, health: Health, overlay: OverlayPart | None = None) -> None:
        self._services = services
        self._health = health
        self._overlay = overlay
        self._runner: web.AppRunner | None = None
        self._door: Door | None = None
        self._listener: asyncio.Server | None = None
        self.webhooks = Tally(
            (name, outcome) for name in services.payment_events.webhook_names for outcome in WEBHOOK_OUTCOMES
        )
        """By provider and outcome."""

    async def start(self, host: str, port: int) -> None:
        """Listen; raise OSError if the port is taken."""
        app = web.Application(client_max_size=LARGEST_BODY, middlewares=[self._serve])
        app.router.add_post("/webhooks/{provider}", self._webhook)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/livez", self._livez)
        if self._overlay is not None:
            self._overlay.add_to(app.router, self._settle)
        # No access log: the addresses of webhooks and overlays may carry secrets.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2, lingering_time=0, logger=_http_log)
        await self._runner.setup()
        server = self._runner.server
        assert server is not None
        self._door = Door(server, most=room(), most_settled=lasting_room())
        self._listener = await asyncio.get_running_loop().create_server(self._door, host, port, backlog=BACKLOG)

    async def stop(self) -> None:
        """Stop listening, and finish the requests that came in."""
        if self._listener is not None:
            self._listener.close()
        if self._overlay is not None:
            await self._overlay.hub.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @web.middleware
    async def _serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Read the whole request, answer in time, and close the connection, so that none lies idle.

        Those of overlays stay open. They have limits of their own.
        """
        if request.path == SOCKET:
            return await handler(request)
        try:
            response = await self._answer(request, handler)
        except web.HTTPException as error:
            error.force_close()
            raise
        response.force_close()
        return response

    async def _answer(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            await request.read()
        except (HttpProcessingError, web.RequestPayloadError, aiohttp.ClientPayloadError):
            return web.Response(status=400, text="the body cannot be read")
        if request.transport is not None and self._door is not None:
            self._door.arrived(request.transport)
        try:
            async with asyncio.timeout(ANSWER_S):
                return await handler(request)
        except TimeoutError:
            log.warning("A web request was not answered within %.0f s", ANSWER_S, extra=of_kind("unanswered request"))
            return web.Response(status=503, text="try again")

    def _settle(self, transport: asyncio.BaseTransport | None) -> bool:
        return self._door is not None and self._door.settle(transport)

    async def _webhook(self, request: web.Request) -> web.Response:
        body = await request.read()
        provider = request.match_info["provider"]
        try:
            await self._services.payment_events.receive(provider, request.headers, body)
        except ForgedWebhook as error:
            log.warning("A webhook was refused: %s", error.why, extra=of_kind("refused webhook"))
            self.webhooks.add(provider, "refused")
            return web.Response(status=400, text="refused")
        except NotFound:
            # Whatever stands in the address here is anybody's word.
            self.webhooks.add("unknown", "refused")
            return web.Response(status=404, text="no such provider")
        except Refusal as error:
            # Not recorded, so not acknowledged: the provider sends it again.
            log.warning(
                "A webhook could not be recorded; the provider will send it again: %r",
                error,
                extra=of_kind("unrecorded webhook"),
            )
            self.webhooks.add(provider, "unrecorded")
            return web.Response(status=503, text="try again")
        self.webhooks.add(provider, "recorded")
        return web.Response(text="recorded")

    async def _livez(self, _: web.Request) -> web.Response:
        # That it answers at all says what is asked: the loop turns. Whatever else is wrong, a restart would not help.
        return web.Response(text="alive")

    async def _healthz(self, _: web.Request) -> web.Response:
        healthy = self._health.is_healthy()
        answer = {"healthy": healthy, "degraded": list(self._health.degraded())}
        return web.json_response(answer, status=200 if healthy else 503)
