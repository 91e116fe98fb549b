"""Every text over its plate, as WCAG counts contrast: from the computed styles, over a white and over a black still.

Plates let a little of the picture through, and some are gradients. Of each gradient every stop and the colours in
between count, so the worst place of a plate decides, wherever its text stands.
"""

import pytest

SIZES = ((1920, 1080), (1280, 720))
STILLS = {"black": "rgb(0, 0, 0)", "white": "rgb(255, 255, 255)"}

TEXTS = """still => {
    const channels = (text) => {
        const parts = text.match(/[\\d.]+%?/g).map((part) => parseFloat(part));
        return { rgb: parts.slice(0, 3), alpha: parts[3] ?? 1 };
    };
    const over = ({ rgb, alpha }, below) => rgb.map((value, index) => alpha * value + (1 - alpha) * below[index]);
    const light = (rgb) => rgb.map((value) => value / 255)
        .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const contrast = (one, other) => {
        const [high, low] = [light(one), light(other)].sort((a, b) => b - a);
        return (high + 0.05) / (low + 0.05);
    };
    const between = (one, other, share) => ({
        rgb: one.rgb.map((value, index) => value + share * (other.rgb[index] - value)),
        alpha: one.alpha + share * (other.alpha - one.alpha),
    });
    const stops = (image) => {
        const colours = (image.match(/rgba?\\([^)]*\\)/g) ?? []).map(channels);
        return colours.flatMap((colour, index) =>
            index ? [0.25, 0.5, 0.75, 1].map((share) => between(colours[index - 1], colour, share)) : [colour]);
    };
    // What may be behind an element: the still, and above it the plates of those that hold it, at each of their stops.
    const grounds = (element) => {
        let below = [channels(still).rgb];
        const chain = [];
        for (let part = element; part; part = part.parentElement) chain.unshift(part);
        for (const part of chain) {
            const style = getComputedStyle(part);
            const colour = channels(style.backgroundColor);
            if (colour.alpha) below = below.map((rgb) => over(colour, rgb));
            const images = style.backgroundImage.includes("url(") ? [] : stops(style.backgroundImage);
            if (images.length) below = below.flatMap((rgb) => images.map((stop) => over(stop, rgb)));
        }
        return below;
    };
    const texts = [];
    const walker = document.createTreeWalker(document.querySelector(".rosette-stage"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !element.getClientRects().length) continue;
        const style = getComputedStyle(element);
        const size = parseFloat(style.fontSize);
        const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
        const worst = Math.min(...grounds(element).map((rgb) => contrast(over(channels(style.color), rgb), rgb)));
        texts.push({ part: element.className, text: walker.currentNode.textContent, worst, least: isLarge ? 3 : 4.5 });
    }
    return texts;
}"""


async def fill(speaker, source):
    """Put each kind of text onto the screen that may stand there at once."""
    speaker.live = {**speaker.live, "creators": [{"id": "a", "name": "Noor"}, {"id": "b", "name": "Kai"}]}
    speaker.train = {"level": 2, "ends_ms": 4_000_000_000_000, "coins": 120, "goal": 400}
    sides = [{"name": "Noor", "score": 10}, {"name": "Kai", "score": 7}]
    speaker.match = {"sides": sides, "ends_ms": 4_000_000_000_000, "hidden": False}
    speaker.top = [{"name": name, "coins": 120, "face": None} for name in ("Mia", "Leo", "Kai")]
    for name in ("Mia", None):
        speaker.gift("small", name=name, note="A kind word", count=3)
        speaker.gift("medium", name=name, note="Another kind word", count=2, test=True)
    for number in range(9):
        speaker.gift("small", name=f"Member {number}")
    await speaker.flush()
    await source.until_shown(13)


def faint(texts):
    return [text for text in texts if text["worst"] < text["least"]]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("still", STILLS)
@pytest.mark.parametrize("motion", ["full", "calm"])
async def test_the_feed_and_the_widgets_can_be_read_over_any_picture(opener, speaker, still, motion, size):
    speaker.is_pictured = False
    source = await opener.open(f"&motion={motion}", size=size)
    await fill(speaker, source)

    texts = await source.page.evaluate(TEXTS, STILLS[still])

    parts = " ".join(text["part"] for text in texts)
    for part in ("chip-name", "chip-count", "chip-note", "chip-to", "test", "goal-label", "top-place", "train-label"):
        assert f"rosette-{part}" in parts
    assert faint(texts) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("still", STILLS)
@pytest.mark.parametrize("motion", ["full", "calm"])
@pytest.mark.parametrize("tier", ["large", "grand", "legendary"])
async def test_a_card_can_be_read_over_any_picture(opener, speaker, tier, still, motion, size):
    speaker.is_pictured = False
    speaker.live = {**speaker.live, "creators": [{"id": "a", "name": "Noor"}, {"id": "b", "name": "Kai"}]}
    source = await opener.open(f"&motion={motion}", size=size)
    await speaker.send(tier, count=2, note="For the song", test=True)
    await source.until_shown(1)

    texts = await source.page.evaluate(TEXTS, STILLS[still])

    assert len([text for text in texts if "rosette-" in text["part"]]) >= 7
    assert faint(texts) == []


@pytest.mark.parametrize("still", STILLS)
async def test_what_remains_of_a_legendary_gift_and_what_sums_up_can_be_read(opener, speaker, still):
    speaker.is_pictured = False
    source = await opener.open(clock=True)
    await speaker.send("legendary")
    for number in range(20):
        speaker.gift("large", name=f"Member {number}")
    await speaker.flush()
    await source.until_shown(2)
    await source.page.clock.run_for(13_000)

    texts = await source.page.evaluate(TEXTS, STILLS[still])

    assert any("rosette-ribbon-text" in text["part"] for text in texts)
    assert faint(texts) == []


@pytest.mark.parametrize("still", STILLS)
async def test_a_goal_that_is_reached_a_hidden_score_and_a_lost_connection_can_be_read(opener, speaker, still):
    speaker.live = {**speaker.live, "goal": {"amount": 100, "sum": 250}}
    sides = [{"name": "Noor", "score": None}, {"name": "Kai", "score": None}]
    speaker.match = {"sides": sides, "ends_ms": 4_000_000_000_000, "hidden": True}
    source = await opener.open()
    await source.visible(".rosette-goal").wait_for()
    speaker.tokens.clear()
    await speaker.cut(4401)
    await source.visible(".rosette-status").wait_for()

    texts = await source.page.evaluate(TEXTS, STILLS[still])

    assert faint(texts) == []


async def test_every_initial_can_be_read_on_the_colour_that_its_name_has(source):
    await source.page.evaluate("""async () => {
        const { Face } = await import("/overlay/static/face.js");
        for (let number = 0; number < 360; number += 1) {
            const face = new Face("rosette-face");
            face.show(`Member ${number}`, null);
            face.element.style.fontSize = "16px";
            document.querySelector(".rosette-stage").append(face.element);
        }
    }""")

    initials = [text for text in await source.page.evaluate(TEXTS, STILLS["black"]) if "initial" in text["part"]]

    assert len(initials) == 360
    assert [text for text in initials if text["worst"] < 4.5] == []
