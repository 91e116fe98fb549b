"""The composer and the lists of choices, in Chromium: where the typed text goes, and what stands first."""

import pytest
from playwright.async_api import expect

from tests.page.looking import become, last_message, say, type_command, use


async def test_words_behind_a_command_offer_its_options(page):
    await type_command(page, "/think ")
    await page.keyboard.type("sec")
    await expect(page.get_by_role("option")).to_have_text(["seconds…"])

    await page.keyboard.press("Enter")

    await expect(page.get_by_label("seconds", exact=True)).to_be_focused()


async def test_words_that_are_no_option_stay_in_sight_and_are_not_sent(page):
    await type_command(page, "/think ")
    await page.keyboard.type("hello")

    await page.keyboard.press("Enter")

    await expect(
        page.get_by_role("alert").filter(has_text="/think has no option “hello”. Pick one of its options first.")
    ).to_be_visible()
    await expect(page.locator(".command-line .rest")).to_have_value("hello")


async def test_words_that_are_no_command_are_said_and_leave_no_list(page):
    await type_command(page, "/nothing of the kind")
    await expect(page.locator("#composer-list")).to_be_visible()

    await page.keyboard.press("Enter")

    await expect(last_message(page)).to_contain_text("/nothing of the kind")
    await expect(page.locator("#composer-list")).to_be_hidden()


async def test_an_option_typed_by_hand_gets_a_field_of_its_own(page):
    await type_command(page, "/think ")
    await page.keyboard.type("seconds:2")

    await expect(page.get_by_label("seconds", exact=True)).to_have_value("2")
    await expect(page.locator(".command-line .rest")).to_have_value("")


async def test_an_option_typed_by_hand_in_its_own_field_names_it_no_second_time(page):
    await type_command(page, "/gift ")
    name = await page.evaluate("document.activeElement.closest('.chip').dataset.option")
    await page.keyboard.type(f"{name}:Petal")

    await expect(page.get_by_label(name, exact=True)).to_have_value("Petal")


async def test_options_typed_behind_another_leave_it_and_a_choice_is_taken_by_its_name(page):
    await type_command(page, "/gift ")
    await page.keyboard.type("creator:Noor gift:Petal count:3")

    await expect(page.get_by_label("creator", exact=True)).to_have_value("Noor")
    await expect(page.get_by_label("gift", exact=True)).to_have_value("Petal")
    await expect(page.get_by_label("count", exact=True)).to_have_value("3")


async def test_a_command_pasted_with_its_options_is_read(page):
    await page.locator("#composer-text").fill("/think seconds:2")

    await expect(page.get_by_label("seconds", exact=True)).to_have_value("2")
    await page.keyboard.press("Enter")
    await expect(page.locator("#messages")).to_contain_text("Mia used /think")


async def test_tab_goes_to_the_next_option_and_enter_sends_without_any(page):
    await type_command(page, "/think ")
    await page.keyboard.press("Tab")
    await expect(page.get_by_label("seconds", exact=True)).to_be_focused()
    await page.keyboard.press("Backspace")
    await expect(page.locator(".command-line .rest")).to_be_focused()

    await page.keyboard.press("Enter")

    await expect(page.locator("#messages")).to_contain_text("Mia used /think")


@pytest.mark.parametrize(("letters", "taken"), [("drag", "🐉 Dragon · 9,999 coins"), ("kite", "kite")])
async def test_tab_goes_on_while_choices_are_on_their_way_and_takes_the_first_that_fits(page, letters, taken):
    await type_command(page, "/gift ")
    await page.keyboard.type(letters)
    await page.keyboard.press("Tab")
    await page.keyboard.type("Noor")

    await expect(page.get_by_label("creator", exact=True)).to_have_value("Noor")
    await expect(page.get_by_label("gift", exact=True)).to_have_value(taken)


async def test_a_command_is_sent_with_the_choice_that_was_on_its_way(page):
    await type_command(page, "/gift ")
    await page.keyboard.type("drag")
    for text in ("", "Noor"):
        await page.keyboard.type(text)
        await page.keyboard.press("Tab")

    await page.keyboard.press("Enter")

    await expect(last_message(page)).to_contain_text("Dragon · 9,999 coins")


async def test_backspace_behind_the_options_goes_back_to_the_last(page):
    await type_command(page, "/gift ")
    await page.locator(".command-line .rest").focus()

    await page.keyboard.press("Backspace")

    await expect(page.get_by_label("creator", exact=True)).to_be_focused()


async def test_what_begins_with_the_typed_letters_comes_first(page):
    await use_note(page)
    await page.get_by_role("combobox", name="Narrow the list").fill("in")
    await expect(page.get_by_role("option").first).to_contain_text("Inês")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")

    await type_command(page, "/gift ")
    await page.get_by_label("creator", exact=True).fill("no")

    await expect(page.get_by_role("option").first).to_contain_text("Noor")


async def use_note(page):
    await type_command(page, "/note ")
    await page.keyboard.press("Enter")
    await page.get_by_role("dialog").get_by_role("button", name="To whom").click()


async def test_a_list_says_that_the_bot_is_not_there(sandbox, page):
    sandbox.world.set_bot_online(False)
    try:
        await expect(page.locator("#bot-button")).not_to_have_text("Bot online")
        await type_command(page, "/gift ")

        await expect(page.locator("#composer-list")).to_contain_text("The bot is not running.")
        await page.get_by_role("button", name="Leave the command").click()
        await type_command(page, "/")
        await expect(page.locator(".list-title")).to_have_text("The bot is not running.")
    finally:
        sandbox.world.set_bot_online(True)
    await expect(page.locator("#bot-button")).to_have_text("Bot online")


async def test_on_a_phone_a_command_takes_two_rows(phone):
    await type_command(phone, "/gift ")
    await expect(phone.get_by_label("gift", exact=True)).to_be_focused()

    box = await phone.locator(".composer-box").bounding_box()
    leave = await phone.get_by_role("button", name="Leave the command").bounding_box()
    send = await phone.locator("#send").bounding_box()

    assert box["height"] <= 2 * 44
    assert leave["y"] == pytest.approx(send["y"], abs=1)
    assert leave["y"] - box["y"] < 10


async def test_a_window_that_becomes_narrow_closes_the_list_of_members(page):
    try:
        await expect(page.locator("#members")).to_be_in_viewport()
        await page.set_viewport_size({"width": 390, "height": 844})

        await expect(page.locator("#members")).not_to_be_in_viewport()
        await expect(page.locator("#veil")).to_be_hidden()
        await expect(page.locator("#members-toggle")).to_have_attribute("aria-expanded", "false")
    finally:
        await page.set_viewport_size({"width": 1280, "height": 800})
    await expect(page.locator("#members")).to_be_in_viewport()


async def test_a_field_alone_in_its_row_has_all_its_width(page):
    panel = await use(page, "buy")
    pair = await panel.locator(".fields").bounding_box()
    fields = [await field.bounding_box() for field in await panel.locator(".field").all()]

    assert sum(field["width"] for field in fields) > 0.9 * pair["width"]


@pytest.mark.parametrize(
    "address", ["https://example.org/a/very/long/path?with=many", "hxxp://example.org/a/very/long/path"]
)
async def test_a_long_address_is_broken_behind_its_own_signs(page, address):
    await say(page, address)

    assert await last_message(page).locator(".prose wbr").count() >= 4


async def test_a_new_tab_goes_on_as_the_same_person_in_the_same_channel(sandbox, page):
    await page.locator("[data-channel=live-stage]").click()
    await become(page, "leo")

    tab = await page.context.new_page()
    await tab.goto(sandbox.address)

    await expect(tab.locator(".person.me")).to_contain_text("Leo")
    await expect(tab.locator("#channel-title")).to_have_text("live-stage")
    await tab.close()
