"""Earnings that wait for somebody: no more of them than is still unpaid.

A flag says: look before this money goes. And what members bought of a provider that pays the operator waits until the
operator has said that creators are paid from it. What a payout has taken is gone, and holding other earnings in its
place would punish a creator for what nobody has decided yet. Of a flag, that is what its case is about: staff take the
gift back, which leaves a debt, or they clear the flag. A refund after a payout makes no debt, since coins that were
paid out stay with their creator.

Diamonds are alike, so nobody can tell which of them a payout has taken. What it could have taken and left behind counts
as that which waits first: a payout that left 500 behind has paid for all but 500 of what was flagged later. It has
paid for nothing that was flagged by then, was still held for its day, was withheld by the operator, or was earned
since. If a payout is rejected, its diamonds are back, and wait again.

What was left behind and then lost, since other gifts were taken back, is not there to be held either.

The operator's word is a setting, and stands in no guild's journal. So nothing that is counted depends on it: lines of
earnings keep their day, and what is withheld is decided when it is read. A request for a payout writes down what it had
to leave alone, because what it has paid follows from that, whatever the operator says later.
"""

import sys
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from bot.domain.holds import NEVER, Hold, day_of

POOLED: Final = frozenset({"discord_sku"})
"""Providers that pay the operator, whichever guild has sold. Creators are not paid from them unless the operator says
so."""

WITHHELD_NOW_MS: Final = sys.maxsize
"""Since when something waits for the operator: no payout has left it alone for that, unless it says so."""


class PendingPiece(NamedTuple):
    """What is left of a piece of earnings that has waited for somebody since a time.

    It is of the gift in row `seq`, and flagged; or for the operator, of all gifts of a source and a day that no payout
    came between, with 0 for their rows.
    """

    seq: int
    since_ms: int
    hold: Hold

    @property
    def is_flagged(self) -> bool:
        """Whether it waits for staff, and not for the operator alone."""
        return self.since_ms != WITHHELD_NOW_MS


class PastPayout(NamedTuple):
    """A payout that was not rejected: the row and the time of its request.

    `left` is how many diamonds of those that could be paid then, flagged or not, stayed on the account and were not
    lost since. Below 0, more was lost. What came from the sources `withheld` could not be paid then.
    """

    seq: int
    at_ms: int
    left: int
    withheld: Collection[str] = ()

    def may_include(self, piece: PendingPiece) -> bool:
        """Whether a piece had been earned, and waited neither for its day any more nor for the operator."""
        return piece.seq < self.seq and self.could_pay(piece.hold)

    def could_pay(self, hold: Hold) -> bool:
        """Whether what was earned by then waited neither for its day any more nor for the operator."""
        return hold.until_day <= day_of(self.at_ms) and hold.source not in self.withheld


def undated(hold: Hold, withheld: Collection[str]) -> Hold:
    """Return a hold without its date if it is from one of the sources `withheld`."""
    return hold._replace(until_day=NEVER) if hold.source in withheld else hold


def unpaid(pieces: Iterable[PendingPiece], payouts: Iterable[PastPayout]) -> list[PendingPiece]:
    """Return what is unpaid of pieces that wait, oldest first. The payouts are those of their creator."""
    remainder = list(pieces)
    for payout in sorted(payouts, key=lambda each: each.seq):
        remainder = [*_without(remainder, payout)]
    return sorted(piece for piece in remainder if piece.hold.diamonds)


def _without(pieces: Iterable[PendingPiece], payout: PastPayout) -> Iterable[PendingPiece]:
    """Yield what a payout has left of pieces. What was released first was paid first."""
    surplus = -max(payout.left, 0)
    surplus += sum(piece.hold.diamonds for piece in pieces if payout.may_include(piece))
    # What was flagged by then was not paid. It can only have been lost.
    for piece in sorted(
        pieces, key=lambda each: (each.since_ms <= payout.at_ms, each.hold.until_day, each.is_flagged, each.seq)
    ):
        portion = max(min(piece.hold.diamonds, surplus), 0) if payout.may_include(piece) else 0
        surplus -= portion
        yield piece._replace(hold=piece.hold._replace(diamonds=piece.hold.diamonds - portion))
