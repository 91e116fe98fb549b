"""Sends what creators say thank you for, each once, where the gifts were announced."""

from bot.announcer.courier import Courier, Later, Place
from bot.announcer.pace import Kind
from bot.client import Rosette
from bot.domain.thanks import ThankYou
from bot.services import Services
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from bot.ui.thanks import thank_you_embed


class ThankYouSender:
    """Sends what waits."""

    def __init__(self, services: Services, client: Rosette, courier: Courier) -> None:
        self._thanks = services.thanks
        self._client = client
        self._courier = courier

    async def send(self) -> None:
        """Send every thank-you that has not been sent, in the guilds that this process can reach."""
        await self._client.wait_until_ready()
        for made in await self._thanks.unsent(self._courier.reaches):
            await self._send(made)

    async def _send(self, made: ThankYou) -> None:
        async def written() -> Reply:
            # A mention in an embed shows the name and pings nobody: being thanked is no reason for a phone to buzz.
            reader = Reader.for_guild(self._client.get_guild(made.guild_id))
            return reply(thank_you_embed(made, await self._thanks.names(made), reader))

        place, name = Place(made.guild_id, made.channel_id), f"thanks:{made.thanks_id}"
        outcome = await self._courier.post_once(place, name, written, kind=Kind.LOUD)
        if not isinstance(outcome, Later):
            await self._thanks.mark_sent(made)
