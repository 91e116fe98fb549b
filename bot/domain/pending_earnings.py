"""Earnings that wait for a person's decision, and how much of them is still unpaid.

Two things make earnings wait like this. A flag says: look before this money goes. And what members bought through a
provider that pays the operator waits until the operator has confirmed that creators are paid from it.

Only what is still unpaid can wait. What a payout has taken is gone, and holding other earnings in its place would
punish a creator for what nobody has decided yet. If the gift was flagged, its case is about that money: staff take the
gift back, which leaves a debt, or they clear the flag. A refund after a payout makes no debt, because coins that were
paid out stay with their creator.

Diamonds are all alike, so nobody can tell which of them a payout has taken. Of those it could have taken, the ones that
it left behind count as the pending ones: a payout that left 500 behind has paid for all but 500 of what was flagged
later. It has not paid for anything that was already flagged, still held for its day, or withheld by the operator, nor
for anything earned since. If a payout is rejected, its diamonds are back, and wait again.

What a payout left behind may have been lost since, because other gifts were taken back. That cannot be held either.

The operator's confirmation is a setting and in no guild's journal, so nothing that is counted may depend on it: lines
of earnings keep their day, and what is withheld is decided when they are read. A request for a payout records which
sources it had to leave alone, because what it has paid for follows from that, whatever the operator says later.
"""

import sys
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from bot.domain.holds import NEVER, Hold, day_of

POOLED: Final = frozenset({"discord_sku"})
"""Providers that pay the operator, whichever guild made the sale. Creators are paid from them only once the operator
confirms it."""

WITHHELD_NOW_MS: Final = sys.maxsize
"""Stands for the time since which a piece waits for the operator. It is later than every payout: whether a payout left
such a piece alone is said by `PastPayout.withheld`, not by a time."""


class PendingPiece(NamedTuple):
    """What is left of a piece of earnings that has been waiting for a decision since `since_ms`.

    A flagged piece comes from the gift in row `seq`. A piece that waits for the operator may stand for all gifts of one
    source and day between which there was no payout; then `seq` is 0.
    """

    seq: int
    since_ms: int
    hold: Hold

    @property
    def is_flagged(self) -> bool:
        """Whether it waits for staff, and not only for the operator."""
        return self.since_ms != WITHHELD_NOW_MS


class PastPayout(NamedTuple):
    """A payout that was not rejected: the row and the time of its request.

    `leftover` is how many of the diamonds that could be paid then, flagged or not, stayed on the account and were not
    lost since. It is negative if more was lost. Earnings from the sources `withheld` could not be paid then.
    """

    seq: int
    at_ms: int
    leftover: int
    withheld: Collection[str] = ()

    def may_include(self, piece: PendingPiece) -> bool:
        """Whether a piece had been earned by then, and `could_pay` its hold."""
        return piece.seq < self.seq and self.could_pay(piece.hold)

    def could_pay(self, hold: Hold) -> bool:
        """Whether something earned by then no longer waited for its day, and did not wait for the operator."""
        return hold.until_day <= day_of(self.at_ms) and hold.source not in self.withheld


def undated(hold: Hold, withheld: Collection[str]) -> Hold:
    """Return a hold without its date if it is from one of the sources `withheld`."""
    return hold._replace(until_day=NEVER) if hold.source in withheld else hold


def unpaid(pieces: Iterable[PendingPiece], payouts: Iterable[PastPayout]) -> list[PendingPiece]:
    """Return the unpaid part of waiting pieces, oldest first. The payouts are those of their creator."""
    remainder = list(pieces)
    for payout in sorted(payouts, key=lambda each: each.seq):
        remainder = [*_without(remainder, payout)]
    return sorted(piece for piece in remainder if piece.hold.diamonds)


def _without(pieces: Iterable[PendingPiece], payout: PastPayout) -> Iterable[PendingPiece]:
    """Yield what a payout has left of each piece. What was released first was paid first."""
    surplus = -max(payout.leftover, 0)
    surplus += sum(piece.hold.diamonds for piece in pieces if payout.may_include(piece))
    # What was flagged by then was not paid: it can only have been lost.
    for piece in sorted(
        pieces, key=lambda each: (each.since_ms <= payout.at_ms, each.hold.until_day, each.is_flagged, each.seq)
    ):
        portion = max(min(piece.hold.diamonds, surplus), 0) if payout.may_include(piece) else 0
        surplus -= portion
        yield piece._replace(hold=piece.hold._replace(diamonds=piece.hold.diamonds - portion))
