"""How much staff may grant: what a guild has chosen."""

from bot.domain.grant_limits import GrantLimits
from bot.storage.database import Database
from bot.storage.stores import grant_limits


class StaffLimits:
    """The use-cases of limits on grants."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def limits(self, guild_id: int) -> GrantLimits:
        """Return a guild's limits."""
        return await self._database.read(grant_limits.limits, guild_id)

    async def change(self, guild_id: int, limits: GrantLimits) -> None:
        """Set the limits; raise InvalidAmount. They hold from the next grant on."""
        await self._database.writer.perform(grant_limits.save, guild_id, limits.checked())
