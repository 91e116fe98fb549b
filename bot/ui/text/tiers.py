"""Which gifts count from a tier on, in words: for styles, refusals and the options of commands."""

from collections.abc import Mapping
from typing import Final

from bot.domain.catalogue import Tier
from bot.ui.text.reader import N_

FROM_TIER: Final[Mapping[Tier, str]] = {
    Tier.SMALL: N_("Every gift"),
    Tier.MEDIUM: N_("Medium gifts and up"),
    Tier.LARGE: N_("Large gifts and up"),
    Tier.GRAND: N_("Grand gifts and up"),
    Tier.LEGENDARY: N_("Only legendary gifts"),
}
