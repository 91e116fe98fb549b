"""The restore drill: a backup is taken in the middle of a gift storm, restored, and checked for all it has to hold."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests import books
from tests.faults.children import ROOT
from tests.faults.verdict import Verdict, judge
from tests.operating import operate
from tests.rig import until

FIRST = 200
"""Acknowledged gifts after which a storm counts as begun."""


@dataclass(frozen=True)
class DrillReport:
    """One restored backup. `rpo_ms`: age of its newest row when it was finished; `rto_ms`: duration of the restore."""

    verdict: Verdict
    rpo_ms: int
    rto_ms: int


@asynccontextmanager
async def gift_storm(address: str, name: str) -> AsyncGenerator[list[str]]:
    """Send gifts for the length of a block. Yields the growing list of acknowledged ones."""
    giver = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.storage.giver", address, name, stdout=asyncio.subprocess.PIPE, cwd=ROOT
    )
    acknowledged: list[str] = []

    async def collect() -> None:
        assert giver.stdout is not None
        while line := await giver.stdout.readline():
            acknowledged.append(line.decode().rstrip())

    async def has_begun() -> bool:
        return len(acknowledged) >= FIRST

    collector = asyncio.create_task(collect())
    try:
        await until(has_begun)
        yield acknowledged
        assert giver.returncode is None, "the storm is over"
    finally:
        with suppress(ProcessLookupError):
            giver.kill()
        await giver.wait()
        await collector


async def drill(source: books.Where, backup: Path, target: books.Where, acknowledged: list[str]) -> DrillReport:
    """Back up `source` to the file `backup`, restore it to `target` (missing or empty), and judge `target`."""
    promised = [*acknowledged]
    await _run_operation(source, "backup", backup)
    saved_ms = time.time_ns() // 1_000_000
    began = time.perf_counter()
    await _run_operation(target, "restore", backup)
    rto_ms = round((time.perf_counter() - began) * 1_000)
    newest_ms = books.only_value(target, "SELECT max(at_ms) FROM journal")
    return DrillReport(await asyncio.to_thread(judge, target, promised), saved_ms - newest_ms, rto_ms)


async def _run_operation(database: books.Where, command: str, path: Path) -> None:
    process = await asyncio.to_thread(operate, database, command, path)
    assert process.returncode == 0, process.stderr
