"""What tests know about an overlay page: it tells each gift that appears with an event, which is recorded here."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, Page

from tests.overlay.speaker import CONTROL_TOKEN, TOKEN, Speaker

RECORD = """
    window.shown = JSON.parse(sessionStorage.getItem("shown-by-test") ?? "[]");
    document.addEventListener("rosette:shown", ({ detail }) => {
        window.shown.push(detail);
        // A reload forgets the page's variables, and the test wants to count over it.
        sessionStorage.setItem("shown-by-test", JSON.stringify(window.shown));
    });
"""
PATIENCE_SECONDS = 30


async def until(condition: Callable[[], Any]) -> Any:
    """Wait until `condition()` or `await condition()` is true."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            result = condition()
            if asyncio.iscoroutine(result):
                result = await result
            if result:
                return result
            await asyncio.sleep(0.02)


@dataclass
class Watched:
    """One overlay page. `page` is Playwright's."""

    page: Page

    async def events(self):
        return await self.page.evaluate("window.shown")

    async def seqs(self):
        """Every seq that appeared, in order; one that appeared twice is there twice."""
        return [seq for event in await self.events() for seq in event["seqs"] if seq is not None]

    async def coins(self):
        return sum(event["coins"] for event in await self.events())

    async def until_shown(self, count):
        async def enough():
            return len(await self.seqs()) >= count

        await until(enough)

    async def lanes(self):
        return Counter([event["lane"] for event in await self.events()])

    def visible(self, selector):
        return self.page.locator(f"{selector}:visible")


@dataclass
class Opener:
    """Opens pages, each as a source of its own unless it shares a `context`."""

    browser: Browser
    address: str
    speaker: Speaker
    stack: contextlib.AsyncExitStack
    errors: list = field(default_factory=list)

    async def context(self, *, size=(1920, 1080), **options):
        context = await self.browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
        self.stack.push_async_callback(context.close)
        await context.add_init_script(RECORD)
        return context

    async def open(self, query="", *, context=None, token=TOKEN, clock=False, wait=True, path="/overlay", **options):
        """Open a page and wait until it is connected. With `clock` its time only passes when the test says so."""
        page = await (context or await self.context(**options)).new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        if clock:
            await page.clock.install()
        before = len(self.speaker.sources)
        await page.goto(f"{self.address}{path}?volume=0{query}#{token}")
        if wait:
            await until(lambda: len(self.speaker.sources) > before)
        return Watched(page)

    async def dock(self, **options):
        return await self.open(token=CONTROL_TOKEN, path="/overlay/control", **options)
