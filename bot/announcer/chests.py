"""Shows chests: posts each once, edits it when shares are taken, and has the rest given back when its time is up."""

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.services.chests import Chests, ChestView
from bot.ui.kit.posting import Later, Outcome, Place, Posted
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import Reply
from bot.ui.looks.chest import chest_card


class ChestPoster:
    """Handles the deadlines of chests."""

    def __init__(self, chests: Chests, client: Rosette, courier: Courier) -> None:
        self._chests = chests
        self._client = client
        self._courier = courier

    async def show(self, deadline: Deadline) -> int | None:
        """Give back what is left if the time is up, and show the chest; return when to look at it again."""
        view = await self._chests.settle(deadline.guild_id, deadline.subject)
        if view is None:
            return None
        outcome = await self._carry(view)
        again_ms = outcome.at_ms if isinstance(outcome, Later) else None
        if not view.chest.is_open:
            return again_ms
        return min(view.chest.until_ms, again_ms) if again_ms is not None else view.chest.until_ms

    async def _carry(self, view: ChestView) -> Outcome:
        guild_id, chest_id = view.chest.guild_id, view.chest.chest_id
        place = Place(guild_id, view.chest.channel_id)

        async def write() -> Reply:
            # Shares may have been taken while this waited for its turn.
            newest = await self._chests.view(guild_id, chest_id) or view
            return chest_card(newest, guild_reader(self._client, guild_id))

        message_id = await self._chests.message_of(guild_id, chest_id)
        if message_id is not None:
            return await self._courier.edit(place, message_id, write, kind=TurnKind.TOTALS, subject=chest_id)
        outcome = await self._courier.post_once(place, f"chest:{chest_id}", write, kind=TurnKind.LOUD)
        if isinstance(outcome, Posted):
            await self._chests.posted(guild_id, chest_id, outcome.message_id)
        return outcome
