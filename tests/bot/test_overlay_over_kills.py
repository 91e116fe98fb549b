"""An overlay in Chromium while the bot is killed: what the books have was on screen, each gift once."""

import itertools
import json
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import BrowserContext, expect

from sandbox.discord.exchange import PATIENCE_SECONDS, Exchange
from sandbox.discord.people import Person
from tests import books
from tests.bot.test_overlay_card import card_of, make_link, secrets_on
from tests.browsing import Windows
from tests.overlay.watching import RECORD, Watched
from tests.rig import Rig, Town, until

GIFTS = ("Petal", "Spark", "Petal", "Warm Heart", "Petal", "Petal", "Rosette")
KILLS = 2
IN_FLIGHT, AFTERWARDS = 12, 2
"""Gifts that are under way when the bot is killed, and gifts that are sent once it is back."""


@pytest.fixture
async def context(windows: Windows) -> AsyncIterator[BrowserContext]:
    context = await windows.browser.new_context(viewport={"width": 1280, "height": 720})
    await context.add_init_script(RECORD)
    yield context
    await context.close()


@pytest.fixture
async def show(own_rig: Rig) -> Town:
    """A live event of Noor's, with a crowd that has coins."""
    own_rig.world.first_answer_seconds = PATIENCE_SECONDS
    await own_rig.start_bot()
    town = await own_rig.found_town(members=KILLS * (IN_FLIGHT + AFTERWARDS))
    await town.approve(town.noor)
    await (await town.noor.slash("live start")).message()
    for member in town.crowd:
        await town.grant(member, 1_000_000)
    return town


async def opened(context: BrowserContext, town: Town) -> Watched:
    """Open Noor's overlay, and wait until the bot knows it: before that, it has no place in the journal."""
    (secret,) = secrets_on(await make_link(town.noor, await card_of(town.noor)))
    page = await context.new_page()
    await page.goto(f"http://127.0.0.1:{town.rig.web_port}/overlay?volume=0#{secret}")
    await expect(page.locator("html[data-coin]")).to_be_attached()
    return Watched(page)


async def send(town: Town, givers: list[Person]) -> list[Exchange]:
    """Have each of `givers` send a gift, and do not wait for the answers.

    Who has not seen a receipt when the bot is killed is asked before they send another gift, so nobody sends two.
    """
    return [
        await giver.slash("gift", gift=gift, creator=town.noor.user)
        for giver, gift in zip(givers, itertools.cycle(GIFTS), strict=False)
    ]


def journal(rig: Rig) -> dict[int, int]:
    """Return the coins of each gift in the books by its row."""
    rows = books.rows(rig.database, "SELECT seq, body FROM journal WHERE kind = 'gift' ORDER BY seq")
    return {seq: json.loads(body)["coins"] for seq, body in rows}


async def until_settled(rig: Rig, source: Watched) -> None:
    """Wait until the page has shown exactly what the books have; what was shown twice stays twice."""

    async def is_level() -> bool:
        gifts = journal(rig)
        return sorted(await source.seqs()) == sorted(gifts) and await source.coins() == sum(gifts.values())

    await until(is_level)


@pytest.mark.parametrize("is_reloaded", [False, True], ids=["the page stays", "the page is loaded again"])
async def test_a_bot_that_is_killed_in_a_storm_loses_no_gift_and_repeats_none(
    own_rig: Rig, show: Town, context: BrowserContext, is_reloaded: bool
) -> None:
    source = await opened(context, show)
    crowd = iter(show.crowd)
    for _ in range(KILLS):
        seen = len(await source.seqs())
        await send(show, [*itertools.islice(crowd, IN_FLIGHT)])
        await source.until_shown(seen + 1)
        await own_rig.kill_bot()
        await own_rig.start_bot()
        if is_reloaded:
            await source.page.reload()
        for exchange in await send(show, [*itertools.islice(crowd, AFTERWARDS)]):
            assert "Receipt #" in (await exchange.message()).text
        await until_settled(own_rig, source)
