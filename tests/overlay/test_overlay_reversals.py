"""A gift that is taken back leaves the screen at once, in whatever form it is there, and does not come back."""

import pytest
from playwright.async_api import expect

from tests.overlay.watching import Watched, until

SECOND = 1_000


@pytest.fixture
async def source(opener):
    return await opener.open(clock=True)


async def take_back(speaker, seq):
    """Tell all pages, as the bot does once the journal says so."""
    end = len(speaker.journal)
    await speaker.tell({"from": end + 1, "to": end, "gifts": [], "gone": [seq]})


async def play_to_the_end(speaker, source: Watched, tier):
    """Play one gift, until no card shows it any more."""
    await speaker.send(tier, name="Leo", note="Unkind words")
    await source.until_shown(1)
    await source.page.clock.run_for(13 * SECOND)


@pytest.mark.parametrize("tier", ["large", "grand", "legendary"])
async def test_a_card_ends_and_the_next_one_begins(source, speaker, tier):
    await speaker.send(tier, name="Leo", note="Unkind words")
    await source.until_shown(1)
    await speaker.send("large", name="Mia")
    await take_back(speaker, 1)
    await source.page.clock.run_for(SECOND)

    await expect(source.visible(".rosette-alert .rosette-name")).to_have_text("Mia")
    assert await source.visible(".rosette-ribbon").count() == 0
    assert await source.seqs() == [1, 2]


async def test_the_line_after_a_legendary_gift_ends(source, speaker):
    await play_to_the_end(speaker, source, "legendary")
    await expect(source.visible(".rosette-ribbon")).to_contain_text("Leo")
    await speaker.send("legendary", name="Mia")
    await take_back(speaker, 2)
    await source.page.clock.run_for(SECOND)
    await take_back(speaker, 1)
    await source.page.clock.run_for(SECOND)

    await expect(source.page.locator(".rosette-ribbon")).to_be_hidden()


async def test_replay_shows_the_gift_before_it(source, speaker):
    await speaker.send("large", name="Mia")
    await source.until_shown(1)
    await source.page.clock.run_for(10 * SECOND)
    await speaker.send("large", name="Leo")
    await source.until_shown(2)
    await take_back(speaker, 2)
    await source.page.clock.run_for(SECOND)
    await speaker.order("replay")
    await source.page.clock.run_for(SECOND)

    await expect(source.visible(".rosette-large .rosette-name")).to_have_text("Mia")


@pytest.mark.parametrize("way", ["replay", "note"])
async def test_what_waits_to_show_it_again_is_dropped(source, speaker, way):
    await play_to_the_end(speaker, source, "large")
    await speaker.send("large", name="Mia")
    await source.until_shown(2)
    if way == "replay":
        await speaker.order("replay", 1)
    else:
        await speaker.tell({"note": {"seq": 1, "text": "Later words"}})
    await take_back(speaker, 1)
    await source.page.clock.run_for(8 * SECOND)

    assert [event["lane"] for event in await source.events()] == ["large", "large"]
    await expect(source.page.locator(".rosette-large")).to_be_hidden()


async def test_a_replay_has_the_message_that_was_approved_meanwhile(source, speaker):
    await speaker.send("large", name="Leo")
    await source.until_shown(1)
    await speaker.tell({"note": {"seq": 1, "text": "For you"}})
    await until(source.page.locator(".rosette-large .rosette-note").text_content)
    await source.page.clock.run_for(10 * SECOND)
    await speaker.order("replay")
    await source.page.clock.run_for(SECOND)

    await expect(source.visible(".rosette-large .rosette-note")).to_have_text("For you")
