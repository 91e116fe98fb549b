"""Starts the writing process as the bot does, lets it do every job, and prints what it has loaded.

A process of its own, because pytest has everything loaded, and the writing process is a fork.
"""
# ruff: noqa: PLC0415 - as in `bot/__main__.py`, the rest is imported after the fork

import ast
import asyncio
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from bot.storage.connect.writer_process import ProcessTransactions

ROOT = Path(__file__).parents[2]
HEAVY = (
    "PIL",
    "aiohttp",
    "alembic",
    "asyncpg",
    "discord",
    "fontTools",
    "greenlet",
    "numpy",
    "pydantic",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.orm",
)


def loaded(_: Connection) -> list[str]:
    """Return which of the heavy modules this process has loaded."""
    return [name for name in HEAVY if name in sys.modules]


def rss(_: Connection) -> int:
    """Return this process's resident KiB."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def take(_: Connection, job: Callable[..., object]) -> None:
    """Be handed a job, which imports its module, without doing it."""
    assert callable(job)


def jobs() -> Iterator[Callable[..., object]]:
    """Yield every function that a service or the storage hands to `perform`."""
    import importlib

    for path in sorted([*(ROOT / "bot" / "services").glob("*.py"), *(ROOT / "bot" / "storage").glob("*.py")]):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "perform":
                target: Any = module
                try:
                    for part in ast.unparse(node.args[0]).split("."):
                        target = getattr(target, part)
                except AttributeError:
                    # A parameter: whoever passes it is not this file's.
                    continue
                yield target


async def main(address: str, process: ProcessTransactions) -> None:
    """Print the number of jobs, the heavy modules, and the KiB."""
    from bot.storage.database import Database
    from tests.storage.town import Clock, gift, grant, settle_in

    clock = Clock()
    database = await Database.open(address, clock=clock, process=process)
    functions = [*jobs()]
    for job in functions:
        await process.run(partial(take, job=job))
    modules = await process.run(loaded)
    kib = await process.run(rss)
    await database.writer.perform(settle_in)
    await database.writer.submit(grant("grant", amount=100))
    await database.writer.submit(gift("gift"))
    modules += await process.run(loaded)
    await database.close()
    sys.stdout.write(" ".join(map(str, (len(functions), kib, *modules))))


if __name__ == "__main__":
    forked = ProcessTransactions.fork()
    asyncio.run(main(sys.argv[1], forked))
