"""Tells staff, once, that members want to become creators: without a name, because others may read the channel."""

from functools import partial

from bot.announcer.staff import StaffMessenger
from bot.domain.deadlines import Deadline
from bot.services.applications import Applications
from bot.ui.looks.applications import applications_notice


class ApplicationNotices:
    """Handles the deadlines of notices. Where no channel accepts one, staff see it in `/creators list`."""

    def __init__(self, applications: Applications, staff: StaffMessenger) -> None:
        self._applications = applications
        self._staff = staff

    async def announce(self, deadline: Deadline) -> None:
        """Tell the staff of a guild of all open applications, if they do not know of one."""
        waiting = await self._applications.waiting(deadline.guild_id)
        fresh = [application for application in waiting if not application.announced]
        if fresh:
            # The same applications make the same notice, whichever process sends it after a crash.
            name = f"applications:{fresh[-1].application_id:x}"
            await self._staff.tell(deadline.guild_id, name, partial(applications_notice, len(waiting)))
            await self._applications.mark_announced(deadline.guild_id, fresh)
