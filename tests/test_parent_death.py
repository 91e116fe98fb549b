"""A test run or a sandbox that is killed leaves nothing behind that it has started."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.rig import ROOT, until

SLEEPER = (sys.executable, "-m", "http.server", "0", "--bind", "127.0.0.1")
"""A program that goes on until it is ended."""
PARENT = """
import asyncio, os, sys, tempfile
from pathlib import Path
from sandbox import supervisor
from tests import forkserver

async def main(way, *command):
    spawn = {"forked": forkserver.spawn, "executed": supervisor.spawn}[way]
    process = await spawn(command, Path("/"), dict(os.environ))
    await process.stdout.readline()
    print(process.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main(*sys.argv[1:]))
"""


def is_running(pid: int) -> bool:
    """Whether a process is there, and not just waiting to be buried."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends processes with their parents")
@pytest.mark.parametrize("way", ["forked", "executed"])
async def test_what_was_started_ends_with_a_parent_that_is_killed(way: str) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, way, *SLEEPER,
        stdout=asyncio.subprocess.PIPE, cwd=ROOT, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    was_running = is_running(pid)
    parent.kill()
    await parent.wait()

    async def has_ended() -> bool:
        return not is_running(pid)

    assert was_running
    assert await until(has_ended)
