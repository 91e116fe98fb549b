"""Messages on the page, in Chromium: replies, pins, threads, posts, deletions, webhooks, and who may do what."""

import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from sandbox.discord.people import Person
from tests.page.looking import become, last_message, looking, say, type_command, use

numbers = itertools.count(1)


@pytest.fixture
def words():
    """A text that no other test has sent."""
    return f"what a show {next(numbers)}"


async def choose(page, message, entry):
    await message.click(button="right")
    await page.get_by_role("menuitem", name=entry).click()


async def drawn(page):
    """Wait until what has happened is laid out, and observers of sizes and of scrolling have heard of it."""
    await page.evaluate("() => new Promise(heard => requestAnimationFrame(() => requestAnimationFrame(heard)))")


async def test_a_reply_shows_what_it_answers_until_that_is_deleted(page, words):
    await say(page, words)
    question = page.locator(".message", has_text=words).first
    await choose(page, question, "Reply")
    await expect(page.locator("#reply-bar")).to_contain_text("Replying to Mia")
    await page.keyboard.type("thank you")
    await page.keyboard.press("Enter")
    reply = last_message(page)
    await expect(reply.locator(".quoted")).to_contain_text(f"Mia {words}")
    await expect(page.locator("#reply-bar")).to_be_hidden()

    await choose(page, question, "Delete message")

    await expect(reply).to_contain_text("Original message was deleted")


async def test_escape_ends_a_reply(page):
    await page.locator(".message", has_text="hello everyone").first.hover()
    await page.get_by_role("button", name="Reply", exact=True).first.click()
    await expect(page.locator("#composer-text")).to_be_focused()

    await page.keyboard.press("Escape")

    await expect(page.locator("#reply-bar")).to_be_hidden()


async def test_a_moderator_pins_a_message_and_everybody_finds_it(page, words):
    await say(page, words)
    await become(page, "sam")
    await choose(page, page.locator(".message", has_text=words).last, "Pin message")
    await expect(last_message(page)).to_contain_text("Sam pinned a message to this channel.")

    await page.get_by_role("button", name="all pinned messages").last.click()
    pin = page.locator(".pin", has_text=words)
    await expect(pin).to_be_visible()
    await pin.get_by_role("button", name="Unpin message").click()

    await expect(pin).to_have_count(0)


async def test_members_are_not_offered_what_they_may_not_do(page):
    await page.locator(".message", has_text="hello everyone").first.click(button="right")

    await expect(page.get_by_role("menuitem", name="Reply")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Pin message")).to_have_count(0)
    await expect(page.get_by_role("menuitem", name="Delete message")).to_have_count(0)


async def test_a_thread_is_started_from_a_message_and_talked_in(page, words):
    await say(page, words)
    await choose(page, page.locator(".message", has_text=words).last, "Create thread")
    await page.get_by_label("Thread name").fill("Encore, encore")
    await page.keyboard.press("Enter")
    await expect(page.locator(".channel-name")).to_have_text("Encore, encore")
    await expect(page.locator(".message").first).to_contain_text(words)
    await say(page, "one more song")

    await page.locator(".crumb").click()

    await expect(page.locator(".message", has_text=words).last.locator(".thread-chip")).to_contain_text("1 message ›")


async def test_a_locked_thread_is_silent_for_members(page, words):
    await say(page, words)
    await choose(page, page.locator(".message", has_text=words).last, "Create thread")
    await page.get_by_label("Thread name").fill(words)
    await page.keyboard.press("Enter")
    await become(page, "sam")
    await page.get_by_role("button", name="Channel actions").click()
    await page.get_by_role("menuitem", name="Lock thread").click()
    await expect(page.locator("#channel-title .tag")).to_have_text("Locked")

    await become(page, "mia")

    await expect(page.locator("#composer-note")).to_have_text("This thread is locked.")
    await expect(page.locator("#composer-text")).to_be_hidden()


async def test_a_post_is_written_in_a_forum(page, words):
    await page.locator("[data-channel=song-requests]").click()
    await page.get_by_role("button", name="New post").click()
    await page.get_by_label("Title").fill(words)
    await page.get_by_label("Message", exact=True).fill("Please play it")
    await page.get_by_role("button", name="Post", exact=True).click()
    await expect(page.locator(".message").last).to_contain_text("Please play it")

    await page.locator(".crumb").click()

    await expect(page.locator(".post", has_text=words)).to_contain_text("Mia: Please play it")


async def test_a_webhook_writes_what_can_be_gifted(page, words):
    await become(page, "sam")
    await page.get_by_role("button", name="Channel actions").click()
    await page.get_by_role("menuitem", name="Write as a webhook").click()
    await page.get_by_label("Message", exact=True).fill(words)
    await page.get_by_role("button", name="Send", exact=True).last.click()
    news = page.locator(".message", has_text=words).last
    await expect(news).to_contain_text("Garden News")

    await choose(page, news, "Gift this message")

    await expect(page.locator(".message.ephemeral").last).to_contain_text(f"A gift for: {words}")


async def test_pictures_stand_side_by_side_and_say_what_they_show(page):
    shelf = await use(page, "shelf")

    await expect(shelf.locator(".gallery .picture")).to_have_count(2)
    await shelf.get_by_role("button", name="Picture: The first gift").click()

    await expect(page.get_by_role("dialog", name="The first gift")).to_contain_text("The first gift")


async def test_a_channel_is_restricted_to_adults_and_opened_again(page):
    await become(page, "olive")
    gifts = page.locator("[data-channel=gifts]")
    await gifts.click()
    for entry, tags in (("Restrict to adults", 1), ("Lift the age restriction", 0)):
        await page.get_by_role("button", name="Channel actions").click()
        await page.get_by_role("menuitem", name=entry).click()

        await expect(gifts.get_by_text("18+")).to_have_count(tags)


async def test_slow_mode_is_said_before_and_after(page):
    await become(page, "olive")
    await page.locator("[data-channel=gifts]").click()
    await page.get_by_role("button", name="Channel actions").click()
    await page.get_by_role("menuitem", name="Slow mode: 10 seconds").click()
    await become(page, "leo")
    await expect(page.locator("#composer-note")).to_have_text("Slow mode: one message every 10 s.")
    await say(page, "one")

    await page.keyboard.type("two")
    await page.keyboard.press("Enter")

    await expect(page.locator(".toast")).to_contain_text("Slow mode: leo has to wait")
    await expect(page.locator("#composer-text")).to_have_value("two")


async def test_somebody_leaves_and_comes_back(page):
    await page.locator(".member", has_text="Mia").click()
    await page.get_by_role("menuitem", name="Leave the server").click()
    await expect(page.locator("#banner")).to_contain_text("You left the server.")
    await expect(page.locator(".member", has_text="Mia")).to_have_count(0)

    await page.get_by_role("button", name="Join again").click()

    await expect(page.locator("#banner")).to_be_hidden()
    await expect(page.locator(".member", has_text="Mia")).to_have_count(1)
    await expect(page.locator(".message", has_text="hello everyone").first).to_be_visible()


async def test_a_kicked_bot_is_invited_again(page):
    await page.get_by_role("button", name="Trouble").click()
    await page.get_by_role("switch", name="The bot is in the server").uncheck()
    await expect(page.locator("#banner")).to_contain_text("The bot was kicked")
    await expect(page.locator(".member", has_text="Rosette")).to_have_count(0)
    await page.keyboard.press("Escape")
    await type_command(page, "/")
    await expect(page.locator("#composer-list")).to_have_text(re.compile("The bot was kicked from this server"))

    await page.get_by_role("button", name="Invite it again").click()

    await expect(page.locator("#banner")).to_be_hidden()
    await expect(page.locator(".member", has_text="Rosette")).to_be_visible()


async def test_an_outage_is_said_and_ended(sandbox, page):
    await page.get_by_role("button", name="Trouble").click()
    await page.get_by_role("switch", name="Outage of the server").check()
    await expect(page.locator("#banner")).to_contain_text("The server has an outage.")
    assert sandbox.garden.guild.unavailable
    await page.keyboard.press("Escape")

    await page.get_by_role("button", name="End the outage").click()

    await expect(page.locator("#banner")).to_be_hidden()
    assert not sandbox.garden.guild.unavailable


async def test_the_time_of_an_older_day_stands_beside_its_message_and_not_under_it(sandbox, windows, page, words):
    for text in (words, f"{words}!"):
        await say(page, text)

    # A window of no other test's shape, because its clock can't be set right again.
    async with looking(windows, sandbox.address, width=1279, height=799) as later:
        await later.clock.set_fixed_time(datetime.now(UTC) + timedelta(days=2))
        await later.reload()
        message = later.locator(".message.joined", has_text=f"{words}!")
        await message.hover()
        time = await message.locator(".gutter .stamp").bounding_box()
        content = await message.locator(".content").bounding_box()

    assert time["x"] + time["width"] <= content["x"]


async def test_discords_clock_goes_as_somebody_chose(sandbox, page):
    await page.get_by_role("button", name="Trouble").click()
    clock = page.get_by_label("Discord's clock")
    await clock.select_option(label="13 hours ahead")
    await expect(page.locator("#trouble-button.troubled")).to_have_count(1)
    ahead = sandbox.world.clock.ahead

    await clock.select_option(label="right")

    await expect(page.locator("#trouble-button.troubled")).to_have_count(0)
    assert (ahead, sandbox.world.clock.ahead) == (13 * 3_600, 0)


async def test_discord_refuses_the_bots_messages_as_somebody_chose(sandbox, page):
    await page.get_by_role("button", name="Trouble").click()
    answers = page.get_by_label("Discord answers the bot's messages")
    await answers.select_option("200000")
    await expect(page.locator("#trouble-button.troubled")).to_have_count(1)
    refusal = sandbox.world.faults.find("POST", "/channels/1/messages")

    await answers.select_option("")

    await expect(page.locator("#trouble-button.troubled")).to_have_count(0)
    assert refusal.body["code"] == 200000
    assert not sandbox.world.faults


async def test_an_edited_message_stays_where_it_stands(sandbox, page, words):
    channel = sandbox.world.add_channel(sandbox.garden.guild, f"long-{next(numbers)}")
    mia = Person(sandbox.world, sandbox.garden.users["mia"], channel)
    first, *_ = [await mia.say(f"line {number}") for number in range(100)]
    entry = page.locator(f"[data-channel={channel.name}]")
    # The first ones are behind "Show earlier messages" only if all have come before the channel is opened.
    await expect(entry.locator(".badge")).to_contain_text("99+")
    await entry.click()
    await expect(last_message(page)).to_contain_text("line 99")

    first.content = words
    sandbox.world.changed(channel, first)
    await mia.say("the end")

    await expect(last_message(page)).to_contain_text("the end")
    await expect(page.locator(".message", has_text=words)).to_have_count(0)
    while await (more := page.get_by_role("button", name="Show earlier messages")).count():
        await more.click()
    await expect(page.locator("#messages > .message").first).to_contain_text(words)


async def test_what_somebody_has_begun_to_write_is_theirs_alone(page):
    await type_command(page, "/gift ")
    await page.keyboard.type("drag")
    await become(page, "leo")
    await expect(page.locator(".command-line")).to_have_count(0)
    await type_command(page, "half a thought")

    await become(page, "mia")
    await expect(page.get_by_label("gift", exact=True)).to_have_value("drag")

    await become(page, "leo")
    await expect(page.locator("#composer-text")).to_have_value("half a thought")


async def test_a_command_from_a_menu_is_shown_without_a_slash(page):
    await choose(page, page.locator(".message", has_text="hello everyone").first, "Gift this message")

    await expect(page.locator(".message.ephemeral").last).to_contain_text("Mia used Gift this message")


async def test_what_follows_a_command_from_a_menu_has_no_slash_either(page):
    await choose(page, page.locator(".message", has_text="hello everyone").first, "Praise this message")

    news = page.locator(".message.ephemeral", has_text="And a star!").last
    await expect(news).to_contain_text("Mia used Praise this message")


async def test_a_private_answer_comes_into_sight_wherever_one_has_scrolled(page):
    await page.set_viewport_size({"width": 1280, "height": 420})
    await drawn(page)  # A list that was at its end goes there again after a change of size.
    greeting = page.locator(".message", has_text="hello everyone").first
    await greeting.evaluate("message => message.scrollIntoView()")
    await drawn(page)
    await expect(greeting).to_be_in_viewport()

    await choose(page, greeting, "Gift this message")

    await expect(page.locator(".message.ephemeral", has_text="A gift for: hello").last).to_be_in_viewport(ratio=1)
    await expect(page.locator("#to-end")).to_be_hidden()


async def test_only_channels_of_text_have_a_hash(sandbox, page):
    await type_command(page, f"see <#{sandbox.garden.channels['Garden Stage'].id}>")
    await page.keyboard.press("Enter")
    await expect(last_message(page).locator(".mention")).to_have_text("Garden Stage")

    await page.locator("[data-channel='Garden Stage']").click()

    await expect(page).to_have_title("Garden Stage · Rosette sandbox")
    await expect(page.locator(".welcome h2")).to_have_text("Garden Stage")
    await expect(page.locator("#composer-text")).to_have_attribute("placeholder", "Message Garden Stage")
