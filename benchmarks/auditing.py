"""The audit of large books, run as an operator does: its duration, and what its processes take together."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import Figure, at_least, at_most, below, say
from benchmarks.planted import PLANTED, plant, unnamed
from bot.storage.audit.auditor import audit_database
from bot.storage.connect.address import database_url
from bot.storage.connect.sqlite import writing_engine
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


def growth(small: tuple[Path, int], large: tuple[Path, int]) -> Iterator[Figure]:
    """Measure the audit of large books with everything in them, and how its processor time for a gift has grown beside
    that in small ones: books and their gifts, each."""
    few, many = [[*audited(*books, " and everything")] for books in (small, large)]
    each_of_few, each_of_many = few[1].value, many[1].value
    name = f"audit of {large[1]:,} gifts and everything, processor for a gift, beside {small[1]:,}"
    return iter([*many, at_most(name, each_of_many, "us", each_of_few, 1.15)])


def named(books: Path, gifts: int) -> Iterator[Figure]:
    """Count how many wrong figures the audit names, of one in each kind of table, in a copy of `books`."""
    copy = books.with_suffix(".planted.db")
    shutil.copy(books, copy)
    engine = writing_engine(database_url(f"sqlite:///{copy}"), foreign_keys=False)
    with engine.begin() as connection:
        plant(connection)
    engine.dispose()
    findings = [finding.what for finding in audit_database(f"sqlite:///{copy}")]
    copy.unlink()
    missing = unnamed(findings)
    if missing:
        say(f"the audit does not name what is wrong with {', '.join(missing)}")
    count = len(PLANTED) - len(missing)
    return iter([at_least(f"audit of {gifts:,} gifts, wrong figures named", count, "", len(PLANTED), 1)])


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
