"""Files for options of commands, in Chromium: chosen, uploaded, and sent to the real bot."""

import io

from aiohttp import ClientSession
from PIL import Image
from playwright.async_api import expect

from tests.page.looking import become, last_message, type_command


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 40), "purple").save(file, "PNG")
    return file.getvalue()


async def test_a_picture_is_chosen_uploaded_and_shown_on_the_gift(garden_page):
    page = garden_page
    await become(page, "sam")
    await type_command(page, "/catalogue edit ")
    await page.get_by_label("item", exact=True).fill("Petal")
    await page.get_by_role("button", name="Add picture").click()
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("option", name="Choose a file").click()
    await (await choosing.value).set_files({"name": "petal.png", "mimeType": "image/png", "buffer": picture()})
    await expect(page.get_by_label("picture", exact=True)).to_have_value("petal.png")

    await page.keyboard.press("Enter")

    await expect(last_message(page)).to_contain_text("Gift changed")
    await expect(last_message(page).locator("img[alt*='A picture of Petal']")).to_be_visible()


async def test_only_the_page_itself_uploads_and_not_too_much(sandbox):
    url = f"{sandbox.address}/upload?name=a.png&channel=1"
    async with ClientSession() as http:
        async with http.post(url, data=b"x", headers={"Origin": "https://elsewhere.example"}) as foreign:
            assert foreign.status == 403
        large = bytes(10 * 1024 * 1024 + 1)
        async with http.post(url, data=io.BytesIO(large), headers={"Origin": sandbox.address}) as refused:
            assert refused.status == 413
        async with http.post(url, data=b"x", headers={"Origin": sandbox.address}) as taken:
            assert (await taken.json())["filename"] == "a.png"
