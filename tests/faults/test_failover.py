"""What a standby has when it takes over in the middle of a storm."""

import asyncio
from pathlib import Path

import pytest

from tests import postgres
from tests.conftest import without_postgresql
from tests.faults.failover import Giving, storm
from tests.faults.machines import Machine, pair_on
from tests.rig import Rig


@pytest.mark.databases("postgresql")
async def test_a_standby_that_takes_over_has_every_gift_that_was_acknowledged(tmp_path: Path) -> None:
    if postgres.BINARIES is None:
        without_postgresql("PostgreSQL is not installed")
    with pair_on(Machine(), Machine()) as pair:

        async def crash(_rig: Rig, _giving: Giving) -> None:
            await asyncio.to_thread(pair.primary.stop, "immediate")

        result = await storm(pair, tmp_path, crash, gifts=20)

    assert result.verdict.fine, result.verdict
    assert result.answers["receipt"] >= 40
