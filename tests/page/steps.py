"""Ten everyday tasks on the page, and what each takes: presses (clicks and keys that do something) and characters."""

import re
from typing import NamedTuple

from playwright.async_api import expect

from tests.page.looking import become


class Steps(NamedTuple):
    """What a task takes."""

    presses: int
    characters: int


class Hand:
    """A person's hand: what it does on the page is counted. Looking, waiting and choosing who one is are not."""

    def __init__(self, page):
        self.page = page
        self.presses = self.characters = 0

    async def press(self, target):
        await target.click()
        self.presses += 1

    async def open_menu(self, target):
        await target.click(button="right")
        self.presses += 1

    async def key(self, name):
        await self.page.keyboard.press(name)
        self.presses += 1

    async def write(self, text):
        await self.page.keyboard.type(text)
        self.characters += len(text)

    async def command(self, name):
        """Type a command into the composer, which has the focus, as in Discord, wherever one types."""
        await self.page.locator("#composer-text").focus()
        await self.write(f"/{name} ")

    async def pick(self, letters, option):
        """Type into an option until the wanted one is first, and pick it."""
        await self.write(letters)
        await expect(self.page.get_by_role("option").first).to_contain_text(option)
        await self.key("Enter")

    @property
    def private(self):
        # News of levels come below the answer that they follow.
        return self.page.locator(".message.ephemeral").filter(has_not_text="You've reached level").last

    def button(self, name):
        return self.private.get_by_role("button", name=name)


async def buy_the_second_package(hand):
    await hand.command("buy")
    await hand.key("Enter")
    await hand.press(hand.button("Buy for $4.99"))
    form = hand.page.get_by_role("dialog")
    boxes = form.get_by_role("checkbox")
    await expect(boxes).to_have_count(2)
    for box in await boxes.all():
        await hand.press(box)
    await hand.press(form.get_by_role("button", name="Submit"))
    async with hand.page.context.expect_page() as opening:
        await hand.press(hand.private.get_by_role("link", name="Open the checkout"))
    checkout = await opening.value
    await hand.press(checkout.get_by_role("button", name=re.compile("^Pay")))
    await expect(checkout.get_by_role("status")).to_contain_text("Paid.")
    await checkout.close()
    await expect(hand.private).to_contain_text("Payment received")


async def send_a_first_gift_by_slash(hand):
    await hand.command("gift")
    await hand.pick("ro", "Rosette")
    await hand.pick("no", "Noor")
    await hand.key("Enter")
    await expect(hand.private).to_contain_text("Sent to @Noor")


async def send_one_from_the_board(hand):
    await hand.page.locator("[data-channel=live-stage]").click()
    await hand.press(hand.page.get_by_role("button", name="Send a gift").last)
    await hand.press(hand.button("Send Rosette for"))
    await expect(hand.private).to_contain_text("Sent to @Noor")


async def send_one_on_a_message(hand):
    await hand.page.locator("[data-channel=live-stage]").click()
    await hand.open_menu(hand.page.locator(".message", has_text="First song in a minute").first)
    await hand.press(hand.page.get_by_role("menuitem", name="Gift this message"))
    await hand.press(hand.button("Send Rosette for"))
    await expect(hand.private).to_contain_text("Sent to @Noor")


async def send_the_same_again(hand):
    number = await hand.private.get_by_text(re.compile(r"Receipt #\d+")).inner_text()
    await hand.press(hand.button("Send again"))
    await expect(hand.private).not_to_contain_text(number)


async def see_who_leads_today(hand):
    await hand.page.locator("[data-channel=live-stage]").click()
    await hand.press(hand.page.get_by_role("button", name="Leaderboard").last)
    await hand.press(hand.button("Live event"))
    await hand.press(hand.page.get_by_role("option", name="Today"))
    await expect(hand.private).to_contain_text("Today")


async def thank_everyone(hand):
    await become(hand.page, "noor")
    await hand.page.locator("[data-channel=live-stage]").click()
    await hand.press(hand.page.get_by_role("button", name="Thank everyone").last)
    await expect(hand.private).to_contain_text("all caught up")


async def start_a_show_with_a_goal(hand):
    await become(hand.page, "noor")
    await hand.press(hand.page.get_by_role("button", name="Go live again").last)
    form = hand.page.get_by_role("dialog")
    await hand.press(form.get_by_role("button", name="Submit"))
    await expect(hand.page.locator(".message:not(.ephemeral)").last).to_contain_text("of 🪙 2,000")


async def add_a_package(hand):
    await become(hand.page, "sam")
    await hand.command("packages add")
    await hand.write("5000")
    await hand.key("Tab")
    await hand.write("44.40")
    await hand.key("Enter")
    await expect(hand.private).to_contain_text("$44.40")


async def grant_coins(hand):
    await become(hand.page, "sam")
    await hand.page.locator("[data-channel=general]").click()
    await hand.open_menu(hand.page.locator("#members").get_by_text("Mia", exact=True))
    await hand.press(hand.page.get_by_role("menuitem", name="Grant coins"))
    form = hand.page.get_by_role("dialog")
    await expect(form).to_be_visible()
    await hand.write("500")
    await hand.key("Tab")
    await hand.write("thanks")
    await hand.key("Enter")
    await expect(hand.private).to_contain_text("500")


TASKS = (
    buy_the_second_package,
    send_a_first_gift_by_slash,
    send_one_from_the_board,
    send_one_on_a_message,
    send_the_same_again,
    see_who_leads_today,
    thank_everyone,
    start_a_show_with_a_goal,
    add_a_package,
    grant_coins,
)


async def count(page, task):
    """Do a task on the page, and return what it took."""
    hand = Hand(page)
    await task(hand)
    return Steps(hand.presses, hand.characters)
