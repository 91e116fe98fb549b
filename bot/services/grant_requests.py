"""Grants of staff to themselves: one asks, and somebody else confirms."""

from collections.abc import Callable

from bot.domain.deadlines import Deadline
from bot.domain.grant_errors import NeedsSecondPerson, RequestOver
from bot.domain.grant_requests import REQUEST_MS, GrantRequest, key_of
from bot.domain.ledger.grant import Grant
from bot.domain.money import amount
from bot.domain.receipts import Receipt
from bot.services.wallets import check_reason
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.ledger.batch import dry_run
from bot.storage.stores import grant_requests


class GrantRequests:
    """The use-cases of requests."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def ask(self, guild_id: int, request_id: int, *, made_by: int, coins: int, reason: str) -> GrantRequest:
        """Ask for coins for oneself, once per id. Raise InvalidText, and what the grant would raise now."""
        now_ms = self._clock()
        until_ms = now_ms + REQUEST_MS
        request = GrantRequest(guild_id, request_id, made_by, amount(coins), check_reason(reason), until_ms)
        # Nobody has approved it yet, so any other member stands in for the approver.
        await self._database.read(dry_run, _grant(request, approver_id=request_id), now_ms)
        await self._database.writer.perform(grant_requests.add, request)
        return request

    async def confirm(self, guild_id: int, request_id: int, approver_id: int) -> Receipt:
        """Make the grant, once however often it is confirmed.

        Raise RequestOver if it was declined or has lapsed, NeedsSecondPerson if it is the approver's own, and what
        grants raise.
        """
        request = await self._database.read(grant_requests.request, guild_id, request_id)
        if request is None or request.until_ms <= self._clock():
            raise RequestOver
        receipt = await self._database.writer.submit(_grant(request, approver_id))
        await self._database.writer.perform(grant_requests.remove, guild_id, request_id)
        return receipt

    async def find(self, guild_id: int, request_id: int) -> Receipt | None:
        """Return the receipt of a request that was confirmed."""
        return await self._database.read(journal.find, guild_id, key_of(request_id))

    async def decline(self, guild_id: int, request_id: int) -> GrantRequest:
        """Remove a request, no matter who made it. Raise RequestOver if there is none."""
        request = await self._database.read(grant_requests.request, guild_id, request_id)
        is_ours = await self._database.writer.perform(grant_requests.remove, guild_id, request_id)
        if request is None or not is_ours:
            raise RequestOver
        return request

    async def lapse(self, deadline: Deadline) -> None:
        """Remove a request that nobody has confirmed in time."""
        await self._database.writer.perform(grant_requests.remove, deadline.guild_id, deadline.subject)


def _grant(request: GrantRequest, approver_id: int) -> Grant:
    if approver_id == request.made_by:
        raise NeedsSecondPerson
    member_id = request.made_by
    return Grant(request.guild_id, request.key, member_id, member_id, request.coins, request.reason, approver_id)
