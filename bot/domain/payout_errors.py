"""Every reason why a payout is refused. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class PayoutOpen(Refusal):
    """The creator has asked for a payout already, and staff have not dealt with it. `payout_id` is its number."""

    payout_id: int


@dataclass(unsafe_hash=True)
class PayoutTooSmall(Refusal):
    """A payout is at least `minimum` diamonds. The creator has `available`, and `held` more are waiting."""

    minimum: int
    available: int
    held: int


@dataclass(unsafe_hash=True)
class PayoutTooLarge(Refusal):
    """More was asked for than the `available` diamonds."""

    diamonds: int
    available: int


@dataclass(unsafe_hash=True)
class EarningsUncounted(Refusal):
    """Nobody can tell how much of a creator's earnings waits, because not all gifts are counted."""


@dataclass(unsafe_hash=True)
class PayoutInDebt(Refusal):
    """The creator owes `debt` coins. `is_own` if it is the creator who reads this."""

    debt: int
    is_own: bool


@dataclass(unsafe_hash=True)
class OwnPayout(Refusal):
    """A member of staff wants to approve their own payout, or to record that it was paid."""


@dataclass(unsafe_hash=True)
class PayoutNeedsAnother(Refusal):
    """The member who approved a payout cannot also record that it was paid: in this guild that takes somebody else."""


@dataclass(unsafe_hash=True)
class PayoutUnapproved(Refusal):
    """Nobody has approved the payout yet."""


@dataclass(unsafe_hash=True)
class PayoutSending(Refusal):
    """A transfer of the payout is under way, and it is not known yet whether the money was sent."""


@dataclass(unsafe_hash=True)
class TransfersOff(Refusal):
    """The guild does not pay by transfer, or cannot."""


@dataclass(unsafe_hash=True)
class PayeeNotReady(Refusal):
    """The creator has no account at the payment provider that takes transfers."""


@dataclass(unsafe_hash=True)
class TransferChanged(Refusal):
    """The amount that would be sent now is no longer the one that was confirmed. It is in minor units of `currency`."""

    amount_minor: int
    currency: str


@dataclass(unsafe_hash=True)
class TransferTooSmall(Refusal):
    """What a payout is worth is less than the smallest unit of money that can be sent."""


@dataclass(unsafe_hash=True)
class PayoutDecided(Refusal):
    """The payout is approved, paid or rejected already: `state` says which."""

    state: str
