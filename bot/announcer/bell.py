"""Ends live events when their time comes, also those whose time came while the bot was away."""

from bot.client import Rosette
from bot.services import Services
from bot.ui.recap import post_recap


class Bell:
    """Rings for every live event that is over."""

    def __init__(self, services: Services, client: Rosette) -> None:
        self._services = services
        self._client = client

    async def ring(self) -> None:
        """End what is due and post each recap in its channel. The end is booked first: a lost recap is only a recap."""
        await self._client.wait_until_ready()
        for status in await self._services.live.end_due(self._client.serves):
            await post_recap(self._client, status)
