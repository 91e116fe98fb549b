"""Names for which the browser has no font."""

import io

import pytest
from aiohttp import ClientSession
from PIL import Image
from playwright.async_api import expect

from sandbox.page.names import NotDrawable, draw
from tests.page.looking import become, last_message


@pytest.mark.parametrize("name", ["花", "ジュン", "은지", "مالك", "สมชาย", "Հովհաննես", "Anna 花"])
def test_a_name_is_drawn_as_letters_on_nothing(name):
    picture = Image.open(io.BytesIO(draw(name)))

    opacity = picture.getchannel("A")
    assert picture.height == 72
    assert picture.width > 20
    assert opacity.getextrema() == (0, 255)


def test_a_longer_name_is_wider():
    assert Image.open(io.BytesIO(draw("花子"))).width > Image.open(io.BytesIO(draw("花"))).width


def test_what_no_font_has_is_not_drawn():
    with pytest.raises(NotDrawable):
        draw("\U0001e900")


@pytest.mark.parametrize(("name", "status"), [("花", 200), ("\U0001e900", 404), ("", 400), ("x" * 65, 400)])
async def test_the_sandbox_serves_names(sandbox, name, status):
    async with ClientSession() as session, session.get(f"{sandbox.address}/name.png", params={"of": name}) as response:
        assert response.status == status
        assert ("immutable" in response.headers.get("Cache-Control", "")) is (status == 200)


async def test_a_name_without_a_font_is_a_picture_with_the_name_as_its_text(page):
    member = page.locator(".member").filter(has=page.get_by_alt_text("花"))
    await expect(member).to_have_accessible_name("花 🌸")
    drawn = member.get_by_alt_text("花")
    assert await drawn.evaluate("image => image.decode().then(() => image.naturalWidth)") > 20
    await expect(page.locator(".member", has_text="Дмитрий").get_by_role("img")).to_have_count(0)

    await become(page, "leo")
    await member.click()
    await page.get_by_role("menuitem", name="Mention").click()
    await page.keyboard.press("Enter")

    await expect(last_message(page).locator(".mention").get_by_alt_text("花")).to_be_visible()


async def test_words_without_a_font_are_drawn_too_and_can_be_wrapped(page):
    await page.locator("#composer-text").fill("ありがとう、またね。" * 3 + " 花")
    await page.keyboard.press("Enter")

    drawings = last_message(page).locator(".prose img")
    await expect(drawings.last).to_have_attribute("alt", "花")
    assert await drawings.evaluate_all("images => images.every(image => image.alt.length <= 12)")
