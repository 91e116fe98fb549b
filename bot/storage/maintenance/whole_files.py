"""Small files beside the books, which nobody ever reads half of."""

import contextlib
import os
from pathlib import Path


def write_whole(file: Path, content: bytes) -> None:
    """Replace a file, whole or not at all. It is on disk once this returns, and nobody else may read it. Raises
    OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
