"""Books that cannot be read in the middle of showing a gift: it is shown once they can, as if nothing had been."""

import asyncio
import time

import pytest

from bot.domain.errors import Busy
from bot.domain.overlays import digest_of
from bot.services.overlay_shows import OverlayShows, Setup
from bot.web.overlay.art import Art
from bot.web.overlay.watch import GuildWatch
from tests.rig import until
from tests.storage.town import BOB, GUILD
from tests.web.overlay_house import House

pytestmark = pytest.mark.databases("sqlite")


class BusyArt(Art):
    """Pictures whose catalogue cannot be read the first `failures` times."""

    failures = 2

    async def path(self, guild_id: int, item_id: int) -> str | None:
        if self.failures:
            self.failures -= 1
            raise Busy
        return await super().path(guild_id, item_id)


class HeldShows(OverlayShows):
    """Shows of which nobody learns how an overlay stands before it is said, once `gate` is set."""

    gate: asyncio.Event | None = None
    is_asked = False

    async def setup(self, guild_id: int, creator: int, creator_id: int) -> Setup:
        if self.gate is not None:
            self.is_asked = True
            await self.gate.wait()
        return await super().setup(guild_id, creator, creator_id)


async def test_a_page_with_a_new_link_that_comes_as_the_last_one_goes_is_shown_gifts(house: House) -> None:
    await house.go_live()
    shows = HeldShows(house.database.follower_books, house.clock)
    watch = GuildWatch(GUILD, shows, house.hub.people, house.hub.art, house.clock, time.monotonic)
    secret = await house.linked()
    owner = await shows.admit(secret)
    assert owner is not None
    overlay = await watch.enter(owner, digest_of(secret))
    shows.gate = asyncio.Event()
    coming = asyncio.create_task(watch.enter(owner, digest_of("a newer link")))

    async def is_looked_up() -> bool:
        return shows.is_asked

    await until(is_looked_up)
    watch.leave(overlay)
    shows.gate.set()
    entered = await coming

    assert watch.overlays == {owner.creator: entered}
    await watch.stop()


async def test_a_gift_whose_frame_could_not_be_made_counts_once_in_its_combo(house: House) -> None:
    house.hub.art = BusyArt(house.services.overlay_shows, house.services.pictures, lambda: 0.0)
    await house.go_live()
    page = await house.page(await house.linked())

    await house.send("a", quantity=2)
    last = await house.send("b", quantity=3)
    await page.until_seq(last.seq)
    after = await house.send("c", sender_id=BOB)
    await page.until_seq(after.seq)

    assert [gift["combo"] for gift in page.gifts] == [2, 5, 1]
