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


async def give_on_disk(powered: Children, file: Path, how: str, count: int) -> tuple[Disk, Path]:
    """Give on the disk; return what it held before, synced, and the log of what happened to it."""
    before, log = Disk.of(file), file.with_name(f"{how}.log")
    variables = {"DISK_OF": str(file), "DISK_LOG": str(log)}
    code, said = await powered.run(
        file, gifts(count), how=how, width=WIDTH, log=str(log), checkpoint=CHECKPOINT, env=variables
    )
    assert (code, len(said)) == (0, count)
    return before, log


def cuts(disk: Disk, log: Path, folder: Path, chance: random.Random, images: int) -> Iterator[tuple[str, Verdict]]:
    """Yield `images` verdicts on power cuts and kills at moments of a log, half of them right after somebody was told.

    Each comes with its way, one of WAYS.
    """
    happened = list(events(log))
    told = [at for at, event in enumerate(happened) if event.kind == "A"]
    # The end, where the last of all is tidied up, is no moment at which anybody is told something.
    between = sorted({*range(told[-1])} - {*told})
    moments = chance.sample(told, images // 2) + chance.sample(between, images - images // 2)
    wanted = dict(zip(moments, WAYS * images, strict=False))
    for at, event in enumerate(happened):
        disk.happen(event)
        if at not in wanted:
            continue
        here, way = folder / f"{log.stem}-{at}", wanted[at]
        if way == "nothing":
            image = disk.after_kill(here)
        else:
            image = disk.after_power_cut(here, chance if way == "torn" else None)
        yield way, judge(image, disk.acknowledged)
