"""Tells staff, once, that something was flagged: without a name, because others may read the channel."""

from functools import partial

from bot.announcer.staff import StaffMessenger
from bot.domain.deadlines import Deadline
from bot.services.flags import Flags
from bot.ui.looks.notices import flags_notice


class FlagNotices:
    """Handles the deadlines of notices. Where no channel accepts one, `/cases` shows what is open."""

    def __init__(self, flags: Flags, staff: StaffMessenger) -> None:
        self._flags = flags
        self._staff = staff

    async def announce(self, deadline: Deadline) -> None:
        """Tell the staff of a guild of all flags that they do not know of."""
        flag_ids = await self._flags.unannounced(deadline.guild_id)
        if flag_ids:
            # The same flags make the same notice, whichever process sends it after a crash.
            name = f"flags:{flag_ids[0]}-{flag_ids[-1]}"
            await self._staff.tell(deadline.guild_id, name, partial(flags_notice, len(flag_ids)))
            await self._flags.mark_announced(deadline.guild_id, flag_ids)
