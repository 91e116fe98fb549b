"""When the books were last backed up and audited, noted beside them for those who watch the bot.

Backups and audits are commands of their own, started by a timer. The running bot learns of them from this file. Like
the list of deleted members it is not part of any backup: what it says is not true of restored books.
"""

from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import orjson

from bot.storage.connect.address import beside
from bot.storage.maintenance.whole_files import write_whole

SUFFIX = ".marks.json"


@dataclass(frozen=True, slots=True)
class Marks:
    """What was noted. Times are in milliseconds since the epoch, UTC, 0 for never.

    `audit_findings` are those of the last audit of all guilds, and `audit_ms` is when one last found nothing.
    """

    backup_ms: int = 0
    audit_ms: int = 0
    audit_findings: int = 0


def path_of(database_url: str, dumps: Path) -> Path:
    """Return where the marks are: beside a SQLite file, or in the folder of a server's dumps."""
    return beside(database_url, dumps, SUFFIX)


def read(file: Path) -> Marks:
    """Return what was noted. A file that is missing or cannot be read says that nothing ever was."""
    try:
        noted: Any = orjson.loads(file.read_bytes())
        return Marks(**{field.name: int(noted.get(field.name, 0)) for field in fields(Marks)})
    except (OSError, ValueError, TypeError, AttributeError):
        return Marks()


def note(file: Path, **changes: int) -> None:
    """Change some of the marks, named as in `Marks`. Nobody reads half of a file. Raises OSError.

    Two commands that end within the same millisecond may lose the mark of one of them.
    """
    write_whole(file, orjson.dumps(replace(read(file), **changes)))
