"""One process per database: a second one would answer every interaction a second time."""

import contextlib
import fcntl
import os
import time
from pathlib import Path
from typing import Self

from bot.storage.engine import StorageError

PAUSE_S = 0.05
"""Between two tries."""


class DatabaseInUse(StorageError):  # noqa: N818 - a state of affairs, and its base says Error
    """Another process has the database open. `pid` is what it wrote into the lock file."""

    def __init__(self, file: Path, pid: str) -> None:
        super().__init__(f"{file} is in use by process {pid or 'unknown'}")
        self.pid = pid


class ProcessLock:
    """An exclusive lock beside a database file, held until released or until the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, database: Path, patience_s: float = 0.0) -> Self:
        """Take the lock of `database`, waiting for it for so many seconds; raise DatabaseInUse."""
        file = database.with_name(database.name + ".lock")
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + patience_s
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() < deadline:
                    time.sleep(PAUSE_S)
                    continue
                pid = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
                os.close(descriptor)
                raise DatabaseInUse(database, pid) from None
            break
        # Said for people: on a full disk it cannot be, and the lock holds all the same.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        return cls(descriptor)

    @property
    def descriptor(self) -> int:
        """The open file that holds the lock: who has a copy of it holds it, too."""
        assert self._descriptor is not None
        return self._descriptor

    def release(self) -> None:
        """Let the next process in. The file stays: removing it would let two processes lock two files."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            # Closing alone leaves it locked while a process that was forked just now still has a copy.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)
