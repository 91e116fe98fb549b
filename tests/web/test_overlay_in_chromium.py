"""The whole overlay: gifts in the books, the server, and the pages in Chromium."""

import pytest
from playwright.async_api import expect

from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.match import Match
from bot.domain.overlays import OverlayAction, OverlayScope
from bot.storage.stores import live, matches
from tests.overlay.watching import RECORD, Watched
from tests.storage.town import ALICE, BOB, CAROL, CHANNEL, GUILD, MIA, NOAH, ROSETTE
from tests.web.overlay_house import House

pytestmark = pytest.mark.databases("sqlite")


@pytest.fixture
async def context(windows):
    context = await windows.browser.new_context(viewport={"width": 1280, "height": 720})
    await context.add_init_script(RECORD)
    yield context
    await context.close()


async def look(context, house: House, path: str, secret: str) -> Watched:
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{house.port}/{path}#{secret}")
    return Watched(page)


async def test_gifts_in_the_books_appear_once_over_a_reload(house: House, context):
    await house.go_live()
    source = await look(context, house, "overlay?volume=0", await house.linked())
    await expect(source.page.locator(".rosette-goal")).to_be_visible()
    receipts = [await house.send(f"a{number}", sender_id=(ALICE, BOB)[number % 2]) for number in range(10)]
    await source.until_shown(10)
    await source.page.reload()
    receipts += [await house.send(f"b{number}", sender_id=ALICE) for number in range(10)]
    await source.until_shown(20)

    assert sorted(await source.seqs()) == [receipt.seq for receipt in receipts]
    await expect(source.page.locator(".rosette-goal-sum")).to_have_text("200 / 1,000")
    await expect(source.page.locator(".rosette-top-name").first).to_have_text("Alice")


async def test_a_match_a_gift_train_and_gifts_for_and_from_several_are_shown_right(house: House, context):
    await house.services.guilds.change(GUILD, overlay_notes_from="small")
    show = await house.go_live()
    await house.database.writer.perform(live.join, show, NOAH, house.clock())
    match = Match(GUILD, 5, show.event_id, MIA, NOAH, 10, frozen=False, started_ms=house.clock())
    await house.database.writer.perform(matches.insert, match)
    source = await look(context, house, "overlay?volume=0", await house.linked())
    await expect(source.page.locator(".rosette-match-name:visible")).to_have_text(["Mia", "Noah"])

    await house.send("mias", sender_id=ALICE, quantity=3)
    await house.send("noahs", sender_id=BOB, creator_id=NOAH, quantity=2)
    await expect(source.page.locator(".rosette-match-score:visible")).to_have_text(["30", "20"])
    team = SendTeamGift(GUILD, "team", ALICE, (MIA, NOAH), ROSETTE, CHANNEL)
    await house.database.writer.submit(team)
    card = source.page.locator(".rosette-large:visible")
    await expect(card.locator(".rosette-name")).to_have_text("Alice")
    await expect(card.locator(".rosette-to")).to_have_text("for Mia and Noah")
    # With a third one who gives, there is a gift train.
    await expect(source.page.locator(".rosette-train")).to_be_hidden()
    await house.send("carols", sender_id=CAROL)
    await expect(source.page.locator(".rosette-train-label")).to_have_text("🚂 Gift train: level 1")


async def test_the_dock_pauses_tests_and_lists_and_a_withdrawn_link_says_so(house: House, context):
    await house.go_live()
    source = await look(context, house, "overlay?volume=0", await house.linked())
    await expect(source.page.locator(".rosette-goal")).to_be_visible()
    dock = await look(context, house, "overlay/control", await house.linked(scope=OverlayScope.CONTROL))
    await expect(dock.page.locator("#live")).to_have_text("Friday · Mia")
    await dock.page.keyboard.press("t")
    await expect(source.page.locator(".rosette-large .rosette-test")).to_be_visible()

    await dock.page.keyboard.press("p")
    await expect(dock.page.get_by_role("button", name="Resume")).to_be_visible()
    await house.send("a")
    await expect(dock.page.locator("#last-list li")).to_have_count(1)
    assert await source.seqs() == []
    await house.services.overlays.control(GUILD, MIA, OverlayAction.RESUME, None)
    await source.until_shown(1)

    await house.services.overlays.revoke(GUILD, MIA)
    await expect(source.page.locator(".rosette-status")).to_contain_text("no longer valid")
    await expect(dock.page.locator("#state")).to_contain_text("no longer valid")
