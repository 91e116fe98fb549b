"""Power cuts: a child sends gifts on a disk that keeps a log, and the log is replayed to any number of ends."""

import random
from collections.abc import Iterator
from pathlib import Path

from bot.storage.connect.sqlite import copy_database
from tests.faults.children import Children
from tests.faults.disk import Disk, events
from tests.faults.giving import gifts
from tests.faults.verdict import Verdict, judge

CHECKPOINT = 1_000
"""Pages of the write-ahead log before a checkpoint: rare enough for gifts in between, often enough to be cut."""

DISK = "disk.db"
"""The name of the books on the disk that keeps a log."""

WIDTH = 2
"""Gifts that are in flight at a time."""
WAYS = ("unsynced", "torn", "nothing")
"""What is lost: all unsynced writes, some of their sectors, or nothing, as when only the process is killed."""


async def give_on_disk(processes: Children, file: Path, mode: str, count: int) -> tuple[Disk, Path]:
    """Send gifts on the disk. Return its synced state from before, and the log of what happened to it.

    They go into a copy of `file`, as `DISK`. Whoever has opened the books themselves would write the log of the last
    changes back into the file when closing it, which could be after its state from before was read.
    """
    books = file.with_name(DISK)
    copy_database(file, books)
    disk, log = Disk.of(books), file.with_name(f"{mode}.log")
    variables = {"DISK_OF": str(books), "DISK_LOG": str(log)}
    code, acknowledged = await processes.run(
        books, gifts(count), how=mode, width=WIDTH, log=str(log), checkpoint=CHECKPOINT, env=variables
    )
    assert (code, len(acknowledged)) == (0, count)
    return disk, log


def cuts(disk: Disk, log: Path, folder: Path, chance: random.Random, images: int) -> Iterator[tuple[str, Verdict]]:
    """Yield `images` verdicts on power cuts and kills in a log, half of them right after an acknowledgement.

    Each comes with its way, one of WAYS.
    """
    log_events = list(events(log))
    ack_positions = [position for position, event in enumerate(log_events) if event.kind == "A"]
    # Moments after the last acknowledgement are left out: the child is only shutting down there.
    quiet_positions = sorted({*range(ack_positions[-1])} - {*ack_positions})
    moments = chance.sample(ack_positions, images // 2) + chance.sample(quiet_positions, images - images // 2)
    way_by_position = dict(zip(moments, WAYS * images, strict=False))
    for position, event in enumerate(log_events):
        disk.happen(event)
        if position not in way_by_position:
            continue
        image_folder, way = folder / f"{log.stem}-{position}", way_by_position[position]
        if way == "nothing":
            image = disk.after_kill(image_folder)
        else:
            image = disk.after_power_cut(image_folder, chance if way == "torn" else None)
        yield way, judge(image, disk.acknowledged)
