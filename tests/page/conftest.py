"""A sandbox with a small fake bot, one with the real bot, and Chromium to look at them."""

import sys

import pytest

from sandbox.opening_scene import OpeningScene
from tests.page.looking import looking
from tests.page.visiting import FAKE_BOT, opened, visiting


@pytest.fixture(scope="session")
async def sandbox(tmp_path_factory):
    async with opened(tmp_path_factory.mktemp("sandbox"), FAKE_BOT) as sandbox:
        await OpeningScene(sandbox.world, sandbox.garden).greet()
        yield sandbox


@pytest.fixture(scope="module")
async def garden(tmp_path_factory):
    """A sandbox with the real bot, whose opening scene is over."""
    async with opened(tmp_path_factory.mktemp("garden"), [sys.executable, "-m", "bot"]) as sandbox:
        await sandbox.play()
        yield sandbox


@pytest.fixture
async def mia(sandbox):
    async with visiting(sandbox, "mia") as visitor:
        yield visitor


@pytest.fixture
async def leo(sandbox):
    async with visiting(sandbox, "leo") as visitor:
        yield visitor


@pytest.fixture
async def sam(sandbox):
    async with visiting(sandbox, "sam") as visitor:
        yield visitor


@pytest.fixture
async def page(sandbox, windows):
    """The page in a wide window. A test fails if one of the page's scripts fails."""
    async with looking(windows, sandbox.address, width=1280, height=800) as page:
        yield page


@pytest.fixture
async def garden_page(garden, windows):
    """The page of the real bot's sandbox."""
    async with looking(windows, garden.address, width=1280, height=800) as page:
        yield page


@pytest.fixture
async def phone(sandbox, windows):
    """The page on a phone."""
    async with looking(windows, sandbox.address, width=390, height=844, has_touch=True) as page:
        yield page
