"""Tells staff what perks need from them: shout-outs of the server's own, and coins that cannot go back yet.

Nobody is pinged: shout-outs can wait, and the coins go back automatically once the house has enough.
"""

import logging
from collections.abc import Callable
from functools import partial

from bot.announcer.staff import StaffMessenger
from bot.domain.deadlines import Deadline
from bot.domain.perks import RETURN_AGAIN_MS
from bot.domain.reversal_errors import HouseShort
from bot.services.app_state import AppState
from bot.services.perk_room import PerkRoom
from bot.ui.looks.perks import house_short_notice, shout_outs_notice

log = logging.getLogger(__name__)


class PerkNotices:
    """Handles the deadlines of perks that staff may have to hear of."""

    def __init__(self, perks: PerkRoom, state: AppState, staff: StaffMessenger, clock: Callable[[], int]) -> None:
        self._perks = perks
        self._state = state
        self._staff = staff
        self._clock = clock

    async def give_up(self, deadline: Deadline) -> int | None:
        """Give back what was not delivered in time; return when to try again. Raises BooksClosed."""
        try:
            return await self._perks.shop.give_up(deadline)
        except HouseShort as refusal:
            guild_id, unlock_id = deadline.guild_id, deadline.subject
            log.warning("Coins for perk unlock %s in guild %s wait for the house: %r", unlock_id, guild_id, refusal)
            mark = f"house-short:{guild_id}:{unlock_id}"
            is_told = await self._state.get(mark) is not None
            if not is_told and await self._staff.tell(guild_id, mark, house_short_notice):
                await self._state.put(mark, "told")
            return self._clock() + RETURN_AGAIN_MS

    async def announce(self, deadline: Deadline) -> None:
        """Tell the staff of a guild that shout-outs wait for them."""
        count = await self._perks.tickets.of_staff(deadline.guild_id)
        if count:
            name = f"shout-outs:{deadline.at_ms:x}"
            await self._staff.tell(deadline.guild_id, name, partial(shout_outs_notice, count))
