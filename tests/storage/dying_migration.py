"""Migrates copies of a database, and dies at the first point of the first, the second of the second, and so on.

Run as `python -m tests.storage.dying_migration FILE FOLDER`; it prints how many died before one came through. A point
is before and after every statement, and before every commit.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from bot.storage import migrate
from bot.storage.engine import database_url

MOST = 1_000


def migrate_until(file: Path, die_at: int) -> None:
    passed = 0

    def point(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, point)
    migrate.upgrade(database_url(f"sqlite:///{file}"))


def main(origin: Path, folder: Path) -> None:
    for die_at in range(1, MOST):
        file = Path(shutil.copy(origin, folder / f"{die_at}.db"))
        child = os.fork()
        if child == 0:
            migrate_until(file, die_at)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            sys.stdout.write(f"{die_at - 1}\n")
            return
        if not os.WIFSIGNALED(status):
            sys.exit(f"point {die_at} ended with {status}")


main(*map(Path, sys.argv[1:]))
