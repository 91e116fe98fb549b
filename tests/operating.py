"""Runs the commands that an operator would type into a terminal."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from tests import forkserver
from tests.rig import ROOT

PATIENCE_S = 120.0


def address_of(file: Path) -> str:
    """Return the address of a SQLite file in the form of DATABASE_URL."""
    return f"sqlite:///{file}"


def operate(database: str | Path, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot` on a database (a file or an address) to its end, with `variables` in its environment."""
    return forkserver.run(_command(arguments), ROOT, _environment(database) | variables, PATIENCE_S)


def operate_from_scratch(database: str | Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Do the same with an interpreter of its own, which has imported nothing yet."""
    return subprocess.run(
        _command(arguments),
        cwd=ROOT,
        env=_environment(database),
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


def _command(arguments: Iterable[object]) -> list[str]:
    return [sys.executable, "-m", "bot", *map(str, arguments)]


def _environment(database: str | Path) -> dict[str, str]:
    url = address_of(database) if isinstance(database, Path) else database
    return {"PATH": os.environ["PATH"], "DISCORD_TOKEN": "a.b.c", "DATABASE_URL": url}
