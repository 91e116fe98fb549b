"""The web server: what comes in from outside is verified, recorded and answered; work happens elsewhere."""

import logging

from aiohttp import web

from bot.domain.errors import ForgedWebhook, NotFound, Refusal
from bot.services import Services
from bot.web.health import Health

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
"""Bytes of a webhook. Providers send a few hundred."""


class WebServer:
    """Serves `/webhooks/{provider}` and `/healthz`."""

    def __init__(self, services: Services, health: Health) -> None:
        self._services = services
        self._health = health
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen; raise OSError if the port is taken."""
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_post("/webhooks/{provider}", self._webhook)
        app.router.add_get("/healthz", self._healthz)
        # No access log: addresses of webhooks and overlays may carry secrets.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=2)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()

    async def stop(self) -> None:
        """Stop listening, and let requests that came in finish."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _webhook(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            await self._services.payment_events.receive(request.match_info["provider"], request.headers, body)
        except ForgedWebhook as error:
            log.warning("A webhook was refused: %s", error.why)
            return web.Response(status=400, text="refused")
        except NotFound:
            return web.Response(status=404, text="no such provider")
        except Refusal as error:
            # Not recorded, so not acknowledged: the provider sends it again.
            log.warning("A webhook could not be recorded: %r", error)
            return web.Response(status=503, text="try again")
        return web.Response(text="recorded")

    async def _healthz(self, _: web.Request) -> web.Response:
        healthy = self._health.is_healthy()
        return web.json_response({"healthy": healthy}, status=200 if healthy else 503)
