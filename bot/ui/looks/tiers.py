"""How a tier of gifts looks and what it is called: the one record for every reply, picture and menu."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from bot.domain.catalogue import Tier
from bot.ui.text.reader import N_
from bot.ui.text.refusals import Unreadable
from bot.ui.text.tiers import FROM_TIER


class TierStyle(NamedTuple):
    """A tier's colour, emoji and texts. `from_name` says that it is the lowest tier of several."""

    colour: int
    emoji: str
    name: str
    from_name: str


# The colours are distinct on light and on dark backgrounds, and get warmer with the size of the gift.
TIER_STYLES: Final[Mapping[Tier, TierStyle]] = {
    Tier.SMALL: TierStyle(0xF2A7C3, "🌱", N_("Small gifts"), FROM_TIER[Tier.SMALL]),
    Tier.MEDIUM: TierStyle(0x5DADE2, "🌷", N_("Medium gifts"), FROM_TIER[Tier.MEDIUM]),
    Tier.LARGE: TierStyle(0x9B59B6, "💜", N_("Large gifts"), FROM_TIER[Tier.LARGE]),
    Tier.GRAND: TierStyle(0xF39C12, "🌟", N_("Grand gifts"), FROM_TIER[Tier.GRAND]),
    Tier.LEGENDARY: TierStyle(0xFF4D6D, "👑", N_("Legendary gifts"), FROM_TIER[Tier.LEGENDARY]),
}


def tier_numbered(number: int) -> Tier:
    """Return the tier that a button or menu carries by its number; raise Unreadable for a number that no tier has."""
    tier = Tier.numbered(number)
    if tier is None:
        raise Unreadable
    return tier
