"""How a guild wants gifts to be announced."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.announcements import channel_for
from bot.domain.catalogue import Tier
from bot.domain.quiet_hours import quiet_until
from bot.domain.receipts import Receipt


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


@dataclass(frozen=True, slots=True)
class AnnouncementPolicy:
    """Where a guild wants gifts to be announced, and how. `gift_channel_id` 0 means where they were sent."""

    gift_channel_id: int
    settings: AnnouncementSettings
    zone: ZoneInfo

    def channel_for(self, gift: Receipt) -> int:
        """Return where a gift is announced, 0 for nowhere."""
        return channel_for(gift, self.gift_channel_id, self.settings.lowest_tier)

    def quiet_until(self, now_ms: int) -> int:
        """Return when the quiet hours around `now_ms` end, 0 outside of them."""
        return quiet_until(now_ms, self.settings.quiet_start, self.settings.quiet_end, self.zone)
