"""Posts the panel of perks where staff want it, and keeps it up to date."""

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.services.perk_panels import PerkPanels
from bot.ui.kit.posting import Later, Place, Refused
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import Reply
from bot.ui.looks.perks import panel


class PerkPanelPoster:
    """Handles the deadlines of panels."""

    def __init__(self, panels: PerkPanels, client: Rosette, courier: Courier) -> None:
        self._panels = panels
        self._client = client
        self._courier = courier

    async def show(self, deadline: Deadline) -> int | None:
        """Show the perks as they are now; return when to try again."""
        guild_id = deadline.guild_id
        state = await self._panels.state(guild_id)
        if state is None:
            return None
        place = Place(guild_id, state.channel_id)

        async def write() -> Reply:
            return panel(state.perks, state.creators, guild_reader(self._client, guild_id))

        if state.message_id > 0:
            outcome = await self._courier.edit(place, state.message_id, write, kind=TurnKind.LOUD)
        else:
            name = f"perks:{-state.message_id}"
            outcome = await self._courier.post_once(place, name, write, kind=TurnKind.LOUD)
        if isinstance(outcome, Later):
            return outcome.at_ms
        if isinstance(outcome, Refused):
            await self._panels.forget(guild_id, state)
        elif state.message_id < 0:
            await self._panels.note_posted(guild_id, state, outcome.message_id)
        return None
