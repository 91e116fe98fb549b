"""Staff hear that payments wait for them: once, in a channel of theirs, without a name or an amount."""

from functools import partial

from bot.announcer import staff
from bot.announcer.pace import Pace
from bot.client import Rosette
from bot.services.payment_cases import PaymentCases
from bot.ui.notices import cases_embed


class CaseNotices:
    """Announces what waits. Where no channel takes it, the next manager's command tells all the same."""

    def __init__(self, cases: PaymentCases, client: Rosette, pace: Pace) -> None:
        self._cases = cases
        self._client = client
        self._pace = pace

    async def announce(self) -> None:
        """Tell the staff of the guilds that this process can reach of all they do not know of."""
        await self._client.wait_until_ready()
        for guild_id, cases in (await self._cases.unannounced(self._reaches)).items():
            # The same cases are the same notice, whoever sends it after a crash.
            nonce = f"cases-{sum(case.opened_ms for case in cases):x}"[:25]
            await staff.tell(self._client, self._pace, guild_id, partial(cases_embed, len(cases)), nonce=nonce)
            await self._cases.mark_announced(cases)

    def _reaches(self, guild_id: int) -> bool:
        guild = self._client.get_guild(guild_id)
        return guild is not None and not guild.unavailable
