"""Migrates copies of a database, and dies at the first point of the first, at a later one of the second, and so on.

Run as `python -m tests.storage.dying_migration FILE FOLDER STEP`: it prints the points at which a copy died, the last
two of all among them. A point is before and after every statement, and before every commit.
"""

import itertools
import os
import shutil
import signal
import sys
from pathlib import Path

from sqlalchemy import Engine, event

from bot.storage.connect.address import database_url
from bot.storage.maintenance import migrate

MOST = 1_000


def migrate_until(file: Path, die_at: int) -> None:
    points = 0

    def point(*_: object) -> None:
        nonlocal points
        points += 1
        if points == die_at:
            os.kill(os.getpid(), signal.SIGKILL)

    for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(Engine, name, point)
    migrate.upgrade(database_url(f"sqlite:///{file}"))


def dies(origin: Path, folder: Path, point: int) -> bool:
    """Whether a copy, kept in `folder` by the number of the point, dies there; it comes through after the last one."""
    file = Path(shutil.copy(origin, folder / f"{point}.db"))
    child = os.fork()
    if child == 0:
        migrate_until(file, point)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status != 0 and not os.WIFSIGNALED(status):
        sys.exit(f"point {point} ended with {status}")
    return status != 0


def main(origin: Path, folder: Path, step: int) -> None:
    points = list(itertools.takewhile(lambda point: dies(origin, folder, point), range(1, MOST, step)))
    last, beyond = points[-1], points[-1] + step
    while beyond - last > 1:
        middle = (last + beyond) // 2
        if dies(origin, folder, middle):
            points.append(last := middle)
        else:
            beyond = middle
    if last - 1 not in points and dies(origin, folder, last - 1):
        points.append(last - 1)
    sys.stdout.write(" ".join(map(str, sorted(points))))


main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
