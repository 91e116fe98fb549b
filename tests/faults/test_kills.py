"""The real bot is killed in a gift storm. What members were told stays true, whatever the moment."""

import shutil
from pathlib import Path

from tests import books
from tests.faults.storm import Storm
from tests.faults.verdict import judge
from tests.rig import Rig

KILLS = 5
GIFTS = 60
"""Gifts between two kills."""


async def test_no_acknowledged_gift_is_lost_or_doubled_by_kills_in_a_storm(own_rig: Rig, tmp_path: Path):
    storm = await Storm.begin(own_rig, seed=3)
    for _ in range(KILLS):
        await storm.rage(GIFTS)
    verdict = await storm.end()
    robbed = Path(shutil.copy(own_rig.database, tmp_path / "robbed.db"))
    books.change(robbed, "DELETE FROM notes WHERE seq = (SELECT max(seq) FROM notes)")
    books.change(robbed, "DELETE FROM journal WHERE kind = 'gift' AND seq = (SELECT max(seq) FROM journal)")

    assert verdict.fine, verdict
    assert verdict.gifts >= len(storm.acknowledged) >= KILLS
    assert min(storm.counts["kills"], storm.counts["kills of its books"]) >= 1
    assert storm.counts["duplicates"] >= KILLS * GIFTS // 2
    # The control: the same check notices books that lack one gift.
    assert not judge(robbed, storm.acknowledged).fine
