"""Events and stages on the page, in Chromium: created, started and ended by people with the permission."""

import itertools

import pytest
from playwright.async_api import expect

from tests.page.looking import become

numbers = itertools.count(1)


@pytest.fixture
def title():
    return f"Show number {next(numbers)}"


async def create(page, title, *, where="Garden Stage", repeats="Never"):
    await page.get_by_role("button", name="Events").click()
    await page.get_by_role("button", name="Create event").click()
    await page.get_by_label("Where").select_option(label=where)
    await page.get_by_label("Title").fill(title)
    await page.get_by_label("Repeats").select_option(label=repeats)
    if where == "Somewhere else":
        await page.get_by_label("Location").fill("The market square")
    await page.get_by_role("button", name="Create", exact=True).click()
    event = page.locator(".event", has_text=title)
    await expect(event).to_be_visible()
    return event


async def test_a_creator_holds_an_event_on_the_stage(sandbox, page, title):
    await become(page, "noor")
    event = await create(page, title)
    await event.get_by_role("button", name="Start event").click()
    await expect(event).to_contain_text("Live now")
    await event.get_by_role("button", name="Garden Stage").click()
    await expect(page.locator("#stage-bar")).to_contain_text(f"Live: {title}")
    assert [stage.topic for stage in sandbox.garden.guild.stages.values()] == [title]

    await page.get_by_role("button", name="End the stage").click()

    await expect(page.locator("#stage-bar")).to_contain_text("The stage is closed.")
    await expect(page.locator(".live-card")).to_have_count(0)
    assert title not in [event.name for event in sandbox.garden.guild.scheduled_events.values()]


async def test_an_event_that_repeats_is_scheduled_again_when_it_ends(sandbox, page, title):
    await become(page, "olive")
    event = await create(page, title, repeats="Every week")
    await expect(event).to_contain_text("Every week")
    first = next(event for event in sandbox.garden.guild.scheduled_events.values() if event.name == title).starts_at
    await event.get_by_role("button", name="Start event").click()
    await event.get_by_role("button", name="End event").click()

    await expect(event.get_by_role("button", name="Start event")).to_be_visible()
    (again,) = [event for event in sandbox.garden.guild.scheduled_events.values() if event.name == title]
    assert again.starts_at == first + 7 * 86_400
    await event.get_by_role("button", name="Cancel event").click()
    await expect(event).to_have_count(0)


async def test_an_event_elsewhere_is_announced_and_called_off(page, title):
    await become(page, "olive")
    event = await create(page, title, where="Somewhere else")
    await expect(event).to_contain_text("The market square")

    await event.get_by_role("button", name="Cancel event").click()

    await expect(event).to_have_count(0)


async def test_members_say_that_they_are_interested_and_change_nothing(page):
    await page.get_by_role("button", name="Events").click()
    event = page.locator(".event", has_text="Kai plays your requests")
    await expect(page.get_by_role("button", name="Create event")).to_have_count(0)
    await expect(event.get_by_role("button", name="Start event")).to_have_count(0)

    await event.get_by_role("button", name="Interested").click()

    await expect(event.get_by_role("button", name="Interested")).to_have_attribute("aria-pressed", "true")
    await expect(event.locator(".event-crowd")).to_contain_text("1")


async def test_a_stage_opens_without_an_event(page, title):
    await become(page, "noor")
    await page.locator("[data-channel='Garden Stage']").click()
    await page.get_by_role("button", name="Start the stage").click()
    await page.get_by_label("Topic").fill(title)
    await page.keyboard.press("Enter")
    await expect(page.locator("#stage-bar")).to_contain_text(f"Live: {title}")
    await expect(page.locator("[data-channel='Garden Stage'] .live-tag")).to_have_text("LIVE")

    await page.get_by_role("button", name="End the stage").click()

    await expect(page.locator("[data-channel='Garden Stage'] .live-tag")).to_have_count(0)


async def test_on_a_phone_events_fit_the_screen(phone):
    await phone.get_by_role("button", name="Channels").click()
    await phone.get_by_role("button", name="Events").click()

    await expect(phone.locator(".event").first).to_be_visible()
    assert await phone.evaluate("document.documentElement.scrollWidth") <= 390
