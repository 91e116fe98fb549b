"""The dock: buttons, keys and a phone; messages to approve; readable by everybody."""

import pytest
from playwright.async_api import expect

from tests.overlay.watching import until


@pytest.fixture
async def dock(opener):
    watched = await opener.dock(size=(390, 844))
    await expect(watched.page.locator("#state")).to_have_text("Connected")
    return watched.page


NAMELESS = """() => [...document.querySelectorAll("button, a, input, summary")]
    .filter((one) => !(one.getAttribute("aria-label") || one.innerText).trim()).length"""
SMALL_TARGETS = """() => [...document.querySelectorAll("button")]
    .map((one) => one.getBoundingClientRect())
    .filter(({ width, height }) => width && (width < 44 || height < 44)).length"""
FAINT = """() => {
    const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const numbers = (text) => text.match(/[\\d.]+/g).map(Number);
    const ground = (element) => {
        for (let one = element; one; one = one.parentElement) {
            const style = getComputedStyle(one);
            if (style.backgroundImage !== "none") return null;
            const colour = numbers(style.backgroundColor);
            if (colour.length < 4 || colour[3] > 0.99) return colour;
        }
        return [255, 255, 255];
    };
    const faint = [];
    for (const element of document.querySelectorAll("body *")) {
        const hasText = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!hasText || !element.getClientRects().length || element.closest(".unseen")) continue;
        const behind = ground(element);
        if (!behind) continue;
        const [one, other] = [light(numbers(getComputedStyle(element).color)), light(behind)].sort((a, b) => b - a);
        if ((one + 0.05) / (other + 0.05) < 4.5) faint.push([element.className, element.textContent]);
    }
    return faint;
}"""


async def fill(speaker):
    speaker.gift("large", name="Leo", note="For everybody to read", held=True)
    speaker.gift("grand", name="محمد عبد الله", note="Hi", test=True)
    speaker.gift("small", name="A name that is longer than any phone is wide, and then some")
    await speaker.flush()


@pytest.mark.parametrize(
    ("word", "key", "order"),
    [
        ("Pause", "p", "pause"),
        ("Skip", "s", "skip"),
        ("Replay", "r", "replay"),
        ("Mute", "m", "mute"),
        ("Test", "t", "test"),
    ],
)
async def test_each_button_and_its_key_give_an_order(dock, speaker, word, key, order):
    await dock.get_by_role("button", name=word, exact=True).first.click()
    await until(lambda: speaker.orders == [order])
    opposite = {"pause": "resume", "mute": "unmute"}.get(order) or order
    if opposite != order:
        await expect(dock.get_by_role("button", name=opposite.capitalize(), exact=True)).to_be_visible()

    await dock.keyboard.press(key)

    await until(lambda: speaker.orders == [order, opposite])


async def test_clearing_takes_two_presses(dock, speaker):
    await dock.keyboard.press("c")
    await expect(dock.get_by_role("button", name="Press again to clear")).to_be_visible()
    assert speaker.orders == []

    await dock.keyboard.press("c")

    await until(lambda: speaker.orders == ["clear"])


async def test_messages_that_wait_are_approved_or_rejected_and_the_focus_goes_on(dock, speaker):
    for name in ("Leo", "Mia"):
        speaker.gift("large", name=name, note=f"From {name}", held=True)
    await speaker.flush()
    button = dock.get_by_role("button", name="Approve the message from Leo")
    await button.focus()
    await dock.keyboard.press("Enter")
    await until(lambda: speaker.orders == ["approve"])
    await expect(dock.locator("#held-list li")).to_have_count(1)
    await expect(dock.get_by_role("button", name="Approve the message from Mia")).to_be_focused()

    await dock.keyboard.press("x")

    await until(lambda: speaker.orders == ["approve", "reject"])
    await expect(dock.locator("#held")).to_be_hidden()


async def test_the_last_gifts_are_listed_and_can_be_shown_again(dock, speaker):
    await fill(speaker)
    await expect(dock.locator("#last-list li")).to_have_count(3)
    await expect(dock.locator("#log")).to_contain_text("A message from Leo is waiting for you")

    await dock.get_by_role("button", name="Replay the gift from Leo").click()

    await until(lambda: speaker.orders == ["replay"])


async def test_a_storm_keeps_the_list_short_and_the_log_quiet(dock, speaker):
    for number in range(500):
        speaker.gift(name=f"Member {number}")
    await speaker.flush()

    await expect(dock.locator("#last-list li")).to_have_count(40)
    await expect(dock.locator("#last-list .name").first).to_have_text("Member 499")
    assert "Member" not in await dock.locator("#log").inner_text()


@pytest.mark.parametrize("scheme", ["dark", "light"])
async def test_everybody_can_read_and_reach_everything_on_a_phone(opener, speaker, scheme):
    page = (await opener.dock(size=(390, 844), color_scheme=scheme)).page
    await fill(speaker)
    await expect(page.locator("#last-list li")).to_have_count(3)

    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
    assert await page.evaluate(NAMELESS) == 0
    assert await page.evaluate(SMALL_TARGETS) == 0
    assert await page.evaluate(FAINT) == []
    assert await page.evaluate("document.documentElement.lang") == "en"
    assert await page.locator("[role=log][aria-live=polite]").count() == 1


@pytest.mark.parametrize(("reason", "words"), [("creator", "you're no creator here any more"), ("later", "Try again")])
async def test_what_was_not_done_is_said_to_eyes_and_ears(opener, speaker, reason, words):
    dock = (await opener.dock(size=(390, 844), clock=True)).page
    await expect(dock.locator("#state")).to_have_text("Connected")
    await speaker.tell({"refused": "test", "because": reason}, scope="control")

    await expect(dock.locator("#notice")).to_contain_text(words)
    await expect(dock.locator("#log")).to_contain_text(words)
    assert await dock.evaluate(FAINT) == []
    await dock.clock.run_for(9_000)
    await expect(dock.locator("#notice")).to_be_hidden()


@pytest.mark.parametrize("epoch", ["e1", "e2"])
async def test_books_that_were_set_back_are_listed_anew(dock, speaker, epoch):
    await fill(speaker)
    await expect(dock.locator("#last-list li")).to_have_count(3)
    await expect(dock.locator("#held-list li")).to_have_count(1)
    speaker.epoch = epoch
    del speaker.journal[1:]
    await speaker.cut(1012)
    await until(lambda: len(speaker.hellos) == 2 and speaker.is_settled)
    await speaker.send("small", name="Kai")

    await expect(dock.locator("#last-list .name")).to_have_text(["Kai"])
    await expect(dock.locator("#held")).to_be_hidden()


async def test_gifts_that_are_taken_back_leave_the_lists(dock, speaker):
    await fill(speaker)
    await expect(dock.locator("#last-list li")).to_have_count(3)
    await speaker.tell({"from": 4, "to": 3, "gifts": [], "gone": [1, 2, 3]})

    await expect(dock.locator("#last-list li")).to_have_count(0)
    await expect(dock.locator("#none")).to_be_visible()
    await expect(dock.locator("#held")).to_be_hidden()


async def test_a_dock_without_a_connection_says_so(dock, speaker):
    speaker.tokens.clear()
    await speaker.cut(4401)

    await expect(dock.locator("#state")).to_contain_text("no longer valid")
    await dock.keyboard.press("p")
    await expect(dock.locator("#log")).to_contain_text("Not sent")
