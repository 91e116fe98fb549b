"""Where an audit keeps what stretches of a guild's journal add up to until all of it was read: on disk, in parts.

Each part holds the sums of some of the holders, in the order of their ids. So a stretch is read once, by whichever
process comes to it, and the sums of one part, over all stretches, fit in memory.
"""

import os
import re
import shutil
import struct
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import NamedTuple

import orjson

from bot.storage.engine import StorageError

GIVEN = struct.Struct("<3q2I")
"""Something given: last row, subject, coins, pieces, and the context that it was given in."""

MOVED = struct.Struct("<I3q")
"""What an account gained: its kind, its owner, the sum, and the lowest sum on the way there, 0 if none was below."""

LadderKey = tuple[str, int, int]
"""A ladder: its board, scope and live event."""

Spans = tuple[int, int, int]
"""A day, a week and a month, as `bot.domain.periods.bucket_of` numbers them."""

Context = list[tuple[int, Spans]]
"""The ladders, by number, that something given counts on, and what each counts it for."""

_HOLDER_BITS = 53
"""Binary digits of a holder id. Ids are chance: parts of the same width are about equally full."""


_FOLDER = re.compile(r"rosette-audit-(\d+)-.*")
"""The name of a folder of sums: it tells whose it is."""


@contextmanager
def workspace() -> Generator[str]:
    """A temporary folder for sums. What audits left that were killed is removed first: it may be gigabytes."""
    for folder in Path(gettempdir()).glob("rosette-audit-*"):
        found = _FOLDER.fullmatch(folder.name)
        if found and not _is_alive(int(found[1])):
            shutil.rmtree(folder, ignore_errors=True)
    with TemporaryDirectory(prefix=f"rosette-audit-{os.getpid()}-") as folder:
        yield folder


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        # Somebody else's.
        return True
    return True


class Stretch(NamedTuple):
    """What the rows from `after` + 1 to `until` add up to, but for what is in its parts. Numbers are places in lists.

    Each of `ladders` comes with the latest day, week and month that it counted.
    """

    after: int
    until: int
    kinds: list[str]
    ladders: list[tuple[LadderKey, Spans]]
    contexts: list[Context]
    sizes: list[tuple[int, int]]
    """Bytes of what was given, and of what accounts gained, in each part."""


class Aside(NamedTuple):
    """A folder for the sums of one guild, and the number of their parts, a power of two."""

    folder: str
    parts: int

    @property
    def shift(self) -> int:
        """By how many binary digits a holder id is shifted to make the number of its part."""
        return _HOLDER_BITS + 1 - self.parts.bit_length()

    def bounds(self, part: int) -> tuple[int, int]:
        """Return the first and the last id of a part; what is no holder id at all is in the first or the last."""
        first = part << self.shift if part else -(2**63)
        last = (part + 1 << self.shift) - 1 if part < self.parts - 1 else 2**63 - 1
        return first, last

    def put(self, stretch: Stretch, parts: Iterable[tuple[bytearray, bytearray]]) -> None:
        """Keep a stretch and its parts: what was given, and what accounts gained. Raises StorageError."""
        folder = Path(self.folder)
        try:
            folder.mkdir(exist_ok=True)
            with self._file(stretch).open("wb") as file:
                for given, moved in parts:
                    file.write(given)
                    file.write(moved)
            self._file(stretch).with_suffix(".json").write_bytes(orjson.dumps(tuple(stretch)))
        except OSError as error:
            raise StorageError(f"An audit puts its sums aside in {folder}: {error.strerror}") from error

    def stretches(self) -> Iterator[Stretch]:
        """Yield what was kept, in the order of the journal."""
        for file in sorted(Path(self.folder).glob("*.json")):
            after, until, kinds, ladders, contexts, sizes = orjson.loads(file.read_bytes())
            named = [((key[0], key[1], key[2]), _spans(spans)) for key, spans in ladders]
            on = [[(ladder, _spans(spans)) for ladder, spans in context] for context in contexts]
            yield Stretch(after, until, kinds, named, on, sizes)

    def part(self, stretch: Stretch, part: int) -> tuple[bytes, bytes]:
        """Return one part of a stretch."""
        given, moved = stretch.sizes[part]
        with self._file(stretch).open("rb") as file:
            file.seek(sum(map(sum, stretch.sizes[:part])))
            return file.read(given), file.read(moved)

    def _file(self, stretch: Stretch) -> Path:
        return Path(self.folder) / f"{stretch.after:020}.parts"


def _spans(found: list[int]) -> Spans:
    day, week, month = found
    return day, week, month
