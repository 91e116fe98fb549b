"""The process that exports: `python -m bot.storage.export.child`. It reads a request as a line of JSON, and answers
with one.

In a process of its own, an export of a million rows takes none of the bot's memory or time, and reads a single state of
the books from the first row to the last.
"""

import contextlib
import os
import shutil
import sys
import threading
import traceback
from contextlib import closing
from pathlib import Path

import orjson

from bot.domain.errors import UnknownGuild
from bot.storage.audit.reader import open_reader
from bot.storage.export.archive import export
from bot.storage.export.parts import split

_NICENESS = 10
"""Gifts go first."""


def main() -> None:
    """Answer one request, whose target is in a folder of its own. The process ends at once if its parent does."""
    os.nice(_NICENESS)
    os.umask(0o077)
    request = orjson.loads(sys.stdin.buffer.readline())
    target = Path(request["target"])
    threading.Thread(target=_end_with_parent, args=[target.parent], daemon=True).start()
    try:
        with closing(open_reader(request["address"])) as reader:
            exported = reader.look(export, request["guild"], target)
        whole = [("", target.name)]
        if target.stat().st_size > request["most"]:
            whole = [(part.months, part.file.name) for part in split(target, request["most"])]
        answer = {"seq": exported.seq, "agrees": exported.agrees, "files": whole}
    except UnknownGuild:
        answer = {"unknown": True}
    except Exception:  # noqa: BLE001 - the parent logs it
        answer = {"error": traceback.format_exc()}
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(orjson.dumps(answer))
        sys.stdout.buffer.flush()
    # The thread still waits for the parent.
    os._exit(0)


def _end_with_parent(folder: Path) -> None:
    """Wait until the parent has ended, and remove the folder that it made for this."""
    sys.stdin.buffer.read()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


if __name__ == "__main__":
    main()
