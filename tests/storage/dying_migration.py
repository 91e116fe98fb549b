"""Migrates a database once, and keeps at points on the way what a process that died there would leave.

Run as `python -m tests.storage.dying_migration FILE FOLDER STEP`: it prints the numbers of the points kept, the last
two of all among them. A point is before and after every statement, and before every commit.

A process that is killed leaves its files as they are, so copies of them serve for hundreds of deaths. Once, in the
middle, a process really dies, and leaves DIED: the test compares that with the copy.
"""

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Engine, event

from bot.storage.connect.address import database_url
from bot.storage.maintenance import migrate

EVENTS = ("before_cursor_execute", "after_cursor_execute", "commit")
DIED, SURVIVED = "died.db", "survived.db"


def migrate_past(file: Path, pass_point: Callable[[int], None]) -> int:
    """Migrate a database, and call `pass_point` with the number of each point. Return how many there were."""
    points = 0

    def point(*_: object) -> None:
        nonlocal points
        points += 1
        pass_point(points)

    for name in EVENTS:
        event.listen(Engine, name, point)
    migrate.upgrade(database_url(f"sqlite:///{file}"))
    for name in EVENTS:
        event.remove(Engine, name, point)
    return points


def copy_as_left(file: Path, target: Path) -> None:
    """Copy a database and its log. What is missing is their index, which the next process makes anew."""
    for suffix in ("", "-wal"):
        part, copy = (path.with_name(path.name + suffix) for path in (file, target))
        copy.unlink(missing_ok=True)
        if part.exists():
            shutil.copy(part, copy)


def keep_points(file: Path, folder: Path, step: int) -> list[int]:
    """Migrate a database, and keep every `step`th point and the last two in `folder`, each named by its number."""

    def keep(number: int) -> None:
        copy_as_left(file, folder / f"{number}.db")
        if number > 2 and (number - 3) % step:
            for suffix in ("", "-wal"):
                (folder / f"{number - 2}.db{suffix}").unlink(missing_ok=True)

    last = migrate_past(file, keep)
    return [point for point in range(1, last + 1) if (point - 1) % step == 0 or point > last - 2]


def die_at(file: Path, point: int) -> None:
    """Migrate a database in a process that kills itself at a point."""

    def pass_point(number: int) -> None:
        if number == point:
            os.kill(os.getpid(), signal.SIGKILL)

    child = os.fork()
    if child == 0:
        migrate_past(file, pass_point)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        sys.exit(f"point {point} ended with {status}")


def main(origin: Path, folder: Path, step: int) -> None:
    """Keep the points, and die at the one in their middle."""
    survivor, victim = (Path(shutil.copy(origin, folder / name)) for name in (SURVIVED, DIED))
    points = keep_points(survivor, folder, step)
    die_at(victim, points[len(points) // 2])
    sys.stdout.write(" ".join(map(str, points)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
