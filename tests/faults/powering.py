"""Power cuts: a child gives on a disk that keeps a log, and the log is replayed to as many ends as anybody wants."""

import random
from collections.abc import Iterator
from pathlib import Path

from tests.faults.children import Children
from tests.faults.disk import Disk, events
from tests.faults.giving import gifts
from tests.faults.judging import Verdict, judge

CHECKPOINT = 1_000
"""Pages of the log before it is copied back: seldom enough for gifts between, often enough to be cut off."""

WIDTH = 2
"""Gifts that are asked for at once."""
WAYS = ("unsynced", "torn", "nothing")
"""What a cut loses: everything that was not synced, a part of it by sectors, or, as the kill of a process, nothing."""


async def give_on_disk(processes: Children, file: Path, mode: str, count: int) -> tuple[Disk, Path]:
    """Give on the disk; return what it held before, synced, and the log of what happened to it."""
    disk, log = Disk.of(file), file.with_name(f"{mode}.log")
    variables = {"DISK_OF": str(file), "DISK_LOG": str(log)}
    code, acknowledged = await processes.run(
        file, gifts(count), how=mode, width=WIDTH, log=str(log), checkpoint=CHECKPOINT, env=variables
    )
    assert (code, len(acknowledged)) == (0, count)
    return disk, log


def cuts(disk: Disk, log: Path, folder: Path, chance: random.Random, images: int) -> Iterator[tuple[str, Verdict]]:
    """Yield `images` verdicts on power cuts and kills at moments of a log, half of them right after somebody was told.

    Each comes with its way, one of WAYS.
    """
    log_events = list(events(log))
    ack_positions = [position for position, event in enumerate(log_events) if event.kind == "A"]
    # The end, where the last of all is tidied up, is no moment at which anybody is told something.
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
