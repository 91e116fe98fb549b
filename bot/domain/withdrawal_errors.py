"""Every reason why a withdrawal is refused. See `bot.domain.errors`."""

from dataclasses import dataclass

from bot.domain.errors import Refusal


@dataclass(unsafe_hash=True)
class WithdrawalOff(Refusal):
    """The guild does not offer withdrawals here."""


@dataclass(unsafe_hash=True)
class WithdrawalOver(Refusal):
    """The time for it ended at `until_ms`."""

    until_ms: int


@dataclass(unsafe_hash=True)
class WithdrawalElsewhere(Refusal):
    """Only Discord can refund what was bought there."""


@dataclass(unsafe_hash=True)
class NothingToWithdraw(Refusal):
    """The money went back already, or is disputed, or all coins of the purchase are spent (`is_spent`)."""

    is_spent: bool


@dataclass(unsafe_hash=True)
class WithdrawalChanged(Refusal):
    """The buyer confirmed `coins`, but the purchase has `unspent` ones now."""

    coins: int
    unspent: int
