"""The list of deleted members beside the books. It names nobody: each line is a pseudonym and two times.

Books restored from an older backup still know members who were deleted since. Those on this list are deleted again at
the next start: the list is not part of any backup.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from bot.domain.erasures import Erasure
from bot.storage.connect.address import beside

SUFFIX = ".erased"


def path_of(database_url: str, dumps: Path) -> Path:
    """Return where the list is: beside a SQLite file, or in the folder of a server's dumps."""
    return beside(database_url, dumps, SUFFIX)


def read(file: Path) -> list[Erasure]:
    """Return who is on the list. A line that a crash has cut off is left out: the books still have it."""
    if not file.exists():
        return []
    lines = file.read_text(encoding="ascii", errors="replace").splitlines()
    return [erasure for line in lines if (erasure := _erasure(line)) is not None]


def add(file: Path, erasures: Iterable[Erasure]) -> None:
    """Append members to the list. They are on disk once this returns."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="ascii") as lines:
        for erasure in erasures:
            # A line of its own even after one that was cut off.
            lines.write(
                f"\n{erasure.guild_id} {erasure.holder_id} {erasure.erased_ms} {erasure.records_until_ms or 0}\n"
            )
        lines.flush()
        os.fsync(lines.fileno())


def _erasure(line: str) -> Erasure | None:
    fields = line.split()
    if len(fields) != 4 or not all(field.isdecimal() for field in fields):
        return None
    guild_id, holder_id, erased_ms, records_until_ms = map(int, fields)
    return Erasure(guild_id, holder_id, erased_ms, records_until_ms or None)
