"""Tells the gift channel, once, that creators' share changes, and when."""

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.services.shares import Shares
from bot.ui.kit.posting import Later, Place
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.shares import share_card


class ShareNewsSender:
    """Handles the deadlines of news about shares."""

    def __init__(self, shares: Shares, client: Rosette, courier: Courier) -> None:
        self._shares = shares
        self._client = client
        self._courier = courier

    async def post(self, deadline: Deadline) -> int | None:
        """Post the news; return when to try again."""
        news = await self._shares.news(deadline.guild_id)
        if not news.changes:
            return None

        async def write() -> Reply:
            return reply(share_card(news.changes, guild_reader(self._client, deadline.guild_id)))

        if news.channel_id:
            place, name = Place(deadline.guild_id, news.channel_id), f"shares:{news.changes[-1].number}"
            outcome = await self._courier.post_once(place, name, write, kind=TurnKind.LOUD)
            if isinstance(outcome, Later):
                return outcome.at_ms
        # If no channel accepts the news, creators read them below their next reply.
        await self._shares.mark_announced(deadline.guild_id, news.changes)
        return None
