"""When the books were last backed up and audited, noted beside them, so that whoever watches the bot sees it.

Backups and audits are commands of their own, which a timer starts. The running bot learns of them from this file. Like
the list of deleted members it is part of no backup: restored books were not backed up by themselves.
"""

import contextlib
import os
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.engine import make_url

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
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        return Path(f"{url.database}{SUFFIX}")
    return dumps / f"{url.database}{SUFFIX}"


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
    marks = replace(read(file), **changes)
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(partial, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "wb") as content:
            content.write(orjson.dumps(marks))
            content.flush()
            os.fsync(content.fileno())
        partial.replace(file)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
