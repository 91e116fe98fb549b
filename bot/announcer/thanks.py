"""Posts creators' thank-yous, each once, where the gifts were announced."""

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.services.thanks import Thanks
from bot.ui.kit.posting import Later, Place
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.thanks import thank_you_card


class ThankYouSender:
    """Handles the deadlines of thank-yous."""

    def __init__(self, thanks: Thanks, client: Rosette, courier: Courier) -> None:
        self._thanks = thanks
        self._client = client
        self._courier = courier

    async def post(self, deadline: Deadline) -> int | None:
        """Post a thank-you, once; return when to try again."""
        thank_you = await self._thanks.unsent(deadline.guild_id, deadline.subject)
        if thank_you is None:
            return None

        async def write() -> Reply:
            # It pings nobody: being thanked is no reason for a phone to buzz.
            reader = guild_reader(self._client, thank_you.guild_id)
            names, shows_quantity = await self._thanks.names(thank_you), await self._thanks.shows_quantity(thank_you)
            return reply(thank_you_card(thank_you, names, reader, shows_quantity=shows_quantity))

        place, name = Place(thank_you.guild_id, thank_you.channel_id), f"thanks:{thank_you.thanks_id}"
        outcome = await self._courier.post_once(place, name, write, kind=TurnKind.LOUD)
        if isinstance(outcome, Later):
            return outcome.at_ms
        await self._thanks.mark_sent(thank_you)
        return None
