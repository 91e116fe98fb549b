"""Helpers for the tests in Chromium."""

import contextlib

from playwright.async_api import expect

expect.set_options(timeout=30_000)


class Windows:
    """The windows of a browser. Those of one shape are one and the same, in which each test begins as a newcomer.

    Most of the cost of a window is its process, which draws every font and runs every script for the first time.
    """

    def __init__(self, browser):
        self._browser = browser
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
        context = await self._browser.new_context(
            viewport={"width": width, "height": height}, has_touch=has_touch, color_scheme="dark"
        )
        return await context.new_page()


@contextlib.asynccontextmanager
async def looking(windows, address, **shape):
    """Open the page in a window, as Mia. Errors of the page's scripts fail the test at its end."""
    async with windows.window(**shape) as page:
        errors = []

        def record(error):
            errors.append(str(error))

        page.on("pageerror", record)
        await page.goto(address)
        await expect(page.locator(".person.me")).to_have_count(1)
        await expect(page.locator("#bot-button")).to_have_text("Bot online")
        yield page
        page.remove_listener("pageerror", record)
    assert errors == []


async def type_command(page, text):
    """Type into the composer, key by key."""
    await page.locator("#composer-text").click()
    await page.keyboard.type(text)


async def use(page, command):
    """Send a command without options and return the message that answers it."""
    message_ids = await page.locator("#messages > .message").evaluate_all("items => items.map(item => item.id)")
    await type_command(page, f"/{command} ")
    await page.keyboard.press("Enter")
    fresh = await page.wait_for_function(
        """known => [...document.querySelectorAll("#messages > .message:not(.waiting)")]
                .find(item => !known.includes(item.id))?.id""",
        arg=message_ids,
    )
    return page.locator(f"#{await fresh.json_value()}")


def last_message(page):
    return page.locator("#messages > .message:not(.waiting)").last


async def become(page, name):
    """Switch to another person of the cast."""
    await page.locator(f"[data-person={name}]").click()
    await expect(page.locator(f".person.me[data-person={name}]")).to_have_count(1)


async def say(page, words):
    """Send a message and wait until it is shown."""
    await page.locator("#composer-text").click()
    await page.keyboard.type(words)
    await page.keyboard.press("Enter")
    await expect(last_message(page)).to_contain_text(words)
