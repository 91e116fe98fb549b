"""Ends a process with its parent, however that ends: a sandbox or a test run that is killed leaves no bot behind.

Only Linux offers this. Elsewhere, what was started goes on.
"""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def end_with(parent_pid: int, number: signal.Signals = signal.SIGKILL) -> None:
    """Let this process, which `parent_pid` has just forked, get a signal once that ends.

    The program that it executes keeps this. Its own forks do not inherit it.
    """
    if _libc is None:
        return
    _libc.prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent_pid:
        # The parent ended before.
        os.kill(os.getpid(), number)
