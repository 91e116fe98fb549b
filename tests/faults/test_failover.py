"""What a standby has when it takes over in the middle of a storm."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import without_postgresql
from tests.faults.failover import Giving, look_up_again, storm
from tests.faults.machines import FOLLOWING, Machine, Pair, pair_on
from tests.rig import Rig

pytestmark = pytest.mark.databases("postgresql")


@pytest.fixture
def pair() -> Iterator[Pair]:
    """A primary and its standby, both on this machine."""
    if postgres.BINARIES is None:
        without_postgresql("PostgreSQL is not installed")
    with pair_on(Machine(), Machine()) as pair:
        yield pair


async def test_a_standby_that_takes_over_has_every_gift_that_was_acknowledged(pair: Pair, tmp_path: Path) -> None:
    async def crash(_rig: Rig, _giving: Giving) -> None:
        await asyncio.to_thread(pair.primary.stop, "immediate")

    result = await storm(pair, tmp_path, crash, gifts=20)

    assert result.verdict.fine, result.verdict
    assert result.answers["receipt"] >= 40


async def test_a_standby_that_was_away_has_every_gift_whose_receipt_was_shown_meanwhile(
    pair: Pair, tmp_path: Path
) -> None:
    async def crash_one_after_the_other(rig: Rig, giving: Giving) -> None:
        await asyncio.to_thread(pair.standby.stop, "immediate")
        await look_up_again(rig, giving)
        await asyncio.to_thread(pair.primary.stop, "immediate")
        await asyncio.to_thread(pair.standby.start, *FOLLOWING)

    result = await storm(pair, tmp_path, crash_one_after_the_other, gifts=20)

    assert result.verdict.fine, result.verdict
    assert result.answers["receipt"] >= 40
