"""What the suites of the web part share: a server with overlays over the books of one guild."""

from collections.abc import AsyncIterator

import pytest

from tests.storage.town import Clock
from tests.web.overlay_house import House, furnish, open_house


@pytest.fixture
def clock() -> Clock:
    """The clock of books and services."""
    return Clock()


@pytest.fixture
async def house(address: str, clock: Clock) -> AsyncIterator[House]:
    """A server with overlays, and a guild in which Alice, Bob and Noah have coins."""
    async with open_house(address, clock) as house:
        await furnish(house)
        yield house
