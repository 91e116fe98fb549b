"""What the wire suites share: everything that crosses the wire is checked against Discord's description."""

import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from sandbox.discord.exchange import PATIENCE_SECONDS
from tests import forkserver, postgres
from tests.bot.listed_presses import is_listed, unseen
from tests.bot.presses import Press, presses
from tests.openapi import OpenApi
from tests.rig import Rig, Town


@pytest.fixture(scope="session")
def description() -> OpenApi | None:
    """Discord's published API description, or None in a clone that lacks it."""
    path = Path(os.environ.get("DISCORD_OPENAPI", "absent"))
    return OpenApi(path) if path.is_file() else None


@pytest.fixture(autouse=True)
def spoken_as_published(request: pytest.FixtureRequest, description: OpenApi | None) -> Iterator[None]:
    """After each test, check the bot's requests and the stand-in's answers against Discord's description, and check
    that the test has pressed what it is listed for."""
    # Requesting the stages here keeps them open until this fixture has checked them.
    rigs: list[Rig] = [
        request.getfixturevalue(name) for name in ("rig", "own_rig", "shop") if name in request.fixturenames
    ]
    yield
    actual: list[Press] = []
    for rig in rigs:
        records = list(rig.world.requests)
        rig.world.requests.clear()
        if is_listed(request.node):
            actual += presses(rig.world, records)
        if description is not None:
            problems = [problem for record in records for problem in description.check_record(record)]
            assert not problems, "\n".join(problems)
    assert unseen(request.node, actual) == []


@pytest.fixture(scope="module")
async def shop(
    books_kind: str, tmp_path_factory: pytest.TempPathFactory, migrated: Path, request: pytest.FixtureRequest
) -> AsyncIterator[Rig]:
    """A rig whose bot takes real money, too: by hand, and through a pretend Ko-fi."""
    folder = tmp_path_factory.mktemp("shop")
    shutil.copy(migrated, folder / "rosette.db")
    with contextlib.ExitStack() as stack:
        address = None
        if books_kind == "postgresql":
            server: postgres.Server = request.getfixturevalue("server")
            address = server.address(stack.enter_context(server.database(request.getfixturevalue("template"))))
        rig = Rig(folder, address, spawn=forkserver.spawn)
        rig.world.first_answer_seconds = PATIENCE_SECONDS
        await rig.open()
        await rig.start_bot(PAYMENT_PROVIDERS="sandbox,kofi,manual")
        yield rig
        await rig.close()


@pytest.fixture
async def shop_town(shop: Rig) -> Town:
    """A fresh guild at the bot that takes real money."""
    return await shop.found_town()
