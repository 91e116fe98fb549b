"""Where an audit keeps the sums of a guild's journal until all of it has been read: on disk, split into parts.

The journal is read in stretches. Each part holds the sums of a range of holder ids. So each stretch is read only once,
by whichever process gets to it, and the sums of one part over all stretches fit in memory.
"""

import os
import re
import shutil
import struct
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any, NamedTuple

import orjson

from bot.domain.challenge_points import Window
from bot.storage.connect.address import StorageError

GIFT = struct.Struct("<4qI")
"""What one subject gave or got: the row of the last gift, 0 if gifts were only undone, the subject, coins, pieces, and
the number of their context."""

CHANGE = struct.Struct("<I3q")
"""A change of one account: kind, owner, the sum of its entries, and the lowest running sum, at most 0."""

DAY = struct.Struct("<3qI")
"""What one gifter gave in challenges: the gifter, coins, pieces, and the number of the days that they count on."""

LadderKey = tuple[str, int, int]
"""A ladder: its board, scope and live event."""

Spans = tuple[int, int, int]
"""A day, a week and a month, as `bot.domain.periods.period_key_of` numbers them."""

Context = tuple[int, tuple[int, ...]]
"""The day that a gift counts for, 0 if it counts for all time only, and the ladders, by number."""

ChallengeDays = tuple[int, tuple[tuple[int, int, bool], ...]]
"""A creator, and the days on which gifts to them count at the same time: for each challenge that runs, its number, its
day, and whether that is in its time of double points."""

_HOLDER_BITS = 53
"""Bits of a holder id. Ids are random, so parts of the same width are about equally full."""

_FOLDER = re.compile(r"rosette-audit-(\d+)-.*")
"""The name of a folder of sums. It contains the id of the process that owns it."""


@contextmanager
def workspace() -> Generator[str]:
    """Provide a temporary folder for sums. The folders of killed audits, which may be gigabytes, are removed first."""
    for folder in Path(gettempdir()).glob("rosette-audit-*"):
        match = _FOLDER.fullmatch(folder.name)
        if match and not _is_alive(int(match[1])):
            shutil.rmtree(folder, ignore_errors=True)
    with TemporaryDirectory(prefix=f"rosette-audit-{os.getpid()}-") as folder:
        yield folder


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        # It is alive, but belongs to another user.
        return True
    return True


class Mark(NamedTuple):
    """What a guild's folds have counted. Leaderboards: all gifts up to row `seq`, except those in `uncounted_seqs`.

    `keys` are the current day, week and month, and `first_seqs` the gifts that they began with. Gifts up to `ahead_seq`
    that are later than `ahead_ms` count for all time only. `days` are all days that have any, with their first rows.

    Earnings are counted up to row `earnings_seq`, except those of the gifts in `uncounted_earnings`; and what members
    have gifted up to row `gifters_seq`, except the gifts in `uncounted_gifts`; and what creators were given and have
    earned up to row `creators_seq`, except the rows in `uncounted_by_creators`. `challenges` count with gifters.
    """

    seq: int
    keys: Spans = (0, 0, 0)
    first_seqs: Spans = (0, 0, 0)
    ahead_seq: int = 0
    ahead_ms: int = 0
    uncounted_seqs: frozenset[int] = frozenset()
    days: tuple[tuple[int, int], ...] = ()
    earnings_seq: int = 0
    uncounted_earnings: frozenset[int] = frozenset()
    gifters_seq: int = 0
    uncounted_gifts: frozenset[int] = frozenset()
    creators_seq: int = 0
    uncounted_by_creators: frozenset[int] = frozenset()
    challenges: tuple[Window, ...] = ()


class Stretch(NamedTuple):
    """The sums of the rows `after` + 1 to `until`, except those in its parts, which refer to these lists by position.

    `turns` are the gifts, (row, its day, week and month) each, that are not of the same day as the one before.
    """

    after: int
    until: int
    kinds: list[str]
    ladders: list[LadderKey]
    contexts: list[Context]
    turns: list[tuple[int, Spans]]
    days: list[ChallengeDays]
    sizes: list[tuple[int, int, int]]
    """For each part, the bytes of its gifts, of its account changes, and of its gifts in challenges."""


class Part(NamedTuple):
    """One part of a stretch, packed as `GIFT`, `CHANGE` and `DAY`."""

    gifts: bytearray
    changes: bytearray
    days: bytearray


class SpillFolder(NamedTuple):
    """A folder for the sums of one guild, and the number of parts, a power of two.

    `mark` says which gifts its leaderboards had counted when the audit began.
    """

    folder: str
    parts: int
    mark: Mark

    @property
    def shift(self) -> int:
        """The number of bits by which a holder id is shifted right to get the number of its part."""
        return _HOLDER_BITS + 1 - self.parts.bit_length()

    def bounds(self, part: int) -> tuple[int, int]:
        """Return the first and the last id of a part. Anything that is no holder id is in the first or last."""
        first = part << self.shift if part else -(2**63)
        last = (part + 1 << self.shift) - 1 if part < self.parts - 1 else 2**63 - 1
        return first, last

    def put(self, stretch: Stretch, parts: Iterable[Part], creators: bytes) -> None:
        """Write a stretch, its parts, and its sums of creators. Raises StorageError."""
        folder = Path(self.folder)
        try:
            folder.mkdir(exist_ok=True)
            with self._file(stretch).open("wb") as file:
                for part in parts:
                    file.writelines(part)
            self._file(stretch).with_suffix(".creators").write_bytes(creators)
            self._file(stretch).with_suffix(".json").write_bytes(orjson.dumps(tuple(stretch)))
        except OSError as error:
            raise StorageError(
                f"The audit cannot write its temporary files to {folder}: {error.strerror}. Set TMPDIR to a folder "
                "with room."
            ) from error

    def stretches(self) -> Iterator[Stretch]:
        """Yield the stretches that were put aside, in journal order."""
        for file in sorted(Path(self.folder).glob("*.json")):
            after, until, kinds, ladder_lists, context_lists, turn_lists, day_lists, sizes = orjson.loads(
                file.read_bytes()
            )
            # JSON made lists of the tuples.
            ladders = [(board, scope, event) for board, scope, event in ladder_lists]
            contexts = [(day, tuple(numbers)) for day, numbers in context_lists]
            turns = [(seq, _spans(spans)) for seq, spans in turn_lists]
            days = [(creator, tuple(map(_day, day_list))) for creator, day_list in day_lists]
            yield Stretch(after, until, kinds, ladders, contexts, turns, days, sizes)

    def part(self, stretch: Stretch, part: int) -> Part:
        """Return one part of a stretch."""
        with self._file(stretch).open("rb") as file:
            file.seek(sum(map(sum, stretch.sizes[:part])))
            return Part(*(bytearray(file.read(size)) for size in stretch.sizes[part]))

    def creators(self, stretch: Stretch) -> bytes:
        """Return the packed sums of creators of a stretch."""
        return self._file(stretch).with_suffix(".creators").read_bytes()

    def _file(self, stretch: Stretch) -> Path:
        return Path(self.folder) / f"{stretch.after:020}.parts"


def _spans(keys: list[int]) -> Spans:
    day, week, month = keys
    return day, week, month


def _day(fields: list[Any]) -> tuple[int, int, bool]:
    number, day, is_double = fields
    return number, day, is_double
