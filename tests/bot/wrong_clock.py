"""The bot on a machine whose clock is wrong: at every reading, a file says by how many milliseconds.

Everything in the process sees the same wrong clock, as on such a machine. The monotonic clock is right.
"""

import os
import sys
import time
from pathlib import Path

FILE = "WRONG_CLOCK"

_true_ns = time.time_ns


def _wrong_ns() -> int:
    # The writer replaces the file atomically, so it is never read half-written.
    return _true_ns() + int(Path(os.environ[FILE]).read_text(encoding="ascii")) * 1_000_000


def _wrong_s() -> float:
    return _wrong_ns() / 1_000_000_000


if __name__ == "__main__":
    time.time_ns, time.time = _wrong_ns, _wrong_s

    from bot.__main__ import main

    sys.exit(main())
