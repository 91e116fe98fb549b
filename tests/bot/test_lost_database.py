"""A real bot whose PostgreSQL server goes away: it refuses gifts, stays up, and recovers by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import books, postgres
from tests.rig import Rig


@pytest.fixture
async def wobbly_rig(own_server: postgres.Server, tmp_path: Path) -> AsyncIterator[Rig]:
    """A rig with a database server of the test's own."""
    rig = Rig(tmp_path, own_server.address("postgres"))
    await rig.open()
    yield rig
    await rig.close()


async def test_a_bot_outlives_its_database_server(wobbly_rig: Rig, own_server: postgres.Server) -> None:
    await wobbly_rig.start_bot()
    town = await wobbly_rig.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    pid = wobbly_rig.bot.pid
    own_server.stop("immediate")
    refusal = await town.give(town.mia, "Clover", town.noor)
    own_server.start()
    receipt = await town.give(town.mia, "Clover", town.noor)
    announcement = await town.announced(town.general, "Clover")
    still_there = wobbly_rig.bot.pid
    await wobbly_rig.stop_bot()

    assert "Coins are paused" in refusal.text
    # Nobody can look it up.
    assert "charged" not in refusal.text
    assert "Receipt #2" in receipt.text
    assert announcement
    assert still_there == pid
    assert books.gift_coins(wobbly_rig.database, town.guild.id) == 20
