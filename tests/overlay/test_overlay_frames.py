"""Sources of any shape: a column, a strip, an upright stream, and the size that a new source of OBS has."""

import pytest

LONG_NOTE = "Thank you for this song, and for the one before it, and for all that you have sung tonight"

# Text that does not fit is shortened with an ellipsis. What is cut off without one is at fault.
CUT_OFF = """() => {
    const cut = [];
    const walker = document.createTreeWalker(document.querySelector(".rosette-stage"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const style = getComputedStyle(element);
        if (!walker.currentNode.textContent.trim() || !element.getClientRects().length) continue;
        if (style.visibility === "hidden") continue;
        const isShortened = style.textOverflow === "ellipsis" && style.overflow === "hidden";
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const box = isShortened ? element.getBoundingClientRect() : range.getBoundingClientRect();
        let [left, top, right, bottom] = [0, 0, innerWidth, innerHeight];
        const plate = element.closest(".rosette-chip, .rosette-plate, .rosette-widget, .rosette-ribbon");
        if (plate) {
            const edge = plate.getBoundingClientRect();
            [left, top, right, bottom] = [edge.left, edge.top, edge.right, edge.bottom];
        }
        const isInside = box.left >= Math.max(0, left) - 1 && box.right <= Math.min(innerWidth, right) + 1 &&
            box.top >= Math.max(0, top) - 1 && box.bottom <= Math.min(innerHeight, bottom) + 1;
        const isNothing = isShortened && element.clientWidth < 12;
        if (!isInside || isNothing) cut.push([element.className, walker.currentNode.textContent]);
    }
    return cut;
}"""

COVERED = """() => {
    const boxes = (selector) =>
        [...document.querySelectorAll(selector)].map((part) => part.getBoundingClientRect()).filter((box) => box.width);
    const parts = boxes(".rosette-large .rosette-plate, .rosette-large .rosette-medal");
    return boxes(".rosette-chip").filter((chip) => parts.some((part) =>
        part.left < chip.right && chip.left < part.right && part.top < chip.bottom && chip.top < part.bottom)).length;
}"""


@pytest.fixture
def crowded(speaker):
    """A speaker for whom everything happens at once."""
    speaker.is_pictured = False
    speaker.train = {"level": 2, "ends_ms": speaker.clock() + 500_000, "coins": 120, "goal": 400}
    sides = [{"name": "Noor", "score": 1_240}, {"name": "Kai", "score": 870}]
    speaker.match = {"sides": sides, "ends_ms": speaker.clock() + 200_000, "hidden": False}
    speaker.top = [
        {"name": name, "coins": coins, "face": None} for name, coins in (("Mia", 12_400), ("Leo the Great", 300))
    ]
    return speaker


async def feed(speaker, source):
    for number, tier in enumerate(("small", "medium", "small", "medium", "small", "small", "small")):
        note = LONG_NOTE if tier == "medium" else None
        speaker.gift(tier, name=f"Leo the Great, the {number}th", count=12, note=note)
    await speaker.flush()
    await source.until_shown(7)


@pytest.mark.parametrize("size", [(200, 1080), (320, 180), (800, 600), (1080, 1920), (480, 270)])
@pytest.mark.parametrize("pos", ["bl", "tr"])
async def test_no_text_is_cut_off_in_a_source_of_any_shape(opener, crowded, size, pos):
    source = await opener.open(f"&motion=calm&pos={pos}", size=size)
    await feed(crowded, source)

    assert await source.visible(".rosette-goal").count() == 1
    assert await source.visible(".rosette-chip").count() >= 2
    assert await source.page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("size", [(200, 1080), (320, 180), (800, 600), (1080, 1920), (480, 270)])
@pytest.mark.parametrize("tier", ["large", "grand", "legendary"])
async def test_no_text_of_a_card_is_cut_off_in_a_source_of_any_shape(opener, crowded, size, tier):
    source = await opener.open("&motion=calm", size=size)
    await feed(crowded, source)
    await crowded.send(tier, name="Leo the Great", count=2, note=LONG_NOTE)
    await source.until_shown(8)

    assert await source.visible(f".rosette-{tier} .rosette-name").count() == 1
    assert await source.page.evaluate(CUT_OFF) == []


@pytest.mark.parametrize("pos", ["bl", "br", "tl", "tr"])
async def test_a_large_gift_covers_no_chip_of_a_long_feed(opener, crowded, pos):
    source = await opener.open(f"&motion=calm&pos={pos}", size=(800, 600))
    await feed(crowded, source)
    await crowded.send("large", name="Leo the Great", note=LONG_NOTE)
    await source.until_shown(8)

    assert await source.visible(".rosette-chip").count() >= 3
    assert await source.page.evaluate(COVERED) == 0


async def test_a_feed_with_little_room_lets_no_gift_flicker(opener, speaker):
    speaker.is_pictured = False
    source = await opener.open("&motion=calm", size=(320, 180), clock=True)
    await source.page.evaluate("""() => {
        window.begun = 0;
        document.addEventListener("animationstart", ({ target, animationName }) => {
            const isChip = target.matches(".rosette-chip:not(.is-surplus)");
            if (isChip && animationName === "rosette-fade-in") window.begun += 1;
        }, true);
    }""")
    for second in range(20):
        for number in range(10):
            speaker.gift("small", name=f"Member {second} {number}")
        await speaker.flush()
        await source.page.clock.run_for(100)
    await source.until_shown(200)

    assert await source.visible(".rosette-chip").count() <= 3
    assert await source.page.evaluate("window.begun") <= 8
