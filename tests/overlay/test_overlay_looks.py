"""What viewers see: readable, inside its plates, calm on request, transparent, and open to a streamer's own CSS."""

import io

import pytest
from PIL import Image

SECOND = 1_000

NASTY = (
    "<img src=x onerror='window.canary=1'>",
    "<script>window.canary=1</script>",
    "\"><svg/onload='window.canary=1'>",
    "javascript:window.canary=1",
    "{{constructor.constructor('window.canary=1')()}}",
    "${window.canary=1}",
    "</bdi><style>*{display:none}</style>",
    "&lt;b&gt;not bold&lt;/b&gt;",
)
SCRIPTS = (
    "محمد عبد الله",
    "สวัสดีชาวโลก ยินดีต้อนรับ",
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘",
    "👩‍👩‍👧‍👦" * 20,
    "W" * 200,
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "\u202eright to left\u202c and back",
    "é" * 200,
)
LONG_NOTE = "Thank you for this song, ülker! " * 7

# The very script with which obs-browser applies the CSS box of a source.
OBS_SCRIPT = """css => {
    const obsCSS = document.createElement('style');
    obsCSS.appendChild(document.createTextNode(css));
    document.querySelector('head').appendChild(obsCSS);
}"""

OUTSIDE = """() => {
    const outside = [];
    for (const plate of document.querySelectorAll(".rosette-chip, .rosette-plate, .rosette-widget")) {
        if (!plate.checkVisibility?.() && plate.offsetParent === null) continue;
        const box = plate.getBoundingClientRect();
        if (!box.width) continue;
        if (box.left < 0 || box.top < 0 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1)
            outside.push(["off the screen", plate.className]);
        for (const part of plate.querySelectorAll("*")) {
            const inner = part.getBoundingClientRect();
            if (!inner.width || part.matches(".rosette-chip-art")) continue;
            if (inner.left < box.left - 1 || inner.right > box.right + 1 || inner.bottom > box.bottom + 1)
                outside.push([part.className, plate.className, part.textContent.slice(0, 20)]);
        }
    }
    return outside;
}"""

# A line is a little lower than its letters are high, so these reach over it.
WHOLE = """text => text.scrollWidth <= text.clientWidth &&
    text.scrollHeight - text.clientHeight < parseFloat(getComputedStyle(text).fontSize) / 2"""

OVERLAPS = """([cards, others]) => {
    const boxes = (selector) =>
        [...document.querySelectorAll(selector)].map((part) => part.getBoundingClientRect()).filter((box) => box.width);
    const covered = boxes(others);
    return boxes(`:is(${cards}) :is(.rosette-plate, .rosette-medal)`).filter((part) =>
        covered.some(
            (box) => part.left < box.right && box.left < part.right && part.top < box.bottom && box.top < part.bottom,
        ),
    ).length;
}"""

SMALL_TEXT = """least => {
    const found = [];
    const walker = document.createTreeWalker(document.querySelector(".rosette-stage"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !parent.getClientRects().length) continue;
        const size = parseFloat(getComputedStyle(parent).fontSize);
        if (size < least - 0.01) found.push([size, parent.className, parent.textContent]);
    }
    return found;
}"""


async def all_tiers(speaker, source, **what):
    for tier in ("small", "medium", "large", "grand"):
        speaker.gift(tier, **what)
    await speaker.flush()
    await source.until_shown(4)


@pytest.mark.parametrize("text", [*NASTY, *SCRIPTS])
async def test_member_text_stays_text_and_inside_its_plate(opener, speaker, text):
    speaker.top = [{"name": text, "coins": 123_456_789, "face": None}]
    source = await opener.open()
    dialogs = []

    def note(dialog):
        # Playwright marks its handlers, and a method of a list takes no mark.
        dialogs.append(dialog)

    source.page.on("dialog", note)
    await all_tiers(speaker, source, name=text, note=f"{text} {LONG_NOTE}", coins=99_999_999)

    assert await source.page.evaluate("window.canary") is None
    assert dialogs == []
    assert await source.page.locator("main script, main style, main svg, main b").count() == 0
    assert await source.page.evaluate(OUTSIDE) == []
    if len(text) < 24:
        assert await source.page.locator(".rosette-chip-name").first.text_content() == text


async def test_text_is_large_enough_for_a_stream(source, speaker):
    speaker.train = {"level": 2, "ends_ms": 4_000_000_000_000}
    sides = [{"name": "Noor", "score": 10}, {"name": "Kai", "score": None}]
    speaker.match = {"sides": sides, "ends_ms": 4_000_000_000_000, "hidden": True}
    speaker.top = [{"name": "Mia", "coins": 120, "face": None}]
    await all_tiers(speaker, source, note="Hello", count=2)

    assert await source.visible(".rosette-widget").count() == 4
    assert await source.page.evaluate(SMALL_TEXT, 28) == []


@pytest.mark.parametrize("pos", ["bl", "br", "tl", "tr"])
async def test_a_large_gift_leaves_the_widgets_free_in_a_narrow_source(opener, speaker, pos):
    speaker.train = {"level": 2, "ends_ms": 4_000_000_000_000}
    sides = [{"name": "Noor", "score": 10}, {"name": "Kai", "score": None}]
    speaker.match = {"sides": sides, "ends_ms": 4_000_000_000_000, "hidden": True}
    speaker.top = [{"name": name, "coins": 120, "face": None} for name in ("Mia", "Leo", "Kai")]
    source = await opener.open(f"&motion=calm&pos={pos}", size=(800, 600))
    await speaker.send("large", name="W" * 40, note=LONG_NOTE)
    await source.until_shown(1)

    assert await source.visible(".rosette-widget").count() == 4
    assert await source.page.evaluate(OVERLAPS, [".rosette-large", ".rosette-widget"]) == 0


@pytest.mark.parametrize("size", [(1080, 1920), (800, 600), (400, 800)])
@pytest.mark.parametrize("pos", ["bl", "tr"])
@pytest.mark.parametrize("tier", ["grand", "legendary"])
async def test_a_gift_in_the_centre_and_a_full_feed_are_both_seen_without_room_beside_it(
    opener, speaker, tier, pos, size
):
    speaker.live = {**speaker.live, "creators": [{"id": "a", "name": "Noor"}, {"id": "b", "name": "Kai"}]}
    source = await opener.open(f"&motion=calm&pos={pos}", size=size)
    for number in range(6):
        speaker.gift("medium", name=f"Member {number}", note=LONG_NOTE)
    speaker.gift(tier, name="W" * 40, count=2, to="W" * 40, note=LONG_NOTE)
    await speaker.flush()
    await source.until_shown(7)

    assert await source.visible(".rosette-chip").count() >= 2
    assert await source.page.evaluate(OVERLAPS, [f".rosette-{tier}", ".rosette-chip"]) == 0
    for part in ("medal", "plate"):
        box = await source.page.locator(f".rosette-{tier} .rosette-{part}").bounding_box()
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= size[1], part


async def test_a_leader_who_hides_amounts_has_a_place_without_a_sum(opener, speaker):
    speaker.top = [{"name": "Mia", "coins": None, "face": None}, {"name": "Leo", "coins": 0, "face": None}]
    source = await opener.open()

    rows = source.visible(".rosette-top-row")
    await rows.first.wait_for()
    assert await rows.locator(".rosette-top-name").all_text_contents() == ["Mia", "Leo"]
    assert await rows.locator(".rosette-coins").all_text_contents() == ["", "0"]
    assert await source.visible(".rosette-top-row .rosette-coins").count() == 1


@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
@pytest.mark.parametrize("tier", ["grand", "legendary"])
async def test_a_gift_in_the_centre_says_its_whole_name_and_covers_no_feed(opener, speaker, tier, size):
    speaker.is_pictured = False
    speaker.live = {**speaker.live, "creators": [{"id": "a", "name": "Noor"}, {"id": "b", "name": "Kai"}]}
    source = await opener.open("&motion=calm", size=size)
    await speaker.send("medium", name="Leo the Great of the Mountains", note=LONG_NOTE)
    await speaker.send(tier, name="W" * 40, count=2, to="Noor and Kai", note=LONG_NOTE)
    await source.until_shown(2)

    for part in ("gift-name", "to"):
        text = source.visible(f".rosette-{tier} .rosette-{part}")
        assert await text.evaluate("text => text.scrollWidth <= text.clientWidth"), part
    feed = await source.visible(".rosette-chip").bounding_box()
    plate = await source.visible(f".rosette-{tier} .rosette-plate").bounding_box()
    assert feed["x"] + feed["width"] <= plate["x"]


@pytest.mark.parametrize("size", [(1920, 1080), (800, 600)])
@pytest.mark.parametrize("tier", ["medium", "large", "grand", "legendary"])
async def test_a_usual_name_stands_in_full_beside_what_was_sent_and_to_whom(opener, speaker, tier, size):
    speaker.live = {**speaker.live, "creators": [{"id": "a", "name": "Noor"}, {"id": "b", "name": "Kai"}]}
    source = await opener.open("&motion=calm", size=size)
    await speaker.send(tier, name="Mia Sommerfeld", count=2, coins=50_000, note=LONG_NOTE)
    await source.until_shown(1)

    card = ".rosette-chip" if tier == "medium" else f".rosette-{tier}"
    texts = source.visible(f"{card} bdi:not([class$=note])")
    assert await texts.all_text_contents() == ["Mia Sommerfeld", speaker.journal[0]["gift"]["name"], "for Noor"]
    for text in await texts.all():
        assert await text.evaluate(WHOLE), await text.text_content()


@pytest.mark.parametrize("tier", ["grand", "legendary"])
async def test_a_card_with_as_much_text_as_it_takes_stays_on_the_screen(opener, speaker, tier):
    speaker.live = {**speaker.live, "creators": [{"id": "a", "name": "Noor"}, {"id": "b", "name": "Kai"}]}
    source = await opener.open("&motion=calm")
    await speaker.send(tier, name="W" * 40, count=2, to="W" * 40, note=LONG_NOTE)
    await source.until_shown(1)

    medal = await source.page.locator(f".rosette-{tier} .rosette-medal").bounding_box()
    plate = await source.visible(f".rosette-{tier} .rosette-plate").bounding_box()
    assert medal["y"] >= 0
    assert plate["y"] + plate["height"] <= 1080


async def test_the_css_box_of_obs_changes_colours_and_plates(source, speaker):
    await source.page.evaluate(
        OBS_SCRIPT,
        "body { background-color: rgba(0, 0, 0, 0); margin: 0px auto; overflow: hidden; }"
        ":root { --rosette-plate: rgb(1, 2, 3); } .rosette-chip-name { color: rgb(4, 5, 6); }",
    )
    await speaker.send()
    await source.until_shown(1)
    chip = source.visible(".rosette-chip")

    assert await chip.evaluate("chip => getComputedStyle(chip).backgroundColor") == "rgb(1, 2, 3)"
    name = chip.locator(".rosette-chip-name")
    assert await name.evaluate("name => getComputedStyle(name).color") == "rgb(4, 5, 6)"


async def test_the_page_is_transparent_where_nothing_is(source, speaker):
    await speaker.send()
    await source.until_shown(1)

    alpha = Image.open(io.BytesIO(await source.page.screenshot(omit_background=True))).getchannel("A")

    corners = ((0, 0), (1919, 0), (0, 1079), (1919, 1079), (960, 540))
    assert [alpha.getpixel(corner) for corner in corners] == [0] * 5


@pytest.mark.parametrize(
    ("query", "options", "moves"),
    [("", {}, True), ("&motion=calm", {}, False), ("", {"reduced_motion": "reduce"}, False)],
)
async def test_nothing_moves_where_less_motion_is_wanted(opener, speaker, query, options, moves):
    speaker.is_pictured = False
    source = await opener.open(query, **options)
    await source.page.evaluate("""() => {
        window.moving = 0;
        document.addEventListener("animationstart", ({ target }) => {
            const keyframes = target.getAnimations({ subtree: true }).flatMap(({ effect }) => effect.getKeyframes());
            if (keyframes.some((frame) => (frame.transform ?? "none") !== "none")) window.moving += 1;
        }, true);
    }""")
    await all_tiers(speaker, source)
    await speaker.send("legendary")
    await source.until_shown(5)
    began = "document.getAnimations().some(({ animationName }) => /rise|fade/.test(animationName))"
    await source.page.wait_for_function(began)

    assert bool(await source.page.evaluate("window.moving")) is moves
    painted = "[...document.querySelector('canvas').getContext('2d').getImageData(0, 0, 960, 540).data].some(Boolean)"
    if not moves:
        assert not await source.page.evaluate(painted)


async def test_at_most_sixty_petals_fall(source, speaker):
    count = await source.page.evaluate("""async () => {
        const { Particles } = await import("/overlay/static/particles.js");
        const particles = new Particles(document.createElement("canvas"));
        particles.play("legendary", 12000);
        return particles.count;
    }""")

    assert count == 60


async def test_the_address_chooses_language_corner_parts_and_tier(opener, speaker):
    speaker.live = {**speaker.live, "creators": [{"id": "a", "name": "Noor"}, {"id": "b", "name": "Kai"}]}
    source = await opener.open("&lang=de&pos=tr&show=alerts&tier=medium&scale=1.5")
    await speaker.send("small")
    await speaker.send("medium", name=None, coins=1_200)
    await source.until_shown(1)
    chip = source.visible(".rosette-chip")

    assert await source.seqs() == [2]
    assert await chip.locator(".rosette-chip-name").text_content() == "Anonym"
    assert await chip.locator(".rosette-chip-to").text_content() == "für Noor"
    assert await chip.locator(".rosette-chip-coins").text_content() == "1.200"
    assert await source.visible(".rosette-widget").count() == 0
    box = await chip.bounding_box()
    assert box["x"] > 960
    assert box["y"] < 540


async def test_a_page_without_a_live_event_is_empty(opener, speaker):
    speaker.live = None
    source = await opener.open()

    for part in ("widget", "chip", "alert", "ribbon", "status"):
        assert await source.visible(f".rosette-{part}").count() == 0
