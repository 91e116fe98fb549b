"""Ends live events when their time is up, also if that was while the bot was away, and posts their recaps."""

from bot.announcer.courier import Courier
from bot.announcer.memory import LiveMemory
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.domain.live import LiveEvent
from bot.services import Services
from bot.ui.kit.channels import allowed_in, can_attach
from bot.ui.kit.cross_links import recap_buttons
from bot.ui.kit.posting import Later, Place
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.recap import recap_of, recap_picture


class LiveEndings:
    """Handles the deadlines of live events that end, and of recaps."""

    def __init__(self, services: Services, memory: LiveMemory, client: Rosette, courier: Courier) -> None:
        self._services = services
        self._memory = memory
        self._client = client
        self._courier = courier

    async def end(self, deadline: Deadline) -> int | None:
        """End a live event whose time is up; return its time if it was moved meanwhile."""
        return await self._services.live.end_due(deadline.guild_id, deadline.subject)

    async def post_recap(self, deadline: Deadline) -> int | None:
        """Post the recap of a live event, once; return when to try again."""
        event = await self._memory.without_recap(deadline.guild_id, deadline.subject)
        if event is None:
            return None
        place, name = Place(event.guild_id, event.channel_id), f"recap:{event.event_id}"
        outcome = await self._courier.post_once(place, name, lambda: self._recap(event), kind=TurnKind.LOUD)
        if isinstance(outcome, Later):
            return outcome.at_ms
        # Even if it is refused permanently: the end is booked, and a lost recap is only a recap.
        await self._memory.mark_recap(event)
        return None

    async def _recap(self, event: LiveEvent) -> Reply:
        guild = self._client.get_guild(event.guild_id)
        reader = guild_reader(self._client, event.guild_id)
        status = await self._services.live_displays.recap(event.guild_id, event.event_id)
        membership, pictures = self._client.membership, self._services.pictures
        with_picture = can_attach(allowed_in(guild, event.channel_id))
        picture = await recap_picture(status, membership, pictures, reader) if with_picture else None
        return reply(
            recap_of(status, reader, picture), recap_buttons(event.event_id, reader, has_gifts=status.totals.gifts > 0)
        )
