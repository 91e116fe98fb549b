"""Posts what staff do in their log channel: each act on its own, and the rest once an hour with a file.

What the channel has been told so far is stored, and every message has a name of its own. So after a crash Discord drops
what it already has, and nothing is left out.
"""

from bot.announcer.courier import Courier
from bot.announcer.pace import TurnKind
from bot.client import Rosette
from bot.domain.deadlines import Deadline
from bot.services.staff_log import StaffLogs
from bot.ui.kit.posting import Draft, Later, Outcome, Place, Refused, Write
from bot.ui.kit.readers import guild_reader
from bot.ui.kit.replies import reply
from bot.ui.looks.staff_acts import act_card
from bot.ui.looks.staff_digest import digest_card


class StaffLogPoster:
    """Handles the deadlines of staff logs."""

    def __init__(self, logs: StaffLogs, client: Rosette, courier: Courier) -> None:
        self._logs = logs
        self._client = client
        self._courier = courier

    async def post_acts(self, deadline: Deadline) -> int | None:
        """Post each act that the channel does not tell of yet; return when to go on if that is not now."""
        guild_id = deadline.guild_id
        while (logged := await self._logs.unposted(guild_id)) is not None:

            async def write() -> Draft:
                assert logged is not None
                return Draft(reply(act_card(logged, guild_reader(self._client, guild_id))), silent=True)

            outcome = await self._post(guild_id, f"act:{logged.number}", write)
            if isinstance(outcome, Later):
                return outcome.at_ms
            if isinstance(outcome, Refused) and outcome.is_gone:
                # Staff are told of that. The next channel that they choose goes on from here.
                return None
            await self._logs.mark_posted(guild_id, logged.number)
        return None

    async def post_digest(self, deadline: Deadline) -> int | None:
        """Post the summary that is due; return when the next one is."""
        guild_id = deadline.guild_id
        if not (await self._logs.log(guild_id)).channel_id:
            return None
        digest = await self._logs.due_digest(guild_id)
        if digest is None:
            return self._logs.next_digest_ms()

        async def write() -> Draft:
            return Draft(reply(digest_card(digest, guild_reader(self._client, guild_id))), silent=True)

        if digest.receipts:
            outcome = await self._post(guild_id, f"digest:{digest.last_seq}", write)
            if isinstance(outcome, Later):
                return outcome.at_ms
            if isinstance(outcome, Refused) and outcome.is_gone:
                return self._logs.next_digest_ms()
        return await self._logs.mark_digested(guild_id, digest.last_seq)

    async def _post(self, guild_id: int, name: str, write: Write) -> Outcome:
        log = await self._logs.log(guild_id)
        return await self._courier.post_once(Place(guild_id, log.channel_id), name, write, kind=TurnKind.LOUD)
