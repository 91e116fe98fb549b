"""Chromium for every suite that looks at a page: one browser a worker."""

import contextlib
import os
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from tests import services_needed

CHROMIUM = Path("/usr/bin/chromium")
FONTS = Path(__file__).parent / "page" / "fonts.conf"
"""The fonts of the browser: those of the machine, without any that could write what the sandbox draws."""


class Windows:
    """The windows of a browser. Those of one shape are one and the same, in which each test begins as a newcomer.

    Most of the cost of a window is its process, which draws every font and runs every script for the first time.
    """

    def __init__(self, browser):
        self.browser = browser
        self._pages = {}

    @contextlib.asynccontextmanager
    async def window(self, **shape):
        """Lend the window of a shape. It is not used again if its traces cannot be removed."""
        key = tuple(shape.items())
        page = self._pages.pop(key, None) or await self._open(**shape)
        yield page
        await page.mouse.move(0, 0)
        await page.evaluate("localStorage.clear(); sessionStorage.clear()")
        await page.goto("about:blank")
        self._pages[key] = page

    async def _open(self, *, width, height, has_touch=False):
        context = await self.browser.new_context(
            viewport={"width": width, "height": height}, has_touch=has_touch, color_scheme="dark"
        )
        return await context.new_page()


@pytest.fixture(scope="session")
def chromium():
    if not CHROMIUM.exists():
        services_needed.go_without(services_needed.CHROMIUM)
    return str(CHROMIUM)


@pytest.fixture(scope="session")
async def windows(chromium):
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox"], env={**os.environ, "FONTCONFIG_FILE": str(FONTS)}
        )
        yield Windows(browser)
        await browser.close()
