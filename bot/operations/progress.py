"""A progress bar on a terminal. Nothing is written to a pipe or a log."""

import sys
import time
from typing import Self, TextIO

WIDTH = 30
"""Characters between the brackets."""

EVERY_S = 0.1
"""Seconds between two updates."""


class Bar:
    """Shows the progress of one piece of work. Use as a context manager, which erases the bar at the end."""

    def __init__(self, label: str, out: TextIO | None = None) -> None:
        self._label = label
        self._out = out or sys.stderr
        self._shows = self._out.isatty()
        self._start_s = time.monotonic()
        self._next_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shows:
            self._out.write("\r\x1b[K")
            self._out.flush()

    def __call__(self, completed: int, total: int) -> None:
        """Show `completed` of `total`, at most ten times a second. The last call is always shown."""
        now = time.monotonic()
        if not self._shows or (now < self._next_s and completed < total):
            return
        self._next_s = now + EVERY_S
        share = completed / total if total else 1.0
        width = int(WIDTH * share)
        seconds = now - self._start_s
        # Below one percent an estimate would jump about.
        remaining = f"{seconds * (1 / share - 1):.0f} s left" if share > 0.01 else ""
        self._out.write(f"\r{self._label} [{'#' * width}{'.' * (WIDTH - width)}] {share:4.0%} {remaining}\x1b[K")
        self._out.flush()
