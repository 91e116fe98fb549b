"""The page as a member uses it, in Chromium, with a bot that has one command for each thing to draw."""

import re

from playwright.async_api import expect

from tests.page.looking import become, last_message, type_command, use


async def test_a_gift_is_sent_with_the_keyboard_alone(page):
    await type_command(page, "/gif")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("option", name="Fireworks")).to_be_visible()
    await page.keyboard.type("fire")
    await expect(page.get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Tab")
    await page.keyboard.type("noo")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")

    receipt = page.locator(".message.ephemeral").last
    await expect(receipt.locator(".embed-title")).to_have_text("🎆 Fireworks · 499 coins ×1")
    await expect(receipt).to_contain_text("Mia used /gift")
    await expect(receipt).to_contain_text("Only you can see this")
    await expect(last_message(page)).to_contain_text("@Mia sent 🎆 Fireworks")
    await expect(last_message(page).get_by_role("button", name="Picture")).to_be_visible()


async def test_a_missing_option_is_asked_for(page):
    await type_command(page, "/gift ")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("alert").filter(has_text="gift is required.")).to_be_visible()
    await expect(page.get_by_label("gift", exact=True)).to_have_attribute("aria-invalid", "true")


async def test_enter_picks_what_was_typed_even_before_the_bot_has_answered(page):
    await type_command(page, "/gift ")
    await page.keyboard.type("drag")
    await page.keyboard.press("Enter")

    await expect(page.get_by_label("gift", exact=True)).to_have_value("🐉 Dragon · 9,999 coins")
    await expect(page.get_by_label("creator", exact=True)).to_be_focused()


async def test_optional_options_come_and_go(page):
    await type_command(page, "/gift ")
    await page.get_by_role("button", name="Add count: How many, 1 to 99").click()
    await page.keyboard.type("100")
    await page.keyboard.press("Enter")
    await page.get_by_label("count", exact=True).fill("")
    await page.get_by_label("count", exact=True).press("Backspace")

    await expect(page.get_by_role("button", name="Add count: How many, 1 to 99")).to_be_visible()


async def test_a_number_out_of_range_is_not_sent(page):
    await type_command(page, "/gift ")
    await page.get_by_label("gift", exact=True).fill("1")
    await page.get_by_label("creator", exact=True).fill("Noor")
    await page.get_by_role("button", name="Add count: How many, 1 to 99").click()
    await page.keyboard.type("100")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("alert").filter(has_text="count must be at most 99.")).to_be_visible()


async def test_escape_leaves_the_command(page):
    await type_command(page, "/gift ")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")

    await expect(page.locator("#composer-text")).to_be_focused()


async def test_a_select_is_used_with_the_keyboard(page):
    panel = await use(page, "buy")
    await panel.get_by_role("button", name="Choose a package").focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("option", name="350 coins")).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await expect(panel).to_contain_text("You picked 350 coins.")
    await expect(panel).to_contain_text("(edited)")


async def test_a_button_shows_that_it_works(page):
    panel = await use(page, "buy")
    await panel.get_by_role("button", name="Slow").click()

    await expect(panel.get_by_role("button", name="Slow")).to_have_attribute("aria-busy", "true")
    await expect(panel).to_contain_text("At last.")


async def test_a_modal_is_filled_in_and_sent(page):
    await type_command(page, "/note ")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="A note for Noor")
    await expect(dialog.get_by_label("Your words")).to_be_focused()
    await page.keyboard.type("thank you")
    await dialog.get_by_role("button", name="To whom").click()
    await page.get_by_role("combobox", name="Narrow the list").fill("kai")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Done").or_(dialog.get_by_role("button", name="Submit")).last.click()

    await expect(page.locator(".message.ephemeral").last).to_contain_text("Noted: thank you for @Kai")
    await expect(dialog).to_have_count(0)


async def test_layout_components_are_drawn(page):
    await become(page, "sam")

    panel = await use(page, "settings")

    await expect(panel.get_by_role("heading", name="Settings")).to_be_visible()
    await expect(panel.get_by_role("button", name="Picture: A red to gold gradient")).to_be_visible()
    await expect(panel.get_by_role("button", name="Change")).to_be_visible()
    await expect(panel.get_by_role("button", name="#gifts")).to_be_visible()


async def test_no_button_covers_the_words_beside_it_however_narrow_they_are(page):
    await become(page, "sam")
    panel = await use(page, "settings")
    section = panel.locator(".section").filter(has_text="of the paid part")

    words_end, button_start = await section.evaluate(
        """section => {
          section.style.width = "250px";
          const words = document.createRange();
          words.selectNodeContents(section.querySelector(".section-words"));
          const ends = [...words.getClientRects()].map(rect => rect.right);
          return [Math.max(...ends), section.querySelector(".button").getBoundingClientRect().left];
        }"""
    )

    assert words_end <= button_start


async def test_markdown_is_text_that_looks_right_and_never_markup(page):
    words = (await use(page, "markdown")).locator(".prose")

    await expect(words.locator(".heading").first).to_have_text("Heading")
    await expect(words.locator("strong").first).to_have_text("bold")
    await expect(words.locator("s")).to_have_text("gone")
    await expect(words.locator("blockquote")).to_have_text(re.compile("quoted words.*second line", re.DOTALL))
    await expect(words.locator("ul ul li")).to_have_text("nested")
    await expect(words).to_contain_text("<b>no html</b>")
    await expect(words).to_contain_text("snake_case_name")
    await expect(words.get_by_role("link", name="masked link")).to_have_attribute("rel", "noopener noreferrer")
    invite = words.get_by_role("link", name="discord.gg/party")
    await expect(invite).to_have_attribute("href", "https://discord.gg/party")
    await expect(words.locator(".mention.me")).to_have_text("@Mia")
    await expect(words.locator("pre")).to_have_text("print('**raw**')")


async def test_no_line_begins_with_the_full_stop_behind_a_mention(sandbox, page):
    await type_command(page, f"a set list is in <#{sandbox.garden.channels['general'].id}>.")
    await page.keyboard.press("Enter")
    await expect(last_message(page)).to_contain_text("a set list is in #general.")

    widths_with_a_lone_stop = (
        await last_message(page)
        .locator(".prose")
        .evaluate(
            """prose => {
          const [mention] = prose.querySelectorAll(".mention");
          const stop = document.createRange();
          stop.selectNodeContents(mention.nextSibling);
          const stands = width => {
            prose.style.width = `${width}px`;
            return stop.getBoundingClientRect().top >= mention.getBoundingClientRect().bottom;
          };
          return Array.from({ length: 240 }, (_, number) => 90 + number).filter(stands);
        }"""
        )
    )

    assert widths_with_a_lone_stop == []


async def test_a_slow_bot_is_seen_thinking(page):
    answer = await use(page, "think")

    await expect(answer).to_contain_text("Rosette is thinking…")
    await expect(answer).to_contain_text("Thought of it")
    await expect(answer.locator("time[data-relative]")).to_contain_text("ago")


async def test_a_silent_bot_is_a_failure_that_can_be_dismissed(page):
    await type_command(page, "/silence ")
    await page.keyboard.press("Enter")

    waiting = page.locator(".message.waiting")
    await expect(waiting).to_contain_text("The application did not respond.")
    await waiting.get_by_role("button", name="Dismiss").click()
    await expect(waiting).to_have_count(0)


async def test_a_message_is_gifted_from_its_menu(page):
    await page.locator(".message", has_text="hello everyone").first.click(button="right")
    await page.get_by_role("menuitem", name="Gift this message").click()

    await expect(page.locator(".message.ephemeral").last).to_contain_text("A gift for: hello everyone 👋")


async def test_a_member_is_gifted_from_the_list_with_the_keyboard(page):
    await page.get_by_role("button", name="Kai", exact=True).last.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Send a gift")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.locator(".message.ephemeral").last).to_contain_text("A gift for @Kai")


async def test_a_member_is_gifted_from_a_name_and_from_a_mention(page):
    line = page.locator(".message", has_text="warming up").first
    await line.locator(".author").click()
    await page.get_by_role("menuitem", name="Send a gift").click()
    await expect(page.locator(".message.ephemeral").last).to_contain_text("A gift for @Kai")

    await page.locator(".mention", has_text="@Noor").first.click()
    await page.get_by_role("menuitem", name="Send a gift").click()

    await expect(page.locator(".message.ephemeral").last).to_contain_text("A gift for @Noor")


async def test_names_and_words_of_members_are_never_markup(page):
    await page.locator("#composer-text").fill('<img src=x onerror="document.title=1"> **bold** `<b>`')
    await page.keyboard.press("Enter")

    await expect(last_message(page)).to_contain_text('<img src=x onerror="document.title=1"> bold <b>')
    await expect(page.locator(".member-name", has_text="**Bea**")).to_have_count(1)


async def test_a_flood_of_edits_keeps_the_page_at_its_end(page):
    answer = await use(page, "flood")

    await expect(answer.locator(".prose")).to_have_text("8", timeout=30_000)
    gap = await page.locator("#scroller").evaluate("box => box.scrollHeight - box.scrollTop - box.clientHeight")
    assert gap < 2


async def test_the_log_can_be_opened(page):
    await page.get_by_role("button", name="Log", exact=True).click()

    await expect(page.locator("#log-lines")).to_contain_text("discord")


async def test_on_a_phone_channels_are_in_a_drawer(phone):
    await phone.get_by_role("button", name="Channels").click()
    await phone.locator("[data-channel=live-stage]").click()

    await expect(phone.locator("#channel-title")).to_have_text("live-stage")
    await expect(phone.locator("[data-channel=live-stage]")).not_to_be_in_viewport()


async def test_on_a_phone_every_button_has_a_name(phone):
    tools = phone.get_by_role("toolbar", name="Sandbox tools").get_by_role("button")

    for number, name in enumerate(("Bot online", "On stream", "Gift storm", "Trouble", "Log")):
        await expect(tools.nth(number)).to_have_accessible_name(re.compile(name))


async def test_on_a_phone_nothing_is_wider_than_the_screen(phone):
    await type_command(phone, "/gift ")

    assert await phone.evaluate("document.documentElement.scrollWidth") <= 390
    await expect(phone.locator("#send")).to_be_in_viewport(ratio=1)


async def test_on_a_phone_a_button_opens_the_menu(phone):
    await phone.locator(".message", has_text="warming up").first.get_by_role("button", name="Message actions").tap()

    await expect(phone.get_by_role("menuitem", name="Gift this message")).to_be_in_viewport(ratio=1)
    await expect(phone.get_by_role("menuitem", name="Reply")).to_be_visible()


async def test_a_long_press_opens_the_menu(phone):
    line = phone.locator(".message", has_text="warming up").first
    await line.dispatch_event("touchstart", {"touches": [{"identifier": 0, "clientX": 90, "clientY": 300}]})

    await expect(phone.get_by_role("menuitem", name="Gift this message")).to_be_visible()
