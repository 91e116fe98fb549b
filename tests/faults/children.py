"""The test's side of `child`: jobs for processes that may not come back."""

import asyncio
import itertools
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
KILLED = -signal.SIGKILL
PATIENCE_S = 60.0

_numbers = itertools.count()


class Children:
    """Runs jobs one after another, each in its own process."""

    def __init__(self, process: asyncio.subprocess.Process, folder: Path) -> None:
        self._process = process
        self._folder = folder
        self.pid = 0

    async def begin(self, database: Path | str, commands: Iterable[Any], **options: Any) -> Path:
        """Start a job on a database (a file or an address). Return the file in which it notes acknowledged commands."""
        acks = self._folder / f"acknowledged-{next(_numbers)}"
        calls = [(type(command).__name__, command._asdict()) for command in commands]
        address = database if isinstance(database, str) else f"sqlite:///{database}"
        job = {"address": address, "commands": calls, "acks": str(acks), "how": "open", **options}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job).encode() + b"\n")
        self.pid = int(await self._line())
        return acks

    async def fate(self) -> int:
        """Wait until the job is over, and return its exit code: -9 after a kill."""
        return int(await self._line())

    async def run(self, database: Path | str, commands: Iterable[Any], **options: Any) -> tuple[int, list[str]]:
        """Run a job to its end. Return its exit code and the labels of the acknowledged commands."""
        acks = await self.begin(database, commands, **options)
        code = await self.fate()
        return code, acknowledged_in(acks)

    async def _line(self) -> str:
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE_S)
        assert line, "the process that forks has died"
        return line.decode()


def acknowledged_in(acks: Path) -> list[str]:
    """Return the labels that a child has noted so far, without a last line that may be cut off."""
    return acks.read_text(encoding="utf-8").rpartition("\n")[0].splitlines() if acks.exists() else []


@asynccontextmanager
async def children(folder: Path, *modules: str, **variables: str) -> AsyncGenerator[Children]:
    """Run a forking process for the length of a block, with `variables` in its environment.

    It loads `modules`, which have work for its jobs, before it forks.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.faults.child", *modules,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, cwd=ROOT, env=os.environ | variables,
    )  # fmt: skip
    try:
        yield Children(process, folder)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
