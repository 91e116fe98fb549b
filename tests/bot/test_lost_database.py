"""A real bot whose PostgreSQL server goes away: it refuses gifts, stays up, and recovers by itself."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests import books, postgres
from tests.stage import Stage


@pytest.fixture
async def wobbly_stage(own_server: postgres.Server, tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage with a database server of the test's own."""
    stage = Stage(tmp_path, own_server.address("postgres"))
    await stage.open()
    yield stage
    await stage.close()


async def test_a_bot_outlives_its_database_server(wobbly_stage: Stage, own_server: postgres.Server) -> None:
    await wobbly_stage.start_bot()
    town = await wobbly_stage.found_town()
    await town.approve(town.noor)
    await town.grant(town.mia, 100)
    pid = wobbly_stage.bot.pid
    own_server.stop("immediate")
    refusal = await town.give(town.mia, "Clover", town.noor)
    own_server.start()
    receipt = await town.give(town.mia, "Clover", town.noor)
    announcement = await town.announced(town.general, "Clover")
    still_there = wobbly_stage.bot.pid
    await wobbly_stage.stop_bot()

    assert "Coins can't be moved" in refusal.text
    # Nobody can look it up.
    assert "charged" not in refusal.text
    assert "Receipt #2" in receipt.text
    assert announcement
    assert still_there == pid
    assert books.given(wobbly_stage.database, town.guild.id) == 20
