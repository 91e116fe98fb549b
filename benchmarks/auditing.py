"""The audit of large books, run as an operator does: its duration, and what its processes take together."""

import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, below
from tests.rig import ROOT

SECONDS_FOR_TEN_MILLION = 100
PROCESSOR_SECONDS_FOR_A_MILLION = 10
MIB = 300


def audited(books: Path, gifts: int, name: str = "") -> Iterator[Figure]:
    """Measure `python -m bot audit` on a database with this many gifts; raises if it finds anything.

    `name` says what else is in the books.
    """
    address = {"DATABASE_URL": f"sqlite:///{books}", "DISCORD_TOKEN": "a.b.c"}
    began, used_before = time.perf_counter(), _processor_seconds()
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "audit"], cwd=ROOT, env=os.environ | address, stdout=subprocess.DEVNULL
    ) as auditing:
        peak = 0.0
        while auditing.poll() is None:
            peak = max(peak, sum(map(_share, _family(auditing.pid))))
            time.sleep(0.2)
    took = time.perf_counter() - began
    assert auditing.returncode == 0, auditing.returncode
    return iter(
        [
            below(f"audit of {gifts:,} gifts{name}", took, "s", SECONDS_FOR_TEN_MILLION * gifts / 10_000_000),
            below(
                f"audit of {gifts:,} gifts{name}, processor for a million",
                (_processor_seconds() - used_before) * 1_000_000 / gifts,
                "s",
                PROCESSOR_SECONDS_FOR_A_MILLION,
            ),
            below(f"audit of {gifts:,} gifts{name}, memory", peak, "MiB", MIB),
        ]
    )


def _processor_seconds() -> float:
    """Return the processor time of all processes that were started from here and have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _family(pid: int) -> list[int]:
    """Return the ids of a process and all its descendants."""
    pids = [pid]
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in _read(children).split():
            pids += _family(int(child))
    return pids


def _share(pid: int) -> float:
    """Return the MiB of a process: its own memory, and its proportional share of memory in common with others."""
    lines = (line.split() for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines())
    return sum(int(parts[1]) for parts in lines if parts[0] == "Pss:") / 1024


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""  # the process has ended
