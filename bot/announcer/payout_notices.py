"""Tells staff, once, that creators have asked for payouts: without names or amounts, because others may read the
channel."""

from functools import partial

from bot.announcer.staff import StaffMessenger
from bot.domain.deadlines import Deadline
from bot.services.payouts import Payouts
from bot.ui.looks.notices import payouts_notice


class PayoutNotices:
    """Handles the deadlines of notices. Where no channel accepts one, `/payouts list` tells."""

    def __init__(self, payouts: Payouts, staff: StaffMessenger) -> None:
        self._payouts = payouts
        self._staff = staff

    async def announce(self, deadline: Deadline) -> None:
        """Tell the staff of a guild of all requests that they do not know of."""
        numbers = await self._payouts.unannounced(deadline.guild_id)
        if numbers:
            # The same requests make the same notice, whichever process sends it after a crash.
            name = f"payouts:{sum(numbers):x}"
            await self._staff.tell(deadline.guild_id, name, partial(payouts_notice, len(numbers)))
            await self._payouts.mark_announced(deadline.guild_id, numbers)
