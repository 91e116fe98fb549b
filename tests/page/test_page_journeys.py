"""The journeys of a newcomer with the real bot, in Chromium."""

import re

from playwright.async_api import expect

from sandbox.storm_plan import Counts, Plan
from tests.page.looking import become, looking, use


def private(page):
    # News of levels come below the answer that they follow.
    return page.locator(".message.ephemeral").filter(has_not_text="You've reached level").last


async def pay(page, price, method="Test checkout"):
    """Pay for a package from the open panel, and wait until the panel has turned into the receipt."""
    await private(page).get_by_role("button", name=f"Buy for {price}").click()
    form = page.get_by_role("dialog")
    await form.get_by_role("radio", name=method).check()
    await expect(form.get_by_role("checkbox")).to_have_count(2)
    for box in await form.get_by_role("checkbox").all():
        await box.check()
    await form.get_by_role("button", name="Submit").click()
    async with page.context.expect_page() as opening:
        await private(page).get_by_role("link", name="Open the checkout").click()
    checkout = await opening.value
    await checkout.get_by_role("button", name=re.compile("^Pay \\$")).click()
    await expect(checkout.get_by_role("status")).to_contain_text("Paid.")
    await checkout.close()
    await expect(private(page)).to_contain_text("Payment received")


async def test_the_garden_is_ready_for_gifts(garden, garden_page):
    await garden_page.locator("[data-channel=live-stage]").click()
    await expect(garden_page.locator("#messages")).to_contain_text("Noor sings for the garden")

    await become(garden_page, "sam")
    await garden_page.locator("[data-channel=mod-room]").click()

    await expect(garden_page.locator("#messages")).to_contain_text("@Kai can now receive gifts")
    await expect(garden_page.locator(".message.ephemeral", has_text="#gifts")).to_have_count(1)


def ticks(page):
    """Return the steps of the tour that are ticked."""
    return page.locator("#hints .hint.done")


async def test_a_member_buys_gifts_sees_it_announced_and_leads(garden, windows, garden_page):
    await garden_page.locator("#hints").get_by_role("button", name="Buy coins").click()
    await garden_page.keyboard.press("Enter")
    await expect(private(garden_page)).to_contain_text("Buy coins")
    await expect(ticks(garden_page)).to_have_count(0)
    await pay(garden_page, "$4.99")
    await expect(ticks(garden_page)).to_contain_text(["Buy coins"])
    await expect(private(garden_page)).to_contain_text("You now have 🧪 350 test coins.")

    await garden_page.locator("#hints").get_by_role("button", name="Send a gift").click()
    await expect(garden_page.get_by_role("option", name="Clover")).to_be_visible()
    await garden_page.keyboard.type("clover")
    await expect(garden_page.get_by_role("option")).to_have_count(1)
    await garden_page.keyboard.press("Enter")
    await garden_page.keyboard.press("Enter")
    await expect(private(garden_page)).to_contain_text("Sent to @Noor for 🪙 20 coins.")
    await expect(ticks(garden_page)).to_contain_text(["Buy coins", "Send a gift"])

    public = garden_page.locator(".message:not(.ephemeral)").filter(has_text="@Mia sent")
    await expect(public).to_contain_text("Clover", timeout=30_000)
    await expect(ticks(garden_page)).to_contain_text(["Buy coins", "Send a gift", "See it announced"])

    await garden_page.locator("#hints").get_by_role("button", name="See who is ahead").click()
    await garden_page.keyboard.press("Enter")
    board = garden_page.locator(".message", has_text="Top gifters").last
    await expect(board.get_by_alt_text(re.compile("1. Mia"))).to_be_visible()
    async with looking(windows, garden.address, width=390, height=844, has_touch=True) as phone:
        await expect(ticks(phone)).to_have_count(4)


async def test_on_a_phone_two_short_buttons_share_a_row(garden, windows):
    async with looking(windows, garden.address, width=390, height=844, has_touch=True) as phone:
        await use(phone, "history")
        buttons = private(phone).locator(".action-row .button")
        await expect(buttons).to_contain_text(["Find a receipt", "Save as a file"])
        tops = [(await button.bounding_box())["y"] for button in await buttons.all()]

    assert tops[0] == tops[1]


async def test_a_moderator_adds_a_package_that_members_can_buy(garden_page):
    await garden_page.locator("#hints").get_by_role("button", name="Moderate").click()
    await expect(garden_page.locator(".person.me")).to_contain_text("Sam")
    await garden_page.get_by_label("coins", exact=True).fill("123")
    await garden_page.get_by_label("price", exact=True).fill("1.50")
    await garden_page.keyboard.press("Enter")
    await expect(private(garden_page)).to_contain_text("123")
    await expect(ticks(garden_page).last).to_contain_text("Moderate")

    await become(garden_page, "leo")
    panel = await use(garden_page, "buy")
    await expect(panel.get_by_role("button", name="Buy for $1.50")).to_be_visible()


async def test_a_gift_storm_is_sent_in_full(garden, garden_page):
    await garden_page.get_by_role("button", name="Gift storm").click()
    await garden_page.get_by_label("Rate").fill("55")
    await garden_page.get_by_label("Seconds", exact=True).fill("2")
    await garden_page.get_by_text("With legendary").click()
    await expect(garden_page.locator("#storm-rate-words")).to_have_text("31 gifts/s · 62 in all")
    await garden_page.get_by_role("button", name="Start the storm").click()

    await expect(garden_page.locator("#storm-words")).to_have_text("62 of 62 sent", timeout=30_000)
    await expect(garden_page.locator("#storm-figures")).to_contain_text("62")
    await expect(garden_page.get_by_role("button", name="Start the storm")).to_be_visible()


async def test_a_storm_says_what_became_of_its_gifts(sandbox, page):
    counts = Counts(total=20, sent=20, answered=9, refused=4, late=3, late_booked=1, unanswered=2, failed=2)
    sandbox.console._report(counts.to_json(running=False, now=0.0))
    await page.get_by_role("button", name="Gift storm").click()

    for figure in ("answered9", "refused4", "late3", "unanswered2", "errors2"):
        await expect(page.locator("#storm-figures")).to_contain_text(figure)
    notes = page.locator("#storm-notes")
    await expect(notes).to_contain_text("Refused: the bot said why, and charged nothing.")
    await expect(notes).to_contain_text("1 of 3 gifts still went through.")
    await expect(notes).to_contain_text("Unanswered: the bot said nothing for 8 seconds.")

    sandbox.console._report(Counts(total=5, sent=5, answered=5).to_json(running=False, now=0.0))

    await expect(notes).to_be_empty()


def in_mod_room(garden):
    """Return the messages that Sam sees in the moderators' channel."""
    room = garden.garden.channels["mod-room"]
    return garden.world.messages(room.id, garden.garden.users["sam"].id)


async def test_a_storm_needs_no_page_and_brings_the_guests_it_needs(garden):
    crowd_size = len(garden.garden.crowd)

    report = await garden.storm(Plan(rate=20, seconds=2, mix="mixed", givers=crowd_size + 2))

    outcomes = ("answered", "refused", "late", "unanswered", "failed")
    assert [report[outcome] for outcome in outcomes] == [40, 0, 0, 0, 0]
    assert 0 < report["p50"] <= report["p99"] <= report["max"]
    assert report["traffic"]["limited"] == 0
    assert not [message for message in in_mod_room(garden) if "coins for the show" in message.text]
    assert [guest.name for guest in garden.garden.crowd[crowd_size:]] == [
        f"guest_{crowd_size + 1}",
        f"guest_{crowd_size + 2}",
    ]


async def test_a_gift_storm_can_be_stopped(garden, garden_page):
    await garden_page.get_by_role("button", name="Gift storm").click()
    await garden_page.get_by_label("Rate").fill("20")
    await garden_page.get_by_label("Seconds", exact=True).fill("60")
    await garden_page.get_by_label("Givers", exact=True).fill("3")
    await garden_page.keyboard.press("Enter")
    await expect(garden_page.locator("#storm-words")).to_contain_text("sent")

    await garden_page.get_by_role("button", name="Stop", exact=True).click()

    await expect(garden_page.locator("#storm-words")).to_contain_text("stopped")


async def test_a_killed_bot_comes_back_and_knows_every_coin(garden, garden_page):
    await become(garden_page, "olive")
    await use(garden_page, "buy")
    await pay(garden_page, "$0.99")
    first = garden.bot.pid

    await garden_page.get_by_role("button", name=re.compile("^Bot online")).click()
    await garden_page.get_by_role("button", name="kill −9").click()
    await expect(garden_page.locator("#bot-button")).not_to_have_text("Bot online")
    await expect(garden_page.locator("#bot-button")).to_have_text("Bot online", timeout=30_000)
    balance = await use(garden_page, "balance")

    await expect(balance).to_contain_text("70")
    assert garden.bot.pid != first


async def test_a_member_buys_at_stripe_and_the_bank_takes_the_money_back(garden, garden_page):
    await become(garden_page, "leo")
    await use(garden_page, "buy")
    await expect(private(garden_page)).to_contain_text("Buy coins")
    await pay(garden_page, "$0.99", "Card and more")
    await expect(private(garden_page)).to_contain_text("70 test coins")

    await garden_page.goto(f"{garden.address}/stripe/dashboard")
    await garden_page.get_by_role("button", name="Dispute").first.click()
    await expect(garden_page.locator(".payments article").first).to_contain_text("dispute needs response")
    await garden_page.goto(garden.address)
    await become(garden_page, "leo")
    await use(garden_page, "balance")

    await expect(private(garden_page)).to_contain_text("Payment of receipt")
