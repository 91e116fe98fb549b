"""Runs the commands that an operator would type into a terminal."""

import os
import subprocess
import sys
from pathlib import Path

from tests.rig import ROOT

PATIENCE_S = 120.0


def address_of(file: Path) -> str:
    """Return the address of a SQLite file in the form of DATABASE_URL."""
    return f"sqlite:///{file}"


def operate(database: str | Path, *arguments: object, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot` on a database (a file or an address) to its end, with `variables` in its environment."""
    url = address_of(database) if isinstance(database, Path) else database
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DISCORD_TOKEN": "a.b.c", "DATABASE_URL": url} | variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
