"""Serves `/metrics` on an address of its own, because the web part's is open to the world."""

import asyncio
import logging
import platform
from pathlib import Path

from aiohttp import web
from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.exposition import choose_encoder

from bot.metrics.catalogue import MEASURES
from bot.metrics.measures import Figures
from bot.metrics.sources import Build, Running, Sources
from bot.storage.maintenance import migrate
from bot.version import version

log = logging.getLogger(__name__)

WRITER = "rosette_writer"
"""What the figures of the process that writes the books begin with."""


def registry_of(sources: Sources, *, writer_pid: int | None = None) -> CollectorRegistry:
    """Return a registry with all figures, and those of this process and of `writer_pid`, which writes the books."""
    registry = CollectorRegistry()
    registry.register(Figures(MEASURES, sources))
    ProcessCollector(registry=registry)
    if writer_pid is not None:
        ProcessCollector(namespace=WRITER, pid=lambda: writer_pid, registry=registry)
    return registry


async def serve_metrics(
    running: Running, address: tuple[str, int], marks_file: Path, *, writer_pid: int | None
) -> "MetricsServer":
    """Serve the figures of the `running` bot at `address`, a host and a port. Raises OSError if the port is taken.

    For the rest see `Sources` and `registry_of`.
    """
    build = Build(version(), migrate.revisions()[-1], platform.python_version())
    sources = Sources(running, build, marks_file, running.client.clock.estimate)
    server = MetricsServer(sources, registry_of(sources, writer_pid=writer_pid))
    await server.start(*address)
    return server


class MetricsServer:
    """Answers scrapes, one after the other, so that nobody who asks often costs the bot more."""

    def __init__(self, sources: Sources, registry: CollectorRegistry) -> None:
        self._sources = sources
        self._registry = registry
        self._turn = asyncio.Lock()
        self._runner: web.AppRunner | None = None

    async def start(self, host: str, port: int) -> None:
        """Listen; raise OSError if the port is taken."""
        app = web.Application()
        app.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        await web.TCPSite(self._runner, host, port).start()
        log.info("Metrics for Prometheus are at http://%s:%d/metrics", *self._runner.addresses[0][:2])

    async def stop(self) -> None:
        """Stop listening, and looking at the event loop."""
        self._sources.loop_lag.stop()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _metrics(self, request: web.Request) -> web.Response:
        encode, content_type = choose_encoder(request.headers.get("Accept", ""))
        async with self._turn:
            await self._sources.read()
            response = web.Response(body=encode(self._registry), headers={"Content-Type": content_type})
        response.enable_compression()
        return response
