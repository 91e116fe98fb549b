"""Discord's entitlements as it sends them.

discord.py's own `entitlements()` drops `exclude_deleted` and stops at the first page of a list that begins with the
newest, and its Entitlement requires fields that Discord may leave out.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import aiohttp
import discord

from bot.client import Rosette
from bot.services.discord_shop import SourceDown

ALREADY_CONSUMED = 40074
PAGE = 100

_FAILURES = (discord.HTTPException, aiohttp.ClientError, OSError, TimeoutError)


class DiscordEntitlements:
    """The entitlements of the bot's own application."""

    def __init__(self, bot: Rosette) -> None:
        self._bot = bot

    async def page(self, *, before: int | None, after: int | None) -> Sequence[Mapping[str, Any]]:
        """Return a page of entitlements, deleted ones included."""
        try:
            page = await self._bot.http.get_entitlements(
                self._application_id, before=before, after=after, limit=PAGE, exclude_deleted=False
            )
        except _FAILURES as error:
            raise SourceDown(str(error)) from error
        return cast("Sequence[Mapping[str, Any]]", page)

    async def find(self, entitlement_id: int) -> Mapping[str, Any] | None:
        """Return one entitlement, None if there is none."""
        try:
            entitlement = await self._bot.http.get_entitlement(self._application_id, entitlement_id)
        except discord.NotFound:
            return None
        except _FAILURES as error:
            raise SourceDown(str(error)) from error
        return cast("Mapping[str, Any]", entitlement)

    async def consume(self, entitlement_id: int) -> None:
        """Use an entitlement up, unless it is used up already."""
        try:
            await self._bot.http.consume_entitlement(self._application_id, entitlement_id)
        except _FAILURES as error:
            if not (isinstance(error, discord.HTTPException) and error.code == ALREADY_CONSUMED):
                raise SourceDown(str(error)) from error

    @property
    def _application_id(self) -> int:
        if self._bot.application_id is None:
            raise SourceDown("not logged in")
        return self._bot.application_id
