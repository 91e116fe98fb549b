"""A bar on a terminal; silence in a pipe or a log."""

import sys
import time
from typing import Self, TextIO

WIDTH = 30
EVERY_S = 0.1


class Bar:
    """Shows how far a piece of work has come. Use as a context manager: the bar is gone at the end."""

    def __init__(self, label: str, out: TextIO | None = None) -> None:
        self._label = label
        self._out = out or sys.stderr
        self._shows = self._out.isatty()
        self._started = time.monotonic()
        self._next = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._shows:
            self._out.write("\r\x1b[K")
            self._out.flush()

    def __call__(self, done: int, total: int) -> None:
        """Show `done` of `total`, at most ten times a second."""
        now = time.monotonic()
        if not self._shows or (now < self._next and done < total):
            return
        self._next = now + EVERY_S
        share = done / total if total else 1.0
        filled = int(WIDTH * share)
        seconds = now - self._started
        left = f"{seconds * (1 / share - 1):.0f} s left" if share > 0.01 else ""
        self._out.write(f"\r{self._label} [{'#' * filled}{'.' * (WIDTH - filled)}] {share:4.0%} {left}\x1b[K")
        self._out.flush()
