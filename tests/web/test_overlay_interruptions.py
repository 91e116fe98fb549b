"""Books that cannot be read in the middle of showing a gift: it is shown once they can, as if nothing had been."""

import pytest

from bot.domain.errors import Busy
from bot.web.overlay.art import Art
from tests.storage.town import BOB
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
