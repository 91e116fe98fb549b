"""Tells staff, once, that payments wait for them: without a name or an amount, because others may read the channel."""

from functools import partial

from bot.announcer.staff import StaffMessenger
from bot.domain.deadlines import Deadline
from bot.services.payment_cases import PaymentCases
from bot.ui.looks.notices import cases_notice


class CaseNotices:
    """Handles the deadlines of notices. Where no channel accepts one, the next manager's command tells."""

    def __init__(self, cases: PaymentCases, staff: StaffMessenger) -> None:
        self._cases = cases
        self._staff = staff

    async def announce(self, deadline: Deadline) -> None:
        """Tell the staff of a guild of all payments that they do not know of."""
        cases = await self._cases.unannounced(deadline.guild_id)
        if cases:
            # The same cases make the same notice, whichever process sends it after a crash.
            name = f"cases:{sum(case.opened_ms for case in cases):x}"
            await self._staff.tell(deadline.guild_id, name, partial(cases_notice, len(cases)))
            await self._cases.mark_announced(cases)
