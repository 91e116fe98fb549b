"""Pictures for cogs and announcements: avatars are fetched and cards are drawn here."""

from collections.abc import Callable, Sequence

from bot.imaging.artwork import gift
from bot.imaging.cards.leaderboard import leaderboard
from bot.imaging.cards.recap import recap
from bot.imaging.cards.shelf import shelf
from bot.imaging.studio import Studio
from bot.imaging.values import GiftLook, LeaderboardCard, RecapCard, Shelf
from bot.services.avatars import CDN, Avatars


class Pictures:
    """The use-cases of pictures. Any of them may fail, so callers also say in words what the picture shows."""

    def __init__(self, clock: Callable[[], int], cdn: str = CDN) -> None:
        self._studio = Studio()
        self._avatars = Avatars(clock, cdn=cdn)

    async def avatars(self, urls: Sequence[str | None]) -> list[bytes | None]:
        """Return avatar files in the order of their addresses, None where unavailable."""
        return await self._avatars.fetch_all(urls)

    async def recap(self, values: RecapCard) -> bytes | None:
        """Return the recap of a live event as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(recap, values)

    async def gift(self, look: GiftLook, size: int) -> bytes | None:
        """Return a gift as PNG, `size` pixels wide, None if it cannot be drawn now."""
        return await self._studio.draw(gift, look, size)

    async def leaderboard(self, values: LeaderboardCard) -> bytes | None:
        """Return a page of a leaderboard as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(leaderboard, values)

    async def shelf(self, values: Shelf) -> bytes | None:
        """Return a shelf of the catalogue as PNG, None if it cannot be drawn now."""
        return await self._studio.draw(shelf, values)

    async def close(self) -> None:
        """Finish what is being drawn, and stop fetching."""
        await self._avatars.close()
        await self._studio.close()
