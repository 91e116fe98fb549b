"""The largest of several gifts: the one whose single piece costs most. A small gift never counts as the largest."""

from bot.domain.catalogue import Tier, tier_of
from bot.domain.combos import EventGift
from bot.domain.live import LargestGift


def larger_of(largest: EventGift | None, gift: EventGift) -> EventGift:
    """Return the larger of two gifts. Of equals, return the one whose sender may be named, otherwise the first."""
    return gift if largest is None or _size(gift) > _size(largest) else largest


def largest_gift(gift: EventGift | None) -> LargestGift | None:
    """Return what is shown of the largest gift, None if there was no gift or only small ones."""
    if gift is None or tier_of(gift.piece_coins) is Tier.SMALL:
        return None
    return LargestGift(gift.sender if _names_sender(gift) else None, gift.name)


def _size(gift: EventGift) -> tuple[int, bool]:
    return gift.piece_coins, _names_sender(gift)


def _names_sender(gift: EventGift) -> bool:
    return gift.sender is not None and gift.joins_combos and not gift.is_pooled
