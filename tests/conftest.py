"""What every suite may use: one stage for the whole run, and a fresh guild on it for each test."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.stage import Stage, Town

# One profile: the deadline is off because two busy cores are no fault of a rule.
settings.register_profile("rosette", deadline=None, print_blob=True)
settings.load_profile("rosette")


@pytest.fixture(scope="session")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    """A local Discord, a pretend checkout, and the real bot as its own process."""
    stage = Stage(tmp_path_factory.mktemp("stage"))
    await stage.open()
    await stage.start_bot()
    yield stage
    await stage.close()


@pytest.fixture
async def own_stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage of one test's own, for those that stop or kill the bot; the bot is started by the test."""
    stage = Stage(tmp_path)
    await stage.open()
    yield stage
    await stage.close()


@pytest.fixture
async def town(stage: Stage) -> Town:
    """A fresh guild with an owner, a moderator, creators and members, whose books are open."""
    return await stage.found_town()


@pytest.fixture(scope="session")
def openapi_path() -> Path:
    """Discord's published API description; a clone without it skips what needs it."""
    path = Path(os.environ.get("DISCORD_OPENAPI", "absent"))
    if not path.is_file():
        if os.environ.get("REQUIRE_SERVICES"):
            pytest.fail("DISCORD_OPENAPI has to name Discord's API description here")
        pytest.skip("DISCORD_OPENAPI does not name Discord's API description")
    return path
