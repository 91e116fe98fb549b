"""On Windows, where Rosette cannot run, one line says so: no traceback about a module that is missing there."""

import subprocess
import sys

import pytest

from bot.version import version
from tests.rig import ROOT

WITHOUT = """
import os, runpy, signal, sys, time
for module in ("fcntl", "resource", "pwd", "grp", "termios"):
    sys.modules[module] = None
del os.fork, os.nice, os.geteuid, os.getuid, time.tzset, signal.SIGKILL, signal.alarm
sys.argv = [{module!r}, *{arguments!r}]
runpy.run_module({module!r}, run_name="__main__", alter_sys=True)
"""
"""A Python without what Windows lacks."""


def run(module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = WITHOUT.format(module=module, arguments=arguments)
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={}, capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize(
    ("module", "arguments"),
    [("bot", ()), ("bot", ("run",)), ("bot", ("doctor",)), ("sandbox", ()), ("sandbox", ("--keep",))],
)
def test_it_ends_with_one_line(module: str, arguments: tuple[str, ...]) -> None:
    answer = run(module, *arguments)

    assert (answer.returncode, answer.stdout) == (1, "")
    (line,) = answer.stderr.splitlines()
    assert "On Windows, use WSL 2 or the container" in line


def test_the_version_is_printed() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "bot", "--version"], cwd=ROOT, env={}, capture_output=True, text=True, check=False
    )

    assert (answer.returncode, answer.stdout, answer.stderr) == (0, f"Rosette {version()}\n", "")
