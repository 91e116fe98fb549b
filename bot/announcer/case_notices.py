"""Staff hear that payments wait for them: once, in a channel of theirs, without a name or an amount."""

from functools import partial

from bot.announcer.staff import Staff
from bot.client import Rosette
from bot.services.payment_cases import PaymentCases
from bot.ui.notices import cases_embed


class CaseNotices:
    """Announces what waits. Where no channel takes it, the next manager's command tells all the same."""

    def __init__(self, cases: PaymentCases, client: Rosette, staff: Staff) -> None:
        self._cases = cases
        self._client = client
        self._staff = staff

    async def announce(self) -> None:
        """Tell the staff of the guilds that this process can reach of all they do not know of."""
        await self._client.wait_until_ready()
        for guild_id, cases in (await self._cases.unannounced(self._reaches)).items():
            # The same cases are the same notice, whoever sends it after a crash.
            name = f"cases:{sum(case.opened_ms for case in cases):x}"
            await self._staff.tell(guild_id, name, partial(cases_embed, len(cases)))
            await self._cases.mark_announced(cases)

    def _reaches(self, guild_id: int) -> bool:
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable
