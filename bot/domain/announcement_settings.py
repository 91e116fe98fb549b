"""How a guild wants gifts to be announced."""

from dataclasses import dataclass

from bot.domain.catalogue import Tier


@dataclass(frozen=True, slots=True)
class AnnouncementSettings:
    """How gifts are announced outside of live events.

    Quiet hours are in minutes after midnight in the guild's time zone. If both are equal, there are none. Gifts below
    `lowest_tier` are not announced.
    """

    guild_id: int
    quiet_start: int = 0
    quiet_end: int = 0
    lowest_tier: Tier = Tier.SMALL

    @property
    def is_quiet_at_times(self) -> bool:
        """Whether the guild has quiet hours at all."""
        return self.quiet_start != self.quiet_end
