"""Helpers for the tests in Chromium."""

import contextlib

from playwright.async_api import expect

expect.set_options(timeout=30_000)


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
