"""A catalogue that holds as many gifts as it may. How the refusal sounds is the matter of tests/ui."""

import pytest

from bot.domain.catalogue import MOST_ITEMS
from bot.domain.errors import TooMany
from bot.services import Services
from tests.services.paying import GUILD


async def test_a_full_catalogue_takes_neither_a_new_item_nor_an_archived_one(services: Services) -> None:
    catalogue = services.catalogue
    await catalogue.archive(GUILD, "Petal")
    for number in range(MOST_ITEMS - len(await catalogue.items(GUILD))):
        await catalogue.add(GUILD, item_id=5_000 + number, name=f"Item {number}", emoji="🌼", price=7)

    with pytest.raises(TooMany):
        await catalogue.add(GUILD, item_id=6_000, name="One more", emoji="🌼", price=7)
    with pytest.raises(TooMany):
        await catalogue.edit(GUILD, "Petal", archived=False)

    assert len(await catalogue.items(GUILD)) == MOST_ITEMS
