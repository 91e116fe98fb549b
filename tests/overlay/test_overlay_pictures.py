"""A card begins with its picture: it is fetched before, and a card waits for it, but not for long."""

import asyncio

import pytest

from tests.overlay.watching import until

TIERS = ("large", "grand", "legendary")

RECORD_ART = """() => {
    window.arts = [];
    document.addEventListener("rosette:shown", ({ detail }) => {
        const art = document.querySelector(`.rosette-${detail.lane}:not([hidden]) .rosette-art`);
        window.arts.push(art.complete && art.naturalWidth > 0 && !art.hidden);
    });
}"""
DECODED = """async address => {
    const image = new Image();
    image.src = address;
    await image.decode();
}"""


READY = """async ({ art, isLate }) => {
    const { Pictures } = await import("/overlay/static/pictures.js");
    const entry = { gift: { gift: { art }, sender: { face: null } } };
    const settled = new Promise((resolve) => {
        const pictures = new Pictures(() => resolve(pictures.areReady(entry, 0)));
        pictures.fetch(entry, 0);
        if (isLate !== null) resolve(pictures.areReady(entry, isLate));
    });
    return await settled;
}"""


@pytest.fixture
async def source(opener, speaker):
    """A source whose time only passes as far as the test wants, of a bot whose pictures wait."""
    speaker.easel = asyncio.Event()
    source = await opener.open(clock=True)
    await source.page.evaluate(RECORD_ART)
    # An installed clock runs on by itself until it is stopped.
    await source.page.clock.pause_at(await source.page.evaluate("Date.now() / 1000") + 1)
    yield source
    speaker.easel.set()


async def until_asked(source, speaker):
    """Let as little time pass as it takes until a picture was asked for."""

    async def is_asked():
        await source.page.clock.run_for(2)
        return speaker.paintings

    await until(is_asked)


@pytest.mark.parametrize("tier", TIERS)
async def test_a_card_begins_together_with_its_picture(source, speaker, tier):
    gift = await speaker.send(tier)
    await until_asked(source, speaker)
    await source.page.clock.run_for(100)
    assert await source.visible(f".rosette-{tier}").count() == 0

    speaker.easel.set()
    await source.page.evaluate(DECODED, gift["gift"]["art"])
    await source.page.clock.run_for(90)

    assert await source.seqs() == [1]
    assert await source.page.evaluate("window.arts") == [True]


async def test_a_card_whose_picture_is_late_begins_without_and_gets_it_afterwards(source, speaker):
    await speaker.send("grand")
    await until_asked(source, speaker)
    await source.page.clock.run_for(600)
    assert await source.seqs() == [1]
    assert await source.page.evaluate("window.arts") == [False]

    speaker.easel.set()
    await source.visible(".rosette-grand .rosette-art").wait_for()


@pytest.mark.parametrize(
    ("art", "is_late", "is_ready"),
    [
        ("/overlay/art/16-ab12.png", None, True),
        ("/overlay/art/16-ab12.png", 399, False),
        ("/overlay/art/16-ab12.png", 400, True),
        ("/overlay/static/none.png", None, True),
        ("https://elsewhere.example/spy.png", 0, True),
        (None, 0, True),
    ],
)
async def test_a_card_waits_for_a_picture_that_may_still_come_and_for_nothing_else(
    source, speaker, art, is_late, is_ready
):
    if is_late is None:
        speaker.easel.set()

    assert await source.page.evaluate(READY, {"art": art, "isLate": is_late}) is is_ready
