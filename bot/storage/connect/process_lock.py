"""A lock that allows one process per database: a second bot would answer every interaction a second time."""

import contextlib
import fcntl
import os
import time
from pathlib import Path
from typing import Self

from bot.storage.connect.address import StorageError

PAUSE_S = 0.05
"""Seconds between two attempts."""


class DatabaseInUse(StorageError):  # noqa: N818 - a state of affairs, and its base says Error
    """Another process has the database open. `pid` is what it wrote into the lock file, or ""."""

    def __init__(self, file: Path, pid: str) -> None:
        super().__init__(f"{file} is in use by process {pid or 'unknown'}. Stop that one first.")
        self.pid = pid


class ProcessLock:
    """An exclusive lock on a file beside the database, held until it is released or the process ends in any way."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor: int | None = descriptor

    @classmethod
    def acquire(cls, database: Path, patience_s: float = 0.0) -> Self:
        """Take the lock of `database`, waiting up to `patience_s` seconds for it; raise DatabaseInUse."""
        descriptor = os.open(_file_of(database), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
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
        # The process id is only information for people. A full disk may prevent writing it, and the lock holds anyway.
        with contextlib.suppress(OSError):
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        return cls(descriptor)

    @property
    def descriptor(self) -> int:
        """The open file that holds the lock. A process that inherits a copy of it holds the lock, too."""
        assert self._descriptor is not None
        return self._descriptor

    def release(self) -> None:
        """Release the lock. The file stays: if it were removed, two processes could lock two different files."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            # Closing alone would leave the lock held while a freshly forked process still has a copy.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)


def holder(database: Path) -> str:
    """Return which process holds the lock of `database`, "" if none does or nobody can tell. It is not waited for."""
    try:
        descriptor = os.open(_file_of(database), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
    finally:
        os.close(descriptor)
    return ""


def _file_of(database: Path) -> Path:
    return database.with_name(database.name + ".lock")
