"""Notes beside the books when they were backed up and audited: the bot's metrics tell, and so does `doctor`."""

import sys
from pathlib import Path

from bot.clock import wall_ms
from bot.storage.maintenance import marks


def note_backup(file: Path) -> None:
    """Note a backup in `file`. Its copy has passed an audit, so it counts as one."""
    now_ms = wall_ms()
    _note(file, backup_ms=now_ms, audit_ms=now_ms, audit_findings=0)


def note_audit(file: Path, findings: int) -> None:
    """Note in `file` how many findings an audit of all guilds had."""
    if findings:
        _note(file, audit_findings=findings)
    else:
        _note(file, audit_ms=wall_ms(), audit_findings=0)


def _note(file: Path, **changes: int) -> None:
    try:
        marks.note(file, **changes)
    except OSError as error:
        # What was done is done, and nobody should think that it failed.
        print(f"rosette: the time of this could not be noted for /metrics: {error}", file=sys.stderr)
