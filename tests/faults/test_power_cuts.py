"""Power cuts, simulated: only synced data has to survive, and everything acknowledged has to be part of it.

With `synchronous=NORMAL` instead of FULL some of it is not, and the same check notices.
"""

import random
import shutil
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import books
from tests.faults.children import Children, children
from tests.faults.disk import events
from tests.faults.giving import gifts
from tests.faults.powering import DISK, WAYS, cuts, give_on_disk
from tests.faults.verdict import judge
from tests.thoroughness import by_thoroughness

GIFTS = 260
"""Enough gifts for a checkpoint of the write-ahead log on the way."""
IMAGES = by_thoroughness(quick=30, full=30, long=180)


@pytest.fixture(scope="module")
async def powered(disk_library: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Children]:
    """Processes whose disk keeps a log."""
    async with children(tmp_path_factory.mktemp("powered"), LD_PRELOAD=str(disk_library)) as processes:
        yield processes


async def test_what_was_acknowledged_survives_any_power_cut(powered: Children, rich: Path, tmp_path: Path):
    disk, log = await give_on_disk(powered, rich, "open", GIFTS)

    verdicts = list(cuts(disk, log, tmp_path, random.Random(4), IMAGES))

    assert [(way, verdict) for way, verdict in verdicts if not verdict.fine] == []
    assert Counter(way for way, _ in verdicts) == dict.fromkeys(WAYS, IMAGES // 3)
    assert len({verdict.gifts for _, verdict in verdicts}) > 20
    # A checkpoint happened while gifts went on, which is the delicate part.
    assert any(event.kind == "S" and event.name == DISK for event in list(events(log))[:-200])


async def test_less_than_full_synchronisation_is_caught(powered: Children, rich: Path, tmp_path: Path):
    disk, log = await give_on_disk(powered, rich, "normal", GIFTS)

    verdicts = list(cuts(disk, log, tmp_path, random.Random(4), IMAGES))

    assert len([way for way, verdict in verdicts if way == "unsynced" and verdict.missing]) >= 10
    # Nothing worse happens: the books add up, and a mere kill loses nothing.
    assert [verdict for _, verdict in verdicts if verdict.findings or verdict.doubled] == []
    assert [verdict for way, verdict in verdicts if way == "nothing" and verdict.missing] == []


async def test_a_row_that_is_missing_or_twice_is_seen(mortals: Children, rich: Path, tmp_path: Path):
    _, acknowledged = await mortals.run(rich, gifts(3), how="open")
    assert judge(rich, acknowledged).fine
    robbed, doubled = (Path(shutil.copy(rich, tmp_path / name)) for name in ("lost.db", "twice.db"))

    books.change(robbed, "DELETE FROM journal WHERE key = 'gift:2'")
    await mortals.run(doubled, [gifts(3)[2]._replace(key="another")], how="open")

    assert judge(robbed, acknowledged).missing == ("gift 2",)
    assert judge(doubled, acknowledged).doubled == ("gift 2",)
