"""Bookings: what a row of the journal does to a creator's earnings.

All bookings of a creator add up to what is on their account of earnings, and reserved by a payout. The audit compares
the two. So asking for a payout is no booking, and its payment is one.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, NamedTuple


class BookingType(StrEnum):
    """What moved a creator's earnings. The values are stored."""

    GIFT = "gift"
    """The creator's share of gifts."""
    REVERSAL = "reversal"
    """The share of gifts that were taken back."""
    DEBT = "debt"
    """What a debt took of the earnings. It is above zero where a reversal found too little, and became a debt."""
    PAYOUT = "payout"
    """Earnings that were paid out."""


class Booking(NamedTuple):
    """What a row does to the earnings of `creator`, a holder id, in diamonds.

    Pieces and coins are those of gifts, negative where gifts are taken back. `anonymous` are the gifts themselves.
    """

    creator: int
    type: BookingType
    anonymous: bool
    pieces: int
    coins: int
    diamonds: int


Bookings = tuple[Booking, ...]


def of_gift(facts: Mapping[str, Any]) -> Bookings:
    """Return what a gift does. Test coins earn nothing that could be paid out."""
    creator, share, is_anonymous = facts["creator"], facts["share"], facts["anonymous"]
    if not share or "test" in facts:
        return ()
    gift = Booking(creator, BookingType.GIFT, is_anonymous, facts["count"], facts["coins"], share)
    payoff = facts.get("payoff", 0)
    return (gift, Booking(creator, BookingType.DEBT, is_anonymous, 0, 0, -payoff)) if payoff else (gift,)


def of_reversal(facts: Mapping[str, Any]) -> Bookings:
    """Return what a reversal does. One of an order takes held earnings of the gifts that it paid for, which stay."""
    if not facts["creator"]:
        return tuple(
            Booking(creator, BookingType.REVERSAL, bool(anonymous), 0, 0, -diamonds)
            for _, creator, diamonds, anonymous in facts.get("from_gifts", ())
        )
    new_debt = facts["creator_debt"]
    share = facts["earnings"] + new_debt
    if not (share or "losses" in facts) or "test" in facts:
        return ()
    creator, is_anonymous = facts["creator"], facts["anonymous"]
    reversal = Booking(creator, BookingType.REVERSAL, is_anonymous, -facts["part"], -facts["coins"], -share)
    return (reversal, Booking(creator, BookingType.DEBT, is_anonymous, 0, 0, new_debt)) if new_debt else (reversal,)


def of_reinstatement(facts: Mapping[str, Any]) -> Bookings:
    """Return what a reinstatement does: what a reversal took of held earnings is there again, but for what is owed."""
    bookings: list[Booking] = []
    for _, creator, diamonds, anonymous, payoff in facts.get("to_gifts", ()):
        bookings.append(Booking(creator, BookingType.REVERSAL, bool(anonymous), 0, 0, diamonds))
        if payoff:
            bookings.append(Booking(creator, BookingType.DEBT, bool(anonymous), 0, 0, -payoff))
    return tuple(bookings)


def of_payout(facts: Mapping[str, Any]) -> Bookings:
    """Return what the payment of a payout does."""
    return (Booking(facts["member"], BookingType.PAYOUT, False, 0, 0, -facts["coins"]),)


def of_rejection(facts: Mapping[str, Any]) -> Bookings:
    """Return what a rejected payout does: what was reserved is available again, but for what a debt takes."""
    payoff = facts.get("payoff", 0)
    return (Booking(facts["member"], BookingType.DEBT, False, 0, 0, -payoff),) if payoff else ()
