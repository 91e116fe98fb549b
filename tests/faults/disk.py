"""What a disk holds after a power cut: the log that `disk.c` keeps, replayed up to any moment, minus what was lost.

Only synced writes are sure to survive. Of the rest, nothing, everything or any part may.
"""

import random
import struct
import subprocess
import sys
import sysconfig
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

_HEAD = struct.Struct("<cHQQ")
SECTOR = 512
"""Bytes that a disk writes atomically."""


class Event(NamedTuple):
    """W: `data` was written at `offset`; T: truncated to `offset`; S: synced; A: `data` was acknowledged."""

    kind: str
    name: str
    offset: int
    data: bytes


def compile_disk(folder: Path) -> Path | None:
    """Compile and return the library to preload, or None without a compiler or outside of Linux."""
    if sys.platform != "linux":
        return None
    library = folder / "disk.so"
    compiler = (sysconfig.get_config_var("CC") or "cc").split()[0]
    command = [
        compiler,
        "-shared",
        "-fPIC",
        "-O1",
        "-o",
        library,
        Path(__file__).with_suffix(".c"),
        "-ldl",
        "-lpthread",
    ]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except FileNotFoundError:
        return None
    return library


def acknowledgement(label: str) -> bytes:
    """Return the log record of an acknowledgement."""
    payload = label.encode()
    return _HEAD.pack(b"A", 0, 0, len(payload)) + payload


def events(log: Path) -> Iterator[Event]:
    """Yield the events of a log in order, without a last record that a kill has cut off."""
    raw, position = log.read_bytes(), 0
    while position + _HEAD.size <= len(raw):
        kind, name_length, offset, length = _HEAD.unpack_from(raw, position)
        position += _HEAD.size
        if position + name_length + length > len(raw):
            return
        yield Event(
            kind.decode(),
            raw[position : position + name_length].decode(),
            offset,
            raw[position + name_length : position + name_length + length],
        )
        position += name_length + length


@dataclass
class Disk:
    """The files of a log: their `synced` content, which is sure to survive, and the `pending` changes since then."""

    synced: dict[str, bytearray]
    pending: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    acknowledged: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, *files: Path) -> "Disk":
        """Return a disk on which `files` are synced."""
        return cls({file.name: bytearray(file.read_bytes()) for file in files})

    def happen(self, event: Event) -> None:
        """Apply the next event."""
        if event.kind == "A":
            self.acknowledged.append(event.data.decode())
        elif event.kind == "S":
            content = self.synced.setdefault(event.name, bytearray())
            for change in self.pending.pop(event.name, ()):
                _apply(content, change)
        else:
            self.pending[event.name].append(event)

    def after_power_cut(self, folder: Path, chance: random.Random | None = None) -> Path:
        """Write the files that a power cut leaves now: unsynced sectors are lost, or survive by `chance`.

        Return the database.
        """
        return self._write(folder, lambda change: () if chance is None else _survivors(change, chance))

    def after_kill(self, folder: Path) -> Path:
        """Write the files that a kill leaves now: the system still writes everything it was given."""
        return self._write(folder, lambda change: (change,))

    def _write(self, folder: Path, surviving: Callable[[Event], Iterable[Event]]) -> Path:
        folder.mkdir()
        for name in {*self.synced, *self.pending}:
            content = bytearray(self.synced.get(name, b""))
            for change in self.pending.get(name, ()):
                for survivor in surviving(change):
                    _apply(content, survivor)
            (folder / name).write_bytes(content)
        return folder / next(iter(self.synced))


def _apply(content: bytearray, change: Event) -> None:
    if change.kind == "T":
        del content[change.offset :]
        content.extend(bytes(change.offset - len(content)))
        return
    content.extend(bytes(max(0, change.offset - len(content))))
    content[change.offset : change.offset + len(change.data)] = change.data


def _survivors(change: Event, chance: random.Random) -> Iterator[Event]:
    if change.kind == "T":
        if chance.random() < 0.5:
            yield change
        return
    for start in range(0, len(change.data), SECTOR):
        if chance.random() < 0.5:
            yield Event("W", change.name, change.offset + start, change.data[start : start + SECTOR])
