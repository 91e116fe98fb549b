"""The health check of the container: alive is who answers 200 at /livez, and nobody else."""

import asyncio
import subprocess
import sys

import pytest
from aiohttp import web

from tests.rig import ROOT, Rig, free_port


async def exit_code_at(port: int, **variables: str) -> int:
    def check() -> int:
        command = [sys.executable, "-m", "bot.health_check"]
        return subprocess.run(command, cwd=ROOT, env={"WEB_PORT": str(port), **variables}, check=False).returncode

    return await asyncio.to_thread(check)


async def test_a_bot_that_runs_is_alive_also_behind_a_proxy(rig: Rig):
    assert await exit_code_at(rig.web_port) == 0
    assert await exit_code_at(rig.web_port, http_proxy=f"http://127.0.0.1:{free_port()}") == 0


@pytest.mark.parametrize("status", [204, 404, 500, 503])
async def test_any_other_answer_is_death(status: int):
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/livez", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        assert await exit_code_at(port) == 1
    finally:
        await runner.cleanup()


async def test_nobody_at_the_port_is_death():
    assert await exit_code_at(free_port()) == 1
