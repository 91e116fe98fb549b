"""How a guild wants gifts to be announced."""

from dataclasses import dataclass

from bot.domain.catalogue import Tier


@dataclass(frozen=True, slots=True)
class Manners:
    """How gifts are announced outside of live events.

    Quiet hours in minutes after midnight of the guild's time zone, none while both are the same; below `lowest_tier` a
    gift is not announced.
    """

    guild_id: int
    quiet_start: int = 0
    quiet_end: int = 0
    lowest_tier: Tier = Tier.SMALL

    @property
    def is_quiet_at_times(self) -> bool:
        """Whether there are quiet hours."""
        return self.quiet_start != self.quiet_end
