"""What a flag holds of earnings: no more than its gifts still have unpaid.

A flag says: look before this money goes. What a payout has taken is gone, and the flag's case is about it: staff take
the gift back, which leaves a debt, or they clear the flag. Holding other earnings in its place would punish a creator
for what nobody has decided yet, and would hold a debt that a refund after a payout does not make: coins that were paid
out stay with their creator.

Diamonds are alike, so nobody can tell which of them a payout has taken. What it could have taken and left behind counts
as that of flagged gifts first: a payout that left 500 behind has paid for all but 500 of what was flagged later. It has
paid for nothing that was flagged by then, was still held for its day, or was earned since. If a payout is rejected, its
diamonds are back, and wait again.

What was left behind and then lost, since other gifts were taken back, is not there to be held either.
"""

from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.holds import Hold, day_of


class FlaggedPiece(NamedTuple):
    """What is left of a piece that the gift in row `seq` has earned, which has been flagged since a time."""

    seq: int
    since_ms: int
    hold: Hold


class PastPayout(NamedTuple):
    """A payout that was not rejected: the row and the time of its request.

    `left` is how many diamonds of those that could be paid then, flagged or not, stayed on the account and were not
    lost since. Below 0, more was lost.
    """

    seq: int
    at_ms: int
    left: int

    def may_include(self, piece: FlaggedPiece) -> bool:
        """Whether a piece had been earned, and did not wait for its day any more."""
        return piece.seq < self.seq and piece.hold.until_day <= day_of(self.at_ms)


def unpaid(pieces: Iterable[FlaggedPiece], payouts: Iterable[PastPayout]) -> list[FlaggedPiece]:
    """Return what is unpaid of flagged pieces, oldest first. The payouts are those of their creator."""
    remainder = list(pieces)
    for payout in sorted(payouts):
        remainder = [*_without(remainder, payout)]
    return sorted(piece for piece in remainder if piece.hold.diamonds)


def _without(pieces: Iterable[FlaggedPiece], payout: PastPayout) -> Iterable[FlaggedPiece]:
    """Yield what a payout has left of pieces. What was released first was paid first."""
    surplus = -max(payout.left, 0)
    surplus += sum(piece.hold.diamonds for piece in pieces if payout.may_include(piece))
    # What was flagged by then was not paid. It can only have been lost.
    for piece in sorted(pieces, key=lambda each: (each.since_ms <= payout.at_ms, each.hold.until_day, each.seq)):
        portion = max(min(piece.hold.diamonds, surplus), 0) if payout.may_include(piece) else 0
        surplus -= portion
        yield piece._replace(hold=piece.hold._replace(diamonds=piece.hold.diamonds - portion))
