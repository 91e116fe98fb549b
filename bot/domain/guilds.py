"""The settings that a guild's staff choose."""

from dataclasses import dataclass, replace

from bot.domain.errors import InvalidAmount
from bot.domain.policy import Staff


@dataclass(frozen=True, slots=True)
class GuildRules:
    """One guild's settings. Percentages are 0 to 100, `confirm_above` is in coins, and a role id of 0 means no role."""

    guild_id: int
    gift_channel_id: int = 0
    share_percent: int = 50
    promo_share_percent: int = 0
    confirm_above: int = 1_000
    time_zone: str = "UTC"
    manager_role_id: int = 0
    host_role_id: int = 0
    treasurer_role_id: int = 0
    auditor_role_id: int = 0

    def role_of(self, staff: Staff) -> int:
        """Return the id of the Discord role for `staff`, 0 if none is set."""
        return getattr(self, f"{staff.value}_role_id")

    def changed(self, **values: int | str) -> "GuildRules":
        """Return these rules with `values`. Raise InvalidAmount for a percentage or threshold out of bounds."""
        for name, highest in (("share_percent", 100), ("promo_share_percent", 100), ("confirm_above", 10**9)):
            value = values.get(name, 0)
            if not isinstance(value, int) or not 0 <= value <= highest:
                raise InvalidAmount(str(value), 0, highest)
        return replace(self, **values)
