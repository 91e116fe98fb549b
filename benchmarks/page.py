"""The sandbox's page during a benchmark: a visitor who receives and reads everything that a browser would."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator

from aiohttp import ClientSession, web

from sandbox.page.bridge import Bridge
from sandbox.page.console import Console
from sandbox.page.scene import Role, Scene
from sandbox.page.site import Site
from sandbox.storm import Storm
from tests.rig import Town, free_port

HOST = "127.0.0.1"


@contextlib.asynccontextmanager
async def open_page(town: Town, storm: Storm) -> AsyncGenerator[None]:
    """Let a visitor watch the town's guild as Mia for the duration of the block."""
    console = Console(lambda _report: storm)
    console.watch(town.rig.bot)
    site = Site(Bridge(town.rig.world, Scene(town.guild, [Role(town.mia.user, "member", "looks on")]), console))
    app, port = web.Application(), free_port()
    site.routes(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    reader = asyncio.create_task(_read(f"http://{HOST}:{port}"))
    try:
        yield
        assert not reader.done(), reader
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        await runner.cleanup()


async def _read(address: str) -> None:
    async with (
        ClientSession() as session,
        session.ws_connect(f"{address}/ws", origin=address, max_msg_size=0) as socket,
    ):
        async for frame in socket:
            frame.json()
