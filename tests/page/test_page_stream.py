"""What is on stream, in the browser, with the real bot: one press shows the overlay, and each gift appears on it."""

import io

import pytest
from PIL import Image
from playwright.async_api import expect

from sandbox.opening_scene import OpeningScene
from tests.page.looking import looking

DARK = 140
"""What no pixel of the still is brighter than, out of 255, apart from its lamp."""

STEPS_AND_STRIP = """() => [...document.querySelectorAll("#hints ol, #hints .hint")].map((part) => {
    const { left, right } = part.getBoundingClientRect();
    return [left, right];
})"""


async def give(garden, words):
    """Have Mia send Noor a gift with a message."""
    scene = OpeningScene(garden.world, garden.garden)
    mia, sam, noor = scene.person("mia", "live-stage"), scene.person("sam", "mod-room"), garden.garden.users["noor"]
    await (await sam.slash("coins grant", member=mia.user, amount=500, reason="a test")).message()
    await (await mia.slash("gift", gift="Spark", creator=noor, message=words)).message()


async def open_stream(page):
    """Open the panel and return the page in its frame, once it is connected."""
    await page.locator("#stream-button").click()
    overlay = page.frame_locator("#stream-frame iframe")
    await expect(overlay.locator("html[data-coin]")).to_be_attached()
    return overlay


async def test_one_press_shows_the_overlay_and_each_gift_appears_on_it(garden, garden_page):
    overlay = await open_stream(garden_page)
    await expect(garden_page.locator("#stream-words")).to_contain_text("Noor's overlay")

    await give(garden, "over the roofs")
    await expect(overlay.get_by_text("Mia").first).to_be_visible()

    picture = Image.open(io.BytesIO(await garden_page.locator("#stream-screen").screenshot())).convert("L")
    (corner,) = picture.crop((4, picture.height // 2, 5, picture.height // 2 + 1)).tobytes()
    assert corner < DARK, "the overlay hides what is behind it"


async def test_closing_the_panel_disconnects_the_source_and_opening_it_asks_for_no_new_link(garden, garden_page):
    await open_stream(garden_page)
    address = await garden_page.locator("#stream-frame iframe").get_attribute("src")
    await garden_page.locator("#stream-close").click()
    await expect(garden_page.locator("#stream-frame iframe")).to_have_count(0)
    await open_stream(garden_page)

    assert await garden_page.locator("#stream-frame iframe").get_attribute("src") == address


async def test_the_frame_has_the_link_that_the_bot_gave_last(garden, garden_page):
    await open_stream(garden_page)
    address = await garden_page.locator("#stream-frame iframe").get_attribute("src")
    noor = OpeningScene(garden.world, garden.garden).person("noor", "live-stage")
    card = await (await noor.click(await (await noor.slash("live status")).message(), "Overlay")).message()
    question = await (await noor.click(card, "New link")).message()
    await (await noor.click(question, "Make a new link")).message()

    await expect(garden_page.locator("#stream-frame iframe")).not_to_have_attribute("src", address)
    await expect(garden_page.frame_locator("#stream-frame iframe").locator(".rosette-stage")).to_be_attached()


async def test_the_sound_is_off_until_somebody_wants_it(garden_page):
    await open_stream(garden_page)
    frame = garden_page.locator("#stream-frame iframe")
    assert "volume=0" in await frame.get_attribute("src")
    await garden_page.get_by_role("button", name="Sound").click()

    await expect(garden_page.get_by_role("button", name="Sound", pressed=True)).to_have_count(1)
    assert "volume=60" in await frame.get_attribute("src")


async def test_the_tour_leads_to_it_and_ticks_the_step_when_a_gift_was_seen_there(garden, garden_page):
    garden.bridge.tour.restart()
    step = garden_page.locator("#hints").get_by_role("button", name="See it on stream")
    tick = garden_page.locator("#hints .done", has_text="See it on stream")
    overlay = garden_page.frame_locator("#stream-frame iframe")
    await step.click()
    await expect(overlay.locator("html[data-coin]")).to_be_attached()
    await expect(garden_page.get_by_role("group", name="Command gift")).to_be_visible()
    noor = OpeningScene(garden.world, garden.garden).person("noor", "live-stage")
    card = await (await noor.click(await (await noor.slash("live status")).message(), "Overlay")).message()
    await noor.click(card, "Send a test")
    await expect(overlay.locator(".rosette-test:visible")).to_have_count(1)
    await expect(tick).to_have_count(0)

    await give(garden, "for everybody to see")

    await expect(tick).to_have_count(1)


@pytest.mark.parametrize("scheme", ["dark", "light"])
@pytest.mark.parametrize("width", [1280, 1920, 390])
async def test_every_step_of_the_tour_is_in_sight_beside_it(garden, windows, width, scheme):
    async with looking(windows, garden.address, width=width, height=800) as page:
        await page.emulate_media(color_scheme=scheme)
        await open_stream(page)
        sides = await page.evaluate(STEPS_AND_STRIP)
        await page.emulate_media(color_scheme="dark")

    strip, *steps = sides
    assert len(steps) == 6
    assert all(strip[0] <= left < right <= strip[1] for left, right in steps), sides


async def test_on_a_phone_it_stands_above_the_chat_in_full_width(garden, windows):
    async with looking(windows, garden.address, width=390, height=844, has_touch=True) as phone:
        await open_stream(phone)
        screen = await phone.locator("#stream-screen").bounding_box()
        chat = await phone.locator("#chat").bounding_box()
        width = await phone.evaluate("document.documentElement.scrollWidth")

    assert (screen["x"], screen["width"], width) == (0, 390, 390)
    assert screen["y"] + screen["height"] <= chat["y"]
    assert chat["height"] > 400
