"""Payouts: a creator asks for earnings that are available, staff approve, and people send the money.

    requested ──▶ approved ──▶ paid
        └─────────────┴──────▶ rejected

The bot moves no money. It reserves the earnings, and records who approved and who has paid, under which reference.

Staff gain nothing by their own decision. Nobody approves a payout of their own or records it as paid, whatever their
roles are. Unless the guild trusts one person, the one who approves does not also record the payment. Rejecting a payout
benefits nobody, so any treasurer may do it, and so may the creator: that is how a request is withdrawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain.errors import InvalidAmount
from bot.domain.holds import Hold
from bot.domain.money import MAX_BALANCE, amount
from bot.domain.payout_errors import (
    OwnPayout,
    PayoutDecided,
    PayoutInDebt,
    PayoutNeedsAnother,
    PayoutSending,
    PayoutTooLarge,
    PayoutTooSmall,
    PayoutUnapproved,
)

MINIMUM: Final = 20_000
"""The fewest diamonds of one payout, unless a guild has chosen otherwise."""

MOST_PEOPLE: Final = 2
"""How many members of staff a payout takes, unless a guild trusts one."""


class PayoutState(StrEnum):
    """The states of a request. The values are stored."""

    REQUESTED = "requested"
    APPROVED = "approved"
    PAID = "paid"
    REJECTED = "rejected"


OPEN: Final = frozenset({PayoutState.REQUESTED, PayoutState.APPROVED})
"""States in which earnings are reserved. A creator has one payout at a time that is in one of them."""


@dataclass(frozen=True, slots=True)
class Payout:
    """A creator's request, under the number of its row in the journal. Amount, creator and time never change.

    `creator`, `approved_by` and `closed_by` are holders, 0 for nobody. `closed_seq` is the row that paid or rejected
    it, whose note is the reference or the reason; 0 while it is open. `sending` is the attempt of a transfer that is
    under way, None for none (see `bot.domain.transfers`).
    """

    guild_id: int
    payout_id: int
    creator: int
    diamonds: int
    requested_ms: int
    state: PayoutState = PayoutState.REQUESTED
    approved_by: int = 0
    approved_ms: int = 0
    closed_by: int = 0
    closed_ms: int = 0
    closed_seq: int = 0
    sending: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether earnings are reserved for it."""
        return self.state in OPEN


class Payable(NamedTuple):
    """What the books know, as of row `seq`, about a creator who asks to be paid.

    `holds` are all pieces of the earnings that wait, or waited; None if not every gift is counted. `open_payout` is the
    number of a request that staff have not dealt with, 0 for none. The pieces in `flags` wait for staff, even after
    their day. Earnings from the sources `withheld` wait for the operator.
    """

    seq: int
    holds: Sequence[Hold] | None
    open_payout: int = 0
    flags: Sequence[Hold] = ()
    withheld: Sequence[str] = ()


class PayoutRules(NamedTuple):
    """A guild's rules for payouts: the fewest diamonds of one, and how many `people` among the staff it takes."""

    minimum: int = MINIMUM
    people: int = MOST_PEOPLE

    def checked(self) -> "PayoutRules":
        """Return these rules. Raise InvalidAmount for values that no guild can choose."""
        for value, highest in ((self.minimum, MAX_BALANCE), (self.people, MOST_PEOPLE)):
            if not 1 <= value <= highest:
                raise InvalidAmount(str(value), 1, highest)
        return self


def check_request(diamonds: int, *, available: int, held: int, debt: int, minimum: int) -> int:
    """Return `diamonds` if a creator can ask for that many of those `available`. Another `held` diamonds are waiting.

    Raise PayoutInDebt, InvalidAmount, PayoutTooSmall, or PayoutTooLarge.
    """
    if debt:
        raise PayoutInDebt(debt, is_own=True)
    if min(amount(diamonds, highest=MAX_BALANCE), available) < minimum:
        raise PayoutTooSmall(minimum, available, held)
    if diamonds > available:
        raise PayoutTooLarge(diamonds, available)
    return diamonds


def check_approval(payout: Payout, by: int, debt: int) -> None:
    """Raise what keeps the holder `by` from approving: OwnPayout, PayoutDecided, or PayoutInDebt."""
    if by == payout.creator:
        raise OwnPayout
    if payout.state is not PayoutState.REQUESTED:
        raise PayoutDecided(payout.state.value)
    _check_debt(debt)


def check_payment(payout: Payout, by: int, debt: int, people: int) -> None:
    """Raise what keeps the holder `by` from recording a payment, or from sending it.

    Raises OwnPayout, PayoutUnapproved, PayoutDecided, PayoutSending, PayoutNeedsAnother, or PayoutInDebt.
    """
    if payout.sending is not None:
        raise PayoutSending
    if by == payout.creator:
        raise OwnPayout
    if payout.state is PayoutState.REQUESTED:
        raise PayoutUnapproved
    if payout.state is not PayoutState.APPROVED:
        raise PayoutDecided(payout.state.value)
    if by == payout.approved_by and people > 1:
        raise PayoutNeedsAnother
    _check_debt(debt)


def check_sent(payout: Payout, attempt: int) -> None:
    """Raise PayoutDecided unless the attempt of a transfer that has sent the money is the one under way."""
    if payout.state is not PayoutState.APPROVED or payout.sending != attempt:
        raise PayoutDecided(payout.state.value)


def check_rejection(payout: Payout) -> None:
    """Raise PayoutDecided if it is too late to reject a payout, or PayoutSending while its money may be on its way."""
    if payout.sending is not None:
        raise PayoutSending
    if not payout.is_open:
        raise PayoutDecided(payout.state.value)


def _check_debt(debt: int) -> None:
    # What was reserved may be owed by now. Rejecting the payout settles that first.
    if debt:
        raise PayoutInDebt(debt, is_own=False)
