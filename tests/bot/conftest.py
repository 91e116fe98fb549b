"""What the wire suites share: everything that crosses the wire is checked against Discord's description."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.openapi import OpenApi
from tests.rig import Rig


@pytest.fixture(scope="session")
def description() -> OpenApi | None:
    """Discord's published API description, or None in a clone that lacks it."""
    path = Path(os.environ.get("DISCORD_OPENAPI", "absent"))
    return OpenApi(path) if path.is_file() else None


@pytest.fixture(autouse=True)
def spoken_as_published(request: pytest.FixtureRequest, description: OpenApi | None) -> Iterator[None]:
    """After each test, check the bot's requests and the stand-in's answers against Discord's description."""
    # Requesting the stages here keeps them open until this fixture has checked them.
    rigs: list[Rig] = [request.getfixturevalue(name) for name in ("rig", "own_rig") if name in request.fixturenames]
    yield
    for rig in rigs:
        records = list(rig.world.requests)
        rig.world.requests.clear()
        if description is not None:
            problems = [problem for record in records for problem in description.check_record(record)]
            assert not problems, "\n".join(problems)
