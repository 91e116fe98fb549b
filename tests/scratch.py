"""Where tests write: into memory where there is room, because every commit to SQLite waits for the disk.

What the tests say of a disk they try with `tests/faults/disk.c`, which loses on purpose what was not synchronized.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 2**31
"""Bytes that have to be free in memory."""


def memory() -> Path | None:
    """Return a folder in memory, or None if there is none with room."""
    usable = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM
    return MEMORY if usable else None


def use_memory() -> None:
    """Let temporary files of this process and those it starts be in memory, unless TMPDIR says where they are to be."""
    folder = memory()
    if folder is not None and "TMPDIR" not in os.environ:
        # The folder has a fixed name, because pytest removes there what all runs but the last have left.
        own_folder = folder / f"rosette-tests-{os.getuid()}"
        own_folder.mkdir(mode=0o700, exist_ok=True)
        os.environ["TMPDIR"] = tempfile.tempdir = str(own_folder)
