"""How announcements name those who gave a gift, and those who got it."""

from collections.abc import Sequence

from bot.domain.gift_totals import GiftLine
from bot.ui.text.mentions import member
from bot.ui.text.reader import Reader

POOLED = 6
"""Members named who chipped in for a gift."""


def name_of(member_id: int | None, r: Reader) -> str:
    """Return a gifter, None for an anonymous one."""
    # A mention shows the member's name of today. Whom it pings is up to the message.
    return r._("Someone") if member_id is None else member(member_id, r)


def shortlist(names: Sequence[str], most: int, r: Reader) -> str:
    """Return the first names, and how many others there are."""
    first_names = [*names[:most]]
    if len(names) > most:
        first_names.append(r.n_("{n} other", "{n} others", len(names) - most))
    return r.listed(first_names)


def creators_of(combo: GiftLine, r: Reader) -> str:
    """Return who got a gift: all creators of a gift for several."""
    return r.listed([member(creator_id, r) for creator_id in combo.creators])


def givers_of(combo: GiftLine, r: Reader) -> str:
    """Return who sent a gift: the first who chipped in for it, if several did."""
    if not combo.pool:
        return name_of(combo.sender_id, r)
    return shortlist([name_of(member_id, r) for member_id in combo.pool], POOLED, r)
