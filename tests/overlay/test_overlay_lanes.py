"""Who plays when: five tiers in lanes of their own, folding, and the orders of the dock."""

import pytest
from playwright.async_api import expect

from tests.overlay.watching import until

SECOND = 1_000


@pytest.fixture
async def source(opener):
    """A source whose time only passes as fast as the test wants."""
    return await opener.open(clock=True)


async def test_two_hundred_large_gifts_are_over_in_a_minute_and_none_is_missing(source, speaker):
    for _ in range(20):
        for number in range(10):
            speaker.gift("large", name=f"Member {number}")
        await speaker.flush()
        await source.page.clock.run_for(SECOND // 2)
    await source.until_shown(1)
    await source.page.clock.run_for(60 * SECOND)

    assert sorted(await source.seqs()) == list(range(1, 201))
    assert await source.coins() == 200 * 2_000
    assert (await source.lanes())["fold"] >= 1
    assert await source.visible(".rosette-large").count() == 0


async def test_gifts_that_come_as_often_as_the_bot_sends_them_are_painted_at_once(source):
    waits = await source.page.evaluate("""async () => {
        const { Beat } = await import("/overlay/static/beat.js");
        const beat = new Beat();
        const waits = [];
        let own = beat.painted(0, { isIdle: false, isCounting: false });
        for (let message = 60; message < 2000; message += 100) {
            for (; own <= message; own = beat.painted(own, { isIdle: false, isCounting: false }));
            const wait = beat.wait(message);
            own = beat.painted(message + wait, { isIdle: false, isCounting: false });
            waits.push(wait);
        }
        return waits;
    }""")

    assert max(waits[:2]) <= 80
    assert set(waits[2:]) == {0}


async def test_a_fold_says_how_many_gifts_and_coins_it_stands_for(source, speaker):
    for number in range(20):
        speaker.gift("large", name=f"Member {number % 3}", count=2, coins=4_000)
    await speaker.flush()
    await source.until_shown(1)
    await source.page.clock.run_for(7 * SECOND)

    card = source.visible(".rosette-large.is-fold")
    assert await card.locator(".rosette-name").text_content() == "28 more gifts"
    assert await card.locator(".rosette-gift-name").text_content() == "from 3 people"
    assert await card.locator(".rosette-coins").text_content() == "56,000"


async def test_grand_and_legendary_gifts_never_fold(source, speaker):
    # Large ones fold where more than six wait, or for longer than twenty seconds.
    for _ in range(4):
        speaker.gift("grand")
        speaker.gift("legendary")
    await speaker.flush()
    await source.until_shown(1)
    for _ in range(120):
        # To paint every frame of two minutes takes as long as two minutes.
        await source.page.clock.fast_forward(SECOND)

    assert await source.lanes() == {"grand": 4, "legendary": 4}


async def test_a_storm_of_small_gifts_does_not_delay_a_large_one(source, speaker):
    for number in range(3_000):
        speaker.gift("small", name=f"Member {number}")
    speaker.gift("large")
    speaker.gift("grand")
    await speaker.flush()
    await source.page.clock.run_for(SECOND)
    await source.until_shown(3_002)

    assert await source.visible(".rosette-large").count() == 1
    assert await source.visible(".rosette-grand").count() == 1
    assert await source.visible(".rosette-chip").count() <= 6


async def test_a_legendary_gift_waits_a_second_and_the_one_before_goes_on_after_it(source, speaker):
    await speaker.send("grand")
    await source.until_shown(1)
    await source.page.clock.run_for(SECOND)
    await speaker.send("legendary")
    await source.page.clock.run_for(2 * SECOND)

    assert await source.visible(".rosette-legendary .rosette-plate").count() == 1
    assert await source.visible(".rosette-grand .rosette-plate").count() == 0

    await source.page.clock.run_for(12 * SECOND)

    assert await source.visible(".rosette-grand .rosette-plate").count() == 1
    assert await source.visible(".rosette-ribbon").text_content() == "Mia · Phoenix"

    await source.page.clock.run_for(62 * SECOND)

    assert await source.visible(".rosette-ribbon").count() == 0
    assert await source.seqs() == [1, 2]


@pytest.mark.parametrize("size", [(1080, 1920), (1600, 280)])
@pytest.mark.parametrize(("tier", "lasts"), [("grand", 8), ("legendary", 12)])
async def test_where_all_cards_share_a_place_a_large_gift_waits_for_a_larger_one(opener, speaker, tier, lasts, size):
    source = await opener.open(clock=True, size=size)
    large, larger = (source.page.locator(f".rosette-{name} .rosette-plate") for name in ("large", tier))
    await speaker.send("large")
    await source.until_shown(1)
    await speaker.send(tier)
    await source.page.clock.run_for(SECOND)
    await expect(larger).to_be_visible()
    assert not await large.is_visible()

    await source.page.clock.run_for((lasts - 2) * SECOND)

    await expect(large).to_be_visible()
    assert not await larger.is_visible()


async def test_the_same_gift_again_counts_in_place(source, speaker):
    await speaker.send(count=2, coins=2)
    await source.until_shown(1)
    await speaker.send(count=3, coins=3, combo=5)
    await source.page.clock.run_for(SECOND)
    await source.until_shown(2)

    assert await source.visible(".rosette-chip").count() == 1
    assert await source.visible(".rosette-chip-count").text_content() == "×5"

    await source.page.clock.run_for(6 * SECOND)
    assert await source.visible(".rosette-chip").count() == 0


async def test_a_chip_never_changes_its_person_more_than_once_a_second(source, speaker):
    """Whatever the rate, so that nothing flickers: viewers of a stream cannot ask for less motion."""
    await source.page.evaluate("""() => {
        window.changes = 0;
        const observer = new MutationObserver(() => (window.changes += 1));
        for (const name of document.querySelectorAll(".rosette-chip-name")) observer.observe(name, { childList: true });
    }""")
    for number in range(40):
        for place in range(10):
            speaker.gift(name=f"Member {number}-{place}")
        await speaker.flush()
        await source.page.clock.run_for(SECOND // 10)
    await source.until_shown(400)

    # Four seconds: five chips that may change every 1.2 seconds, and the one that counts, at each of 40 paints.
    assert 5 <= await source.page.evaluate("window.changes") <= 5 * 4 + 40


async def test_what_waits_in_a_pause_comes_after_it(source, speaker):
    await speaker.order("pause")
    await speaker.send("large")
    await speaker.send()
    await source.page.clock.run_for(5 * SECOND)
    assert await source.events() == []

    await speaker.order("resume")
    await source.page.clock.run_for(SECOND)
    await source.until_shown(2)


async def test_skip_ends_what_plays_and_clear_all_that_waits(source, speaker):
    for name in ("One", "Two", "Three"):
        speaker.gift("large", name=name)
    await speaker.flush()
    await source.until_shown(1)
    await speaker.order("skip")
    await source.page.clock.run_for(SECOND)
    name = source.page.locator(".rosette-large .rosette-name")
    assert await name.text_content() == "Two"

    await speaker.order("clear")
    await source.page.clock.run_for(20 * SECOND)

    assert await source.visible(".rosette-large").count() == 0
    assert await source.seqs() == [1, 2]


async def test_an_order_is_not_carried_out_again(source, speaker):
    for name in ("One", "Two", "Three"):
        speaker.gift("large", name=name)
    await speaker.flush()
    await source.until_shown(1)
    for _ in range(3):
        await speaker.tell({"do": "skip", "seq": None, "nr": 7})
    await source.page.clock.run_for(SECOND)

    assert await source.page.locator(".rosette-large .rosette-name").text_content() == "Two"


async def test_replay_shows_the_last_large_gift_again_and_counts_nothing(source, speaker):
    await speaker.send("large", name="Leo")
    await speaker.send("small")
    await source.until_shown(2)
    await source.page.clock.run_for(10 * SECOND)
    await speaker.order("replay")
    await source.page.clock.run_for(SECOND)

    assert await source.visible(".rosette-large .rosette-name").text_content() == "Leo"
    assert sorted(await source.seqs()) == [1, 2]


async def test_a_message_that_is_approved_appears_on_its_gift_or_after_it(source, speaker):
    await speaker.send("large", name="Leo")
    await source.until_shown(1)
    await speaker.tell({"note": {"seq": 1, "text": "For you"}})
    note = source.page.locator(".rosette-large .rosette-note")
    await until(note.text_content)
    assert await note.text_content() == "For you"

    await speaker.send("grand", name="Mia")
    await source.until_shown(2)
    await source.page.clock.run_for(20 * SECOND)
    await speaker.tell({"note": {"seq": 2, "text": "Too late?"}})
    await source.page.clock.run_for(SECOND)

    assert await source.visible(".rosette-large .rosette-note").text_content() == "Too late?"
    assert sorted(await source.seqs())[:2] == [1, 2]


async def test_a_test_shows_an_example_that_says_so_and_counts_nothing(source, speaker):
    await speaker.order("test")
    await source.visible(".rosette-large").wait_for()

    assert await source.visible(".rosette-large .rosette-test").text_content() == "🧪 Test"
    assert await source.visible(".rosette-large .rosette-art").count() == 1
    assert await source.seqs() == []
