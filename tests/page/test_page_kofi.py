"""Ko-fi in Chromium: set up by the owner, paid by a member with the code that the link fills in, at both widths."""

import re

import pytest
from playwright.async_api import expect

from sandbox.kofi.notices import token_of
from tests.page.looking import looking

WIDTHS = {"desktop": 1280, "phone": 390}


@pytest.fixture(params=[*WIDTHS.values()], ids=[*WIDTHS])
async def page(sandbox, windows, request):
    async with looking(windows, sandbox.address, width=request.param, height=844) as page:
        yield page


async def fits(page):
    """Return whether nothing sticks out of the window."""
    return await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_a_supporter_reads_the_code_and_every_fault_has_its_words(sandbox, page):
    await page.goto(f"{sandbox.address}/kofi/garden?amount=0.99&currency=USD&message=RO-7K4F")
    await expect(page.get_by_label("Message")).to_have_value("RO-7K4F")
    await expect(page.locator("footer")).to_contain_text(token_of("garden"))
    assert await fits(page)

    await page.get_by_text("Try what can go wrong").click()
    await page.get_by_role("button", name="Send with a wrong token").click()

    await expect(page.get_by_role("status")).to_contain_text(re.compile("refused|didn't answer"))
    assert await fits(page)
